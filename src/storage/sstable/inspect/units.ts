import { civilFromDays } from '../../../types/civil.ts';

/** Numbers as sstablemetadata words them (`tools/SSTableMetadataViewer`, 5.0.8); times are UTC. */

const MILLIS_PER_DAY = 86_400_000;

/** `11/14/2023 22:13:09`. */
export function dateText(millis: number): string {
  const day = Math.floor(millis / MILLIS_PER_DAY);
  const { year, month, day: dayOfMonth } = civilFromDays(day);
  const second = Math.floor((millis - day * MILLIS_PER_DAY) / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
  return `${two(month)}/${two(dayOfMonth)}/${String(Math.abs(year)).padStart(4, '0')} ${time}`;
}

/** `72 B`, `1.3 kB`; empty for 0. */
export function byteText(bytes: number): string {
  if (bytes === 0) return '';
  if (bytes < 1024) return `${bytes} B`;
  const exponent = Math.floor(Math.log(bytes) / Math.log(1024));
  return `${(bytes / 1024 ** exponent).toFixed(1)} ${'kMGTPE'[exponent - 1]}B`;
}

const UNITS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** `3650 days`, `1 hour 30 minutes`, without zeros at either end; empty for 0. */
export function ttlText(seconds: number): string {
  if (seconds === 0x7fffffff) return 'never';
  const parts: { count: number; unit: string }[] = [];
  let rest = seconds;
  for (const [size, unit] of UNITS) {
    parts.push({ count: Math.floor(rest / size), unit });
    rest %= size;
  }
  const first = parts.findIndex((part) => part.count > 0);
  const last = parts.findLastIndex((part) => part.count > 0);
  if (first < 0) return '';
  return parts
    .slice(first, last + 1)
    .map(({ count, unit }) => `${count} ${unit}${count === 1 ? '' : 's'}`)
    .join(' ');
}

/** `Days: 0 Hours: 0 Minutes: 0 Seconds: 10`. */
export function durationText(micros: bigint): string {
  const seconds = micros / 1_000_000n;
  const days = seconds / 86_400n;
  const hours = seconds / 3_600n - days * 24n;
  const minutes = seconds / 60n - (seconds / 3_600n) * 60n;
  return `Days: ${days} Hours: ${hours} Minutes: ${minutes} Seconds: ${seconds - (seconds / 60n) * 60n}`;
}

/** A double as Java prints it where it has no exponent. */
export function doubleText(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
