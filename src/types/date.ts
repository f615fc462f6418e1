import { int32At } from '../bytes/index.ts';
import { CqlError } from '../errors/index.ts';
import type { CqlValue, JsonValue } from './codec.ts';
import { parseInteger } from './java-numbers.ts';
import { unexpectedJson } from './json.ts';
import { ScalarCodec } from './scalar-codec.ts';
import { quoteLiteral } from './text.ts';
import { LocalDate, parseIsoDays } from './values/local-date.ts';

/** 1970-01-01 on disk: the middle of u32, so that unsigned bytes are in order. */
const EPOCH = 0x8000_0000;

/** Days that int64 milliseconds reach: Cassandra goes through them, with another message beyond. */
const MAX_DAYS_OF_MILLIS = 106_751_991_167;

/** date: days since −5877641-06-23, u32. No empty values; written with a length. */
class DateCodec extends ScalarCodec {
  constructor() {
    super('date', -1, true);
  }

  validate(_bytes: Uint8Array, start: number, end: number): void {
    this.expectLength(end - start === 4, 'Expected 4 byte long for date', end - start);
  }

  decode(bytes: Uint8Array, start: number, end: number): LocalDate | null {
    if (start === end) return null;
    this.validate(bytes, start, end);
    return new LocalDate(int32At(bytes, start) ^ EPOCH);
  }

  /** Takes a LocalDate, a JS Date (its day in UTC), or text as CQL does. */
  encode(value: CqlValue): Uint8Array {
    if (value instanceof LocalDate) return dateBytes(value.daysSinceEpoch);
    if (value instanceof Date && !Number.isNaN(value.getTime()))
      return dateBytes(LocalDate.fromDate(value).daysSinceEpoch);
    if (typeof value === 'string') return this.fromString(value);
    return this.reject('a LocalDate, a Date or text', value);
  }

  /** `yyyy-mm-dd`, or the stored number, in which 1970-01-01 is 2^31. */
  fromString(text: string): Uint8Array {
    if (/^-?\d+$/.test(text)) return rawDate(text);
    const days = parseIsoDays(text);
    if (days === null || Math.abs(days) > MAX_DAYS_OF_MILLIS)
      throw CqlError.invalidRequest(`Unable to coerce '${text}' to a formatted date (long)`);
    if (days < -0x8000_0000) {
      throw CqlError.invalidRequest(`Input date ${text} is less than min supported date -5877641-06-23T00:00Z`);
    }
    if (days > 0x7fff_ffff) {
      throw CqlError.invalidRequest(`Input date ${text} is greater than max supported date +5881580-07-11T00:00Z`);
    }
    return dateBytes(days);
  }

  fromJson(value: JsonValue): Uint8Array {
    if (typeof value !== 'string') throw unexpectedJson('a string representation of a date value', value);
    return this.fromString(value);
  }

  override toJson(bytes: Uint8Array, start: number, end: number): string {
    return `"${this.text(bytes, start, end)}"`;
  }

  override toLiteral(bytes: Uint8Array, start: number, end: number): string {
    return start === end ? this.bytesLiteral(bytes, start, end) : quoteLiteral(this.text(bytes, start, end));
  }

  protected text(bytes: Uint8Array, start: number, end: number): string {
    return this.decode(bytes, start, end)?.toString() ?? '';
  }
}

function rawDate(text: string): Uint8Array {
  const value = parseInteger(text, 64);
  if (value === null || value < 0n || value > 0xffff_ffffn) {
    throw CqlError.invalidRequest(`Unable to make unsigned int (for date) from: '${text}'`);
  }
  return dateBytes(Number(value) - EPOCH);
}

function dateBytes(daysSinceEpoch: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(daysSinceEpoch ^ EPOCH);
  return bytes;
}

export const dateCodec = new DateCodec();
