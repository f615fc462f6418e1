import { compareUnsigned, toHex } from '../bytes/index.ts';
import { CorruptionError } from '../errors/index.ts';
import type { CqlValue, JsonValue, TypeCodec } from './codec.ts';
import type { NativeType, NativeTypeName } from './cql-type.ts';

/**
 * What the codecs of native types share. Defaults are those of the types whose order is that of their bytes and whose
 * JSON form is their text without quotes.
 */
export abstract class ScalarCodec implements TypeCodec {
  readonly type: NativeType;
  readonly fixedLength: number;
  readonly byteComparable: boolean;

  constructor(name: NativeTypeName, fixedLength: number, byteComparable: boolean) {
    this.type = { kind: 'native', name };
    this.fixedLength = fixedLength;
    this.byteComparable = byteComparable;
  }

  abstract validate(bytes: Uint8Array, start: number, end: number): void;
  abstract decode(bytes: Uint8Array, start: number, end: number): CqlValue;
  abstract encode(value: CqlValue): Uint8Array;
  abstract fromString(text: string, nowMillis?: number): Uint8Array;
  abstract fromJson(value: JsonValue): Uint8Array;

  /** As the type's serializer prints the value (`TypeSerializer.toString`); '' when the range is empty. */
  protected abstract text(bytes: Uint8Array, start: number, end: number): string;

  compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
    return compareUnsigned(a, aStart, aEnd, b, bStart, bEnd);
  }

  toJson(bytes: Uint8Array, start: number, end: number): string {
    return start === end ? '""' : this.text(bytes, start, end);
  }

  toLiteral(bytes: Uint8Array, start: number, end: number): string {
    return start === end ? this.bytesLiteral(bytes, start, end) : this.text(bytes, start, end);
  }

  toDisplayString(bytes: Uint8Array, start: number, end: number): string {
    this.validate(bytes, start, end);
    return this.text(bytes, start, end);
  }

  /** For values that no literal of the type stands for, such as an empty int: CQL's conversion from a blob. */
  protected bytesLiteral(bytes: Uint8Array, start: number, end: number): string {
    return `blobAs${this.type.name[0].toUpperCase()}${this.type.name.slice(1)}(0x${toHex(bytes, start, end)})`;
  }

  protected expectLength(ok: boolean, expected: string, length: number): void {
    if (!ok) throw new CorruptionError(`${expected} (${length})`);
  }

  protected reject(expected: string, value: CqlValue): never {
    throw new TypeError(`${this.type.name}: expected ${expected}, got ${describeValue(value)}`);
  }
}

/** A JS value for messages: short, never throwing. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || typeof value !== 'object') return String(value);
  return value.constructor?.name ?? 'an object';
}
