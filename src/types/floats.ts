import { EMPTY_BYTES, float32At, float64At, int32At } from '../bytes/index.ts';
import { CqlError } from '../errors/index.ts';
import type { CqlValue, JsonValue } from './codec.ts';
import { doubleToString, floatToString, parseDouble, parseFloat32 } from './java-numbers.ts';
import { isJsonNumber, unexpectedJson } from './json.ts';
import { plainDoubleReader, readPlain } from './plain-text.ts';
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

/** The high bits as a signed int in the order of the numbers: those of negative numbers are turned round. */
function ordered(bits: number): number {
  return bits < 0 ? bits ^ 0x7fffffff : bits;
}

const FLOAT_NAN = 0x7fc00000;
const FLOAT_INFINITY = 0x7f800000;
const DOUBLE_NAN_HI = 0x7ff80000;
const DOUBLE_INFINITY_HI = 0x7ff00000;

function canonicalFloat(bits: number): number {
  return (bits & 0x7fffffff) > FLOAT_INFINITY ? FLOAT_NAN : bits;
}

function isDoubleNan(hi: number, lo: number): boolean {
  const magnitude = hi & 0x7fffffff;
  return magnitude > DOUBLE_INFINITY_HI || (magnitude === DOUBLE_INFINITY_HI && lo !== 0);
}

class FloatCodec extends FloatingCodec {
  constructor() {
    super('float', 4, false);
  }

  override compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
    if (aStart === aEnd) return bStart === bEnd ? 0 : -1;
    if (bStart === bEnd) return 1;
    return ordered(canonicalFloat(int32At(a, aStart))) - ordered(canonicalFloat(int32At(b, bStart)));
  }

  /** A finite number beyond a float is refused; digits that a float cannot keep are rounded. */
  override encode(value: CqlValue): Uint8Array {
    if (typeof value === 'number' && Number.isFinite(value) && !Number.isFinite(Math.fround(value))) {
      this.reject('a number within the range of a float', value);
    }
    return super.encode(value);
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

const readDouble = plainDoubleReader();

class DoubleCodec extends FloatingCodec {
  constructor() {
    super('double', 8, false);
  }

  override compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
    if (aStart === aEnd) return bStart === bEnd ? 0 : -1;
    if (bStart === bEnd) return 1;
    let aHi = int32At(a, aStart);
    let aLo = int32At(a, aStart + 4);
    let bHi = int32At(b, bStart);
    let bLo = int32At(b, bStart + 4);
    if (isDoubleNan(aHi, aLo)) {
      aHi = DOUBLE_NAN_HI;
      aLo = 0;
    }
    if (isDoubleNan(bHi, bLo)) {
      bHi = DOUBLE_NAN_HI;
      bLo = 0;
    }
    if (aHi !== bHi) return ordered(aHi) - ordered(bHi);
    return aHi < 0 ? (bLo >>> 0) - (aLo >>> 0) : (aLo >>> 0) - (bLo >>> 0);
  }

  override fromString(text: string): Uint8Array {
    return readPlain(readDouble, text) ?? super.fromString(text);
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
