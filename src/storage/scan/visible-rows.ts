import { type Row, Step, type UnfilteredStream } from '../rows/index.ts';
import type { RowBatcher, RowOutcome } from './row-batcher.ts';
import type { ScanRequest, ScanStatistics } from './scan-request.ts';

/** What stands in a partition: a stream, or a merge of some. */
export type InPartition = Pick<UnfilteredStream, 'partition' | 'row' | 'marker' | 'skipPartition'>;

/** Takes the steps of reconciled partitions: what CQL sees of them goes to the batch, or is counted. */
export class VisibleRows {
  /** Until the request's limit. */
  left: number;
  private readonly request: ScanRequest;
  private readonly batcher: RowBatcher;
  private readonly statistics: ScanStatistics;
  /** Visible rows of the partition at hand, and those of them that were delivered. */
  private rowsOfPartition = 0;
  private deliveredOfPartition = 0;
  private hasLiveStatic = false;

  constructor(request: ScanRequest, batcher: RowBatcher, statistics: ScanStatistics) {
    this.request = request;
    this.batcher = batcher;
    this.statistics = statistics;
    this.left = request.rowLimit ?? Number.POSITIVE_INFINITY;
  }

  /** `step` is what `source` stands on. */
  take(step: Step, source: InPartition): void {
    const { batcher, request, statistics } = this;
    switch (step) {
      case Step.PARTITION:
        this.rowsOfPartition = 0;
        this.deliveredOfPartition = 0;
        statistics.partitions++;
        if (!source.partition.deletion.isLive()) statistics.tombstones++;
        batcher.beginPartition(source.partition);
        if (request.perPartitionLimit === 0) source.skipPartition();
        break;
      case Step.STATIC_ROW:
        this.noteTombstones(source.row);
        batcher.staticRow(source.row);
        break;
      case Step.ROW:
        this.noteTombstones(source.row);
        this.addRow(source);
        break;
      case Step.MARKER:
        statistics.tombstones++;
        break;
      case Step.PARTITION_END:
        if (
          this.rowsOfPartition === 0 &&
          batcher.hasLiveStatic &&
          request.staticOnlyRows &&
          request.perPartitionLimit !== 0
        ) {
          this.note(batcher.partitionRow());
        }
        break;
    }
  }

  /** Visible rows of the partition were delivered, or counted, by someone else. */
  hasSeenRows(): void {
    this.rowsOfPartition++;
  }

  /** The rows that became visible with `step`. */
  count(step: Step, source: InPartition): number {
    switch (step) {
      case Step.PARTITION:
        this.rowsOfPartition = 0;
        this.hasLiveStatic = false;
        this.statistics.partitions++;
        return 0;
      case Step.STATIC_ROW:
        this.hasLiveStatic = this.batcher.hasLiveCell(source.row);
        return 0;
      case Step.ROW:
        if (!this.batcher.isVisible(source.row)) return 0;
        this.rowsOfPartition++;
        if (this.request.distinctPartitions) source.skipPartition();
        return 1;
      case Step.PARTITION_END:
        return this.rowsOfPartition === 0 && this.hasLiveStatic && this.request.staticOnlyRows ? 1 : 0;
      default:
        return 0;
    }
  }

  private addRow(source: InPartition): void {
    const { batcher, request } = this;
    if (request.distinctPartitions) {
      if (batcher.isVisible(source.row)) {
        this.note(batcher.partitionRow());
        this.rowsOfPartition = 1;
        source.skipPartition();
      }
      return;
    }
    const outcome = batcher.row(source.row);
    if (outcome === 'hidden') return;
    this.rowsOfPartition++;
    if (outcome === 'filtered') return;
    this.note(outcome);
    if (++this.deliveredOfPartition === request.perPartitionLimit) source.skipPartition();
  }

  private note(outcome: RowOutcome): void {
    if (outcome !== 'added') return;
    this.statistics.rows++;
    this.left--;
  }

  private noteTombstones(row: Row): void {
    if (!row.deletion.isLive()) this.statistics.tombstones++;
    this.statistics.tombstones += row.complexCount;
    for (let cell = 0; cell < row.cellCount; cell++) if (row.isTombstone(cell)) this.statistics.tombstones++;
  }
}
