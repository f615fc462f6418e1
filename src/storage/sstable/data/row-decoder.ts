import { type ByteCursor, int64 } from '../../../bytes/index.ts';
import { CorruptionError } from '../../../errors/index.ts';
import { type DeletionTime, NO_DELETION_TIME, NO_PATH, NO_TTL, Row } from '../../rows/index.ts';
import { type ColumnLayout, type HeaderLayout, NOT_IN_TABLE } from './header-layout.ts';
import { CellFlag, ExtendedFlag, LARGE_SUBSET_COLUMNS, UnfilteredFlag } from './unfiltered-format.ts';

/** An expired TTL that Cassandra marks so; its local time is valid although it is below. */
const EXPIRED_TTL = 0x7fffffff;
/** A local time that cannot be (an overflow in an old version): long ago, so that the cell is expired. */
const INVALID_LOCAL_SECONDS = 0;

/**
 * Decodes the bodies of rows and the deletions of markers for one header. Values are left where they are: a cell is
 * offsets into the cursor's bytes. Every length is checked against the row's end; a row that does not end where its size
 * says is a CorruptionError.
 */
export class RowDecoder {
  private readonly layout: HeaderLayout;
  private readonly hasUintDeletionTime: boolean;
  private readonly scratch = new Row();
  private missing: Uint8Array;
  /** Of the row that is being decoded. */
  private rowHi = 0;
  private rowLo = 0;
  private rowTtl = NO_TTL;
  private rowLocalSeconds = NO_DELETION_TIME;

  constructor(layout: HeaderLayout, hasUintDeletionTime: boolean) {
    this.layout = layout;
    this.hasUintDeletionTime = hasUintDeletionTime;
    this.missing = new Uint8Array(Math.max(layout.statics.count, layout.regulars.count));
  }

  /** The cursor stands behind the row's two sizes and ends where the row does. The clustering is the caller's. */
  decodeBody(cursor: ByteCursor, flags: number, extendedFlags: number, row: Row): void {
    const isStatic = (extendedFlags & ExtendedFlag.IS_STATIC) !== 0;
    const columns = isStatic ? this.layout.statics : this.layout.regulars;
    row.clear(isStatic);
    this.rowTtl = NO_TTL;
    this.rowLocalSeconds = NO_DELETION_TIME;
    if ((flags & UnfilteredFlag.HAS_TIMESTAMP) !== 0) this.decodeLiveness(cursor, flags, row);
    if ((flags & UnfilteredFlag.HAS_DELETION) !== 0) {
      this.decodeDeletion(cursor, row.deletion);
      row.deletionIsShadowable = (extendedFlags & ExtendedFlag.HAS_SHADOWABLE_DELETION) !== 0;
    }
    const hasAll = (flags & UnfilteredFlag.HAS_ALL_COLUMNS) !== 0 || !this.decodeMissing(cursor, columns.count);
    const target = columns.inTableOrder ? row : this.emptyScratch(isStatic);
    const hasComplexDeletion = (flags & UnfilteredFlag.HAS_COMPLEX_DELETION) !== 0;
    const hasRowTimestamp = row.hasLiveness;
    let i = 0;
    try {
      for (; i < columns.count; i++) {
        if (!hasAll && this.missing[i] !== 0) continue;
        if (columns.isComplex[i] === 0) this.decodeCell(cursor, columns, i, false, hasRowTimestamp, target);
        else this.decodeComplex(cursor, columns, i, hasComplexDeletion, hasRowTimestamp, target);
      }
    } catch (error) {
      if (error instanceof CorruptionError) throw error.at({ column: columns.names[i] });
      throw error;
    }
    if (cursor.position !== cursor.end) cursor.fail(`${cursor.remaining} bytes are left of the row`);
    if (target !== row) copyInTableOrder(target, row);
  }

  /** A timestamp and a local time, as differences. */
  decodeDeletion(cursor: ByteCursor, into: DeletionTime): void {
    this.timestamp(cursor);
    const hi = cursor.hi;
    const lo = cursor.lo;
    into.set(hi, lo, this.validLocalSeconds(this.localSeconds(cursor)));
  }

  private decodeLiveness(cursor: ByteCursor, flags: number, row: Row): void {
    this.timestamp(cursor);
    this.rowHi = cursor.hi;
    this.rowLo = cursor.lo;
    if ((flags & UnfilteredFlag.HAS_TTL) !== 0) {
      this.rowTtl = this.ttl(cursor);
      this.rowLocalSeconds = this.expiry(this.localSeconds(cursor), this.rowTtl);
    }
    row.setLiveness(this.rowHi, this.rowLo, this.rowTtl, this.rowLocalSeconds);
  }

  private decodeComplex(
    cursor: ByteCursor,
    columns: ColumnLayout,
    i: number,
    hasDeletion: boolean,
    hasRowTimestamp: boolean,
    row: Row,
  ): void {
    if (hasDeletion) {
      this.timestamp(cursor);
      const hi = cursor.hi;
      const lo = cursor.lo;
      const localSeconds = this.validLocalSeconds(this.localSeconds(cursor));
      // The local time of "none" overflows in `nb`; no deletion can have the least timestamp.
      const isLive = hi === int64.MIN_HI && lo === int64.MIN_LO;
      if (!isLive && columns.tableIndex[i] !== NOT_IN_TABLE && !isBeforeDrop(columns, i, hi, lo)) {
        row.addComplexDeletion(columns.tableIndex[i], hi, lo, localSeconds);
      }
    }
    const count = cursor.unsignedVint();
    if (count > cursor.remaining) cursor.fail(`${count} cells in ${cursor.remaining} bytes`);
    for (let cell = 0; cell < count; cell++) this.decodeCell(cursor, columns, i, true, hasRowTimestamp, row);
  }

  private decodeCell(
    cursor: ByteCursor,
    columns: ColumnLayout,
    i: number,
    hasPath: boolean,
    hasRowTimestamp: boolean,
    row: Row,
  ): void {
    const flags = cursor.u8();
    let hi = this.rowHi;
    let lo = this.rowLo;
    if ((flags & CellFlag.USE_ROW_TIMESTAMP) === 0) {
      this.timestamp(cursor);
      hi = cursor.hi;
      lo = cursor.lo;
    } else if (!hasRowTimestamp) cursor.fail('a cell refers to the timestamp of a row without one');
    let ttl = NO_TTL;
    let localSeconds = NO_DELETION_TIME;
    if ((flags & CellFlag.USE_ROW_TTL) !== 0) {
      ttl = this.rowTtl;
      localSeconds = this.rowLocalSeconds;
    } else if ((flags & (CellFlag.IS_DELETED | CellFlag.IS_EXPIRING)) !== 0) {
      const seconds = this.localSeconds(cursor);
      if ((flags & CellFlag.IS_EXPIRING) !== 0) ttl = this.ttl(cursor);
      localSeconds = this.expiry(seconds, ttl);
    }
    let pathStart = 0;
    let pathEnd = NO_PATH;
    if (hasPath) {
      const length = cursor.unsignedVint();
      pathStart = cursor.position;
      cursor.skip(length);
      pathEnd = cursor.position;
    }
    let valueStart = cursor.position;
    if ((flags & CellFlag.HAS_EMPTY_VALUE) === 0) {
      const fixed = columns.fixedLength[i];
      const length = fixed >= 0 ? fixed : cursor.unsignedVint();
      valueStart = cursor.position;
      cursor.skip(length);
    }
    const column = columns.tableIndex[i];
    if (column === NOT_IN_TABLE || (columns.wasDropped[i] !== 0 && isBeforeDrop(columns, i, hi, lo))) return;
    row.addCell(column, hi, lo, ttl, localSeconds, cursor.bytes, valueStart, cursor.position, pathStart, pathEnd);
  }

  /** Marks the columns that the row lacks; false when it lacks none. */
  private decodeMissing(cursor: ByteCursor, count: number): boolean {
    cursor.unsignedVint64();
    const { hi, lo } = cursor;
    if (hi === 0 && lo === 0) return false;
    if (count >= LARGE_SUBSET_COLUMNS) this.decodeLargeSubset(cursor, count, hi, lo);
    else {
      for (let i = 0; i < count; i++) this.missing[i] = i < 32 ? (lo >>> i) & 1 : (hi >>> (i - 32)) & 1;
      const restLo = count >= 32 ? 0 : lo >>> count;
      const restHi = count >= 32 ? hi >>> (count - 32) : hi;
      if (restLo !== 0 || restHi !== 0) cursor.fail(`a bitmap of more than ${count} columns`);
    }
    return true;
  }

  /** vint number of missing columns, then the indexes of the present ones when fewer than half are, else of the missing. */
  private decodeLargeSubset(cursor: ByteCursor, count: number, hi: number, lo: number): void {
    if (hi !== 0 || lo < 0 || lo > count) cursor.fail(`${int64.toString(hi, lo)} of ${count} columns are missing`);
    const present = count - lo;
    const listsPresent = present < Math.floor(count / 2);
    const listed = listsPresent ? present : lo;
    this.missing.fill(listsPresent ? 1 : 0, 0, count);
    for (let n = 0; n < listed; n++) {
      const index = cursor.unsignedVint();
      if (index >= count) cursor.fail(`column ${index} of ${count}`);
      this.missing[index] = listsPresent ? 0 : 1;
    }
  }

  /** Leaves the timestamp in the cursor's halves. */
  private timestamp(cursor: ByteCursor): void {
    cursor.unsignedVint64();
    const lo = (cursor.lo + this.layout.minTimestampLo) | 0;
    const carry = lo >>> 0 < cursor.lo >>> 0 ? 1 : 0;
    cursor.hi = (cursor.hi + this.layout.minTimestampHi + carry) | 0;
    cursor.lo = lo;
  }

  /** May be negative or above 2^31: see `expiry`. */
  private localSeconds(cursor: ByteCursor): number {
    cursor.unsignedVint64();
    if (cursor.hi !== cursor.lo >> 31) cursor.fail('a local deletion time is out of range');
    return cursor.lo + this.layout.minLocalSeconds;
  }

  private ttl(cursor: ByteCursor): number {
    cursor.unsignedVint64();
    if (cursor.hi !== cursor.lo >> 31) cursor.fail('a TTL is out of range');
    const ttl = cursor.lo + this.layout.minTtl;
    if (ttl < 0) cursor.fail(`a TTL of ${ttl}`);
    return ttl;
  }

  /** `Cell.decodeLocalDeletionTime`: since `oa` times beyond 2038 are stored as overflowed int32s. */
  private expiry(seconds: number, ttl: number): number {
    if (seconds >= ttl) return seconds;
    if (seconds < 0) return this.hasUintDeletionTime ? seconds >>> 0 : INVALID_LOCAL_SECONDS;
    return ttl === EXPIRED_TTL ? seconds : INVALID_LOCAL_SECONDS;
  }

  private validLocalSeconds(seconds: number): number {
    if (seconds >= 0) return seconds;
    return this.hasUintDeletionTime ? seconds >>> 0 : INVALID_LOCAL_SECONDS;
  }

  private emptyScratch(isStatic: boolean): Row {
    this.scratch.clear(isStatic);
    return this.scratch;
  }
}

function isBeforeDrop(columns: ColumnLayout, i: number, hi: number, lo: number): boolean {
  return columns.wasDropped[i] !== 0 && int64.compare(hi, lo, columns.dropHi[i], columns.dropLo[i]) <= 0;
}

/** Cells of one column stay in their order. */
function copyInTableOrder(from: Row, to: Row): void {
  const cells = Array.from({ length: from.cellCount }, (_, i) => i);
  cells.sort((a, b) => from.cellColumn[a] - from.cellColumn[b]);
  for (const i of cells) to.addCellOf(from, i);
  const deletions = Array.from({ length: from.complexCount }, (_, i) => i);
  deletions.sort((a, b) => from.complexColumn[a] - from.complexColumn[b]);
  for (const i of deletions) {
    to.addComplexDeletion(from.complexColumn[i], from.complexHi[i], from.complexLo[i], from.complexLocalSeconds[i]);
  }
}
