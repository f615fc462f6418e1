import { murmur3 } from '../../../bytes/index.ts';
import { CorruptionError } from '../../../errors/index.ts';
import { ClusteringPrefix, DeletionTime, isStart, NO_DELETION_TIME, NO_TTL, type Row, Step } from '../../rows/index.ts';
import type { SSTableStream } from '../data/sstable-stream.ts';
import type { IndexedPartition, RowIndexCursor } from '../partition-index.ts';
import type { SSTableReader } from '../sstable-reader.ts';
import { ValueChecker } from './check-values.ts';
import { ContentTotals } from './content-totals.ts';
import { findingOf, type Report } from './finding.ts';
import { isLocal, type KeyOrder, keyOrder } from './key-order.ts';

export interface ContentResult {
  readonly partitions: number;
  readonly rows: number;
  readonly cells: number;
}

export interface ContentOptions {
  readonly hasFilter: boolean;
  /** Chunks are damaged: windows of one chunk, so that what is between them is read. */
  readonly hasDamagedChunks: boolean;
}

/**
 * Reads every partition: order of partitions, rows and range tombstones, values, filter membership, the index's entry of
 * each partition and its blocks, and what Statistics.db says of it all. Damage is reported and reading goes on at the next
 * partition that the index knows of.
 *
 * `entries` are the index's partitions in its order; null when the index cannot be read.
 */
export async function checkContent(
  reader: SSTableReader,
  entries: Iterator<IndexedPartition> | null,
  options: ContentOptions,
  report: Report,
): Promise<ContentResult> {
  const check = new ContentCheck(reader, entries, options, report);
  await check.run();
  return check;
}

class ContentCheck implements ContentResult {
  partitions = 0;
  rows = 0;
  cells = 0;
  private readonly reader: SSTableReader;
  private readonly entries: Iterator<IndexedPartition> | null;
  private readonly hasFilter: boolean;
  private readonly maxWindowBytes: number | undefined;
  private readonly report: Report;
  private readonly values: ValueChecker;
  private readonly totals = new ContentTotals();
  private readonly hash = new Int32Array(4);
  private readonly previousClustering = new ClusteringPrefix();
  private readonly open = new DeletionTime();
  private hasPreviousClustering = false;
  private readonly order: KeyOrder | null;
  private previousKey: Buffer | null = null;
  private entry: IndexedPartition | null = null;
  private block: RowIndexCursor | null = null;
  private stream: SSTableStream;
  private isComplete = true;
  /** Where reading last went on behind damage; a partition whose very beginning is damaged has no other place. */
  private resumedAt = -1;

  constructor(
    reader: SSTableReader,
    entries: Iterator<IndexedPartition> | null,
    options: ContentOptions,
    report: Report,
  ) {
    this.reader = reader;
    this.entries = entries;
    this.hasFilter = options.hasFilter;
    this.maxWindowBytes = options.hasDamagedChunks ? reader.chunks.chunkBytes : undefined;
    this.report = report;
    this.order = keyOrder(reader);
    this.values = new ValueChecker(reader.table, (column, detail) => this.damage(detail, column));
    this.stream = reader.streamFrom(0, this.maxWindowBytes);
  }

  async run(): Promise<void> {
    this.advanceEntry();
    for (;;) {
      const position = await this.runUntilDamage();
      if (position === null) break;
      this.isComplete = false;
      if (!this.resumeBehind(Math.max(position, this.resumedAt))) break;
    }
    this.stream.close();
    if (!this.isComplete) return;
    if (this.entry !== null)
      this.damage(`the index has a partition at ${this.entry.dataPosition}, behind the data's end`);
    this.totals.compare(this.reader.statistics.stats, this.partitions, (detail) => {
      const file = this.reader.path('Statistics.db');
      this.report({ file, detail, place: { file } });
    });
  }

  /** Null at the end; else where in the data reading failed. */
  private async runUntilDamage(): Promise<number | null> {
    try {
      for (;;) {
        const step = this.stream.next();
        if (step === Step.NEED_MORE) await this.stream.load();
        else if (step === Step.END) return null;
        else this.element(step);
      }
    } catch (error) {
      if (!(error instanceof CorruptionError)) throw error;
      const { chunk } = error.place;
      // Damaged chunks were all reported by the pass over the chunks.
      if (chunk === undefined) this.report(findingOf(error, this.reader.dataPath));
      else return Math.max(this.stream.partitionStart, (chunk + 1) * this.reader.chunks.chunkBytes - 1);
      return this.stream.partitionStart;
    }
  }

  /** Goes on at the first indexed partition behind the place; false when there is none. */
  private resumeBehind(position: number): boolean {
    while (this.entry !== null && this.entry.dataPosition <= position) this.advanceEntry();
    if (this.entry === null) return false;
    this.stream.close();
    this.resumedAt = this.entry.dataPosition;
    this.stream = this.reader.streamFrom(this.resumedAt, this.maxWindowBytes);
    return true;
  }

  private element(step: Step): void {
    switch (step) {
      case Step.PARTITION:
        this.beginPartition();
        break;
      case Step.STATIC_ROW:
        this.checkRow(this.stream.row);
        break;
      case Step.ROW:
        this.rows++;
        this.atElement(this.stream.row.clustering);
        this.checkRow(this.stream.row);
        break;
      case Step.MARKER:
        this.atElement(this.stream.marker.clustering);
        this.checkMarker();
        break;
      default:
        if (!this.open.isLive()) this.damage('a range tombstone is open at the end of the partition');
        if (this.block !== null) this.damage('the row index has a block behind the end of the partition');
        this.totals.endPartition();
    }
  }

  private beginPartition(): void {
    const { partition } = this.stream;
    const { key, keyStart, keyEnd } = partition;
    this.partitions++;
    const bytes = Buffer.from(key.subarray(keyStart, keyEnd));
    if (this.previousKey !== null && this.order !== null && this.order(this.previousKey, bytes) >= 0) {
      this.damage('the partition is not behind the one before it');
    }
    this.previousKey = bytes;
    if (!isLocal(this.reader)) this.values.key(partition);
    this.totals.deletion(partition.deletion);
    this.hasPreviousClustering = false;
    this.open.clear();
    murmur3(bytes, 0, bytes.length, this.hash);
    if (this.hasFilter && !this.reader.mayContain(this.hash)) this.damage('the bloom filter denies the partition key');
    this.checkEntry(bytes);
  }

  private checkEntry(key: Buffer): void {
    this.block = null;
    if (this.entries === null) return;
    const start = this.stream.partitionStart;
    while (this.entry !== null && this.entry.dataPosition < start) {
      this.damage(`the index has a partition at ${this.entry.dataPosition}, where none begins`);
      this.advanceEntry();
    }
    if (this.entry === null || this.entry.dataPosition > start) {
      this.damage('the index has no entry of the partition');
      return;
    }
    if (Buffer.compare(key, this.entry.key) !== 0) this.damage('the index has another key of the partition');
    const { rowIndex } = this.entry;
    if (rowIndex !== null) {
      if (!rowIndex.deletion.equals(this.stream.partition.deletion)) {
        this.damage('the row index has another deletion of the partition');
      }
      this.block = rowIndex.cursor();
      this.block.seekFirst();
    }
    this.advanceEntry();
  }

  private advanceEntry(): void {
    if (this.entries === null) return;
    try {
      const next = this.entries.next();
      this.entry = next.done === true ? null : next.value;
    } catch (error) {
      if (!(error instanceof CorruptionError)) throw error;
      this.report(findingOf(error, this.reader.dataPath));
      this.entry = null;
    }
  }

  /** Order, and the block of the row index that begins here. */
  private atElement(clustering: ClusteringPrefix): void {
    const { comparator } = this.reader;
    if (this.hasPreviousClustering && comparator.compare(this.previousClustering, clustering) >= 0) {
      this.damage('the row is not behind the one before it');
    }
    const isFirst = !this.hasPreviousClustering;
    this.previousClustering.copyFrom(clustering);
    this.hasPreviousClustering = true;
    const { block } = this;
    const at = this.stream.elementStart - this.stream.partitionStart;
    if (block === null || block.offset > at) return;
    // The first block may count from the partition's beginning.
    if (block.offset < at && !isFirst) this.damage(`the row index has a block at ${block.offset}, where no row begins`);
    if (!block.openDeletion.equals(this.open)) this.damage('the row index has another open range tombstone');
    if (!block.next()) this.block = null;
  }

  private checkRow(row: Row): void {
    this.values.row(row);
    this.cells += row.cellCount;
    this.totals.row(row);
    if (row.hasLiveness && row.livenessTtl !== NO_TTL && row.livenessLocalSeconds === NO_DELETION_TIME) {
      this.damage('the row has a TTL without an expiry');
    }
  }

  private checkMarker(): void {
    const { marker } = this.stream;
    this.values.prefix(marker.clustering);
    this.totals.deletion(marker.closing);
    this.totals.deletion(marker.opening);
    const { kind } = marker.clustering;
    if (!marker.closing.isLive() || !isStart(kind)) {
      if (!this.open.equals(marker.closing)) this.damage('a range tombstone ends that is not open');
    } else if (!this.open.isLive()) this.damage('a range tombstone begins within another');
    this.open.copyFrom(marker.opening);
  }

  private damage(detail: string, column?: string): void {
    const file = this.reader.dataPath;
    const { table } = this.reader;
    this.report({
      file,
      detail,
      place: {
        file,
        offset: this.stream.elementStart,
        uncompressed: true,
        table: `${table.keyspace}.${table.name}`,
        column,
      },
    });
  }
}
