import { EMPTY_BYTES, int32At, int64, int64BigIntAt } from '../bytes/index.ts';
import { civilFromDays, padded } from './civil.ts';
import type { CqlValue, JsonValue } from './codec.ts';
import { compareInt64, int64Bytes, integerOf } from './integers.ts';
import { isJsonNumber, javaNumberClass, javaText, unexpectedJson } from './json.ts';
import { plainTimestampReader, readPlain } from './plain-text.ts';
import { ScalarCodec } from './scalar-codec.ts';
import { quoteLiteral } from './text.ts';
import { parseTimestamp } from './timestamp-text.ts';

const MILLIS_PER_DAY = 86_400_000;
const readTimestamp = plainTimestampReader();
/** Milliseconds that a JS Date can hold. */
const MAX_DATE_MILLIS = 8_640_000_000_000_000n;

/**
 * timestamp: milliseconds since 1970-01-01 UTC, i64. A JS Date reaches ±275,000 years; values beyond decode to their
 * milliseconds as a bigint.
 */
class TimestampCodec extends ScalarCodec {
  constructor() {
    super('timestamp', 8, false);
  }

  override compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
    return compareInt64(a, aStart, aEnd, b, bStart, bEnd);
  }

  validate(_bytes: Uint8Array, start: number, end: number): void {
    this.expectLength(end - start === 8 || start === end, 'Expected 8 or 0 byte long for date', end - start);
  }

  decode(bytes: Uint8Array, start: number, end: number): Date | bigint | null {
    if (start === end) return null;
    if (end - start !== 8) this.validate(bytes, start, end);
    const millis = int64BigIntAt(bytes, start);
    return millis >= -MAX_DATE_MILLIS && millis <= MAX_DATE_MILLIS ? new Date(Number(millis)) : millis;
  }

  /** Takes a valid Date, integer milliseconds since the epoch, or text as CQL does. */
  encode(value: CqlValue): Uint8Array {
    if (typeof value === 'string') return this.fromString(value);
    const millis = value instanceof Date ? value.getTime() : value;
    const integer = integerOf(millis);
    if (integer === null || BigInt.asIntN(64, integer) !== integer) {
      this.reject('a valid Date, integer milliseconds or text', value);
    }
    return int64Bytes(integer);
  }

  fromString(text: string, nowMillis?: number): Uint8Array {
    if (text === '') return EMPTY_BYTES;
    return readPlain(readTimestamp, text) ?? int64Bytes(parseTimestamp(text, nowMillis));
  }

  /** A number is taken only when it is beyond int32, which is when Jackson reads it as a Long. */
  fromJson(value: JsonValue): Uint8Array {
    if (typeof value === 'string') return this.fromString(value);
    if (!isJsonNumber(value) || javaNumberClass(value) !== 'Long') {
      throw unexpectedJson('a long or a datestring representation of a timestamp value', value);
    }
    return this.fromString(javaText(value));
  }

  override toJson(bytes: Uint8Array, start: number, end: number): string {
    return start === end ? '""' : `"${this.format(bytes, start, end, ' ')}"`;
  }

  override toLiteral(bytes: Uint8Array, start: number, end: number): string {
    if (start === end) return this.bytesLiteral(bytes, start, end);
    const text = this.text(bytes, start, end);
    const millis = int64BigIntAt(bytes, start);
    // Outside the years 1 to 9999 the text does not read back; the number does.
    return millis >= FIRST_PLAIN_YEAR && millis < END_OF_PLAIN_YEARS ? quoteLiteral(text) : millis.toString();
  }

  protected text(bytes: Uint8Array, start: number, end: number): string {
    return start === end ? '' : this.format(bytes, start, end, 'T');
  }

  private format(bytes: Uint8Array, start: number, end: number, separator: ' ' | 'T'): string {
    if (end - start !== 8) this.validate(bytes, start, end);
    return formatUtc(int32At(bytes, start), int32At(bytes, start + 4), separator);
  }
}

const FIRST_PLAIN_YEAR = BigInt(Date.UTC(2000, 0, 1)) - BigInt(1999 * 365 + 499 - 15 + 1) * BigInt(MILLIS_PER_DAY);
const END_OF_PLAIN_YEARS = BigInt(Date.UTC(10_000, 0, 1));

/**
 * The int64 milliseconds (hi, lo) by Java's pattern `yyyy-MM-dd HH:mm:ss.SSSX` in UTC: years beyond 9999 have a `+`, and
 * years before 1 print as years of their era, without a sign.
 */
function formatUtc(hi: number, lo: number, separator: ' ' | 'T'): string {
  const near = hi >= -0x200000 && hi < 0x200000;
  const wide = near ? 0n : int64.toBigInt(hi, lo);
  const millis = int64.toNumber(hi, lo);
  const days = near ? Math.floor(millis / MILLIS_PER_DAY) : floorDiv(wide, MILLIS_PER_DAY);
  const ofDay = near ? millis - days * MILLIS_PER_DAY : Number(wide - BigInt(days) * BigInt(MILLIS_PER_DAY));
  const { year, month, day } = civilFromDays(days);
  const yearOfEra = year > 0 ? year : 1 - year;
  const yearText = `${yearOfEra > 9999 ? '+' : ''}${padded(yearOfEra, 4)}`;
  const seconds = Math.floor(ofDay / 1000);
  const hour = padded(Math.floor(seconds / 3600), 2);
  const minute = padded(Math.floor(seconds / 60) % 60, 2);
  const time = `${hour}:${minute}:${padded(seconds % 60, 2)}.${padded(ofDay % 1000, 3)}`;
  return `${yearText}-${padded(month, 2)}-${padded(day, 2)}${separator}${time}Z`;
}

function floorDiv(value: bigint, divisor: number): number {
  const by = BigInt(divisor);
  const quotient = value / by;
  return Number(value < 0n && quotient * by !== value ? quotient - 1n : quotient);
}

export const timestampCodec = new TimestampCodec();
