import { EMPTY_BYTES, float32At, float64At } from '../bytes/index.ts';
import { CqlError } from '../errors/index.ts';
import type { CqlValue, JsonValue } from './codec.ts';
import { doubleToString, floatToString, parseDouble, parseFloat32 } from './java-numbers.ts';
import { isJsonNumber, unexpectedJson } from './json.ts';
import { ScalarCodec } from './scalar-codec.ts';

/**
 * float and double: IEEE 754, big-endian. Their order is Java's `Double.compare`: −Inf < … < −0.0 < 0.0 < … < +Inf < NaN,
 * all NaNs equal. JSON has no NaN and no infinities: they print as null.
 */
abstract class FloatingCodec extends ScalarCodec {
  protected abstract read(bytes: Uint8Array, at: number): number;
  protected abstract write(value: number): Uint8Array;
  protected abstract print(value: number): string;
  protected abstract parse(text: string): number | null;

  override compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
    if (aStart === aEnd) return bStart === bEnd ? 0 : -1;
    if (bStart === bEnd) return 1;
    return compareFloating(this.read(a, aStart), this.read(b, bStart));
  }

  validate(_bytes: Uint8Array, start: number, end: number): void {
    const length = this.fixedLength;
    const what = `Expected ${length} or 0 byte value for a ${this.type.name}`;
    this.expectLength(end - start === length || start === end, what, end - start);
  }

  decode(bytes: Uint8Array, start: number, end: number): number | null {
    if (start === end) return null;
    if (end - start !== this.fixedLength) this.validate(bytes, start, end);
    return this.read(bytes, start);
  }

  encode(value: CqlValue): Uint8Array {
    if (typeof value !== 'number') this.reject('a number', value);
    return this.write(value);
  }

  fromString(text: string): Uint8Array {
    if (text === '') return EMPTY_BYTES;
    const value = this.parse(text);
    if (value === null) throw CqlError.invalidRequest(`Unable to make ${this.type.name} from '${text}'`);
    return this.write(value);
  }

  fromJson(value: JsonValue): Uint8Array {
    if (typeof value === 'string') return this.fromString(value);
    if (!isJsonNumber(value)) throw unexpectedJson(`a ${this.type.name} value`, value);
    // Jackson reads -0 into an Integer, which has no sign.
    return this.write(/^-0+$/.test(value.text) ? 0 : Number(value.text));
  }

  override toJson(bytes: Uint8Array, start: number, end: number): string {
    const value = this.decode(bytes, start, end);
    if (value === null) return '""';
    return Number.isFinite(value) ? this.print(value) : 'null';
  }

  protected text(bytes: Uint8Array, start: number, end: number): string {
    const value = this.decode(bytes, start, end);
    return value === null ? '' : this.print(value);
  }
}

/** Java's `Double.compare`. */
export function compareFloating(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return a !== 0 || Object.is(a, b) ? 0 : Object.is(a, -0) ? -1 : 1;
  return (Number.isNaN(a) ? 1 : 0) - (Number.isNaN(b) ? 1 : 0);
}

class FloatCodec extends FloatingCodec {
  constructor() {
    super('float', 4, false);
  }

  protected read(bytes: Uint8Array, at: number): number {
    return float32At(bytes, at);
  }

  protected write(value: number): Uint8Array {
    const bytes = Buffer.allocUnsafe(4);
    bytes.writeFloatBE(value);
    return bytes;
  }

  protected print(value: number): string {
    return floatToString(value);
  }

  protected parse(text: string): number | null {
    return parseFloat32(text);
  }
}

class DoubleCodec extends FloatingCodec {
  constructor() {
    super('double', 8, false);
  }

  protected read(bytes: Uint8Array, at: number): number {
    return float64At(bytes, at);
  }

  protected write(value: number): Uint8Array {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeDoubleBE(value);
    return bytes;
  }

  protected print(value: number): string {
    return doubleToString(value);
  }

  protected parse(text: string): number | null {
    return parseDouble(text);
  }
}

export const floatCodec = new FloatCodec();
export const doubleCodec = new DoubleCodec();
