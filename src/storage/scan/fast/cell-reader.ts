import { CellFlag, UnfilteredFlag } from '../../sstable/data/unfiltered-format.ts';
import type { ByteArena } from '../byte-arena.ts';
import { putInt32, putSized } from '../multi-cell-value.ts';
import { type ColumnVector, NULL_VALUE } from '../row-batch.ts';
import { ClusteringReader } from './clustering-reader.ts';
import { Collected, type ColumnsLayout, NO_SLOT, type RowLayout } from './row-layout.ts';
import { skipVint } from './window-reader.ts';

// Plain numbers: as properties of the objects that name them they would be loaded for every cell.
const { HAS_TIMESTAMP, HAS_TTL, HAS_DELETION, HAS_ALL_COLUMNS, HAS_COMPLEX_DELETION } = UnfilteredFlag;
const { IS_DELETED, IS_EXPIRING, HAS_EMPTY_VALUE, USE_ROW_TIMESTAMP, USE_ROW_TTL } = CellFlag;
/** A live cell with a value and the row's timestamp: nearly all cells are this. */
const PLAIN_CELL = USE_ROW_TIMESTAMP;

/** Decodes the bodies of rows, whatever their flags, into vectors: values that are dead at `nowSeconds` are null. */
export abstract class CellReader extends ClusteringReader {
  tombstones = 0;
  private readonly nowSeconds: number;
  private readonly minLocalSeconds: number;

  private readonly arena: ByteArena;

  /** Values of multi-cell columns are put together in the arena. */
  constructor(file: string, layout: RowLayout, nowSeconds: number, arena: ByteArena) {
    super(file, layout);
    this.arena = arena;
    this.nowSeconds = nowSeconds;
    this.minLocalSeconds = layout.minLocalSeconds;
  }

  /**
   * Decodes what is behind the sizes of a row into element `i` of the vectors; true when the row is visible. `p` is behind
   * the previous size, `end` behind the row.
   */
  protected readCells(
    flags: number,
    p: number,
    end: number,
    columns: ColumnsLayout,
    vectors: readonly ColumnVector[],
    i: number,
  ): boolean {
    const b = this.bytes;
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
    if (columns.needsLiveness && !live) return false;

    let missingLo = 0;
    let missingHi = 0;
    if ((flags & HAS_ALL_COLUMNS) === 0) {
      missingLo = this.vint32(p);
      missingHi = this.vintHigh;
      p = this.after;
      const { storedSlots } = columns;
      for (let k = 0; k < storedSlots.length; k++) vectors[storedSlots[k]].end[i] = NULL_VALUE;
    }
    const { count, wantedEnd, lengths, slots, isComplex, isKnown } = columns;
    for (let c = 0; c < count; c++) {
      // What follows is not asked for, and the row is known to be visible.
      if (c >= wantedEnd && live) break;
      if (((c < 32 ? missingLo >>> c : missingHi >>> (c - 32)) & 1) !== 0) continue;
      if (isComplex[c] !== 0) {
        p = this.readComplex(columns, c, p, end, flags, rowLocalSeconds, vectors, i);
        if (this.sawLiveCell && isKnown[c] !== 0) live = true;
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

  /** The multi-cell column read last has a live cell. */
  protected sawLiveCell = false;

  /**
   * Passes the cells of multi-cell column `c`, and where it is asked for makes its value of those that are alive. Returns
   * the offset behind.
   */
  protected readComplex(
    columns: ColumnsLayout,
    c: number,
    p: number,
    end: number,
    rowFlags: number,
    rowLocalSeconds: number,
    vectors: readonly ColumnVector[],
    i: number,
  ): number {
    const b = this.bytes;
    const { arena } = this;
    const collected = columns.collected[c];
    this.sawLiveCell = false;
    if ((rowFlags & HAS_COMPLEX_DELETION) !== 0) p = skipVint(b, skipVint(b, p));
    const cells = this.vint(p);
    p = this.after;
    if (p + cells > end) this.corrupt(p, 'a cell reaches past the end of its row');
    const isCounted = collected !== Collected.FIELDS;
    let at = 0;
    if (collected !== Collected.NOTHING) {
      // No more than the row's bytes, and lengths.
      arena.allocate(4 + 8 * cells + 4 * columns.fields[c] + end - p);
      at = arena.start + (isCounted ? 4 : 0);
    }
    let count = 0;
    let field = 0;
    for (let k = 0; k < cells; k++) {
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
        if ((cellFlags & IS_DELETED) !== 0 && collected !== Collected.NOTHING) this.tombstones++;
      }
      p = this.passSized(p);
      const pathStart = this.after;
      const pathEnd = p;
      let valueStart = p;
      if ((cellFlags & HAS_EMPTY_VALUE) === 0) {
        p = this.passSized(p);
        valueStart = this.after;
      }
      if (p > end) this.corrupt(p, 'a cell reaches past the end of its row');
      if (!alive) continue;
      this.sawLiveCell = true;
      if (collected === Collected.NOTHING) continue;
      count++;
      if (collected === Collected.FIELDS) {
        const wanted = (b[pathStart] << 8) | b[pathStart + 1];
        if (wanted < field || wanted >= columns.fields[c]) continue;
        for (; field < wanted; field++) at = putInt32(arena.chunk, at, -1);
        field++;
      }
      if (collected === Collected.PATHS || collected === Collected.ENTRIES) {
        at = putSized(arena.chunk, at, b, pathStart, pathEnd);
      }
      if (collected !== Collected.PATHS) at = putSized(arena.chunk, at, b, valueStart, p);
    }
    if (collected === Collected.NOTHING) return p;
    const vector = vectors[columns.slots[c]];
    if (count === 0) {
      vector.setNull(i);
      arena.shrink(0);
      return p;
    }
    if (isCounted) putInt32(arena.chunk, arena.start, count);
    else for (; field < columns.fields[c]; field++) at = putInt32(arena.chunk, at, -1);
    vector.set(i, arena.chunk, arena.start, at);
    arena.shrink(at - arena.start);
    return p;
  }

  /** A stored local deletion or expiry time, in seconds; `after` is behind it. */
  private localSeconds(p: number): number {
    return (this.vint32(p) + this.minLocalSeconds) >>> 0;
  }
}
