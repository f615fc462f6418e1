import { Step, type UnfilteredStream } from '../rows/index.ts';
import { BatchMemory } from './batch-memory.ts';
import type { RowBatch } from './row-batch.ts';
import { RowBatcher } from './row-batcher.ts';
import type { BatchStream, ScanRequest, ScanStatistics } from './scan-request.ts';
import { TimeSlice } from './time-slice.ts';
import { VisibleRows } from './visible-rows.ts';

/** Elements between two looks at the clock. */
const CLOCK_INTERVAL = 256;

/** A scan over any reconciled stream: every source, every element, every rule. The fast scan falls back on it. */
export class StreamScan implements BatchStream {
  readonly statistics: ScanStatistics;
  private readonly openStream: () => Promise<UnfilteredStream>;
  private readonly memory: BatchMemory;
  private readonly batcher: RowBatcher;
  private readonly rows: VisibleRows;
  private readonly slice = new TimeSlice();
  private stream: UnfilteredStream | null = null;
  private running = false;
  private closed = false;
  private done = false;
  private sinceClock = 0;

  constructor(request: ScanRequest, openStream: () => Promise<UnfilteredStream>, statistics: ScanStatistics) {
    this.openStream = openStream;
    this.statistics = statistics;
    this.memory = new BatchMemory(request.columns);
    this.batcher = new RowBatcher(request, this.memory);
    this.rows = new VisibleRows(request, this.batcher, statistics);
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
        rows += this.rows.count(step, stream);
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
    const { memory, batcher, rows } = this;
    for (;;) {
      if (memory.isFull()) {
        if (memory.length > 0) return 'full';
        // Scratch space filled by rows that the filters refused.
        batcher.beginBatch();
      }
      if (rows.left === 0) return 'end';
      if (++this.sinceClock === CLOCK_INTERVAL) return 'pause';
      const step = stream.next();
      if (step === Step.END) return 'end';
      if (step === Step.NEED_MORE) return 'load';
      rows.take(step, stream);
    }
  }
}
