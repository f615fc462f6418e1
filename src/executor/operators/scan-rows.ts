import type { ReadRange } from '../../storage/rows/index.ts';
import type {
  BatchStream,
  PushedFilter,
  RowBatch,
  ScanColumn,
  ScanStatistics,
  TableSource,
} from '../../storage/scan/index.ts';
import { newScanStatistics } from '../../storage/scan/index.ts';
import { BatchRow, type RowReader } from '../evaluate/index.ts';
import type { RowSet, RowSource } from './row-set.ts';

/** A scan whose expressions are all evaluated. */
export interface ScanSettings {
  readonly source: TableSource;
  readonly segments: readonly ReadRange[];
  /** Whether the first segment is the rest of a partition that an earlier page began; its static row was counted there. */
  readonly startsInside: boolean;
  readonly columns: readonly ScanColumn[];
  readonly filters: readonly PushedFilter[];
  readonly nowSeconds: number;
  readonly rowLimit: number | null;
  readonly perPartitionLimit: number | null;
  /** Rows of the first segment's partition that an earlier page delivered. */
  readonly alreadyInPartition: number;
  readonly distinctPartitions: boolean;
  readonly staticOnlyRows: boolean;
  readonly signal: AbortSignal | null;
}

/** Reads segments one after the other, as batches. */
export class ScanRows implements RowSource, RowSet {
  /** Counts of the segments that are finished. */
  private readonly ended: ScanStatistics = newScanStatistics();
  count = 0;
  batch: { columns: RowBatch; rows: null } | null = null;
  private readonly settings: ScanSettings;
  private segment = 0;
  private stream: BatchStream | null = null;
  private readonly reader = new BatchRow();
  private current: RowBatch | null = null;
  /** Partitions of the segments before; below SEGMENT_PARTITIONS is the one that an earlier page began. */
  private partitionBase: number;
  private delivered = 0;

  constructor(settings: ScanSettings) {
    this.settings = settings;
    this.partitionBase = settings.startsInside ? 0 : SEGMENT_PARTITIONS;
  }

  async next(): Promise<RowSet | null> {
    const { segments, rowLimit } = this.settings;
    for (;;) {
      this.settings.signal?.throwIfAborted();
      if (rowLimit !== null && this.delivered >= rowLimit) return null;
      if (this.stream === null) {
        if (this.segment === segments.length) return null;
        this.stream = this.open(segments[this.segment]);
      }
      const batch = await this.stream.next();
      this.settings.signal?.throwIfAborted();
      if (batch === null) {
        this.endSegment();
        continue;
      }
      if (batch.length === 0) continue;
      this.current = batch;
      this.count = rowLimit === null ? batch.length : Math.min(batch.length, rowLimit - this.delivered);
      this.delivered += this.count;
      this.batch = { columns: batch, rows: null };
      return this;
    }
  }

  /** The number of all rows, without delivering them. */
  async countRows(): Promise<number> {
    let rows = 0;
    for (; this.segment < this.settings.segments.length; ) {
      this.settings.signal?.throwIfAborted();
      this.stream = this.open(this.settings.segments[this.segment]);
      rows += await this.stream.countRows();
      this.settings.signal?.throwIfAborted();
      this.endSegment();
    }
    return rows;
  }

  /** Counts of finished segments and of the current one so far. */
  get statistics(): ScanStatistics {
    const sum = { ...this.ended };
    if (this.stream !== null) addStatistics(sum, this.stream.statistics);
    return sum;
  }

  row(i: number): RowReader {
    return this.current === null ? this.reader : this.reader.at(this.current, i);
  }

  partition(i: number): number {
    return this.current === null ? 0 : this.partitionBase + this.current.partitionOrdinal[i];
  }

  close(): void {
    if (this.stream !== null) this.endSegment();
    this.settings.source.release();
  }

  /** A scan may look for its next row for long: the signal ends it from outside. */
  private readonly onAbort = (): void => this.stream?.close();

  private open(range: ReadRange): BatchStream {
    const { source, columns, filters, nowSeconds, distinctPartitions, signal } = this.settings;
    signal?.addEventListener('abort', this.onAbort);
    const staticOnlyRows = this.settings.staticOnlyRows && !this.isInside();
    return source.scan({
      table: source.table,
      range,
      columns,
      filters,
      nowSeconds,
      rowLimit: this.settings.rowLimit === null ? null : this.settings.rowLimit - this.delivered,
      perPartitionLimit: this.perPartitionLimit(),
      distinctPartitions,
      staticOnlyRows,
    });
  }

  private perPartitionLimit(): number | null {
    const { perPartitionLimit, alreadyInPartition } = this.settings;
    if (perPartitionLimit === null || !this.isInside()) return perPartitionLimit;
    return Math.max(0, perPartitionLimit - alreadyInPartition);
  }

  private isInside(): boolean {
    return this.segment === 0 && this.settings.startsInside;
  }

  private endSegment(): void {
    if (this.stream === null) return;
    addStatistics(this.ended, this.stream.statistics);
    this.partitionBase += SEGMENT_PARTITIONS;
    this.settings.signal?.removeEventListener('abort', this.onAbort);
    this.stream.close();
    this.stream = null;
    this.segment++;
  }
}

/** A segment is never as long as this, so that partitions of different segments never meet. */
export const SEGMENT_PARTITIONS = 2 ** 32;

function addStatistics(sum: ScanStatistics, more: ScanStatistics): void {
  for (const name of COUNTERS) sum[name] += more[name];
}

const COUNTERS = [
  'sstables',
  'sstablesSkipped',
  'partitions',
  'rows',
  'tombstones',
  'blocks',
  'bytesRead',
  'bytesToRead',
  'filterHits',
  'filterMisses',
] as const satisfies readonly (keyof ScanStatistics)[];
