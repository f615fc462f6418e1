import { ByteCursor, ByteSink, compareUnsigned, int64, murmur3TokenInto, toHex, uint16At } from '../bytes/index.ts';
import { CorruptionError, CqlError } from '../errors/index.ts';
import { blobFromJson, hexBytes } from './blob.ts';
import type { CqlValue, JsonValue, TypeCodec } from './codec.ts';
import { ContainerCodec } from './container-codec.ts';
import type { CustomType } from './cql-type.ts';
import { quoteJson } from './json.ts';

/** Types that CQL has no name for: bytes, shown as a blob and ordered as bytes. */
class CustomCodec extends ContainerCodec {
  readonly type: CustomType;
  override readonly byteComparable: boolean = true;

  constructor(type: CustomType) {
    super();
    this.type = type;
  }

  compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
    return compareUnsigned(a, aStart, aEnd, b, bStart, bEnd);
  }

  validate(_bytes: Uint8Array, _start: number, _end: number): void {}

  decode(bytes: Uint8Array, start: number, end: number): CqlValue {
    return Buffer.from(bytes.subarray(start, end));
  }

  encode(value: CqlValue): Uint8Array {
    if (!(value instanceof Uint8Array)) this.reject('a Buffer or Uint8Array', value);
    return value;
  }

  toJson(bytes: Uint8Array, start: number, end: number): string {
    return `"0x${toHex(bytes, start, end)}"`;
  }

  toLiteral(bytes: Uint8Array, start: number, end: number): string {
    return `0x${toHex(bytes, start, end)}`;
  }

  fromJson(value: JsonValue): Uint8Array {
    return blobFromJson(value);
  }

  override fromString(text: string): Uint8Array {
    return hexBytes(text.startsWith('0x') ? text.slice(2) : text);
  }
}

/** In front of a composite of a static column, where a length would be. */
const STATIC_MARKER = 0xffff;

/**
 * `CompositeType(A,B,…)`, the name of keys and columns of old tables:
 *
 *   [u16 0xFFFF]                      the columns of static rows only
 *   u16 length, bytes, i8 end         for each component; `end` is 0 but for bounds: −1 before, 1 after all that begin so
 */
class CompositeCodec extends CustomCodec {
  override readonly byteComparable = false;
  private readonly components: readonly TypeCodec[];

  constructor(type: CustomType, components: readonly TypeCodec[]) {
    super(type);
    this.components = components;
  }

  override compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
    if (aStart === aEnd) return bStart === bEnd ? 0 : -1;
    if (bStart === bEnd) return 1;
    const aStatic = isStatic(a, aStart, aEnd);
    if (aStatic !== isStatic(b, bStart, bEnd)) return aStatic ? -1 : 1;
    let aAt = aStart + (aStatic ? 2 : 0);
    let bAt = bStart + (aStatic ? 2 : 0);
    for (let i = 0; aAt < aEnd && bAt < bEnd; i++) {
      const aNext = aAt + 2 + uint16At(a, aAt);
      const bNext = bAt + 2 + uint16At(b, bAt);
      const difference = this.component(i).compare(a, aAt + 2, aNext, b, bAt + 2, bNext);
      if (difference !== 0) return difference;
      if (a[aNext] !== b[bNext]) return ((a[aNext] << 24) >> 24) - ((b[bNext] << 24) >> 24);
      aAt = aNext + 1;
      bAt = bNext + 1;
    }
    return (aAt < aEnd ? 1 : 0) - (bAt < bEnd ? 1 : 0);
  }

  override validate(bytes: Uint8Array, start: number, end: number): void {
    this.eachComponent(bytes, start, end, (codec, from, to) => codec.validate(bytes, from, to));
  }

  /** `a:b:!`: colons between, escaped inside; `:!` after a bound of 1 and `:_` after one of −1. */
  override toDisplayString(bytes: Uint8Array, start: number, end: number): string {
    const parts: string[] = [];
    const last = this.eachComponent(bytes, start, end, (codec, from, to) => {
      parts.push(escapeComponent(codec.toDisplayString(bytes, from, to)));
    });
    if (last !== 0) parts.push(last < 0 ? '_' : '!');
    return parts.join(':');
  }

  override fromString(text: string): Uint8Array {
    const parts = text === '' ? [] : text.split(/(?<!\\):/);
    const marks = parts.findIndex((part) => part === '!' || part === '_');
    const names = marks < 0 ? parts : parts.slice(0, marks);
    const sink = new ByteSink();
    names.forEach((part, i) => {
      const bytes = this.component(i).fromString(unescapeComponent(part));
      sink.u16(bytes.length);
      sink.append(bytes);
      sink.u8(marks >= 0 && i === names.length - 1 ? (parts[marks] === '!' ? 1 : 0xff) : 0);
    });
    return sink.copy();
  }

  /** Cassandra has no JSON of composites; theirs here is their text. */
  override toJson(bytes: Uint8Array, start: number, end: number): string {
    return quoteJson(this.toDisplayString(bytes, start, end));
  }

  override fromJson(value: JsonValue): Uint8Array {
    return typeof value === 'string' ? this.fromString(value) : blobFromJson(value);
  }

  /** Returns the end-of-component byte of the last component. */
  private eachComponent(
    bytes: Uint8Array,
    start: number,
    end: number,
    visit: (codec: TypeCodec, from: number, to: number) => void,
  ): number {
    const cursor = new ByteCursor(bytes, start + (isStatic(bytes, start, end) ? 2 : 0), end);
    let endByte = 0;
    for (let i = 0; cursor.remaining > 0; i++) {
      if (endByte !== 0) cursor.fail(`Invalid bytes remaining after an end-of-component at component${i - 1}`);
      if (i >= this.components.length) cursor.fail('Too many bytes for comparator');
      const length = cursor.u16();
      const from = cursor.position;
      cursor.skip(length);
      visit(this.components[i], from, cursor.position);
      endByte = cursor.i8();
    }
    return endByte;
  }

  private component(i: number): TypeCodec {
    const codec = this.components[i];
    if (codec === undefined) throw new CorruptionError(`composite has more than ${this.components.length} components`);
    return codec;
  }
}

function isStatic(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= 2 && uint16At(bytes, start) === STATIC_MARKER;
}

function escapeComponent(text: string): string {
  const escaped = text.replaceAll(':', '\\:');
  return escaped.endsWith('\\') || escaped.endsWith('!') ? `${escaped}!` : escaped;
}

function unescapeComponent(text: string): string {
  const plain = text.replaceAll('\\:', ':');
  return plain.endsWith('!') ? plain.slice(0, -1) : plain;
}

const aToken = new Int32Array(4);
const bToken = new Int32Array(4);

/**
 * `PartitionerDefinedOrder`, the clustering of hidden index tables: partition keys of the base table in ring order, that
 * is by token, then by bytes.
 */
class RingOrderCodec extends CustomCodec {
  override readonly byteComparable = false;
  private readonly key: TypeCodec | null;

  constructor(type: CustomType, key: TypeCodec | null) {
    super(type);
    this.key = key;
  }

  override compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
    murmur3TokenInto(a, aStart, aEnd, aToken);
    murmur3TokenInto(b, bStart, bEnd, bToken);
    const tokens = int64.compare(aToken[0], aToken[1], bToken[0], bToken[1]);
    return tokens !== 0 ? tokens : compareUnsigned(a, aStart, aEnd, b, bStart, bEnd);
  }

  override toJson(bytes: Uint8Array, start: number, end: number): string {
    return this.key === null ? super.toJson(bytes, start, end) : this.key.toJson(bytes, start, end);
  }
}

export function customCodec(type: CustomType, components: readonly TypeCodec[] | null): TypeCodec {
  if (/(?:^|\.)PartitionerDefinedOrder\b/.test(type.className))
    return new RingOrderCodec(type, components?.[0] ?? null);
  return components === null ? new CustomCodec(type) : new CompositeCodec(type, components);
}

export function compositeBytes(components: readonly Uint8Array[]): Uint8Array {
  const sink = new ByteSink();
  for (const component of components) {
    if (component.length > 0xffff) {
      throw CqlError.invalidRequest(`Key length of ${component.length} is longer than maximum of 65535`);
    }
    sink.u16(component.length);
    sink.append(component);
    sink.u8(0);
  }
  return sink.copy();
}
