import { type CivilDate, civilFromDays, daysFromCivil, daysInMonth } from '../../types/civil.ts';

/**
 * The calendar by which Cassandra adds months (`java.util.GregorianCalendar`): Julian before 1582-10-15, Gregorian from then
 * on. Days count from 1970-01-01; years are astronomical.
 */
const FIRST_GREGORIAN_DAY = -141_427;
const LAST_JULIAN_YEAR = 1582;
/** Of 1970-01-01 since March 1st of the year -4800. */
const JULIAN_EPOCH_DAYS = 2_440_588 + 32_082;
const JULIAN_EPOCH_YEAR = -4800;
const FOUR_YEARS_DAYS = 1461;

export function javaDateFromDays(days: number): CivilDate {
  if (days >= FIRST_GREGORIAN_DAY) return civilFromDays(days);
  const shifted = days + JULIAN_EPOCH_DAYS;
  const years = Math.floor((4 * shifted + 3) / FOUR_YEARS_DAYS);
  const dayOfYear = shifted - Math.floor((FOUR_YEARS_DAYS * years) / 4);
  // Months from March, so that the leap day is the last of its year.
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const isNextYear = marchMonth >= 10;
  return {
    year: JULIAN_EPOCH_YEAR + years + (isNextYear ? 1 : 0),
    month: isNextYear ? marchMonth - 9 : marchMonth + 3,
    day,
  };
}

export function daysFromJavaDate(year: number, month: number, day: number): number {
  const gregorian = daysFromCivil(year, month, day);
  if (gregorian >= FIRST_GREGORIAN_DAY) return gregorian;
  const years = (month <= 2 ? year - 1 : year) - JULIAN_EPOCH_YEAR;
  const marchMonth = month <= 2 ? month + 9 : month - 3;
  const dayOfYear = Math.floor((153 * marchMonth + 2) / 5) + day - 1;
  return Math.floor((FOUR_YEARS_DAYS * years) / 4) + dayOfYear - JULIAN_EPOCH_DAYS;
}

export function daysInJavaMonth(year: number, month: number): number {
  if (year > LAST_JULIAN_YEAR || month !== 2) return daysInMonth(year, month);
  return year % 4 === 0 ? 29 : 28;
}
