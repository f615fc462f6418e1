import { ByteSink } from '../../bytes/index.ts';
import { CqlError, invariant } from '../../errors/index.ts';
import { type CqlType, codecOf } from '../../types/index.ts';

type Bytes = Uint8Array | null;

/** A list, set, vector, tuple or UDT of its parts (the frozen forms of native protocol ≥ 3). */
export function packElements(type: CqlType, parts: readonly Bytes[]): Uint8Array {
  switch (type.kind) {
    case 'list':
      return packCounted(withoutNulls(parts, 'collections'));
    case 'set': {
      const codec = codecOf(type.element);
      return packCounted(sortedUnique(withoutNulls(parts, 'collections'), codec.compare.bind(codec)));
    }
    case 'vector':
      return packVector(type, withoutNulls(parts, 'vectors'));
    case 'tuple':
    case 'udt': {
      const sink = new ByteSink();
      for (const part of parts) putValue(sink, part);
      return sink.copy();
    }
    default:
      throw CqlError.invalidRequest(`no value of type ${type.kind} is made of elements`);
  }
}

export function packEntries(type: CqlType, entries: readonly (readonly [Bytes, Bytes])[]): Uint8Array {
  invariant(type.kind === 'map', 'entries make a map');
  const codec = codecOf(type.key);
  const byKey: [Uint8Array, Uint8Array][] = [];
  for (const [key, value] of entries) {
    if (key === null || value === null) throw CqlError.invalidRequest('null is not supported inside collections');
    const known = byKey.find(([other]) => codec.compare(other, 0, other.length, key, 0, key.length) === 0);
    if (known === undefined) byKey.push([key, value]);
    else known[1] = value;
  }
  byKey.sort(([a], [b]) => codec.compare(a, 0, a.length, b, 0, b.length));
  const sink = new ByteSink();
  sink.i32(byKey.length);
  for (const entry of byKey) for (const part of entry) putValue(sink, part);
  return sink.copy();
}

/** `count`: of entries, where a map's have two parts each. */
export function packCounted(parts: readonly Bytes[], count = parts.length): Uint8Array {
  const sink = new ByteSink();
  sink.i32(count);
  for (const part of parts) putValue(sink, part);
  return sink.copy();
}

function packVector(type: Extract<CqlType, { kind: 'vector' }>, parts: readonly Uint8Array[]): Uint8Array {
  if (codecOf(type.element).fixedLength >= 0) return Buffer.concat(parts);
  const sink = new ByteSink();
  for (const part of parts) sink.vintBytes(part);
  return sink.copy();
}

function putValue(sink: ByteSink, value: Bytes): void {
  if (value === null) {
    sink.i32(-1);
    return;
  }
  sink.i32(value.length);
  sink.append(value);
}

function withoutNulls(parts: readonly Bytes[], where: string): Uint8Array[] {
  return parts.map((part) => {
    if (part === null) throw CqlError.invalidRequest(`null is not supported inside ${where}`);
    return part;
  });
}

type Compare = (a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number) => number;

export function sortedUnique(values: readonly Uint8Array[], compare: Compare): Uint8Array[] {
  const order = (a: Uint8Array, b: Uint8Array): number => compare(a, 0, a.length, b, 0, b.length);
  const sorted = [...values].sort(order);
  return sorted.filter((value, i) => i === 0 || order(sorted[i - 1], value) !== 0);
}
