import { int32At } from '../../bytes/index.ts';
import type { TypedExpression } from '../../planner/index.ts';
import { type CqlType, codecOf, type TypeCodec } from '../../types/index.ts';
import type { Evaluator } from './compile-expression.ts';
import { packCounted } from './pack-collection.ts';
import type { KeyRange } from './selected-parts.ts';

/**
 * Values inside serialized collections, tuples and UDTs:
 *
 *   list, set   int32 count, then per element int32 length, bytes
 *   map         int32 count, then per entry int32 length, key, int32 length, value
 *   tuple, udt  per component int32 length (-1 null), bytes; missing ones at the end are null
 */
export function collectionSize(bytes: Uint8Array): number {
  return bytes.length < 4 ? 0 : int32At(bytes, 0);
}

/** Elements of a list or set, or keys and values of a map in turn, not copied. */
export function collectionParts(bytes: Uint8Array, isMap: boolean): (Uint8Array | null)[] {
  const count = collectionSize(bytes) * (isMap ? 2 : 1);
  const parts: (Uint8Array | null)[] = [];
  let p = 4;
  for (let i = 0; i < count; i++) {
    const length = int32At(bytes, p);
    p += 4;
    if (length < 0) parts.push(null);
    else {
      parts.push(bytes.subarray(p, p + length));
      p += length;
    }
  }
  return parts;
}

export function componentAt(bytes: Uint8Array, index: number): Uint8Array | null {
  let p = 0;
  for (let i = 0; p + 4 <= bytes.length; i++) {
    const length = int32At(bytes, p);
    p += 4;
    if (i === index) return length < 0 ? null : bytes.subarray(p, p + length);
    if (length > 0) p += length;
  }
  return null;
}

export function compileField({ index }: Extract<TypedExpression, { kind: 'field' }>, operand: Evaluator): Evaluator {
  return (row) => {
    const bytes = operand(row);
    return bytes === null ? null : componentAt(bytes, index);
  };
}

/** `m[k]` is the entry's value; `s[e]` is the element itself if it is in there. */
export function compileElement(
  { operand: { type } }: Extract<TypedExpression, { kind: 'element' }>,
  operand: Evaluator,
  key: Uint8Array,
): Evaluator {
  const isMap = type.kind === 'map';
  const codec = keyCodec(type);
  return (row) => {
    const bytes = operand(row);
    if (bytes === null) return null;
    const parts = collectionParts(bytes, isMap);
    const step = isMap ? 2 : 1;
    for (let i = 0; i < parts.length; i += step) {
      if (compareParts(codec, parts[i], key) === 0) return parts[i + step - 1];
    }
    return null;
  };
}

/** `m[from..to]`, both ends included; null when nothing is inside. Values of keys that `hides` come out empty. */
export function compileSlice(
  { operand: { type } }: Extract<TypedExpression, { kind: 'slice' }>,
  operand: Evaluator,
  { from, to }: KeyRange,
  hides: ((key: Uint8Array) => boolean) | null,
): Evaluator {
  const isMap = type.kind === 'map';
  const codec = keyCodec(type);
  return (row) => {
    const bytes = operand(row);
    if (bytes === null) return null;
    const parts = collectionParts(bytes, isMap);
    const step = isMap ? 2 : 1;
    const kept: Uint8Array[] = [];
    for (let i = 0; i < parts.length; i += step) {
      if (from !== null && compareParts(codec, parts[i], from) < 0) continue;
      if (to !== null && compareParts(codec, parts[i], to) > 0) continue;
      const isHidden = isMap && (hides?.(parts[i] ?? EMPTY) ?? false);
      for (let j = 0; j < step; j++) kept.push((isHidden && j > 0 ? null : parts[i + j]) ?? EMPTY);
    }
    return kept.length === 0 && !isFrozen(type) ? null : isMap ? packMap(kept) : packCounted(kept);
  };
}

function packMap(parts: readonly Uint8Array[]): Uint8Array {
  const packed = packCounted(parts);
  new DataView(packed.buffer, packed.byteOffset).setInt32(0, parts.length / 2);
  return packed;
}

function isFrozen(type: CqlType): boolean {
  return 'frozen' in type && type.frozen;
}

export function keyCodec(type: CqlType): TypeCodec {
  if (type.kind === 'map') return codecOf(type.key);
  return codecOf(type.kind === 'list' || type.kind === 'set' ? type.element : type);
}

export function compareParts(codec: TypeCodec, a: Uint8Array | null, b: Uint8Array | null): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  return codec.compare(a, 0, a.length, b, 0, b.length);
}

const EMPTY = new Uint8Array(0);
