import { ByteCursor, ByteSink } from '../bytes/index.ts';
import { CorruptionError, CqlError } from '../errors/index.ts';
import type { CqlValue, JsonValue, TypeCodec } from './codec.ts';
import { ContainerCodec } from './container-codec.ts';
import type { VectorType } from './cql-type.ts';
import { cqlTypeName } from './cql-type-name.ts';
import { isJsonArray, javaText, PlainJsonError, parseJson, unexpectedJson } from './json.ts';

/** A vector's JSON with an empty element, where these are as good as null: Cassandra reads it, and fails when it binds the value. */
export class NullInVectorError extends PlainJsonError {
  constructor() {
    super('null is not supported inside vectors');
  }
}

/**
 * vector<element, n> (`db/marshal/VectorType`, 5.0.8): exactly n elements, none null or empty.
 *
 *   elements of fixed length      one after the other; the vector is itself of fixed length
 *   elements of variable length   each behind its length, an unsigned vint
 */
class VectorCodec extends ContainerCodec {
  readonly type: VectorType;
  override readonly fixedLength: number;
  private readonly element: TypeCodec;

  constructor(type: VectorType, element: TypeCodec) {
    super();
    this.type = type;
    this.element = element;
    this.fixedLength = element.fixedLength >= 0 ? element.fixedLength * type.dimensions : -1;
  }

  compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
    if (aStart === aEnd) return bStart === bEnd ? 0 : -1;
    if (bStart === bEnd) return 1;
    const length = this.element.fixedLength;
    return length >= 0
      ? this.compareFixed(a, aStart, b, bStart, length)
      : this.compareVariable(a, aStart, aEnd, b, bStart, bEnd);
  }

  private compareFixed(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number, length: number): number {
    for (let i = 0, offset = 0; i < this.type.dimensions; i++, offset += length) {
      const aAt = aStart + offset;
      const bAt = bStart + offset;
      const difference = this.element.compare(a, aAt, aAt + length, b, bAt, bAt + length);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  private compareVariable(
    a: Uint8Array,
    aStart: number,
    aEnd: number,
    b: Uint8Array,
    bStart: number,
    bEnd: number,
  ): number {
    const aStarts = this.ranges(a, aStart, aEnd);
    const bStarts = this.ranges(b, bStart, bEnd);
    for (let i = 0; i < aStarts.length; i += 2) {
      const difference = this.element.compare(a, aStarts[i], aStarts[i + 1], b, bStarts[i], bStarts[i + 1]);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  validate(bytes: Uint8Array, start: number, end: number): void {
    if (start === end) throw new CorruptionError('Invalid empty vector value');
    const ranges = this.ranges(bytes, start, end);
    for (let i = 0; i < ranges.length; i += 2) this.element.validate(bytes, ranges[i], ranges[i + 1]);
  }

  decode(bytes: Uint8Array, start: number, end: number): CqlValue {
    if (start === end) return null;
    return this.map(bytes, start, end, (from, to) => this.element.decode(bytes, from, to));
  }

  /** Takes an Array, or a Float32Array or Float64Array, of exactly `dimensions` elements. */
  encode(value: CqlValue): Uint8Array {
    const isArray = Array.isArray(value) || value instanceof Float32Array || value instanceof Float64Array;
    if (!isArray || value.length !== this.type.dimensions) {
      this.reject(`an Array of exactly ${this.type.dimensions}`, value);
    }
    const elements: Iterable<CqlValue> = value;
    return this.pack(Array.from(elements, (element) => this.encodeElement(this.element, element)));
  }

  toJson(bytes: Uint8Array, start: number, end: number): string {
    if (start === end) return 'null';
    return `[${this.map(bytes, start, end, (from, to) => this.element.toJson(bytes, from, to)).join(', ')}]`;
  }

  toLiteral(bytes: Uint8Array, start: number, end: number): string {
    if (start === end) return 'null';
    return `[${this.map(bytes, start, end, (from, to) => this.element.toLiteral(bytes, from, to)).join(', ')}]`;
  }

  fromJson(value: JsonValue): Uint8Array {
    const parsed = typeof value === 'string' ? parseJson(value) : value;
    if (!isJsonArray(parsed)) throw unexpectedJson('a list', parsed);
    if (parsed.length !== this.type.dimensions) {
      throw CqlError.invalidRequest(
        `List had incorrect size: expected ${this.type.dimensions} but given ${parsed.length}; ${javaText(parsed)}`,
      );
    }
    const elements = parsed.map((element) => {
      if (element === null) throw CqlError.invalidRequest('Invalid null element in list');
      return this.element.fromJson(element);
    });
    if (this.element.fixedLength > 0 && elements.some((element) => element.length === 0)) throw new NullInVectorError();
    return this.pack(elements);
  }

  private ranges(bytes: Uint8Array, start: number, end: number): number[] {
    return vectorRanges(this.type, this.element.fixedLength, bytes, start, end);
  }

  private map<T>(bytes: Uint8Array, start: number, end: number, visit: (from: number, to: number) => T): T[] {
    const ranges = this.ranges(bytes, start, end);
    const results: T[] = [];
    for (let i = 0; i < ranges.length; i += 2) results.push(visit(ranges[i], ranges[i + 1]));
    return results;
  }

  private pack(elements: readonly Uint8Array[]): Uint8Array {
    if (this.element.fixedLength >= 0) return Buffer.concat(elements);
    const sink = new ByteSink();
    for (const element of elements) sink.vintBytes(element);
    return sink.copy();
  }
}

/** Elements' ranges, flat; they fill the value exactly. `elementLength` is -1 for elements of variable length. */
export function vectorRanges(
  type: VectorType,
  elementLength: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number[] {
  const { dimensions } = type;
  if (elementLength >= 0) {
    if (end - start < elementLength * dimensions) notEnough(type);
    checkConsumed(type, end - start - elementLength * dimensions);
    return Array.from({ length: dimensions * 2 }, (_, i) => start + ((i + 1) >> 1) * elementLength);
  }
  const cursor = new ByteCursor(bytes, start, end);
  const ranges: number[] = [];
  for (let i = 0; i < dimensions; i++) {
    if (cursor.remaining === 0) notEnough(type);
    const size = cursor.unsignedVint();
    ranges.push(cursor.position, cursor.position + size);
    cursor.skip(size);
  }
  checkConsumed(type, cursor.remaining);
  return ranges;
}

function notEnough(type: VectorType): never {
  throw new CorruptionError(`Not enough bytes to read a ${cqlTypeName(type)}`);
}

function checkConsumed(type: VectorType, remaining: number): void {
  if (remaining === 0) return;
  throw new CorruptionError(`Unexpected ${remaining} extraneous bytes after ${cqlTypeName(type)} value`);
}

export function vectorCodec(type: VectorType, element: TypeCodec): TypeCodec {
  return new VectorCodec(type, element);
}
