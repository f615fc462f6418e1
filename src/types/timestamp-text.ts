import { CqlError } from '../errors/index.ts';
import { daysFromCivil, daysInMonth } from './civil.ts';
import { zoneOffsetMillis } from './time-zone.ts';

const MILLIS_PER_DAY = 86_400_000n;
const MAX_YEAR = 999_999_999;

/**
 * Milliseconds since the epoch of a text as Cassandra's literals have it (`TimestampSerializer.dateStringToTimestamp`,
 * 5.0.8):
 *
 *   milliseconds     -?\d+
 *   date and time    y-M-d('T' or ' ')H:m[:s[.fraction]] and an optional zone
 *   date             yyyy-MM-dd and an optional zone
 *   zone             Z, ±HH, ±HHmm (each may have a blank in front), ±HH:mm, or a blank and a name or an offset
 *
 * and `now` (the statement's, where `nowMillis` says it). Without a zone UTC is meant (Cassandra: the server's zone, which is UTC wherever it was left alone). Throws CqlError
 * InvalidRequest with Cassandra's message.
 */
export function parseTimestamp(text: string, nowMillis?: number): bigint {
  if (/^-?\d+$/.test(text)) {
    const millis = BigInt(text);
    if (BigInt.asIntN(64, millis) !== millis) {
      throw CqlError.invalidRequest(`Unable to make long (for date) from: '${text}'`);
    }
    return millis;
  }
  if (nowMillis !== undefined && text.toLowerCase() === 'now') return BigInt(nowMillis);
  const millis = parseDateTime(text) ?? parseDate(text);
  if (millis === null) throw CqlError.invalidRequest(`Unable to parse a date/time from '${text}'`);
  return millis;
}

const DATE_TIME = /^(\d{1,19})-(\d{1,19})-(\d{1,19})[T ](\d{1,19}):(\d{1,19})(?::(\d{1,19})(?:\.(\d{0,9}))?)?(.*)$/s;
const DATE = /^([+-]?)(\d{4,19})-(\d\d)-(\d\d)(.*)$/s;

function parseDateTime(text: string): bigint | null {
  const match = DATE_TIME.exec(text);
  if (match === null) return null;
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6] ?? 0)];
  const fraction = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  // 24:00 is the end of the day, as ISO 8601 has it.
  const midnight = hour === 24 && minute === 0 && second === 0 && fraction === 0;
  if ((hour > 23 && !midnight) || minute > 59 || second > 59) return null;
  const year = Number(match[1]);
  // Years of the pattern are years of the era, which begins with 1.
  const days = year < 1 ? null : lenientDays(year, Number(match[2]), Number(match[3]));
  if (days === null) return null;
  const local = BigInt(days) * MILLIS_PER_DAY + BigInt(((hour * 60 + minute) * 60 + second) * 1000 + fraction);
  return toInstant(local, match[8]);
}

/** Two patterns of Cassandra's: `yyyy-MM-dd` with any zone, and ISO_DATE, which knows years below 1. */
function parseDate(text: string): bigint | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const [, sign, digits, month, day, zone] = match;
  if (sign === '+' ? digits.length === 4 : sign === '' && digits.length > 4) return null;
  const isoZone = digits.length <= 10 && ISO_ZONE.exec(zone);
  const year = Number(digits) * (sign === '-' ? -1 : 1);
  if (isoZone) {
    const days = lenientDays(year, Number(month), Number(day));
    return days === null
      ? null
      : toInstant(BigInt(days) * MILLIS_PER_DAY, isoZone[1] === undefined ? '' : ` ${isoZone[1]}`);
  }
  const days = year < 1 ? null : lenientDays(year, Number(month), Number(day));
  return days === null ? null : toInstant(BigInt(days) * MILLIS_PER_DAY, zone);
}

const ISO_ZONE = /^(?:[Zz]|([+-]\d\d:\d\d(?::\d\d)?))?$/;

/** Java's SMART resolving: a day up to 31 that the month lacks becomes the month's last. */
function lenientDays(year: number, month: number, day: number): number | null {
  if (Math.abs(year) > MAX_YEAR || month < 1 || month > 12 || day < 1 || day > 31) return null;
  return daysFromCivil(year, month, Math.min(day, daysInMonth(year, month)));
}

function toInstant(local: bigint, zone: string): bigint | null {
  const offset = zoneOffsetMillis(zone, local);
  if (offset === null) return null;
  const instant = local - BigInt(offset);
  return BigInt.asIntN(64, instant) === instant ? instant : null;
}
