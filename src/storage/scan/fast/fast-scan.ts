import { CorruptionError } from '../../../errors/index.ts';
import type { DataWindow } from '../../sstable/data/data-window.ts';
import { compileFilters, type ValueFilter } from '../filter-rows.ts';
import { BATCH_ROWS, NULL_VALUE, type RowBatch } from '../row-batch.ts';
import type { BatchStream, ScanRequest, ScanStatistics } from '../scan-request.ts';
import { TimeSlice } from '../time-slice.ts';
import { FastBatch } from './fast-batch.ts';
import { Outcome, RowDecoder } from './row-decoder.ts';
import type { RowLayout } from './row-layout.ts';

/** A run of whole partitions in one SSTable, uncompressed positions [start, end). */
export interface ScanSegment {
  readonly file: string;
  readonly layout: RowLayout;
  readonly start: number;
  readonly end: number;
  /** How many rows it has, where that is known without reading it: see `known-rows.ts`. */
  readonly knownRows: number | null;
  openWindow(): DataWindow;
}

/**
 * Scans SSTables that have nothing to reconcile: one, or several with disjoint tokens in their order. Rows go from the
 * decompressed window into column vectors; a batch ends where the window does, so that its values stay where they are
 * until the next one is asked for.
 */
export class FastScan implements BatchStream {
  readonly statistics: ScanStatistics;
  private readonly request: ScanRequest;
  private segments: readonly ScanSegment[];
  private readonly batch: FastBatch;
  private readonly filters: readonly ValueFilter[];
  private readonly slice = new TimeSlice();
  private nextSegment = 0;
  private open: OpenSegment | null = null;
  private rowsLeft: number;
  private running = false;
  private closed = false;

  constructor(request: ScanRequest, segments: readonly ScanSegment[], statistics: ScanStatistics) {
    this.request = request;
    this.segments = segments;
    this.statistics = statistics;
    this.batch = new FastBatch(request.columns);
    this.filters = compileFilters(request.columns, request.filters);
    this.rowsLeft = request.rowLimit ?? Number.POSITIVE_INFINITY;
  }

  async next(): Promise<RowBatch | null> {
    this.batch.clear();
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
        const { decoder, window, segment } = open;
        const outcome = work(decoder, segment.end - window.origin);
        if (outcome === Outcome.BATCH_FULL) return;
        if (outcome === Outcome.END) this.closeSegment();
        else await this.slide(open);
        if (this.slice.isOver()) await this.slice.rest();
      }
    } catch (error) {
      this.closed = true;
      throw error;
    } finally {
      this.running = false;
      this.noteProgress();
      if (this.closed) this.closeSegment();
    }
  }

  private async openNext(): Promise<OpenSegment | null> {
    const segment = this.segments[this.nextSegment++];
    if (segment === undefined) return null;
    const { request, batch } = this;
    for (const slot of segment.layout.absentSlots) batch.columns[slot].end.fill(NULL_VALUE);
    const window = segment.openWindow();
    window.setLimit(segment.end);
    if (segment.start < segment.end) await window.load(segment.start, 1);
    const decoder = new RowDecoder(
      segment.layout,
      batch,
      request.nowSeconds,
      this.filters,
      segment.file,
      this.statistics.partitions,
    );
    decoder.attach(window, segment.start);
    this.open = { segment, window, decoder, partitionsNoted: 0, tombstonesNoted: 0 };
    return this.open;
  }

  private async slide(open: OpenSegment): Promise<void> {
    const { decoder, window, segment } = open;
    const { needed } = decoder;
    const position = window.origin + decoder.position;
    if (position + needed > segment.end) {
      throw new CorruptionError('a partition is cut off, or a length in it is wrong', {
        file: segment.file,
        offset: position,
        uncompressed: true,
      });
    }
    decoder.detach();
    if (this.batch.length === 0) this.batch.clear();
    await window.load(position, needed);
    decoder.attach(window, position);
  }

  private closeSegment(): void {
    const { open } = this;
    if (open === null) return;
    this.noteProgress();
    this.open = null;
    open.window.close();
  }

  /** Adds what the decoder has passed since the last time to the scan's counts. */
  private noteProgress(): void {
    const { open } = this;
    if (open === null) return;
    const { decoder } = open;
    this.statistics.partitions += decoder.partitions - open.partitionsNoted;
    this.statistics.tombstones += decoder.tombstones - open.tombstonesNoted;
    open.partitionsNoted = decoder.partitions;
    open.tombstonesNoted = decoder.tombstones;
  }
}

interface OpenSegment {
  readonly segment: ScanSegment;
  readonly window: DataWindow;
  readonly decoder: RowDecoder;
  /** What of the decoder's counts is in the scan's statistics. */
  partitionsNoted: number;
  tombstonesNoted: number;
}
