import { CorruptionError } from '../../../errors/index.ts';
import type { DataWindow } from '../../sstable/data/data-window.ts';
import type { SSTableStream } from '../../sstable/data/sstable-stream.ts';
import type { ValueFilter } from '../filter-rows.ts';
import { NULL_VALUE } from '../row-batch.ts';
import type { ScanRequest, ScanStatistics } from '../scan-request.ts';
import type { FastBatch } from './fast-batch.ts';
import { RowDecoder } from './row-decoder.ts';
import type { RowLayout } from './row-layout.ts';

/** A run of whole partitions in one SSTable, uncompressed positions [start, end). */
export interface ScanSegment {
  readonly file: string;
  readonly layout: RowLayout;
  readonly start: number;
  readonly end: number;
  /** How many rows it has, where that is known without reading it: see `known-rows.ts`. */
  readonly knownRows: number | null;
  /** `maxBytes` bounds the memory of one of many windows that are read at once. */
  openWindow(maxBytes?: number): DataWindow;
  /** A stream that reads from a window that others read from too: see `SSTableStream.standBefore`. */
  openStream(window: DataWindow): SSTableStream;
}

/** A segment that is being read: its window, and the decoder that stands on it. */
export class OpenSegment {
  readonly segment: ScanSegment;
  readonly window: DataWindow;
  readonly decoder: RowDecoder;
  private readonly batch: FastBatch;
  private readonly statistics: ScanStatistics;
  /** What of the decoder's counts is in the scan's statistics. */
  private partitionsNoted = 0;
  private tombstonesNoted = 0;

  private constructor(segment: ScanSegment, window: DataWindow, decoder: RowDecoder, to: ScanOutput) {
    this.segment = segment;
    this.window = window;
    this.decoder = decoder;
    this.batch = to.batch;
    this.statistics = to.statistics;
  }

  static async open(segment: ScanSegment, to: ScanOutput, maxWindowBytes?: number): Promise<OpenSegment> {
    const window = segment.openWindow(maxWindowBytes);
    window.setLimit(segment.end);
    if (segment.start < segment.end) await window.load(segment.start, 1);
    const decoder = new RowDecoder(segment.layout, to.batch, to.request.nowSeconds, to.filters, segment.file);
    decoder.attach(window, segment.start);
    return new OpenSegment(segment, window, decoder, to);
  }

  /** The end of the segment as an offset in the window. */
  get end(): number {
    return this.segment.end - this.window.origin;
  }

  /** The uncompressed position that the decoder stands at. */
  get position(): number {
    return this.window.origin + this.decoder.position;
  }

  /** Loads what the decoder asks for. The batch's values from the window before the last are gone then. */
  async slide(): Promise<void> {
    const { decoder, window, segment, position } = this;
    if (position + decoder.needed > segment.end) {
      throw new CorruptionError('a partition is cut off, or a length in it is wrong', {
        file: segment.file,
        offset: position,
        uncompressed: true,
      });
    }
    decoder.detach();
    await window.load(position, decoder.needed);
    decoder.attach(window, position);
  }

  /** Nulls the columns that the file does not have, in the batch's rows from `first` on: the decoder does not touch them. */
  clearAbsent(first: number): void {
    const { absentSlots } = this.segment.layout;
    for (let k = 0; k < absentSlots.length; k++) this.batch.columns[absentSlots[k]].end.fill(NULL_VALUE, first);
  }

  /** Adds what the decoder has passed since the last time to the scan's counts. */
  noteProgress(): void {
    const { decoder, statistics } = this;
    statistics.partitions += decoder.partitions - this.partitionsNoted;
    statistics.tombstones += decoder.tombstones - this.tombstonesNoted;
    this.partitionsNoted = decoder.partitions;
    this.tombstonesNoted = decoder.tombstones;
  }

  close(): void {
    this.noteProgress();
    this.window.close();
  }
}

/** What the segments of one scan are read for, and into. */
export interface ScanOutput {
  readonly request: ScanRequest;
  readonly filters: readonly ValueFilter[];
  readonly batch: FastBatch;
  readonly statistics: ScanStatistics;
}

/** The error of a scan; one of damage says which table it is in. */
export function inTable(error: unknown, { request: { table } }: ScanOutput): unknown {
  return error instanceof CorruptionError ? error.at({ table: `${table.keyspace}.${table.name}` }) : error;
}
