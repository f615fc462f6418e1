import { int16At } from '../../bytes/index.ts';
import type { CqlType } from '../../types/index.ts';
import type { Row } from '../rows/index.ts';
import type { ByteArena } from './byte-arena.ts';

/**
 * Values of columns that have a cell an element, made of the live cells `cells[0, count)` of `row`, in the arena. The
 * forms are those of frozen values (native protocol ≥ 3); a length of -1 is a null:
 *
 *   list, set   int32 count, then per element: int32 length, bytes      (an element is a cell's value; of sets its path)
 *   map         int32 count, then per entry: int32 length, key, int32 length, value
 *   udt         per field of the type: int32 length, bytes
 */
export function assembleMultiCell(type: CqlType, row: Row, cells: Int32Array, count: number, out: ByteArena): number {
  switch (type.kind) {
    case 'list':
      return assembleList(row, cells, count, row.valueStart, row.valueEnd, out);
    case 'set':
      return assembleList(row, cells, count, row.pathStart, row.pathEnd, out);
    case 'map':
      return assembleMap(row, cells, count, out);
    case 'udt':
      return assembleFields(type.fields.length, row, cells, count, out);
    default:
      return 0;
  }
}

function assembleList(
  row: Row,
  cells: Int32Array,
  count: number,
  start: Int32Array,
  end: Int32Array,
  out: ByteArena,
): number {
  let length = 4 + 4 * count;
  for (let i = 0; i < count; i++) length += end[cells[i]] - start[cells[i]];
  out.allocate(length);
  let p = putInt32(out.chunk, out.start, count);
  for (let i = 0; i < count; i++) {
    const cell = cells[i];
    p = putSized(out.chunk, p, row.cellSource[cell], start[cell], end[cell]);
  }
  return length;
}

function assembleMap(row: Row, cells: Int32Array, count: number, out: ByteArena): number {
  let length = 4 + 8 * count;
  for (let i = 0; i < count; i++) {
    const cell = cells[i];
    length += row.pathEnd[cell] - row.pathStart[cell] + row.valueEnd[cell] - row.valueStart[cell];
  }
  out.allocate(length);
  let p = putInt32(out.chunk, out.start, count);
  for (let i = 0; i < count; i++) {
    const cell = cells[i];
    const source = row.cellSource[cell];
    p = putSized(out.chunk, p, source, row.pathStart[cell], row.pathEnd[cell]);
    p = putSized(out.chunk, p, source, row.valueStart[cell], row.valueEnd[cell]);
  }
  return length;
}

function assembleFields(fields: number, row: Row, cells: Int32Array, count: number, out: ByteArena): number {
  let length = 4 * fields;
  for (let i = 0; i < count; i++) length += row.valueEnd[cells[i]] - row.valueStart[cells[i]];
  out.allocate(length);
  let p = out.start;
  let next = 0;
  for (let field = 0; field < fields; field++) {
    if (next < count && fieldOf(row, cells[next]) === field) {
      const cell = cells[next++];
      p = putSized(out.chunk, p, row.cellSource[cell], row.valueStart[cell], row.valueEnd[cell]);
    } else {
      p = putInt32(out.chunk, p, -1);
    }
  }
  return p - out.start;
}

/** What `writetime` and `ttl` deliver of a multi-cell column: a list with an entry a live cell, or a UDT's field. */
export function assembleTimes(
  type: CqlType,
  row: Row,
  cells: Int32Array,
  count: number,
  wanted: 'writetime' | 'ttl',
  nowSeconds: number,
  out: ByteArena,
): number {
  const width = wanted === 'writetime' ? 8 : 4;
  const entries = type.kind === 'udt' ? type.fields.length : count;
  out.allocate(4 + entries * (4 + width));
  let p = putInt32(out.chunk, out.start, entries);
  let next = 0;
  for (let entry = 0; entry < entries; entry++) {
    const present = type.kind !== 'udt' || (next < count && fieldOf(row, cells[next]) === entry);
    const cell = present ? cells[next++] : -1;
    if (cell === -1 || (wanted === 'ttl' && !row.isExpiring(cell))) {
      p = putInt32(out.chunk, p, -1);
    } else if (wanted === 'ttl') {
      p = putInt32(out.chunk, putInt32(out.chunk, p, 4), row.cellLocalSeconds[cell] - nowSeconds);
    } else {
      p = putInt32(out.chunk, p, 8);
      p = putInt32(out.chunk, putInt32(out.chunk, p, row.cellHi[cell]), row.cellLo[cell]);
    }
  }
  return p - out.start;
}

/** A UDT cell's path is its field's index, an int16. */
function fieldOf(row: Row, cell: number): number {
  return int16At(row.cellSource[cell], row.pathStart[cell]);
}

export function putInt32(target: Uint8Array, at: number, value: number): number {
  target[at] = value >>> 24;
  target[at + 1] = value >>> 16;
  target[at + 2] = value >>> 8;
  target[at + 3] = value;
  return at + 4;
}

/** An int32 length, then the bytes; returns the offset behind. */
export function putSized(target: Uint8Array, at: number, source: Uint8Array, start: number, end: number): number {
  let p = putInt32(target, at, end - start);
  if (end - start > 64) {
    target.set(source.subarray(start, end), p);
    return p + end - start;
  }
  for (let i = start; i < end; i++) target[p++] = source[i];
  return p;
}
