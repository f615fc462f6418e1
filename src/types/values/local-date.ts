import { civilFromDays, daysFromCivil, daysInMonth, padded } from '../civil.ts';

/**
 * A day without a time zone, as CQL's `date`: any int32 count of days since 1970-01-01, from -5877641-06-23 to
 * +5881580-07-11. Immutable; prints as CQL does (ISO 8601, a sign in front of years beyond 9999).
 */
export class LocalDate {
  /** Days since 1970-01-01. */
  readonly daysSinceEpoch: number;

  constructor(daysSinceEpoch: number) {
    if ((daysSinceEpoch | 0) !== daysSinceEpoch)
      throw new RangeError(`${daysSinceEpoch} is not an int32 count of days`);
    this.daysSinceEpoch = daysSinceEpoch;
    Object.freeze(this);
  }

  /** `month` counts from 1. Rejects days that do not exist. */
  static of(year: number, month: number, day: number): LocalDate {
    const exists = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
    if (!exists) throw new RangeError(`no such day: ${year}-${month}-${day}`);
    return new LocalDate(daysFromCivil(year, month, day));
  }

  /** `yyyy-mm-dd` (ISO_LOCAL_DATE: years of 5 to 10 digits have a sign); null when it is not a day that exists. */
  static parse(text: string): LocalDate | null {
    const days = parseIsoDays(text);
    return days === null || (days | 0) !== days ? null : new LocalDate(days);
  }

  /** The day of a JS Date in UTC. */
  static fromDate(date: Date): LocalDate {
    return new LocalDate(Math.floor(date.getTime() / 86_400_000));
  }

  get year(): number {
    return civilFromDays(this.daysSinceEpoch).year;
  }

  /** 1 to 12. */
  get month(): number {
    return civilFromDays(this.daysSinceEpoch).month;
  }

  get day(): number {
    return civilFromDays(this.daysSinceEpoch).day;
  }

  /** Midnight UTC; an invalid Date beyond the ±100 million days that Date can hold. */
  toDate(): Date {
    return new Date(this.daysSinceEpoch * 86_400_000);
  }

  equals(other: LocalDate): boolean {
    return this.daysSinceEpoch === other.daysSinceEpoch;
  }

  toString(): string {
    const { year, month, day } = civilFromDays(this.daysSinceEpoch);
    const sign = year < 0 ? '-' : year > 9999 ? '+' : '';
    return `${sign}${padded(Math.abs(year), 4)}-${padded(month, 2)}-${padded(day, 2)}`;
  }

  toJSON(): string {
    return this.toString();
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const ISO_DATE = /^([+-]?)(\d{4,10})-(\d\d)-(\d\d)$/;
const MAX_YEAR = 999_999_999;

/** Days since the epoch of an ISO_LOCAL_DATE text, beyond int32 too; null when there is no such day. */
export function parseIsoDays(text: string): number | null {
  const match = ISO_DATE.exec(text);
  if (match === null) return null;
  const [, sign, digits, monthDigits, dayDigits] = match;
  if (sign === '+' ? digits.length === 4 : sign === '' && digits.length > 4) return null;
  const year = Number(digits) * (sign === '-' ? -1 : 1);
  const month = Number(monthDigits);
  const day = Number(dayDigits);
  if (Object.is(year, -0) || Math.abs(year) > MAX_YEAR || month < 1 || month > 12) return null;
  return day < 1 || day > daysInMonth(year, month) ? null : daysFromCivil(year, month, day);
}
