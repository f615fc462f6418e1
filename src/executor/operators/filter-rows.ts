import type { RowBatch } from '../../storage/scan/index.ts';
import type { ConditionTest, RowReader } from '../evaluate/index.ts';
import type { RowSet, RowSource } from './row-set.ts';
import { SEGMENT_PARTITIONS } from './scan-rows.ts';

/** Rows that pass a test, at most a given number of each partition (PER PARTITION LIMIT). */
export class FilterRows implements RowSource, RowSet {
  count = 0;
  batch: { columns: RowBatch; rows: Int32Array } | null = null;
  private readonly input: RowSource;
  private readonly test: ConditionTest;
  private readonly perPartitionLimit: number;
  private kept = new Int32Array(1024);
  private set: RowSet | null = null;
  private partitionNow = -1;
  private inPartition: number;

  constructor(input: RowSource, test: ConditionTest, perPartitionLimit: number | null, alreadyInPartition = 0) {
    this.input = input;
    this.test = test;
    this.perPartitionLimit = perPartitionLimit ?? Number.POSITIVE_INFINITY;
    this.inPartition = alreadyInPartition;
  }

  async next(): Promise<RowSet | null> {
    for (;;) {
      const set = await this.input.next();
      if (set === null) return null;
      this.set = set;
      this.keepPassing(set);
      if (this.count > 0) return this;
    }
  }

  private keepPassing(set: RowSet): void {
    if (this.kept.length < set.count) this.kept = new Int32Array(set.count);
    const { test, kept } = this;
    let count = 0;
    for (let i = 0; i < set.count; i++) {
      if (test(set.row(i)) === true && this.countsInPartition(set.partition(i))) kept[count++] = i;
    }
    this.count = count;
    this.batch = set.batch === null ? null : { columns: set.batch.columns, rows: kept };
  }

  private countsInPartition(partition: number): boolean {
    if (this.perPartitionLimit === Number.POSITIVE_INFINITY) return true;
    if (partition !== this.partitionNow) {
      // An earlier page may have delivered rows of the partition that a resumed scan begins in.
      if (this.partitionNow !== -1 || partition >= SEGMENT_PARTITIONS) this.inPartition = 0;
      this.partitionNow = partition;
    }
    return this.inPartition++ < this.perPartitionLimit;
  }

  row(i: number): RowReader {
    return this.source().row(this.kept[i]);
  }

  partition(i: number): number {
    return this.source().partition(this.kept[i]);
  }

  private source(): RowSet {
    return this.set ?? this;
  }

  close(): void {
    this.input.close();
  }
}
