import { ByteSink, int32At } from '../bytes/index.ts';
import { unreachable } from '../errors/index.ts';
import { codecOf } from './codec-of.ts';
import { collectionRanges, NULL_END, packCollection, packValues, type ValueRanges } from './collection-bytes.ts';
import type { CqlType, NativeTypeName, VectorType } from './cql-type.ts';
import { shortestVarintStart, varintAt, varintBytes } from './varint.ts';
import { vectorRanges } from './vector.ts';

/** Bytes that two values have in common exactly when their type's order holds them equal: what a hash can go by. */
export type EqualityForm = (bytes: Uint8Array, start: number, end: number) => Uint8Array;

/** The equality form of a type's values; null where equal values have equal bytes. */
export function equalityFormOf(type: CqlType): EqualityForm | null {
  switch (type.kind) {
    case 'native':
      return nativeForm(type.name);
    case 'list':
    case 'set':
      return collectionForm('list', [equalityFormOf(type.element)]);
    case 'map':
      return collectionForm('map', [equalityFormOf(type.key), equalityFormOf(type.value)]);
    case 'tuple':
      return componentsForm(type.elements.map(equalityFormOf));
    case 'udt':
      return componentsForm(type.fields.map((field) => equalityFormOf(field.type)));
    case 'vector':
      return vectorForm(type, equalityFormOf(type.element));
    case 'custom':
      return null;
    default:
      return unreachable(type);
  }
}

function nativeForm(name: NativeTypeName): EqualityForm | null {
  switch (name) {
    case 'boolean':
      return (bytes, start, end) => (end > start && bytes[start] !== 0 ? TRUE : bytes.subarray(start, end));
    case 'float':
      return (bytes, start, end) => (isNaN32(bytes, start, end) ? NAN32 : bytes.subarray(start, end));
    case 'double':
      return (bytes, start, end) => (isNaN64(bytes, start, end) ? NAN64 : bytes.subarray(start, end));
    case 'varint':
      return (bytes, start, end) => bytes.subarray(shortestVarintStart(bytes, start, end), end);
    case 'decimal':
      return decimalForm;
    default:
      return null;
  }
}

const TRUE = Uint8Array.of(1);
const NAN32 = Uint8Array.of(0x7f, 0xc0, 0, 0);
const NAN64 = Uint8Array.of(0x7f, 0xf8, 0, 0, 0, 0, 0, 0);

function isNaN32(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 4 && (int32At(bytes, start) & 0x7fffffff) > 0x7f800000;
}

function isNaN64(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== 8) return false;
  const high = int32At(bytes, start) & 0x7fffffff;
  return high > 0x7ff00000 || (high === 0x7ff00000 && int32At(bytes, start + 4) !== 0);
}

/** int64 scale, varint: without the zeros at the end of the digits, so that the scale may leave an int32. */
function decimalForm(bytes: Uint8Array, start: number, end: number): Uint8Array {
  if (end - start < 5) return bytes.subarray(start, end);
  const unscaled = varintAt(bytes, start + 4, end);
  const form = new ByteSink(24);
  if (unscaled === 0n) {
    form.i64(0, 0);
    form.u8(0);
    return form.copy();
  }
  const digits = unscaled.toString();
  let length = digits.length;
  while (digits.charCodeAt(length - 1) === 0x30) length--;
  const scale = int32At(bytes, start) - (digits.length - length);
  form.i64Number(scale);
  form.append(varintBytes(length === digits.length ? unscaled : BigInt(digits.slice(0, length))));
  return form.copy();
}

function collectionForm(kind: 'list' | 'map', forms: readonly (EqualityForm | null)[]): EqualityForm | null {
  if (forms.every((form) => form === null)) return null;
  return (bytes, start, end) => {
    if (start === end) return bytes.subarray(start, end);
    const values = rangesForms(collectionRanges(bytes, start, end, kind, forms.length), bytes, forms);
    return packCollection(values.length, values);
  };
}

/** Of components that are null at the end only the first stays, if it is the first of all: no bytes are another value. */
function componentsForm(forms: readonly (EqualityForm | null)[]): EqualityForm {
  return (bytes, start, end) => {
    const ranges: ValueRanges = [];
    for (let at = start; at + 4 <= end; ) {
      const length = int32At(bytes, at);
      ranges.push(at + 4, length < 0 ? NULL_END : at + 4 + length);
      at += 4 + Math.max(length, 0);
    }
    while (ranges.length > 2 && ranges[ranges.length - 1] === NULL_END) ranges.length -= 2;
    return packValues(rangesForms(ranges, bytes, forms));
  };
}

function vectorForm(type: VectorType, form: EqualityForm | null): EqualityForm | null {
  if (form === null) return null;
  const { fixedLength } = codecOf(type.element);
  return (bytes, start, end) => {
    if (start === end) return bytes.subarray(start, end);
    return packValues(rangesForms(vectorRanges(type, fixedLength, bytes, start, end), bytes, [form]));
  };
}

function rangesForms(
  ranges: ValueRanges,
  bytes: Uint8Array,
  forms: readonly (EqualityForm | null)[],
): (Uint8Array | null)[] {
  const values: (Uint8Array | null)[] = [];
  for (let i = 0; 2 * i < ranges.length; i++) {
    const [start, end] = [ranges[2 * i], ranges[2 * i + 1]];
    const form = forms[i % forms.length];
    if (end === NULL_END) values.push(null);
    else values.push(form === null ? bytes.subarray(start, end) : form(bytes, start, end));
  }
  return values;
}
