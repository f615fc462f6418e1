import { int64 } from '../../bytes/index.ts';
import { ClusteringPrefix } from './clustering-prefix.ts';
import { DeletionTime, NO_DELETION_TIME, NO_TTL } from './deletion-time.ts';

const NO_BYTES = new Uint8Array(0);

/** `pathEnd[i]` of a cell without a path (a simple column's). */
export const NO_PATH = -1;

/**
 * One row, or the static row of a partition, as parallel arrays that are filled again for every row: no object a cell.
 * Values and paths are ranges of `cellSource[i]`, bytes that the row does not own; they stay valid until the stream that
 * filled the row moves on, and as long as their block is pinned.
 *
 * Invariants: `cellColumn` ascends, and within a complex column the paths ascend in the order of its path type. A column
 * is its index in the table's `regulars`, or in `statics` when `isStatic`. A complex deletion stands in the `complex…`
 * arrays, columns ascending.
 *
 *   cell kind    ttl       local deletion time
 *   live         NO_TTL    NO_DELETION_TIME
 *   expiring     > 0       when it expires, seconds
 *   tombstone    NO_TTL    when it was deleted, seconds
 */
export class Row {
  isStatic = false;
  readonly clustering = new ClusteringPrefix();

  /** Primary key liveness (`db/LivenessInfo`); absent for rows made by UPDATE only. */
  hasLiveness = false;
  livenessHi = 0;
  livenessLo = 0;
  livenessTtl = NO_TTL;
  livenessLocalSeconds = NO_DELETION_TIME;

  /** The row's own deletion; LIVE when there is none. `deletionIsShadowable`: by a view, hidden by newer liveness. */
  readonly deletion = new DeletionTime();
  deletionIsShadowable = false;

  complexCount = 0;
  complexColumn = new Int32Array(4);
  complexHi = new Int32Array(4);
  complexLo = new Int32Array(4);
  complexLocalSeconds = new Uint32Array(4);

  /** The row as its file has it, where what reads it says so. */
  readonly encoded = new EncodedRow();

  cellCount = 0;
  cellColumn = new Int32Array(16);
  cellHi = new Int32Array(16);
  cellLo = new Int32Array(16);
  cellTtl = new Int32Array(16);
  cellLocalSeconds = new Uint32Array(16);
  cellSource: Uint8Array[] = [];
  valueStart = new Int32Array(16);
  valueEnd = new Int32Array(16);
  pathStart = new Int32Array(16);
  pathEnd = new Int32Array(16);

  /** Empties the row for the next one; the arrays stay. */
  clear(isStatic: boolean): void {
    this.isStatic = isStatic;
    this.hasLiveness = false;
    this.livenessTtl = NO_TTL;
    this.livenessLocalSeconds = NO_DELETION_TIME;
    this.deletion.clear();
    this.deletionIsShadowable = false;
    this.complexCount = 0;
    this.cellCount = 0;
    this.encoded.encoding = null;
  }

  setLiveness(hi: number, lo: number, ttl: number, localSeconds: number): void {
    this.hasLiveness = true;
    this.livenessHi = hi;
    this.livenessLo = lo;
    this.livenessTtl = ttl;
    this.livenessLocalSeconds = localSeconds;
  }

  addComplexDeletion(column: number, hi: number, lo: number, localSeconds: number): void {
    const i = this.complexCount++;
    if (i === this.complexColumn.length) this.growComplex();
    this.complexColumn[i] = column;
    this.complexHi[i] = hi;
    this.complexLo[i] = lo;
    this.complexLocalSeconds[i] = localSeconds;
  }

  /** Appends a cell; `pathEnd` is NO_PATH for a simple column. */
  addCell(
    column: number,
    hi: number,
    lo: number,
    ttl: number,
    localSeconds: number,
    source: Uint8Array,
    valueStart: number,
    valueEnd: number,
    pathStart: number,
    pathEnd: number,
  ): void {
    const i = this.cellCount++;
    if (i === this.cellColumn.length) this.growCells();
    this.cellColumn[i] = column;
    this.cellHi[i] = hi;
    this.cellLo[i] = lo;
    this.cellTtl[i] = ttl;
    this.cellLocalSeconds[i] = localSeconds;
    this.cellSource[i] = source;
    this.valueStart[i] = valueStart;
    this.valueEnd[i] = valueEnd;
    this.pathStart[i] = pathStart;
    this.pathEnd[i] = pathEnd;
  }

  /** Appends cell `i` of another row under the same column. */
  addCellOf(other: Row, i: number): void {
    this.addCell(
      other.cellColumn[i],
      other.cellHi[i],
      other.cellLo[i],
      other.cellTtl[i],
      other.cellLocalSeconds[i],
      other.cellSource[i],
      other.valueStart[i],
      other.valueEnd[i],
      other.pathStart[i],
      other.pathEnd[i],
    );
  }

  isTombstone(i: number): boolean {
    return this.cellTtl[i] === NO_TTL && this.cellLocalSeconds[i] !== NO_DELETION_TIME;
  }

  isExpiring(i: number): boolean {
    return this.cellTtl[i] !== NO_TTL;
  }

  /** The cell can be seen at `nowSeconds` (`Cell.isLive`). */
  isLiveCell(i: number, nowSeconds: number): boolean {
    const localSeconds = this.cellLocalSeconds[i];
    return localSeconds === NO_DELETION_TIME || (this.cellTtl[i] !== NO_TTL && nowSeconds < localSeconds);
  }

  /** The primary key liveness is there and not expired at `nowSeconds`. */
  isLiveLiveness(nowSeconds: number): boolean {
    return this.hasLiveness && (this.livenessTtl === NO_TTL || nowSeconds < this.livenessLocalSeconds);
  }

  isEmpty(): boolean {
    return !this.hasLiveness && this.cellCount === 0 && this.complexCount === 0 && this.deletion.isLive();
  }

  /** The timestamp of the cell as a bigint, for callers outside hot paths. */
  cellTimestampMicros(i: number): bigint {
    return int64.toBigInt(this.cellHi[i], this.cellLo[i]);
  }

  private growCells(): void {
    const capacity = this.cellColumn.length * 2;
    this.cellColumn = grownInt32(this.cellColumn, capacity);
    this.cellHi = grownInt32(this.cellHi, capacity);
    this.cellLo = grownInt32(this.cellLo, capacity);
    this.cellTtl = grownInt32(this.cellTtl, capacity);
    this.cellLocalSeconds = grownUint32(this.cellLocalSeconds, capacity);
    this.valueStart = grownInt32(this.valueStart, capacity);
    this.valueEnd = grownInt32(this.valueEnd, capacity);
    this.pathStart = grownInt32(this.pathStart, capacity);
    this.pathEnd = grownInt32(this.pathEnd, capacity);
  }

  private growComplex(): void {
    const capacity = this.complexColumn.length * 2;
    this.complexColumn = grownInt32(this.complexColumn, capacity);
    this.complexHi = grownInt32(this.complexHi, capacity);
    this.complexLo = grownInt32(this.complexLo, capacity);
    this.complexLocalSeconds = grownUint32(this.complexLocalSeconds, capacity);
  }
}

/**
 * The bytes `source[start, end)` of a row in Data.db, valid as long as its values are. A writer of the same encoding (by
 * identity) can take them as they are where the element before the row has the same size.
 */
class EncodedRow {
  /** Null when the row's bytes are not known. */
  encoding: object | null = null;
  source: Uint8Array = NO_BYTES;
  start = 0;
  end = 0;
  previousSize = 0;
}

function grownInt32(array: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(capacity);
  grown.set(array);
  return grown;
}

function grownUint32(array: Uint32Array, capacity: number): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(capacity);
  grown.set(array);
  return grown;
}
