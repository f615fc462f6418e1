import { int64BigIntAt } from '../bytes/index.ts';
import { CorruptionError, CqlError } from '../errors/index.ts';
import type { CqlValue, JsonValue } from './codec.ts';
import { int64Bytes, integerOf } from './integers.ts';
import { parseInteger } from './java-numbers.ts';
import { unexpectedJson } from './json.ts';
import { ScalarCodec } from './scalar-codec.ts';
import { quoteLiteral } from './text.ts';
import { LocalTime } from './values/local-time.ts';

const NANOS_PER_DAY = 86_400_000_000_000n;

/** time: nanoseconds since midnight, i64. No empty values; written with a length. */
class TimeCodec extends ScalarCodec {
  constructor() {
    super('time', -1, true);
  }

  validate(_bytes: Uint8Array, start: number, end: number): void {
    this.expectLength(end - start === 8, 'Expected 8 byte long for time', end - start);
  }

  decode(bytes: Uint8Array, start: number, end: number): LocalTime | null {
    if (start === end) return null;
    this.validate(bytes, start, end);
    const nanos = int64BigIntAt(bytes, start);
    if (!isTimeOfDay(nanos)) throw new CorruptionError(`time ${nanos} ns is not within a day`);
    return new LocalTime(nanos);
  }

  /** Takes a LocalTime, nanoseconds since midnight, or text as CQL does. */
  encode(value: CqlValue): Uint8Array {
    if (value instanceof LocalTime) return int64Bytes(value.nanosOfDay);
    if (typeof value === 'string') return this.fromString(value);
    const nanos = integerOf(value);
    if (nanos === null || !isTimeOfDay(nanos)) this.reject('a LocalTime, nanoseconds of a day, or text', value);
    return int64Bytes(nanos);
  }

  /** `hh:mm:ss[.fffffffff]`, or nanoseconds since midnight. */
  fromString(text: string): Uint8Array {
    if (/^-?\d+$/.test(text)) {
      const nanos = parseInteger(text, 64);
      if (nanos === null || !isTimeOfDay(nanos)) {
        throw CqlError.invalidRequest(`Unable to make long (for time) from: '${text}'`);
      }
      return int64Bytes(nanos);
    }
    const time = LocalTime.parse(text);
    if (time === null)
      throw CqlError.invalidRequest(`(TimeType) Unable to coerce '${text}' to a formatted time (long)`);
    return int64Bytes(time.nanosOfDay);
  }

  fromJson(value: JsonValue): Uint8Array {
    if (typeof value !== 'string') throw unexpectedJson('a string representation of a time value', value);
    return this.fromString(value);
  }

  override toJson(bytes: Uint8Array, start: number, end: number): string {
    return `"${this.text(bytes, start, end)}"`;
  }

  override toLiteral(bytes: Uint8Array, start: number, end: number): string {
    if (end - start !== 8 || !isTimeOfDay(int64BigIntAt(bytes, start))) return this.bytesLiteral(bytes, start, end);
    return quoteLiteral(this.text(bytes, start, end));
  }

  protected text(bytes: Uint8Array, start: number, end: number): string {
    return this.decode(bytes, start, end)?.toString() ?? '';
  }
}

function isTimeOfDay(nanos: bigint): boolean {
  return nanos >= 0n && nanos < NANOS_PER_DAY;
}

export const timeCodec = new TimeCodec();
