import { invariant } from '../../../errors/index.ts';
import type { Partition } from '../../rows/index.ts';
import { ExtendedFlag, UnfilteredFlag } from '../../sstable/data/unfiltered-format.ts';
import { type RowTest, testOfRow, type ValueFilter } from '../filter-rows.ts';
import { ColumnVector } from '../row-batch.ts';
import { CellReader } from './cell-reader.ts';
import type { FastBatch } from './fast-batch.ts';
import { type ComplexCells, compilePlainCount, compilePlainRows, type PlainRows, type PlainRun } from './plain-rows.ts';
import { NO_SLOT, type RowLayout } from './row-layout.ts';
import { skipVint } from './window-reader.ts';

// Plain numbers: as properties of the objects that name them they would be loaded for every row.
const { END_OF_PARTITION, IS_MARKER, HAS_TIMESTAMP, HAS_TTL, EXTENSION } = UnfilteredFlag;
const { IS_STATIC } = ExtendedFlag;
const IS_LIVE_DELETION = 0x80;
const KEY_LENGTH_BYTES = 2;
const DELETION_BYTES = 12;
/** Flags and extended flags. */
const STATIC_HEAD_BYTES = 2;
/** Flags, kind and number of values. */
const MARKER_HEAD_BYTES = 4;
/** More rows than any window has. */
const MOST_ROWS = 0x3fffffff;
/** More than any offset in a window. */
const NO_STOP = 0x3fffffff;

/** Where a key lies. */
export type KeyPlace = Pick<Partition, 'key' | 'keyStart' | 'keyEnd'>;

export const Outcome = { BATCH_FULL: 0, NEED_MORE: 1, END: 2 } as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/**
 * Decodes one SSTable's partitions straight from the window into a batch. Nothing is reconciled: of one source, what it
 * holds is what counts (Cassandra's writers keep nothing that the same file deletes). The layout of rows stands with
 * `UnfilteredFlag`.
 *
 * No length is trusted that does not lie within the window as a whole; an element that the window cuts is asked for again
 * with at least the bytes it is known to have. Within a row's body only its end is checked.
 */
export class RowDecoder extends CellReader implements ComplexCells {
  private readonly layout: RowLayout;
  private readonly filters: readonly ValueFilter[];
  /** Made when it is first needed: a decoder either fills batches or counts. */
  private plainRows: PlainRows | null = null;
  private readonly run: PlainRun;
  private readonly batch: FastBatch;
  private readonly vectors: readonly ColumnVector[];
  private readonly test: RowTest | null;

  private inPartition = false;
  private keyStart = 0;
  private keyEnd = 0;
  private keySource: Uint8Array = this.bytes;
  /** The partition's static values, one element by slot. */
  private readonly staticVectors: readonly ColumnVector[];
  private hasLiveStatic = false;
  /** Visible rows of the partition, whether they pass the filters or not. */
  private hasRows = false;
  private readonly keyStarts: Int32Array;
  private readonly keyEnds: Int32Array;
  partitions = 0;
  /** What `partitions` is counted from, in the scan's numbers. */
  private firstOrdinal = -1;
  /** Bytes from `position` on that the element at hand needs at least; set on NEED_MORE. */
  needed = 0;

  constructor(layout: RowLayout, batch: FastBatch, nowSeconds: number, filters: readonly ValueFilter[], file: string) {
    super(file, layout, nowSeconds, batch.arena);
    this.layout = layout;
    this.staticVectors = batch.columns.map(() => new ColumnVector(1));
    this.batch = batch;
    this.vectors = batch.columns;
    this.filters = filters;
    this.test = testOfRow(filters);
    this.keyStarts = new Int32Array(layout.keyComponents);
    this.keyEnds = new Int32Array(layout.keyComponents);
    this.run = {
      nowSeconds,
      minLocalSeconds: layout.minLocalSeconds,
      rows: 0,
      ordinal: 0,
      partitions: 0,
      seen: 0,
      keySource: this.keySource,
      keyStart: 0,
      keyEnd: 0,
      keyStarts: this.keyStarts,
      keyEnds: this.keyEnds,
      statics: this.staticVectors,
      cells: this,
    };
  }

  /** Gives the next partition this number in the scan. */
  numberFrom(ordinal: number): void {
    this.firstOrdinal = ordinal - this.partitions - 1;
  }

  /** Between partitions: the key of the next one, which is not passed; false when it is not whole in the window. */
  peekKey(place: KeyPlace): boolean {
    const start = this.position;
    const keyStart = start + KEY_LENGTH_BYTES;
    if (keyStart > this.limit) return this.wants(start, keyStart);
    const keyEnd = keyStart + ((this.bytes[start] << 8) | this.bytes[start + 1]);
    if (keyEnd > this.limit) return this.wants(start, keyEnd);
    place.key = this.bytes;
    place.keyStart = keyStart;
    place.keyEnd = keyEnd;
    return true;
  }

  /** Before the window's bytes are overwritten: keeps the key and the static values of the open partition. */
  detach(): void {
    if (!this.inPartition) return;
    for (const slot of this.layout.statics.storedSlots) {
      const vector = this.staticVectors[slot];
      const value = vector.source[0] === this.bytes ? vector.value(0) : null;
      if (value !== null) vector.set(0, value.slice(), 0, value.length);
    }
    if (this.keySource !== this.bytes) return;
    this.keySource = new Uint8Array(this.bytes.subarray(this.keyStart, this.keyEnd));
    this.keyEnd -= this.keyStart;
    this.keyStart = 0;
    this.splitKey();
  }

  /** Fills the batch until it is full, has `rowLimit` rows, or `end` or the window's limit is reached. */
  fill(end: number, rowLimit: number): Outcome {
    const { batch, filters } = this;
    this.plainRows ??= compilePlainRows(this.layout, filters);
    for (;;) {
      if (batch.length < rowLimit && this.mayBePlain()) {
        batch.length = this.passPlainRows(this.plainRows, batch.length, end, rowLimit, NO_STOP, filters);
      }
      if (!this.inPartition) {
        if (this.position >= end) return Outcome.END;
        if (batch.length >= rowLimit) return Outcome.BATCH_FULL;
        if (!this.readPartitionStart()) return Outcome.NEED_MORE;
      } else {
        if (batch.length >= rowLimit) return Outcome.BATCH_FULL;
        if (!this.readElement()) return Outcome.NEED_MORE;
      }
    }
  }

  /** Runs of plain rows begin with a row, which may be a partition of its own. */
  private mayBePlain(): boolean {
    return this.inPartition !== this.layout.isRowPartition;
  }

  /** Passes plain rows, which go to the batch from row `first` on; returns the number of the next one. */
  private passPlainRows(
    plainRows: PlainRows,
    first: number,
    end: number,
    maxRows: number,
    stop: number,
    filters: readonly ValueFilter[],
  ): number {
    const { run } = this;
    run.rows = first;
    run.ordinal = this.firstOrdinal + this.partitions;
    run.keySource = this.keySource;
    run.keyStart = this.keyStart;
    run.keyEnd = this.keyEnd;
    this.position = plainRows(this.bytes, this.position, this.limit, end, maxRows, stop, run, this.batch, filters);
    this.partitions += run.partitions;
    this.keySource = run.keySource;
    this.keyStart = run.keyStart;
    this.keyEnd = run.keyEnd;
    if (run.seen > 0) this.hasRows = true;
    return run.rows;
  }

  /** Counts visible rows up to `end` or the window's limit into `counted`. */
  count(end: number): Outcome {
    this.plainRows ??= compilePlainCount(this.layout);
    for (;;) {
      if (this.mayBePlain()) this.counted += this.passPlainRows(this.plainRows, 0, end, MOST_ROWS, NO_STOP, []);
      if (!this.inPartition) {
        if (this.position >= end) return Outcome.END;
        if (!this.readPartitionStart()) return Outcome.NEED_MORE;
      } else if (!this.countElement()) return Outcome.NEED_MORE;
    }
  }

  private counted = 0;

  /**
   * Stands in a partition that others have too, at one of its rows: `fillRows` or `countRows` follow. `key` must stay as it
   * is. No static columns are asked for.
   */
  enterPartition(key: Uint8Array): void {
    this.keySource = key;
    this.keyStart = 0;
    this.keyEnd = key.length;
    this.splitKey();
    this.hasRows = false;
    this.inPartition = true;
  }

  /** Between rows; true when a visible one was among them. */
  leavePartition(): boolean {
    this.inPartition = false;
    return this.hasRows;
  }

  /** As `fill`, for the rows before `stop` (`endOfRows`). */
  fillRows(stop: number, rowLimit: number): Outcome {
    const { batch, filters } = this;
    this.plainRows ??= compilePlainRows(this.layout, filters);
    for (;;) {
      if (batch.length < rowLimit) {
        batch.length = this.passPlainRows(this.plainRows, batch.length, stop, rowLimit, stop, filters);
      }
      if (this.position >= stop) return Outcome.END;
      if (batch.length >= rowLimit) return Outcome.BATCH_FULL;
      invariant(this.readElement(), 'rows that were passed once are whole in the window');
    }
  }

  /** As `count`, for the rows before `stop`. */
  countRows(stop: number): Outcome {
    this.plainRows ??= compilePlainCount(this.layout);
    for (;;) {
      this.counted += this.passPlainRows(this.plainRows, 0, stop, MOST_ROWS, stop, []);
      if (this.position >= stop) return Outcome.END;
      invariant(this.countElement(), 'rows that were passed once are whole in the window');
    }
  }

  /** The rows counted since the last call. */
  takeCount(): number {
    const { counted } = this;
    this.counted = 0;
    return counted;
  }

  private readPartitionStart(): boolean {
    const b = this.bytes;
    const start = this.position;
    const keyStart = start + KEY_LENGTH_BYTES;
    if (keyStart > this.limit) return this.wants(start, keyStart);
    const keyEnd = keyStart + ((b[start] << 8) | b[start + 1]);
    let p = keyEnd;
    if (p >= this.limit) return this.wants(start, p + 1);
    if (this.layout.hasUintDeletionTime && (b[p] & IS_LIVE_DELETION) !== 0) p++;
    else {
      // Before oa a live deletion is i32 0x7fffffff, i64 minimum: the fifth byte tells.
      if (this.layout.hasUintDeletionTime || b[p] !== 0x7f || b[p + 4] !== 0x80) this.tombstones++;
      p += DELETION_BYTES;
    }
    if (p > this.limit) return this.wants(start, p);
    this.keySource = b;
    this.keyStart = keyStart;
    this.keyEnd = keyEnd;
    this.splitKey();
    const { storedSlots } = this.layout.statics;
    for (let k = 0; k < storedSlots.length; k++) this.staticVectors[storedSlots[k]].setNull(0);
    this.hasLiveStatic = false;
    this.hasRows = false;
    this.position = p;
    this.inPartition = true;
    this.partitions++;
    return true;
  }

  /** Reads one row, marker or end of partition; false when it is not whole in the window. */
  private readElement(): boolean {
    const b = this.bytes;
    const start = this.position;
    if (start >= this.limit) return this.wants(start, start + 1);
    const flags = b[start];
    if (flags === END_OF_PARTITION) {
      if (this.isStaticOnly()) this.addStaticOnlyRow();
      return this.endPartition(start);
    }
    if ((flags & IS_MARKER) !== 0) return this.skipMarker(start);
    let p = start + 1;
    if ((flags & EXTENSION) !== 0 && (b[p++] & IS_STATIC) !== 0) return this.readStaticRow(start, flags);
    p = this.readClustering(p);
    const end = this.endOfBody(p);
    if (end > this.limit) return this.wants(start, end);
    p = skipVint(b, this.after);
    if (this.readCells(flags, p, end, this.layout.regulars, this.vectors, this.batch.length)) this.addRow();
    this.position = end;
    return true;
  }

  passComplex(c: number, p: number, end: number, flags: number, rowLocalSeconds: number, i: number): number {
    return this.readComplex(this.layout.regulars, c, p, end, flags, rowLocalSeconds, this.vectors, i);
  }

  get isComplexAlive(): boolean {
    return this.sawLiveCell;
  }

  private countElement(): boolean {
    const b = this.bytes;
    const start = this.position;
    if (start >= this.limit) return this.wants(start, start + 1);
    const flags = b[start];
    if (flags === END_OF_PARTITION) {
      if (this.isStaticOnly()) this.counted++;
      return this.endPartition(start);
    }
    if ((flags & IS_MARKER) !== 0) return this.skipMarker(start);
    let p = start + 1;
    if ((flags & EXTENSION) !== 0 && (b[p++] & IS_STATIC) !== 0) return this.readStaticRow(start, flags);
    p = this.readClustering(p);
    const end = this.endOfBody(p);
    if (end > this.limit) return this.wants(start, end);
    p = this.after;
    // A row with a liveness that does not expire is visible, whatever its cells.
    if (
      (flags & (HAS_TIMESTAMP | HAS_TTL)) === HAS_TIMESTAMP ||
      this.readCells(flags, skipVint(b, p), end, this.layout.regulars, this.vectors, 0)
    ) {
      this.counted++;
      this.hasRows = true;
    }
    this.position = end;
    return true;
  }

  /** The static row has no clustering; its values wait for the partition's rows. */
  private readStaticRow(start: number, flags: number): boolean {
    const end = this.endOfBody(start + STATIC_HEAD_BYTES);
    if (end > this.limit) return this.wants(start, end);
    const p = skipVint(this.bytes, this.after);
    this.hasLiveStatic = this.readCells(flags, p, end, this.layout.statics, this.staticVectors, 0);
    this.position = end;
    return true;
  }

  /** At a partition's end: it has static values and no row, and counts as one. */
  private isStaticOnly(): boolean {
    return this.hasLiveStatic && !this.hasRows && this.layout.staticOnlyRows;
  }

  private addStaticOnlyRow(): void {
    const { vectors } = this;
    const { clusteringSlots, regulars } = this.layout;
    const i = this.batch.length;
    for (const slot of regulars.storedSlots) vectors[slot].setNull(i);
    for (const slot of clusteringSlots) if (slot !== NO_SLOT) vectors[slot].setNull(i);
    this.finishRow();
  }

  private endPartition(start: number): boolean {
    this.inPartition = false;
    this.position = start + 1;
    return true;
  }

  private wants(start: number, end: number): false {
    this.needed = end - start;
    return false;
  }

  private skipMarker(start: number): boolean {
    const b = this.bytes;
    if (start + MARKER_HEAD_BYTES > this.limit) return this.wants(start, start + MARKER_HEAD_BYTES);
    const values = (b[start + 2] << 8) | b[start + 3];
    if (values > this.clusteringStart.length) this.corrupt(start, 'a bound has too many values');
    const p = this.endOfBody(this.readClusteringValues(start + MARKER_HEAD_BYTES, values));
    if (p > this.limit) return this.wants(start, p);
    this.tombstones++;
    this.position = p;
    return true;
  }

  /** Completes a visible row with its clustering. */
  private addRow(): void {
    const { batch, vectors, clusteringStart, clusteringEnd } = this;
    const { clusteringSlots } = this.layout;
    for (let k = 0; k < clusteringSlots.length; k++) {
      const slot = clusteringSlots[k];
      if (slot !== NO_SLOT) vectors[slot].set(batch.length, this.bytes, clusteringStart[k], clusteringEnd[k]);
    }
    this.hasRows = true;
    this.finishRow();
  }

  /** Completes the batch's next row with the partition's values, and keeps it when it passes the filters. */
  private finishRow(): void {
    const { batch, vectors, staticVectors, keyStarts, keyEnds } = this;
    const { keySlots, statics } = this.layout;
    const i = batch.length;
    for (let k = 0; k < keySlots.length; k++) {
      const slot = keySlots[k];
      if (slot !== NO_SLOT) vectors[slot].set(i, this.keySource, keyStarts[k], keyEnds[k]);
    }
    for (let k = 0; k < statics.storedSlots.length; k++) {
      const slot = statics.storedSlots[k];
      const shared = staticVectors[slot];
      if (shared.isNull(0)) vectors[slot].setNull(i);
      else vectors[slot].set(i, shared.source[0], shared.start[0], shared.end[0]);
    }
    if (this.test !== null && !this.test(vectors, i)) return;
    batch.partitionOrdinal[i] = this.firstOrdinal + this.partitions;
    batch.setKey(i, this.keySource, this.keyStart, this.keyEnd);
    batch.length = i + 1;
  }

  /** Ranges of the key's components within `keySource`. */
  private splitKey(): void {
    const { keyStarts, keyEnds, keySource } = this;
    const components = keyStarts.length;
    if (components === 1) {
      keyStarts[0] = this.keyStart;
      keyEnds[0] = this.keyEnd;
      return;
    }
    let p = this.keyStart;
    for (let k = 0; k < components; k++) {
      keyStarts[k] = p + 2;
      p += 2 + ((keySource[p] << 8) | keySource[p + 1]);
      keyEnds[k] = p;
      p++;
      if (p > this.keyEnd) this.corrupt(this.keyStart, 'a partition key is too short for its components');
    }
  }
}
