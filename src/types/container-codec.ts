import { EMPTY_BYTES, toHex } from '../bytes/index.ts';
import { hexBytes } from './blob.ts';
import type { CqlValue, JsonValue, TypeCodec } from './codec.ts';
import type { CqlType } from './cql-type.ts';
import { cqlTypeName } from './cql-type-name.ts';
import { describeValue } from './scalar-codec.ts';

/** What the codecs of types made of other types share. Their display form is hex, except for tuples and UDTs. */
export abstract class ContainerCodec implements TypeCodec {
  abstract readonly type: CqlType;
  readonly fixedLength: number = -1;
  readonly byteComparable: boolean = false;

  abstract compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number;
  abstract validate(bytes: Uint8Array, start: number, end: number): void;
  abstract decode(bytes: Uint8Array, start: number, end: number): CqlValue;
  abstract encode(value: CqlValue): Uint8Array;
  abstract toJson(bytes: Uint8Array, start: number, end: number): string;
  abstract toLiteral(bytes: Uint8Array, start: number, end: number): string;
  abstract fromJson(value: JsonValue): Uint8Array;

  toDisplayString(bytes: Uint8Array, start: number, end: number): string {
    return toHex(bytes, start, end);
  }

  fromString(text: string): Uint8Array {
    return text === '' ? EMPTY_BYTES : hexBytes(text);
  }

  protected reject(expected: string, value: CqlValue): never {
    throw new TypeError(`${cqlTypeName(this.type)}: expected ${expected}, got ${describeValue(value)}`);
  }

  protected encodeElement(codec: TypeCodec, value: CqlValue | undefined): Uint8Array {
    if (value === null || value === undefined) this.reject('no null inside', value ?? null);
    return codec.encode(value);
  }
}

/** Whether a value is a plain object: not an array, not an instance of a class of ours or of Node's. */
export function isPlainObject(value: CqlValue): value is Readonly<Record<string, CqlValue>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
