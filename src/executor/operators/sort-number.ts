import { float32At, float64At, int16At, int32At } from '../../bytes/index.ts';
import type { CqlType } from '../../types/index.ts';

/**
 * A number that orders values of a type roughly: where two differ, so do the values, the same way; where they are equal,
 * the values must be compared. Makes most comparisons of a sort one subtraction. Null for types without one.
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

/**
 * The order of rows by their rough numbers (`sign` -1: descending), `compare` where these are equal: a stable merge sort
 * without a call for most comparisons.
 */
export function sortIndexes(
  numbers: Float64Array,
  sign: number,
  compare: (a: number, b: number) => number,
): Uint32Array {
  const count = numbers.length;
  let from = Uint32Array.from({ length: count }, (_, i) => i);
  let to = new Uint32Array(count);
  for (let width = 1; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const middle = Math.min(start + width, count);
      const end = Math.min(start + 2 * width, count);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        let takesLeft = left < middle;
        if (takesLeft && right < end) {
          const a = numbers[from[left]];
          const b = numbers[from[right]];
          takesLeft = a === b ? compare(from[left], from[right]) <= 0 : a < b === sign > 0;
        }
        to[at] = takesLeft ? from[left++] : from[right++];
      }
    }
    [from, to] = [to, from];
  }
  return from;
}
