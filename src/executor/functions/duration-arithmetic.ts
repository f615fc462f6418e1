import { int32At, int64BigIntAt } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import { codecOf, type Duration } from '../../types/index.ts';
import { daysFromJavaDate, daysInJavaMonth, javaDateFromDays } from './java-calendar.ts';
import { int64Bytes } from './numbers.ts';

const MILLIS_PER_DAY = 86_400_000n;
const NANOS_PER_MILLI = 1_000_000n;

/** `timestamp ± duration` and `date ± duration` (`TemporalType.addDuration`, 5.0.8). */
export function addDuration(
  type: 'timestamp' | 'date',
  temporal: Uint8Array,
  durationBytes: Uint8Array,
  subtracts: boolean,
): Uint8Array {
  const duration = readDuration(durationBytes);
  if (type === 'date') {
    if (duration.nanoseconds !== 0n) {
      throw CqlError.invalidRequest(`The duration must have a day precision. Was: ${duration}`);
    }
    return millisToDate(plus(dateToMillis(temporal), duration, subtracts));
  }
  if (duration.nanoseconds % NANOS_PER_MILLI !== 0n) {
    throw CqlError.invalidRequest(`The duration must have a millisecond precision. Was: ${duration}`);
  }
  return int64Bytes(plus(int64BigIntAt(temporal, 0), duration, subtracts));
}

export function readDuration(bytes: Uint8Array): Duration {
  // The codec of durations decodes to this class.
  return codecOf({ kind: 'native', name: 'duration' }).decode(bytes, 0, bytes.length) as Duration;
}

function plus(millis: bigint, duration: Duration, subtracts: boolean): bigint {
  const sign = subtracts ? -1 : 1;
  const months = sign * duration.months;
  const rest = durationMillis(duration) * BigInt(sign);
  return BigInt.asIntN(64, (months === 0 ? millis : addMonths(millis, months)) + rest);
}

/** Days and nanoseconds of a duration in milliseconds. */
export function durationMillis({ days, nanoseconds }: Duration): bigint {
  return BigInt(days) * MILLIS_PER_DAY + nanoseconds / NANOS_PER_MILLI;
}

/** `Calendar.add(MONTH, n)` in UTC: the day is cut to the month's last. */
export function addMonths(millis: bigint, months: number): bigint {
  const time = timeOfDay(millis);
  const { year, month, day } = javaDateFromDays(Number((millis - time) / MILLIS_PER_DAY));
  const monthIndex = year * 12 + (month - 1) + months;
  const newYear = Math.floor(monthIndex / 12);
  const newMonth = monthIndex - newYear * 12 + 1;
  const newDay = Math.min(day, daysInJavaMonth(newYear, newMonth));
  return BigInt(daysFromJavaDate(newYear, newMonth, newDay)) * MILLIS_PER_DAY + time;
}

/** Months since the year 0. */
export function monthNumber(millis: bigint): number {
  const { year, month } = javaDateFromDays(Number((millis - timeOfDay(millis)) / MILLIS_PER_DAY));
  return year * 12 + month - 1;
}

function timeOfDay(millis: bigint): bigint {
  return ((millis % MILLIS_PER_DAY) + MILLIS_PER_DAY) % MILLIS_PER_DAY;
}

/** A date is days since 1970 with the sign bit flipped. */
export function dateToMillis(bytes: Uint8Array): bigint {
  return BigInt(int32At(bytes, 0) ^ -0x8000_0000) * MILLIS_PER_DAY;
}

/** `SimpleDateSerializer.timeInMillisToDay`: whole seconds rounded down, then days towards zero. */
export function millisToDate(millis: bigint): Uint8Array {
  const seconds = millis >= 0n ? millis / 1000n : -((-millis + 999n) / 1000n);
  const days = Number(BigInt.asIntN(32, seconds / 86_400n));
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, days ^ -0x8000_0000);
  return bytes;
}
