import { type Row, Step, type UnfilteredStream } from '../rows/index.ts';
import { BatchMemory } from './batch-memory.ts';
import type { RowBatch } from './row-batch.ts';
import { RowBatcher } from './row-batcher.ts';
import type { BatchStream, ScanRequest, ScanStatistics } from './scan-request.ts';
import { TimeSlice } from './time-slice.ts';

/** Elements between two looks at the clock. */
const CLOCK_INTERVAL = 256;

/** A scan over any reconciled stream: every source, every element, every rule. The fast scan falls back on it. */
export class StreamScan implements BatchStream {
  readonly statistics: ScanStatistics;
  private readonly request: ScanRequest;
  private readonly openStream: () => Promise<UnfilteredStream>;
  private readonly memory: BatchMemory;
  private readonly batcher: RowBatcher;
  private readonly slice = new TimeSlice();
  private stream: UnfilteredStream | null = null;
  private running = false;
  private closed = false;
  private done = false;

  private rowsLeft: number;
  /** Visible rows of the partition at hand, and those of them that were delivered. */
  private rowsOfPartition = 0;
  private deliveredOfPartition = 0;
  private hasLiveStatic = false;
  private sinceClock = 0;

  constructor(request: ScanRequest, openStream: () => Promise<UnfilteredStream>, statistics: ScanStatistics) {
    this.request = request;
    this.openStream = openStream;
    this.statistics = statistics;
    this.memory = new BatchMemory(request.columns);
    this.batcher = new RowBatcher(request, this.memory);
    this.rowsLeft = request.rowLimit ?? Number.POSITIVE_INFINITY;
  }

  async next(): Promise<RowBatch | null> {
    this.batcher.beginBatch();
    await this.run((stream) => this.fill(stream));
    return this.memory.length > 0 ? this.memory : null;
  }

  async countRows(): Promise<number> {
    let rows = 0;
    await this.run((stream) => {
      for (;;) {
        if (++this.sinceClock === CLOCK_INTERVAL) return 'pause';
        const step = stream.next();
        if (step === Step.END) return 'end';
        if (step === Step.NEED_MORE) return 'load';
        rows += this.countStep(step, stream);
      }
    });
    return rows;
  }

  close(): void {
    this.closed = true;
    if (!this.running) this.release();
  }

  /** Runs `work` until it has nothing more to do, loading and resting in between. */
  private async run(work: (stream: UnfilteredStream) => 'load' | 'pause' | 'full' | 'end'): Promise<void> {
    if (this.closed || this.done) return;
    this.running = true;
    try {
      this.stream ??= await this.openStream();
      while (!this.closed) {
        const outcome = work(this.stream);
        if (outcome === 'load') await this.stream.load();
        else if (outcome === 'pause') {
          this.sinceClock = 0;
          if (this.slice.isOver()) await this.slice.rest();
        } else {
          if (outcome === 'end') this.done = true;
          return;
        }
      }
    } catch (error) {
      this.closed = true;
      throw error;
    } finally {
      this.running = false;
      if (this.closed || this.done) this.release();
    }
  }

  private release(): void {
    this.done = true;
    this.stream?.close();
    this.stream = null;
  }

  private fill(stream: UnfilteredStream): 'load' | 'pause' | 'full' | 'end' {
    const { memory, batcher, request } = this;
    for (;;) {
      if (memory.isFull()) {
        if (memory.length > 0) return 'full';
        // Scratch space filled by rows that the filters refused.
        batcher.beginBatch();
      }
      if (this.rowsLeft === 0) return 'end';
      if (++this.sinceClock === CLOCK_INTERVAL) return 'pause';
      switch (stream.next()) {
        case Step.END:
          return 'end';
        case Step.NEED_MORE:
          return 'load';
        case Step.PARTITION:
          this.rowsOfPartition = 0;
          this.deliveredOfPartition = 0;
          this.statistics.partitions++;
          if (!stream.partition.deletion.isLive()) this.statistics.tombstones++;
          batcher.beginPartition(stream.partition);
          if (request.perPartitionLimit === 0) stream.skipPartition();
          break;
        case Step.STATIC_ROW:
          this.noteTombstones(stream.row);
          batcher.staticRow(stream.row);
          break;
        case Step.ROW:
          this.noteTombstones(stream.row);
          this.addRow(stream);
          break;
        case Step.MARKER:
          this.statistics.tombstones++;
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
  }

  private addRow(stream: UnfilteredStream): void {
    const { batcher, request } = this;
    if (request.distinctPartitions) {
      if (batcher.isVisible(stream.row)) {
        this.note(batcher.partitionRow());
        this.rowsOfPartition = 1;
        stream.skipPartition();
      }
      return;
    }
    const outcome = batcher.row(stream.row);
    if (outcome === 'hidden') return;
    this.rowsOfPartition++;
    if (outcome === 'filtered') return;
    this.note(outcome);
    if (++this.deliveredOfPartition === request.perPartitionLimit) stream.skipPartition();
  }

  private note(outcome: 'added' | 'filtered' | 'hidden'): void {
    if (outcome !== 'added') return;
    this.statistics.rows++;
    this.rowsLeft--;
  }

  private noteTombstones(row: Row): void {
    if (!row.deletion.isLive()) this.statistics.tombstones++;
    this.statistics.tombstones += row.complexCount;
    for (let cell = 0; cell < row.cellCount; cell++) if (row.isTombstone(cell)) this.statistics.tombstones++;
  }

  private countStep(step: Step, stream: UnfilteredStream): number {
    switch (step) {
      case Step.PARTITION:
        this.rowsOfPartition = 0;
        this.hasLiveStatic = false;
        this.statistics.partitions++;
        return 0;
      case Step.STATIC_ROW:
        this.hasLiveStatic = this.batcher.hasLiveCell(stream.row);
        return 0;
      case Step.ROW:
        if (!this.batcher.isVisible(stream.row)) return 0;
        this.rowsOfPartition++;
        if (this.request.distinctPartitions) stream.skipPartition();
        return 1;
      case Step.PARTITION_END:
        return this.rowsOfPartition === 0 && this.hasLiveStatic && this.request.staticOnlyRows ? 1 : 0;
      default:
        return 0;
    }
  }
}
