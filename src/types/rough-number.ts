import { float32At, float64At, int16At, int32At } from '../bytes/index.ts';
import type { CqlType } from './cql-type.ts';

/**
 * A number that orders values of a type roughly: where two differ, so do the values, the same way; where they are equal,
 * the values must be compared. Makes most comparisons of sorts and filters one subtraction. Null for types without one.
 */
export function roughNumber(type: CqlType): ((bytes: Uint8Array, start: number, end: number) => number) | null {
  if (type.kind !== 'native') return null;
  switch (type.name) {
    case 'tinyint':
      return (bytes, start, end) => (end === start ? EMPTY : (bytes[start] << 24) >> 24);
    case 'smallint':
      return (bytes, start, end) => (end === start ? EMPTY : int16At(bytes, start));
    case 'int':
      return (bytes, start, end) => (end === start ? EMPTY : int32At(bytes, start));
    case 'bigint':
    case 'counter':
    case 'timestamp':
    case 'time':
      return (bytes, start, end) =>
        end === start ? EMPTY : int32At(bytes, start) * 2 ** 32 + (int32At(bytes, start + 4) >>> 0);
    case 'float':
      return (bytes, start, end) => (end === start ? EMPTY : afterInfinity(float32At(bytes, start)));
    case 'double':
      return (bytes, start, end) => (end === start ? EMPTY : afterInfinity(float64At(bytes, start)));
    case 'text':
    case 'ascii':
    case 'blob':
      return leadingBytes;
    default:
      return null;
  }
}

/** Before all values, as the empty value is; null shares it. */
const EMPTY = Number.NEGATIVE_INFINITY;

/** NaN comes after infinity: as equals they are compared in full. */
function afterInfinity(value: number): number {
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}

/** The first six bytes. */
function leadingBytes(bytes: Uint8Array, start: number, end: number): number {
  let number = 0;
  for (let i = 0; i < 6; i++) number = number * 256 + (start + i < end ? bytes[start + i] : 0);
  return number;
}
