import { CellFlag, UnfilteredFlag } from '../../sstable/data/unfiltered-format.ts';
import type { RowTest } from '../filter-rows.ts';
import { type ColumnVector, NULL_VALUE } from '../row-batch.ts';
import type { FastBatch } from './fast-batch.ts';
import { compilePlainCells, NOT_PLAIN, type PlainCells } from './plain-cells.ts';
import { FIELD_PATHS, NO_SLOT, type RowLayout } from './row-layout.ts';
import { skipVint, WindowReader } from './window-reader.ts';

// Plain numbers: as properties of the objects that name them they would be loaded for every cell.
const { END_OF_PARTITION, IS_MARKER, HAS_TIMESTAMP, HAS_TTL, HAS_DELETION, HAS_ALL_COLUMNS } = UnfilteredFlag;
const { HAS_COMPLEX_DELETION, EXTENSION } = UnfilteredFlag;
const { IS_DELETED, IS_EXPIRING, HAS_EMPTY_VALUE, USE_ROW_TIMESTAMP, USE_ROW_TTL } = CellFlag;
/** A row with a timestamp that does not expire, without deletions, with all columns. */
const PLAIN_ROW = HAS_TIMESTAMP | HAS_ALL_COLUMNS;
/** A live cell with a value and the row's timestamp: nearly all cells are this. */
const PLAIN_CELL = USE_ROW_TIMESTAMP;

const IS_LIVE_DELETION = 0x80;
const DELETION_BYTES = 12;
/** Flags, kind and number of values. */
const MARKER_HEAD_BYTES = 4;
/** A UDT cell's path is the field's index, an int16 without a length. */
const FIELD_PATH_BYTES = 2;

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
export class RowDecoder extends WindowReader {
  private readonly layout: RowLayout;
  private readonly plainCells: PlainCells;
  private readonly minLocalSeconds: number;
  private readonly nowSeconds: number;
  private readonly strictLiveness: boolean;
  private readonly batch: FastBatch;
  private readonly vectors: readonly ColumnVector[];
  private readonly test: RowTest | null;

  private inPartition = false;
  private keyStart = 0;
  private keyEnd = 0;
  private keySource: Uint8Array = this.bytes;
  private readonly keyStarts: Int32Array;
  private readonly keyEnds: Int32Array;
  partitions = 0;
  private readonly firstOrdinal: number;
  tombstones = 0;
  /** Bytes from `position` on that the element at hand needs at least; set on NEED_MORE. */
  needed = 0;

  constructor(
    layout: RowLayout,
    batch: FastBatch,
    nowSeconds: number,
    strictLiveness: boolean,
    test: RowTest | null,
    file: string,
    partitionsBefore: number,
  ) {
    super(file);
    this.layout = layout;
    this.plainCells = compilePlainCells(layout);
    this.batch = batch;
    this.vectors = batch.columns;
    this.nowSeconds = nowSeconds;
    this.strictLiveness = strictLiveness;
    this.test = test;
    this.firstOrdinal = partitionsBefore - 1;
    this.minLocalSeconds = layout.minLocalSeconds;
    this.keyStarts = new Int32Array(layout.keyComponents);
    this.keyEnds = new Int32Array(layout.keyComponents);
    this.clusteringStart = new Int32Array(layout.clusteringLengths.length);
    this.clusteringEnd = new Int32Array(layout.clusteringLengths.length);
  }

  /** Before the window's bytes are overwritten: keeps the key of the open partition. */
  detach(): void {
    if (!this.inPartition || this.keySource !== this.bytes) return;
    this.keySource = new Uint8Array(this.bytes.subarray(this.keyStart, this.keyEnd));
    this.keyEnd -= this.keyStart;
    this.keyStart = 0;
    this.splitKey();
  }

  get isBetweenPartitions(): boolean {
    return !this.inPartition;
  }

  /** Fills the batch until it is full, has `rowLimit` rows, or `end` or the window's limit is reached. */
  fill(end: number, rowLimit: number): Outcome {
    const { batch } = this;
    for (;;) {
      if (!this.inPartition) {
        if (this.position >= end) return Outcome.END;
        if (batch.length >= rowLimit) return Outcome.BATCH_FULL;
        if (!this.readPartitionStart()) return Outcome.NEED_MORE;
      }
      while (this.inPartition) {
        if (batch.length >= rowLimit) return Outcome.BATCH_FULL;
        if (!this.readElement()) return Outcome.NEED_MORE;
      }
    }
  }

  /** Counts visible rows up to `end` or the window's limit into `counted`. */
  count(end: number): Outcome {
    for (;;) {
      if (!this.inPartition) {
        if (this.position >= end) return Outcome.END;
        if (!this.readPartitionStart()) return Outcome.NEED_MORE;
      }
      while (this.inPartition) if (!this.countElement()) return Outcome.NEED_MORE;
    }
  }

  private counted = 0;

  /** The rows counted since the last call. */
  takeCount(): number {
    const { counted } = this;
    this.counted = 0;
    return counted;
  }

  private readPartitionStart(): boolean {
    const b = this.bytes;
    const start = this.position;
    const keyStart = start + 2;
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
    if (flags === END_OF_PARTITION) return this.endPartition(start);
    if ((flags & IS_MARKER) !== 0) return this.skipMarker(start);
    let p = start + 1;
    if ((flags & EXTENSION) !== 0) p++;
    p = this.readClustering(p);
    const end = this.endOfBody(p);
    if (end > this.limit) return this.wants(start, end);
    p = this.after;
    p = skipVint(b, p);
    if (flags === PLAIN_ROW && this.readPlainRow(skipVint(b, p), end)) this.addRow();
    else if (this.readRow(flags, p, end)) this.addRow();
    this.position = end;
    return true;
  }

  /** The cells of a row by the decoder made for them; false when they need the general one. */
  private readPlainRow(p: number, end: number): boolean {
    const after = this.plainCells(this.bytes, p, this.batch.length, this.vectors);
    if (after > end) this.corrupt(p, 'a cell reaches past the end of its row');
    return after !== NOT_PLAIN;
  }

  private countElement(): boolean {
    const b = this.bytes;
    const start = this.position;
    if (start >= this.limit) return this.wants(start, start + 1);
    const flags = b[start];
    if (flags === END_OF_PARTITION) return this.endPartition(start);
    if ((flags & IS_MARKER) !== 0) return this.skipMarker(start);
    let p = start + 1;
    if ((flags & EXTENSION) !== 0) p++;
    p = this.readClustering(p);
    const end = this.endOfBody(p);
    if (end > this.limit) return this.wants(start, end);
    p = this.after;
    // A row with a liveness that does not expire is visible, whatever its cells.
    if ((flags & (HAS_TIMESTAMP | HAS_TTL)) === HAS_TIMESTAMP || this.readRow(flags, skipVint(b, p), end)) {
      this.counted++;
    }
    this.position = end;
    return true;
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

  private readonly clusteringStart: Int32Array;
  private readonly clusteringEnd: Int32Array;

  private readClustering(p: number): number {
    return this.readClusteringValues(p, this.clusteringStart.length);
  }

  /** Ranges of the values into `clusteringStart` and `clusteringEnd`; returns the offset behind them, past `limit` when
   * they are not whole in the window. */
  private readClusteringValues(p: number, count: number): number {
    const { clusteringStart, clusteringEnd } = this;
    const { clusteringLengths } = this.layout;
    let bits = 0;
    let upperBits = 0;
    for (let i = 0; i < count; i++) {
      // A header of 64 bits stands in front of each 32 values.
      if ((i & 31) === 0) {
        if (p >= this.limit) return p + 1;
        bits = this.vint32(p);
        upperBits = this.vintHigh;
        p = this.after;
        if (p > this.limit) return p;
      } else if ((i & 31) === 16) {
        bits = upperBits;
      }
      const state = (bits >>> ((i & 15) * 2)) & 3;
      clusteringStart[i] = p;
      if (state === 0) {
        const fixed = clusteringLengths[i];
        if (fixed >= 0) p += fixed;
        else {
          if (p >= this.limit) return p + 1;
          const length = this.vint(p);
          if (this.after > this.limit) return this.after;
          clusteringStart[i] = this.after;
          p = this.after + length;
        }
        if (p > this.limit) return p;
        clusteringEnd[i] = p;
      } else {
        clusteringEnd[i] = state === 2 ? NULL_VALUE : p;
      }
    }
    return p;
  }

  /**
   * Decodes what is behind the sizes of a row into the batch's next row; true when the row is visible. `p` is behind the
   * previous size, `end` behind the row.
   */
  private readRow(flags: number, p: number, end: number): boolean {
    const b = this.bytes;
    const { layout, vectors } = this;
    const i = this.batch.length;
    let live = false;
    let rowLocalSeconds = 0;
    if ((flags & HAS_TIMESTAMP) !== 0) {
      p = skipVint(b, p);
      live = true;
      if ((flags & HAS_TTL) !== 0) {
        p = skipVint(b, p);
        rowLocalSeconds = this.localSeconds(p);
        p = this.after;
        live = this.nowSeconds < rowLocalSeconds;
      }
    }
    if ((flags & HAS_DELETION) !== 0) {
      p = skipVint(b, skipVint(b, p));
      this.tombstones++;
    }
    if (this.strictLiveness && !live) return false;

    let missingLo = 0;
    let missingHi = 0;
    if ((flags & HAS_ALL_COLUMNS) === 0) {
      missingLo = this.vint32(p);
      missingHi = this.vintHigh;
      p = this.after;
      const { storedSlots } = layout;
      for (let k = 0; k < storedSlots.length; k++) vectors[storedSlots[k]].end[i] = NULL_VALUE;
    }
    const { columns, wantedEnd, lengths, slots, isComplex, isKnown } = layout;
    for (let c = 0; c < columns; c++) {
      // What follows is not asked for, and the row is known to be visible.
      if (c >= wantedEnd && live) break;
      if (((c < 32 ? missingLo >>> c : missingHi >>> (c - 32)) & 1) !== 0) continue;
      if (isComplex[c] !== 0) {
        p = this.readComplex(p, flags, c, rowLocalSeconds);
        if (p > end) this.corrupt(p, 'a cell reaches past the end of its row');
        if (this.sawLiveCell) live = true;
        continue;
      }
      const cellFlags = b[p++];
      let alive = true;
      if (cellFlags !== PLAIN_CELL) {
        if ((cellFlags & USE_ROW_TIMESTAMP) === 0) p = skipVint(b, p);
        if ((cellFlags & (IS_DELETED | IS_EXPIRING)) !== 0) {
          let localSeconds = rowLocalSeconds;
          if ((cellFlags & USE_ROW_TTL) === 0) {
            localSeconds = this.localSeconds(p);
            p = this.after;
            if ((cellFlags & IS_EXPIRING) !== 0) p = skipVint(b, p);
          }
          alive = (cellFlags & IS_EXPIRING) !== 0 && this.nowSeconds < localSeconds;
          if ((cellFlags & IS_DELETED) !== 0) this.tombstones++;
        }
      }
      let length = 0;
      if ((cellFlags & HAS_EMPTY_VALUE) === 0) {
        length = lengths[c];
        if (length < 0) {
          length = b[p++];
          if (length >= 0x80) {
            length = this.vint(p - 1);
            p = this.after;
          }
        }
      }
      const slot = slots[c];
      if (slot !== NO_SLOT) {
        const vector = vectors[slot];
        if (alive) {
          if (vector.source[i] !== b) vector.source[i] = b;
          vector.start[i] = p;
          vector.end[i] = p + length;
        } else {
          vector.end[i] = NULL_VALUE;
        }
      }
      if (alive && isKnown[c] !== 0) live = true;
      p += length;
      if (p > end) this.corrupt(p, 'a cell reaches past the end of its row');
    }
    return live;
  }

  private sawLiveCell = false;

  /** Passes the cells of a multi-cell column, which is never asked for here; notes whether one is alive. */
  private readComplex(p: number, rowFlags: number, column: number, rowLocalSeconds: number): number {
    const b = this.bytes;
    this.sawLiveCell = false;
    if ((rowFlags & HAS_COMPLEX_DELETION) !== 0) p = skipVint(b, skipVint(b, p));
    const cells = this.vint(p);
    p = this.after;
    for (let k = 0; k < cells && p <= this.limit; k++) {
      const cellFlags = b[p++];
      let alive = true;
      if ((cellFlags & USE_ROW_TIMESTAMP) === 0) p = skipVint(b, p);
      if ((cellFlags & (IS_DELETED | IS_EXPIRING)) !== 0) {
        let localSeconds = rowLocalSeconds;
        if ((cellFlags & USE_ROW_TTL) === 0) {
          localSeconds = this.localSeconds(p);
          p = this.after;
          if ((cellFlags & IS_EXPIRING) !== 0) p = skipVint(b, p);
        }
        alive = (cellFlags & IS_EXPIRING) !== 0 && this.nowSeconds < localSeconds;
      }
      p = this.layout.isComplex[column] === FIELD_PATHS ? p + FIELD_PATH_BYTES : this.passSized(p);
      if ((cellFlags & HAS_EMPTY_VALUE) === 0) p = this.passSized(p);
      if (alive && this.layout.isKnown[column] !== 0) this.sawLiveCell = true;
    }
    return p;
  }

  /** Completes the batch's next row with what is not in cells, and keeps it when it passes the filters. */
  private addRow(): void {
    const { batch, vectors, clusteringStart, clusteringEnd, keyStarts, keyEnds } = this;
    const { clusteringSlots, keySlots } = this.layout;
    const i = batch.length;
    for (let k = 0; k < clusteringSlots.length; k++) {
      const slot = clusteringSlots[k];
      if (slot !== NO_SLOT) vectors[slot].set(i, this.bytes, clusteringStart[k], clusteringEnd[k]);
    }
    for (let k = 0; k < keySlots.length; k++) {
      const slot = keySlots[k];
      if (slot !== NO_SLOT) vectors[slot].set(i, this.keySource, keyStarts[k], keyEnds[k]);
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

  /** A stored local deletion or expiry time, in seconds; `after` is behind it. */
  private localSeconds(p: number): number {
    return (this.vint32(p) + this.minLocalSeconds) >>> 0;
  }
}
