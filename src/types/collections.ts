import { int32At } from '../bytes/index.ts';
import { CorruptionError, CqlError } from '../errors/index.ts';
import type { CqlValue, JsonValue, TypeCodec } from './codec.ts';
import {
  collectionRanges,
  compareValues,
  endOfValue,
  NULL_END,
  packCollection,
  sortedUnique,
  type ValueRanges,
} from './collection-bytes.ts';
import { ContainerCodec, isPlainObject } from './container-codec.ts';
import type { ListType, MapType, SetType } from './cql-type.ts';
import { escapeJson, isJsonArray, isJsonObject, parseJson, unexpectedJson } from './json.ts';

/** list and set, which differ in their brackets and in that a set's elements are sorted and unique. */
abstract class SequenceCodec extends ContainerCodec {
  protected readonly kind: 'list' | 'set';
  protected readonly element: TypeCodec;

  constructor(kind: 'list' | 'set', element: TypeCodec) {
    super();
    this.kind = kind;
    this.element = element;
  }

  compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
    return compareCounted(1, this.element, this.element, a, aStart, aEnd, b, bStart, bEnd);
  }

  validate(bytes: Uint8Array, start: number, end: number): void {
    const ranges = this.ranges(bytes, start, end);
    for (let i = 0; i < ranges.length; i += 2) {
      if (ranges[i + 1] === NULL_END) throw new CorruptionError('Null value read when not allowed');
      this.element.validate(bytes, ranges[i], ranges[i + 1]);
    }
  }

  toJson(bytes: Uint8Array, start: number, end: number): string {
    const ranges = this.ranges(bytes, start, end);
    let text = '[';
    for (let i = 0; i < ranges.length; i += 2) {
      if (i > 0) text += ', ';
      text += ranges[i + 1] === NULL_END ? 'null' : this.element.toJson(bytes, ranges[i], ranges[i + 1]);
    }
    return `${text}]`;
  }

  toLiteral(bytes: Uint8Array, start: number, end: number): string {
    const ranges = this.ranges(bytes, start, end);
    let text = '';
    for (let i = 0; i < ranges.length; i += 2) {
      if (i > 0) text += ', ';
      text += ranges[i + 1] === NULL_END ? 'null' : this.element.toLiteral(bytes, ranges[i], ranges[i + 1]);
    }
    return this.kind === 'list' ? `[${text}]` : `{${text}}`;
  }

  protected ranges(bytes: Uint8Array, start: number, end: number): ValueRanges {
    return collectionRanges(bytes, start, end, this.kind, 1);
  }

  protected decodeElements(bytes: Uint8Array, start: number, end: number): CqlValue[] {
    const ranges = this.ranges(bytes, start, end);
    const elements: CqlValue[] = [];
    for (let i = 0; i < ranges.length; i += 2) {
      elements.push(ranges[i + 1] === NULL_END ? null : this.element.decode(bytes, ranges[i], ranges[i + 1]));
    }
    return elements;
  }

  protected elementsFromJson(value: JsonValue): Uint8Array[] {
    const parsed = typeof value === 'string' ? parseJson(value) : value;
    if (!isJsonArray(parsed)) {
      throw unexpectedJson(this.kind === 'list' ? 'a list' : 'a list (representing a set)', parsed);
    }
    return parsed.map((element) => {
      if (element === null) throw CqlError.invalidRequest(`Invalid null element in ${this.kind}`);
      return this.element.fromJson(element);
    });
  }
}

class ListCodec extends SequenceCodec {
  readonly type: ListType;

  constructor(type: ListType, element: TypeCodec) {
    super('list', element);
    this.type = type;
  }

  decode(bytes: Uint8Array, start: number, end: number): CqlValue {
    return this.decodeElements(bytes, start, end);
  }

  encode(value: CqlValue): Uint8Array {
    if (!Array.isArray(value)) this.reject('an Array', value);
    return packCollection(
      value.length,
      Array.from(value, (element: CqlValue) => this.encodeElement(this.element, element)),
    );
  }

  fromJson(value: JsonValue): Uint8Array {
    const elements = this.elementsFromJson(value);
    return packCollection(elements.length, elements);
  }
}

class SetCodec extends SequenceCodec {
  readonly type: SetType;

  constructor(type: SetType, element: TypeCodec) {
    super('set', element);
    this.type = type;
  }

  decode(bytes: Uint8Array, start: number, end: number): CqlValue {
    return new Set(this.decodeElements(bytes, start, end));
  }

  /** Takes a Set or an Array; elements that are equal in CQL are written once. */
  encode(value: CqlValue): Uint8Array {
    if (!(value instanceof Set) && !Array.isArray(value)) this.reject('a Set or an Array', value);
    return this.pack(Array.from(value, (element: CqlValue) => this.encodeElement(this.element, element)));
  }

  fromJson(value: JsonValue): Uint8Array {
    return this.pack(this.elementsFromJson(value));
  }

  private pack(elements: readonly Uint8Array[]): Uint8Array {
    const sorted = sortedUnique(this.element, elements, (element) => element);
    return packCollection(sorted.length, sorted);
  }
}

interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

class MapCodec extends ContainerCodec {
  readonly type: MapType;
  private readonly key: TypeCodec;
  private readonly value: TypeCodec;

  constructor(type: MapType, key: TypeCodec, value: TypeCodec) {
    super();
    this.type = type;
    this.key = key;
    this.value = value;
  }

  /** Entry by entry, each by its key and then by its value; then the shorter first. */
  compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
    return compareCounted(2, this.key, this.value, a, aStart, aEnd, b, bStart, bEnd);
  }

  validate(bytes: Uint8Array, start: number, end: number): void {
    const ranges = this.ranges(bytes, start, end);
    for (let i = 0; i < ranges.length; i += 2) {
      if (ranges[i + 1] === NULL_END) throw new CorruptionError('Null value read when not allowed');
      const codec = i % 4 === 0 ? this.key : this.value;
      codec.validate(bytes, ranges[i], ranges[i + 1]);
    }
  }

  decode(bytes: Uint8Array, start: number, end: number): CqlValue {
    const ranges = this.ranges(bytes, start, end);
    const map = new Map<CqlValue, CqlValue>();
    for (let i = 0; i < ranges.length; i += 4) {
      const key = ranges[i + 1] === NULL_END ? null : this.key.decode(bytes, ranges[i], ranges[i + 1]);
      const value = ranges[i + 3] === NULL_END ? null : this.value.decode(bytes, ranges[i + 2], ranges[i + 3]);
      map.set(key, value);
    }
    return map;
  }

  /** Takes a Map, or a plain object, whose keys are strings. */
  encode(value: CqlValue): Uint8Array {
    if (!(value instanceof Map) && !isPlainObject(value)) this.reject('a Map or a plain object', value);
    const entries: Iterable<readonly [CqlValue, CqlValue]> = value instanceof Map ? value : Object.entries(value);
    return this.pack(
      Array.from(entries, ([key, item]) => ({
        key: this.encodeElement(this.key, key),
        value: this.encodeElement(this.value, item),
      })),
    );
  }

  /** JSON's keys are strings: one that is not text is shown as the text of its JSON. */
  toJson(bytes: Uint8Array, start: number, end: number): string {
    const ranges = this.ranges(bytes, start, end);
    let text = '{';
    for (let i = 0; i < ranges.length; i += 4) {
      if (i > 0) text += ', ';
      const key = ranges[i + 1] === NULL_END ? 'null' : this.key.toJson(bytes, ranges[i], ranges[i + 1]);
      text += key.startsWith('"') ? key : `"${escapeJson(key)}"`;
      text += ': ';
      text += ranges[i + 3] === NULL_END ? 'null' : this.value.toJson(bytes, ranges[i + 2], ranges[i + 3]);
    }
    return `${text}}`;
  }

  toLiteral(bytes: Uint8Array, start: number, end: number): string {
    const ranges = this.ranges(bytes, start, end);
    let text = '{';
    for (let i = 0; i < ranges.length; i += 4) {
      if (i > 0) text += ', ';
      text += ranges[i + 1] === NULL_END ? 'null' : this.key.toLiteral(bytes, ranges[i], ranges[i + 1]);
      text += ': ';
      text += ranges[i + 3] === NULL_END ? 'null' : this.value.toLiteral(bytes, ranges[i + 2], ranges[i + 3]);
    }
    return `${text}}`;
  }

  fromJson(value: JsonValue): Uint8Array {
    const parsed = typeof value === 'string' ? parseJson(value) : value;
    if (!isJsonObject(parsed)) throw unexpectedJson('a map', parsed);
    const entries = Array.from(parsed, ([key, item]) => {
      if (item === null) throw CqlError.invalidRequest('Invalid null value in map');
      return { key: this.key.fromJson(key), value: this.value.fromJson(item) };
    });
    return this.pack(entries);
  }

  private ranges(bytes: Uint8Array, start: number, end: number): ValueRanges {
    return collectionRanges(bytes, start, end, 'map', 2);
  }

  private pack(entries: readonly Entry[]): Uint8Array {
    const sorted = sortedUnique(this.key, entries, (entry) => entry.key);
    return packCollection(
      sorted.length,
      sorted.flatMap((entry) => [entry.key, entry.value]),
    );
  }
}

export function listCodec(type: ListType, element: TypeCodec): TypeCodec {
  return new ListCodec(type, element);
}

export function setCodec(type: SetType, element: TypeCodec): TypeCodec {
  return new SetCodec(type, element);
}

export function mapCodec(type: MapType, key: TypeCodec, value: TypeCodec): TypeCodec {
  return new MapCodec(type, key, value);
}

/** Value by value, `values` to an entry, which are of the two codecs in turn; then the shorter first. */
function compareCounted(
  values: 1 | 2,
  first: TypeCodec,
  second: TypeCodec,
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  if (aStart === aEnd) return bStart === bEnd ? 0 : -1;
  if (bStart === bEnd) return 1;
  const aCount = int32At(a, aStart);
  const bCount = int32At(b, bStart);
  let aAt = aStart + 4;
  let bAt = bStart + 4;
  for (let i = Math.min(aCount, bCount) * values; i > 0; i--) {
    const difference = compareValues(i % 2 === 0 ? first : second, a, aAt, b, bAt);
    if (difference !== 0) return difference;
    aAt = endOfValue(a, aAt);
    bAt = endOfValue(b, bAt);
  }
  return aCount - bCount;
}
