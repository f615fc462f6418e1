import { EMPTY_BYTES, int16At, int32At, int64, int64BigIntAt, toHex } from '../bytes/index.ts';
import { CqlError } from '../errors/index.ts';
import type { CqlValue, JsonValue } from './codec.ts';
import { parseInteger } from './java-numbers.ts';
import { isJsonNumber, javaNumberClass, javaText, unexpectedJson } from './json.ts';
import { plainBigintReader, plainIntReader, readPlain } from './plain-text.ts';
import { ScalarCodec } from './scalar-codec.ts';

/**
 * tinyint, smallint, int, bigint and counter: big-endian two's complement. On disk int and bigint go without a length
 * (`valueLengthIfFixed`); tinyint, smallint and counter do not, and tinyint and smallint have no empty values.
 */
abstract class SmallIntegerCodec extends ScalarCodec {
  protected readonly bits: 8 | 16 | 32;
  /** Java's name of the type, as messages of `fromString` have it. */
  private readonly javaName: string;

  constructor(name: 'tinyint' | 'smallint' | 'int', bits: 8 | 16 | 32, javaName: string, fixedLength: number) {
    super(name, fixedLength, false);
    this.bits = bits;
    this.javaName = javaName;
  }

  protected abstract read(bytes: Uint8Array, at: number): number;

  override compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
    if (aStart === aEnd) return bStart === bEnd ? 0 : -1;
    if (bStart === bEnd) return 1;
    return this.read(a, aStart) - this.read(b, bStart);
  }

  decode(bytes: Uint8Array, start: number, end: number): number | null {
    if (start === end) return null;
    if (end - start !== this.bits >> 3) this.validate(bytes, start, end);
    return this.read(bytes, start);
  }

  encode(value: CqlValue): Uint8Array {
    const limit = 2 ** (this.bits - 1);
    if (typeof value !== 'number' || !Number.isInteger(value) || value < -limit || value >= limit) {
      this.reject(`an integer of ${this.bits} bits`, value);
    }
    return integerBytes(value, this.bits >> 3);
  }

  fromString(text: string): Uint8Array {
    if (text === '') return EMPTY_BYTES;
    const value = parseInteger(text, this.bits);
    if (value === null) throw CqlError.invalidRequest(`Unable to make ${this.javaName} from '${text}'`);
    return integerBytes(Number(value), this.bits >> 3);
  }

  protected text(bytes: Uint8Array, start: number, end: number): string {
    return start === end ? '' : String(this.decode(bytes, start, end));
  }
}

class TinyintCodec extends SmallIntegerCodec {
  constructor() {
    super('tinyint', 8, 'byte', -1);
  }

  protected read(bytes: Uint8Array, at: number): number {
    return (bytes[at] << 24) >> 24;
  }

  validate(_bytes: Uint8Array, start: number, end: number): void {
    this.expectLength(end - start === 1, 'Expected 1 byte for a tinyint', end - start);
  }

  fromJson(value: JsonValue): Uint8Array {
    if (typeof value !== 'string' && !isJsonNumber(value)) throw unexpectedJson('a byte value', value);
    return this.fromString(javaText(value));
  }
}

class SmallintCodec extends SmallIntegerCodec {
  constructor() {
    super('smallint', 16, 'short', -1);
  }

  protected read(bytes: Uint8Array, at: number): number {
    return int16At(bytes, at);
  }

  validate(_bytes: Uint8Array, start: number, end: number): void {
    this.expectLength(end - start === 2, 'Expected 2 bytes for a smallint', end - start);
  }

  fromJson(value: JsonValue): Uint8Array {
    if (typeof value !== 'string' && !isJsonNumber(value)) throw unexpectedJson('a short value', value);
    return this.fromString(javaText(value));
  }
}

const readInt = plainIntReader();

class IntCodec extends SmallIntegerCodec {
  constructor() {
    super('int', 32, 'int', 4);
  }

  override fromString(text: string): Uint8Array {
    return readPlain(readInt, text) ?? super.fromString(text);
  }

  protected read(bytes: Uint8Array, at: number): number {
    return int32At(bytes, at);
  }

  validate(_bytes: Uint8Array, start: number, end: number): void {
    this.expectLength(end - start === 4 || start === end, 'Expected 4 or 0 byte int', end - start);
  }

  fromJson(value: JsonValue): Uint8Array {
    if (typeof value === 'string') return this.fromString(value);
    if (!isJsonNumber(value) || javaNumberClass(value) !== 'Integer') throw unexpectedJson('an int value', value);
    return this.fromString(javaText(value));
  }
}

const readBigint = plainBigintReader();

/** Takes and gives JS bigints; `encode` also takes safe integers and decimal digits. */
class BigintCodec extends ScalarCodec {
  constructor(name: 'bigint' | 'counter' = 'bigint', fixedLength = 8) {
    super(name, fixedLength, false);
  }

  override compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
    return compareInt64(a, aStart, aEnd, b, bStart, bEnd);
  }

  validate(_bytes: Uint8Array, start: number, end: number): void {
    this.expectLength(end - start === 8 || start === end, 'Expected 8 or 0 byte long', end - start);
  }

  decode(bytes: Uint8Array, start: number, end: number): bigint | null {
    if (start === end) return null;
    if (end - start !== 8) this.validate(bytes, start, end);
    return int64BigIntAt(bytes, start);
  }

  encode(value: CqlValue): Uint8Array {
    const integer = typeof value === 'string' ? parseInteger(value, 64) : integerOf(value);
    if (integer === null || BigInt.asIntN(64, integer) !== integer) {
      this.reject('a bigint, or a safe integer, of 64 bits', value);
    }
    return int64Bytes(integer);
  }

  fromString(text: string): Uint8Array {
    if (text === '') return EMPTY_BYTES;
    const plain = readPlain(readBigint, text);
    if (plain !== null) return plain;
    const value = parseInteger(text, 64);
    if (value === null) throw CqlError.invalidRequest(`Unable to make long from '${text}'`);
    return int64Bytes(value);
  }

  fromJson(value: JsonValue): Uint8Array {
    if (typeof value === 'string') return this.fromString(value);
    if (!isJsonNumber(value)) throw unexpectedJson('a bigint value', value);
    const javaClass = javaNumberClass(value);
    if (javaClass !== 'Integer' && javaClass !== 'Long') throw unexpectedJson('a bigint value', value);
    return this.fromString(javaText(value));
  }

  protected text(bytes: Uint8Array, start: number, end: number): string {
    if (start === end) return '';
    if (end - start !== 8) this.validate(bytes, start, end);
    return int64.toString(int32At(bytes, start), int32At(bytes, start + 4));
  }
}

/**
 * A counter's total, eight bytes, as queries return it. (A counter cell on disk holds a context of shards, which
 * storage knows; not this codec.)
 */
class CounterCodec extends BigintCodec {
  constructor() {
    super('counter', -1);
  }

  override toDisplayString(bytes: Uint8Array, start: number, end: number): string {
    return toHex(bytes, start, end);
  }
}

/** Order of two int64 ranges that may be empty (`LongType.compareLongs`). */
export function compareInt64(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  if (aStart === aEnd) return bStart === bEnd ? 0 : -1;
  if (bStart === bEnd) return 1;
  const aHi = int32At(a, aStart);
  const bHi = int32At(b, bStart);
  if (aHi !== bHi) return aHi < bHi ? -1 : 1;
  return (int32At(a, aStart + 4) >>> 0) - (int32At(b, bStart + 4) >>> 0);
}

export function int64Bytes(value: bigint): Uint8Array {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

/** A bigint of a bigint or a safe integer; null for all else. */
export function integerOf(value: CqlValue): bigint | null {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : null;
}

function integerBytes(value: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(length);
  bytes.writeIntBE(value, 0, length);
  return bytes;
}

export const tinyintCodec = new TinyintCodec();
export const smallintCodec = new SmallintCodec();
export const intCodec = new IntCodec();
export const bigintCodec = new BigintCodec();
export const counterCodec = new CounterCodec();
