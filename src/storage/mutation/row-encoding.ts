import { ByteCursor, type ByteSink } from '../../bytes/index.ts';
import {
  type ClusteringPrefix,
  NO_DELETION_TIME,
  NO_PATH,
  NO_TTL,
  NULL_COMPONENT,
  PrefixKind,
  type Row,
} from '../rows/index.ts';

/**
 * A row as mutations, the WAL and memtables hold it. Integers are big-endian; vint is Cassandra's unsigned vint.
 *
 *   row         flags u8, clustering, base i64, [liveness], [deletion], [complex], cells
 *   clustering  size u8 (0 for the static row), then a component: vint length + 1 (0 is null), bytes
 *   base        the timestamp that most of the row has
 *   liveness    [timestamp i64 when it is not the base], [TTL i32, expiry u32]
 *   deletion    timestamp i64, local seconds u32
 *   complex     vint count, then (vint column, timestamp i64, local seconds u32)
 *   cells       vint count, then a cell: vint column, flags u8, [timestamp i64 when it is not the base], [TTL i32],
 *               [local seconds u32], [path: vint length, bytes], value: vint length, bytes
 */
const HAS_LIVENESS = 1;
const LIVENESS_EXPIRES = 2;
const LIVENESS_OWN_TIMESTAMP = 4;
const HAS_DELETION = 8;
const DELETION_IS_SHADOWABLE = 16;
const HAS_COMPLEX = 32;
const IS_STATIC = 64;

const CELL_OWN_TIMESTAMP = 1;
const CELL_HAS_LOCAL_SECONDS = 2;
const CELL_HAS_TTL = 4;
const CELL_HAS_PATH = 8;

/** Appends `row`, which keeps the invariants of `Row`. */
export function encodeRow(sink: ByteSink, row: Row): void {
  const hasDeletion = !row.deletion.isLive();
  const usesLiveness = row.hasLiveness;
  const baseHi = row.cellCount > 0 ? row.cellHi[0] : usesLiveness ? row.livenessHi : 0;
  const baseLo = row.cellCount > 0 ? row.cellLo[0] : usesLiveness ? row.livenessLo : 0;
  const livenessIsOwn = usesLiveness && (row.livenessHi !== baseHi || row.livenessLo !== baseLo);
  const livenessExpires = usesLiveness && (row.livenessTtl !== NO_TTL || row.livenessLocalSeconds !== NO_DELETION_TIME);
  sink.u8(
    (usesLiveness ? HAS_LIVENESS : 0) |
      (livenessExpires ? LIVENESS_EXPIRES : 0) |
      (livenessIsOwn ? LIVENESS_OWN_TIMESTAMP : 0) |
      (hasDeletion ? HAS_DELETION : 0) |
      (row.deletionIsShadowable ? DELETION_IS_SHADOWABLE : 0) |
      (row.complexCount > 0 ? HAS_COMPLEX : 0) |
      (row.isStatic ? IS_STATIC : 0),
  );
  if (row.isStatic) sink.u8(0);
  else encodeClustering(sink, row.clustering);
  sink.i64(baseHi, baseLo);
  if (livenessIsOwn) sink.i64(row.livenessHi, row.livenessLo);
  if (livenessExpires) {
    sink.i32(row.livenessTtl);
    sink.i32(row.livenessLocalSeconds);
  }
  if (hasDeletion) {
    sink.i64(row.deletion.hi, row.deletion.lo);
    sink.i32(row.deletion.localSeconds);
  }
  if (row.complexCount > 0) {
    sink.unsignedVint(row.complexCount);
    for (let i = 0; i < row.complexCount; i++) {
      sink.unsignedVint(row.complexColumn[i]);
      sink.i64(row.complexHi[i], row.complexLo[i]);
      sink.i32(row.complexLocalSeconds[i]);
    }
  }
  sink.unsignedVint(row.cellCount);
  for (let i = 0; i < row.cellCount; i++) encodeCell(sink, row, i, baseHi, baseLo);
}

function encodeCell(sink: ByteSink, row: Row, i: number, baseHi: number, baseLo: number): void {
  const hi = row.cellHi[i];
  const lo = row.cellLo[i];
  const isOwn = hi !== baseHi || lo !== baseLo;
  const localSeconds = row.cellLocalSeconds[i];
  const ttl = row.cellTtl[i];
  const hasPath = row.pathEnd[i] !== NO_PATH;
  sink.unsignedVint(row.cellColumn[i]);
  sink.u8(
    (isOwn ? CELL_OWN_TIMESTAMP : 0) |
      (localSeconds !== NO_DELETION_TIME ? CELL_HAS_LOCAL_SECONDS : 0) |
      (ttl !== NO_TTL ? CELL_HAS_TTL : 0) |
      (hasPath ? CELL_HAS_PATH : 0),
  );
  if (isOwn) sink.i64(hi, lo);
  if (ttl !== NO_TTL) sink.i32(ttl);
  if (localSeconds !== NO_DELETION_TIME) sink.i32(localSeconds);
  if (hasPath) sink.vintBytes(row.cellSource[i], row.pathStart[i], row.pathEnd[i]);
  sink.vintBytes(row.cellSource[i], row.valueStart[i], row.valueEnd[i]);
}

/** Appends the components of a clustering or bound; its kind is the caller's. */
export function encodeClustering(sink: ByteSink, clustering: ClusteringPrefix): void {
  sink.u8(clustering.size);
  for (let c = 0; c < clustering.size; c++) {
    const end = clustering.end[c];
    if (end === NULL_COMPONENT) sink.u8(0);
    else {
      sink.unsignedVint(end - clustering.start[c] + 1);
      sink.append(clustering.source, clustering.start[c], end);
    }
  }
}

/** Points `clustering` at encoded components, under a kind. */
export function decodeClustering(cursor: ByteCursor, clustering: ClusteringPrefix, kind: number): void {
  const size = cursor.u8();
  clustering.reset(kind, size, cursor.bytes);
  for (let c = 0; c < size; c++) {
    const length = cursor.unsignedVint() - 1;
    if (length < 0) {
      clustering.end[c] = NULL_COMPONENT;
      continue;
    }
    clustering.start[c] = cursor.position;
    cursor.skip(length);
    clustering.end[c] = cursor.position;
  }
}

/** Fills rows from encoded ones; the rows point at the bytes and are valid as long as these are. */
export class RowDecoder {
  private readonly cursor = new ByteCursor(new Uint8Array(0));

  /** Only the clustering of the row in `bytes[start, end)`; returns whether the row is the static one. */
  decodeClustering(bytes: Uint8Array, start: number, end: number, clustering: ClusteringPrefix): boolean {
    const cursor = this.cursor;
    cursor.reset(bytes, start, end, 0);
    const isStatic = (cursor.u8() & IS_STATIC) !== 0;
    decodeClustering(cursor, clustering, isStatic ? PrefixKind.STATIC_CLUSTERING : PrefixKind.CLUSTERING);
    return isStatic;
  }

  decode(bytes: Uint8Array, start: number, end: number, row: Row): void {
    const cursor = this.cursor;
    cursor.reset(bytes, start, end, 0);
    const flags = cursor.u8();
    const isStatic = (flags & IS_STATIC) !== 0;
    row.clear(isStatic);
    decodeClustering(cursor, row.clustering, isStatic ? PrefixKind.STATIC_CLUSTERING : PrefixKind.CLUSTERING);
    cursor.i64();
    const baseHi = cursor.hi;
    const baseLo = cursor.lo;
    if ((flags & HAS_LIVENESS) !== 0) this.decodeLiveness(flags, baseHi, baseLo, row);
    if ((flags & HAS_DELETION) !== 0) {
      cursor.i64();
      row.deletion.set(cursor.hi, cursor.lo, cursor.u32());
      row.deletionIsShadowable = (flags & DELETION_IS_SHADOWABLE) !== 0;
    }
    if ((flags & HAS_COMPLEX) !== 0) {
      for (let left = cursor.unsignedVint(); left > 0; left--) {
        const column = cursor.unsignedVint();
        cursor.i64();
        row.addComplexDeletion(column, cursor.hi, cursor.lo, cursor.u32());
      }
    }
    for (let left = cursor.unsignedVint(); left > 0; left--) this.decodeCell(baseHi, baseLo, row);
  }

  private decodeLiveness(flags: number, baseHi: number, baseLo: number, row: Row): void {
    const cursor = this.cursor;
    if ((flags & LIVENESS_OWN_TIMESTAMP) !== 0) cursor.i64();
    else {
      cursor.hi = baseHi;
      cursor.lo = baseLo;
    }
    const expires = (flags & LIVENESS_EXPIRES) !== 0;
    const ttl = expires ? cursor.i32() : NO_TTL;
    row.setLiveness(cursor.hi, cursor.lo, ttl, expires ? cursor.u32() : NO_DELETION_TIME);
  }

  private decodeCell(baseHi: number, baseLo: number, row: Row): void {
    const cursor = this.cursor;
    const column = cursor.unsignedVint();
    const flags = cursor.u8();
    let hi = baseHi;
    let lo = baseLo;
    if ((flags & CELL_OWN_TIMESTAMP) !== 0) {
      cursor.i64();
      hi = cursor.hi;
      lo = cursor.lo;
    }
    const ttl = (flags & CELL_HAS_TTL) !== 0 ? cursor.i32() : NO_TTL;
    const localSeconds = (flags & CELL_HAS_LOCAL_SECONDS) !== 0 ? cursor.u32() : NO_DELETION_TIME;
    let pathStart = 0;
    let pathEnd = NO_PATH;
    if ((flags & CELL_HAS_PATH) !== 0) {
      const length = cursor.unsignedVint();
      pathStart = cursor.position;
      cursor.skip(length);
      pathEnd = cursor.position;
    }
    const length = cursor.unsignedVint();
    const valueStart = cursor.position;
    cursor.skip(length);
    row.addCell(column, hi, lo, ttl, localSeconds, cursor.bytes, valueStart, cursor.position, pathStart, pathEnd);
  }
}

/** Whether the encoded row at `start` deletes something or is more than cells and liveness. */
export function isPlainRow(bytes: Uint8Array, start: number): boolean {
  return (bytes[start] & (HAS_DELETION | HAS_COMPLEX)) === 0;
}
