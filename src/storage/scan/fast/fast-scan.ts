import { compileFilters } from '../filter-rows.ts';
import { BATCH_ROWS, type RowBatch } from '../row-batch.ts';
import type { BatchStream, ScanRequest, ScanStatistics } from '../scan-request.ts';
import { TimeSlice } from '../time-slice.ts';
import { FastBatch } from './fast-batch.ts';
import { inTable, OpenSegment, type ScanOutput, type ScanSegment } from './open-segment.ts';
import { Outcome, type RowDecoder } from './row-decoder.ts';

/**
 * Scans SSTables that have nothing to reconcile: one, or several with disjoint tokens in their order. Rows go from the
 * decompressed window into column vectors; a batch ends where the window does, so that its values stay where they are
 * until the next one is asked for.
 */
export class FastScan implements BatchStream {
  readonly statistics: ScanStatistics;
  private segments: readonly ScanSegment[];
  private readonly batch: FastBatch;
  private readonly output: ScanOutput;
  private readonly slice = new TimeSlice();
  private nextSegment = 0;
  private open: OpenSegment | null = null;
  private rowsLeft: number;
  private running = false;
  private closed = false;

  constructor(request: ScanRequest, segments: readonly ScanSegment[], statistics: ScanStatistics) {
    this.segments = segments;
    this.statistics = statistics;
    this.batch = new FastBatch(request.columns);
    const filters = compileFilters(request.columns, request.filters);
    this.output = { request, filters, batch: this.batch, statistics };
    this.rowsLeft = request.rowLimit ?? Number.POSITIVE_INFINITY;
  }

  async next(): Promise<RowBatch | null> {
    this.batch.reset();
    await this.run((decoder, end) => {
      const outcome = decoder.fill(end, Math.min(BATCH_ROWS, this.rowsLeft));
      return outcome !== Outcome.BATCH_FULL && this.batch.length > 0 ? Outcome.BATCH_FULL : outcome;
    });
    if (this.batch.length === 0) return null;
    this.statistics.rows += this.batch.length;
    this.rowsLeft -= this.batch.length;
    return this.batch;
  }

  async countRows(): Promise<number> {
    let rows = 0;
    for (const { knownRows } of this.segments) rows += knownRows ?? 0;
    this.segments = this.segments.filter(({ knownRows }) => knownRows === null);
    await this.run((decoder, end) => {
      const outcome = decoder.count(end);
      rows += decoder.takeCount();
      return outcome;
    });
    return rows;
  }

  close(): void {
    this.closed = true;
    if (!this.running) this.closeSegment();
  }

  /** Lets `work` at one window after the other, until it has a batch or everything was read. */
  private async run(work: (decoder: RowDecoder, end: number) => Outcome): Promise<void> {
    this.running = true;
    try {
      while (!this.closed && this.rowsLeft > 0) {
        const open = this.open ?? (await this.openNext());
        if (open === null) return;
        const outcome = work(open.decoder, open.end);
        if (outcome === Outcome.BATCH_FULL) return;
        if (outcome === Outcome.END) this.closeSegment();
        else {
          if (this.batch.length === 0) this.batch.reset();
          await open.slide();
        }
        if (this.slice.isOver()) await this.slice.rest();
      }
    } catch (error) {
      this.closed = true;
      throw inTable(error, this.output);
    } finally {
      this.running = false;
      this.open?.noteProgress();
      if (this.closed) this.closeSegment();
    }
  }

  private async openNext(): Promise<OpenSegment | null> {
    const segment = this.segments[this.nextSegment++];
    if (segment === undefined) return null;
    this.open = await OpenSegment.open(segment, this.output);
    this.open.decoder.numberFrom(this.statistics.partitions);
    this.open.clearAbsent(0);
    return this.open;
  }

  private closeSegment(): void {
    this.open?.close();
    this.open = null;
  }
}
