import { ByteSink } from '../../bytes/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import type { Mutation } from '../mutation/index.ts';
import { beginRecord, endRecord, fillClock, RecordKind, reserveClock } from './segment-format.ts';
import { encodeLayout, encodeTableId } from './table-layout.ts';

const INITIAL_BYTES = 64 * 1024;

/** Records of one segment that were appended and not written yet, as bytes; segment-format.ts has their layouts. */
export class PendingRecords {
  private sink = new ByteSink(INITIAL_BYTES);
  private spare = new ByteSink(INITIAL_BYTES);
  /** Ordinals of the table versions that the segment has a layout record of. */
  private readonly layouts = new Map<TableMetadata, number>();
  private segment: number;
  /** Whether the first record is a clock to be filled. */
  private hasClock = false;

  constructor(segment: number) {
    this.segment = segment;
  }

  get length(): number {
    return this.sink.position;
  }

  /** Goes on in another segment; all was taken. */
  startSegment(segment: number): void {
    this.segment = segment;
    this.layouts.clear();
  }

  /** Mutations as one record, behind the layouts that it needs; returns its bytes. */
  addWrite(mutations: readonly Mutation[]): number {
    for (let i = 0; i < mutations.length; i++) this.layoutOf(mutations[i].table);
    const { sink } = this;
    const start = beginRecord(sink, RecordKind.WRITE);
    sink.unsignedVint(mutations.length);
    for (let i = 0; i < mutations.length; i++) {
      const { table, bytes } = mutations[i];
      sink.unsignedVint(this.layoutOf(table));
      sink.vintBytes(bytes);
    }
    return this.end(start);
  }

  addTruncate(tableId: string, generation: number, hidesBase: boolean): number {
    const { sink } = this;
    const start = beginRecord(sink, RecordKind.TRUNCATE);
    encodeTableId(sink, tableId);
    sink.unsignedVint(generation);
    sink.u8(hidesBase ? 1 : 0);
    return this.end(start);
  }

  /** Tells replay where acknowledged records end: damage before is a loss, damage behind it a torn tail. */
  addSynced(position: number): void {
    const { sink } = this;
    const start = beginRecord(sink, RecordKind.SYNCED);
    sink.unsignedVint(this.segment);
    sink.unsignedVint(position);
    this.end(start);
  }

  /** Room for a clock, where nothing is before it; `take` fills it. */
  addClock(): void {
    if (this.sink.position > 0) return;
    reserveClock(this.sink);
    this.hasClock = true;
  }

  /** All of it, to be written; the caller clears it. Until the next `take` records collect elsewhere. */
  take(clockMicros: number): ByteSink {
    const { sink } = this;
    if (this.hasClock) fillClock(sink, clockMicros, this.segment);
    this.hasClock = false;
    this.sink = this.spare;
    this.spare = sink;
    return sink;
  }

  private end(start: number): number {
    endRecord(this.sink, start, this.segment);
    return this.sink.position - start;
  }

  private layoutOf(table: TableMetadata): number {
    const known = this.layouts.get(table);
    if (known !== undefined) return known;
    const ordinal = this.layouts.size;
    this.layouts.set(table, ordinal);
    const start = beginRecord(this.sink, RecordKind.LAYOUT);
    this.sink.unsignedVint(ordinal);
    encodeLayout(this.sink, table);
    this.end(start);
    return ordinal;
  }
}
