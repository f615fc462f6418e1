import type { ByteSink } from '../../../bytes/index.ts';
import { CqlError, invariant } from '../../../errors/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../../schema/model/index.ts';
import { isMultiCell } from '../../../schema/model/index.ts';
import { codecOf } from '../../../types/index.ts';
import {
  type DeletionTime,
  isBoundary,
  isStart,
  NO_DELETION_TIME,
  NO_PATH,
  NO_TTL,
  type RangeTombstoneMarker,
  type Row,
} from '../../rows/index.ts';
import { ClusteringEncoder } from './clustering-encoder.ts';
import { writeColumnSubset } from './column-subset.ts';
import type { EncodingStats } from './encoding-stats.ts';
import { maxLocalSeconds, type WriteVersion } from './write-version.ts';

const END_OF_PARTITION = 0x01;
const IS_MARKER = 0x02;
const HAS_TIMESTAMP = 0x04;
const HAS_TTL = 0x08;
const HAS_DELETION = 0x10;
const HAS_ALL_COLUMNS = 0x20;
const HAS_COMPLEX_DELETION = 0x40;
const EXTENSION = 0x80;
const IS_STATIC = 0x01;
const IS_SHADOWABLE = 0x02;

const CELL_DELETED = 0x01;
const CELL_EXPIRING = 0x02;
const CELL_EMPTY = 0x04;
const CELL_ROW_TIMESTAMP = 0x08;
const CELL_ROW_TTL = 0x10;

/** Columns of one kind as the header has them, with the way from the table's indexes. */
interface HeaderColumns {
  readonly count: number;
  /** Header index by table index; -1 for columns that the header lacks. */
  readonly headerIndex: Int32Array;
  /** Bytes of values of fixed length by table index, -1 for others. */
  readonly fixedLengths: Int32Array;
  readonly isComplex: Uint8Array;
}

/**
 * Encodes rows and markers into the bytes of Data.db (`db/rows/UnfilteredSerializer` and `Cell.Serializer`, 5.0.8).
 *
 *   row      u8 flags, [u8 extended flags], clustering (not of a static row), vint size of the rest, vint size of the
 *            element before, [timestamp], [ttl, local time], [deletion], [column subset], columns
 *   column   simple: a cell; complex: [deletion], vint cells, cells
 *   cell     u8 flags, [timestamp], [local time], [ttl], [vint length, path], [value]
 *   marker   u8 flags (2), bound, vint size of the rest, vint size of the element before, one or two deletions
 */
export class UnfilteredEncoder {
  private readonly sink: ByteSink;
  private readonly stats: EncodingStats;
  private readonly maxLocalSeconds: number;
  private readonly version: WriteVersion;
  private readonly clustering: ClusteringEncoder;
  private readonly statics: HeaderColumns;
  private readonly regulars: HeaderColumns;
  /** Table indexes of the columns that the row at hand has. */
  private present: Int32Array;
  /** Bytes that the last row's size took: the guess for the next one's. */
  private sizeBytes = 1;

  constructor(
    table: TableMetadata,
    statics: readonly ColumnMetadata[],
    regulars: readonly ColumnMetadata[],
    stats: EncodingStats,
    version: WriteVersion,
    sink: ByteSink,
  ) {
    this.sink = sink;
    this.stats = stats;
    this.version = version;
    this.maxLocalSeconds = maxLocalSeconds(version);
    this.clustering = new ClusteringEncoder(table.clustering);
    this.statics = headerColumns(table.statics, statics);
    this.regulars = headerColumns(table.regulars, regulars);
    this.present = new Int32Array(Math.max(table.statics.length, table.regulars.length, 1));
  }

  /** `previousSize`: bytes from the start of the element before to the start of this one; 0 for static rows. */
  row(row: Row, previousSize: number): void {
    const { sink } = this;
    const columns = row.isStatic ? this.statics : this.regulars;
    const presentCount = this.findPresent(row);
    const isShadowable = row.deletionIsShadowable && !row.deletion.isLive();
    let flags = 0;
    if (row.hasLiveness) flags |= row.livenessTtl !== NO_TTL ? HAS_TIMESTAMP | HAS_TTL : HAS_TIMESTAMP;
    if (!row.deletion.isLive()) flags |= HAS_DELETION;
    if (row.complexCount > 0) flags |= HAS_COMPLEX_DELETION;
    if (presentCount === columns.count) flags |= HAS_ALL_COLUMNS;
    if (row.isStatic || isShadowable) flags |= EXTENSION;
    sink.u8(flags);
    if ((flags & EXTENSION) !== 0) sink.u8((row.isStatic ? IS_STATIC : 0) | (isShadowable ? IS_SHADOWABLE : 0));
    if (!row.isStatic) this.clustering.values(row.clustering, sink);

    const sizeAt = this.openSized();
    sink.unsignedVint(previousSize);
    if ((flags & HAS_TIMESTAMP) !== 0) this.timestamp(row.livenessHi, row.livenessLo);
    if ((flags & HAS_TTL) !== 0) {
      this.ttl(row.livenessTtl);
      this.localSeconds(row.livenessLocalSeconds);
    }
    if ((flags & HAS_DELETION) !== 0) this.deletion(row.deletion);
    if ((flags & HAS_ALL_COLUMNS) === 0) {
      writeColumnSubset(sink, this.present, presentCount, columns.headerIndex, columns.count);
    }
    if (row.complexCount === 0 && presentCount === row.cellCount) this.simpleCells(row, columns);
    else this.columns(row, columns, presentCount);
    this.closeSized(sizeAt);
  }

  marker(marker: RangeTombstoneMarker, previousSize: number): void {
    const { kind } = marker.clustering;
    this.sink.u8(IS_MARKER);
    this.clustering.bound(marker.clustering, this.sink);
    const sizeAt = this.openSized();
    this.sink.unsignedVint(previousSize);
    if (isBoundary(kind)) {
      this.deletion(marker.closing);
      this.deletion(marker.opening);
    } else {
      this.deletion(isStart(kind) ? marker.opening : marker.closing);
    }
    this.closeSized(sizeAt);
  }

  endOfPartition(): void {
    this.sink.u8(END_OF_PARTITION);
  }

  /** Fills `present` from cells and complex deletions, both in column order; their number. */
  private findPresent(row: Row): number {
    const { cellColumn, complexColumn } = row;
    const { present } = this;
    let count = 0;
    let last = -1;
    let complex = 0;
    for (let i = 0; i < row.cellCount; i++) {
      const column = cellColumn[i];
      if (column === last) continue;
      for (; complex < row.complexCount && complexColumn[complex] < column; complex++) {
        present[count++] = complexColumn[complex];
      }
      if (complex < row.complexCount && complexColumn[complex] === column) complex++;
      present[count++] = column;
      last = column;
    }
    for (; complex < row.complexCount; complex++) present[count++] = complexColumn[complex];
    return count;
  }

  /** A cell a column: simple columns, and complex ones do not matter since none has more than one. */
  private simpleCells(row: Row, columns: HeaderColumns): void {
    for (let i = 0; i < row.cellCount; i++) {
      const column = row.cellColumn[i];
      if (columns.isComplex[column] === 1) this.sink.u8(1);
      this.cell(row, i, columns.isComplex[column] === 1 ? -1 : columns.fixedLengths[column]);
    }
  }

  private columns(row: Row, columns: HeaderColumns, presentCount: number): void {
    let i = 0;
    let complex = 0;
    for (let p = 0; p < presentCount; p++) {
      const column = this.present[p];
      if (columns.isComplex[column] === 0) {
        this.cell(row, i++, columns.fixedLengths[column]);
        continue;
      }
      if (row.complexCount > 0) {
        if (complex < row.complexCount && row.complexColumn[complex] === column) {
          this.timestamp(row.complexHi[complex], row.complexLo[complex]);
          this.localSeconds(row.complexLocalSeconds[complex]);
          complex++;
        } else {
          this.noDeletion();
        }
      }
      let end = i;
      while (end < row.cellCount && row.cellColumn[end] === column) end++;
      this.sink.unsignedVint(end - i);
      for (; i < end; i++) this.cell(row, i, -1);
    }
    invariant(i === row.cellCount, 'cells out of column order');
  }

  private cell(row: Row, i: number, fixedLength: number): void {
    const { sink } = this;
    const valueStart = row.valueStart[i];
    const valueEnd = row.valueEnd[i];
    const ttl = row.cellTtl[i];
    const localSeconds = row.cellLocalSeconds[i];
    const hi = row.cellHi[i];
    const lo = row.cellLo[i];
    let flags = valueEnd > valueStart ? 0 : CELL_EMPTY;
    if (ttl !== NO_TTL) {
      flags |= CELL_EXPIRING;
      if (row.hasLiveness && ttl === row.livenessTtl && localSeconds === row.livenessLocalSeconds)
        flags |= CELL_ROW_TTL;
    } else if (localSeconds !== NO_DELETION_TIME) {
      flags |= CELL_DELETED;
    }
    if (row.hasLiveness && lo === row.livenessLo && hi === row.livenessHi) flags |= CELL_ROW_TIMESTAMP;
    sink.u8(flags);
    if ((flags & CELL_ROW_TIMESTAMP) === 0) this.timestamp(hi, lo);
    if ((flags & (CELL_DELETED | CELL_EXPIRING)) !== 0 && (flags & CELL_ROW_TTL) === 0) {
      this.localSeconds(localSeconds);
      if (ttl !== NO_TTL) this.ttl(ttl);
    }
    const source = row.cellSource[i];
    if (row.pathEnd[i] !== NO_PATH) sink.vintBytes(source, row.pathStart[i], row.pathEnd[i]);
    if (valueEnd > valueStart) {
      if (fixedLength < 0) sink.unsignedVint(valueEnd - valueStart);
      else invariant(valueEnd - valueStart === fixedLength, 'value of a wrong length');
      sink.append(source, valueStart, valueEnd);
    }
  }

  private timestamp(hi: number, lo: number): void {
    const { minTimestampHi, minTimestampLo } = this.stats;
    const low = (lo - minTimestampLo) | 0;
    const high = (hi - minTimestampHi - (lo >>> 0 < minTimestampLo >>> 0 ? 1 : 0)) | 0;
    if (high === 0 && low >= 0 && low < 0x80) this.sink.u8(low);
    else this.sink.unsignedVint64(high, low);
  }

  private localSeconds(seconds: number): void {
    if (seconds > this.maxLocalSeconds) {
      throw CqlError.invalidRequest(
        `Expiry or deletion at ${new Date(seconds * 1000).toISOString()} cannot be stored in version ${this.version}, which ends at ${new Date(this.maxLocalSeconds * 1000).toISOString()}`,
      );
    }
    const difference = (seconds - this.stats.minLocalSeconds) | 0;
    if (difference >= 0) this.sink.unsignedVint(difference);
    else this.sink.unsignedVint64(-1, difference);
  }

  private ttl(ttl: number): void {
    this.sink.unsignedVint(ttl - this.stats.minTtl);
  }

  private deletion(deletion: DeletionTime): void {
    this.timestamp(deletion.hi, deletion.lo);
    this.localSeconds(deletion.localSeconds);
  }

  /** DeletionTime.LIVE, whose times are the least and the greatest int64: their differences wrap around. */
  private noDeletion(): void {
    this.timestamp(-0x80000000, 0);
    const low = (-1 - this.stats.minLocalSeconds) | 0;
    this.sink.unsignedVint64(low < 0 ? -1 : 0, low);
  }

  /** Leaves room for a vint of the size of what follows; its place. */
  private openSized(): number {
    const { sink } = this;
    const at = sink.position;
    sink.reserve(this.sizeBytes);
    sink.position += this.sizeBytes;
    return at;
  }

  private closeSized(at: number): void {
    const { sink } = this;
    const bodyStart = at + this.sizeBytes;
    const size = sink.position - bodyStart;
    const needed = vintLength(size);
    if (needed !== this.sizeBytes) {
      const shift = needed - this.sizeBytes;
      if (shift > 0) sink.reserve(shift);
      sink.bytes.copyWithin(bodyStart + shift, bodyStart, bodyStart + size);
      this.sizeBytes = needed;
    }
    writeVintAt(sink.bytes, at, size, needed);
    sink.position = at + needed + size;
  }
}

/** An unsigned vint of a known length, in place: the sink holds bytes behind it. */
function writeVintAt(bytes: Uint8Array, at: number, value: number, length: number): void {
  let rest = value;
  for (let p = at + length - 1; p > at; p--) {
    bytes[p] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[at] = ((0xff00 >> (length - 1)) & 0xff) | rest;
}

function vintLength(value: number): number {
  let length = 1;
  for (let limit = 0x80; value >= limit; limit *= 0x80) length++;
  return length;
}

function headerColumns(table: readonly ColumnMetadata[], header: readonly ColumnMetadata[]): HeaderColumns {
  const indexByName = new Map(header.map((column, index) => [column.name, index]));
  return {
    count: header.length,
    headerIndex: Int32Array.from(table, (column) => indexByName.get(column.name) ?? -1),
    fixedLengths: Int32Array.from(table, (column) => codecOf(column.type).fixedLength),
    isComplex: Uint8Array.from(table, (column) => (isMultiCell(column.type) ? 1 : 0)),
  };
}
