import { compareUnsigned, int32At } from '../bytes/index.ts';
import { CorruptionError } from '../errors/index.ts';
import type { TypeCodec } from './codec.ts';

/**
 * Serialized collections, tuples and UDTs (native protocol v3 and later, and frozen values on disk):
 *
 *   collection   i32 count, then `count` values (of a map: keys and values in turn)
 *   tuple, UDT   values of the components; those of the end may be missing, which is null
 *   value        i32 length, then the bytes; a negative length is null
 */

/** Ranges of values as a flat list [start, end, start, end, …]; a null has `NULL_END` for its end. */
export type ValueRanges = number[];

export const NULL_END = -1;

/** The values of a collection; `perEntry` is 2 for maps. Throws a CorruptionError unless they fill the range exactly. */
export function collectionRanges(
  bytes: Uint8Array,
  start: number,
  end: number,
  kind: 'list' | 'set' | 'map',
  perEntry: number,
): ValueRanges {
  if (end - start < 4) notEnough(kind);
  const count = int32At(bytes, start) * perEntry;
  let at = start + 4;
  // Every value takes at least its length, so a count that cannot be is caught before anything is allocated.
  if (count < 0 || count * 4 > end - at) notEnough(kind);
  const ranges: ValueRanges = [];
  for (let i = 0; i < count; i++) {
    if (end - at < 4) notEnough(kind);
    const length = int32At(bytes, at);
    at += 4;
    if (length < 0) {
      ranges.push(at, NULL_END);
      continue;
    }
    if (length > end - at) notEnough(kind);
    ranges.push(at, at + length);
    at += length;
  }
  if (at !== end) throw new CorruptionError(`Unexpected extraneous bytes after ${kind} value`);
  return ranges;
}

function notEnough(kind: string): never {
  throw new CorruptionError(`Not enough bytes to read a ${kind}`);
}

/** Sees the i-th component's value, from `start` to `end`. */
export type ComponentVisitor = (i: number, start: number, end: number) => void;

/**
 * The components that are there, at most `count`. `describe(i)` names the i-th for messages. `visit` sees each that is not
 * null before the next is looked at: Cassandra tells the first fault of a value.
 */
export function componentRanges(
  bytes: Uint8Array,
  start: number,
  end: number,
  count: number,
  what: 'tuple' | 'UDT',
  describe: (i: number) => string,
  visit?: ComponentVisitor,
): ValueRanges {
  const ranges: ValueRanges = [];
  let at = start;
  for (let i = 0; i < count && at < end; i++) {
    if (end - at < 4) throw new CorruptionError(`Not enough bytes to read size of ${describe(i)}`);
    const length = int32At(bytes, at);
    at += 4;
    if (length < 0) {
      ranges.push(at, NULL_END);
      continue;
    }
    if (length > end - at) throw new CorruptionError(`Not enough bytes to read ${describe(i)}`);
    visit?.(i, at, at + length);
    ranges.push(at, at + length);
    at += length;
  }
  if (at < end) throw new CorruptionError(`Invalid remaining data after end of ${what} value`);
  return ranges;
}

/** A collection of `count` entries. */
export function packCollection(count: number, values: readonly (Uint8Array | null)[]): Uint8Array {
  const header = Buffer.allocUnsafe(4);
  header.writeInt32BE(count);
  return Buffer.concat([header, packValues(values)]);
}

/** Values with their lengths, as tuples and UDTs are. */
export function packValues(values: readonly (Uint8Array | null)[]): Uint8Array {
  let total = 0;
  for (const value of values) total += 4 + (value?.length ?? 0);
  const packed = Buffer.allocUnsafe(total);
  let at = 0;
  for (const value of values) {
    packed.writeInt32BE(value?.length ?? -1, at);
    at += 4;
    if (value !== null) {
      packed.set(value, at);
      at += value.length;
    }
  }
  return packed;
}

/** Sorted by `codec`'s order, equal values once: the last of them stays. */
export function sortedUnique<T>(codec: TypeCodec, items: readonly T[], keyOf: (item: T) => Uint8Array): T[] {
  const compare = (a: T, b: T): number => {
    const [left, right] = [keyOf(a), keyOf(b)];
    return codec.compare(left, 0, left.length, right, 0, right.length);
  };
  const sorted = [...items].sort(compare);
  return sorted.filter((item, i) => i === sorted.length - 1 || compare(item, sorted[i + 1]) !== 0);
}

/** Where the value at `at` ends, its length included. */
export function endOfValue(bytes: Uint8Array, at: number): number {
  const length = int32At(bytes, at);
  return at + 4 + Math.max(length, 0);
}

/** Order of the values at two places, their lengths in front; a null first. */
export function compareValues(codec: TypeCodec, a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): number {
  const aLength = int32At(a, aAt);
  const bLength = int32At(b, bAt);
  if (aLength < 0 || bLength < 0) return (aLength < 0 ? 0 : 1) - (bLength < 0 ? 0 : 1);
  const aStart = aAt + 4;
  const bStart = bAt + 4;
  if (codec.byteComparable) return compareUnsigned(a, aStart, aStart + aLength, b, bStart, bStart + bLength);
  return codec.compare(a, aStart, aStart + aLength, b, bStart, bStart + bLength);
}
