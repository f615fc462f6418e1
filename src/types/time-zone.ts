import { zoneOfAbbreviation } from './zone-abbreviations.ts';

/**
 * Zones behind a timestamp: `''` (UTC), `Z`, offsets, and after a blank also region names (`Europe/Paris`), `UTC`, `GMT`
 * and `UT` with an optional offset, and the English abbreviations that Java knows (its long names, such as `Pacific
 * Standard Time`, are not read).
 */

/** Offset from UTC in milliseconds at the local time `local` (milliseconds); null when there is no such zone. */
export function zoneOffsetMillis(zone: string, local: bigint): number | null {
  if (zone === '' || zone === 'Z' || zone === ' Z') return 0;
  const compact = /^ ?([+-])(\d\d)(\d\d)?$/.exec(zone);
  if (compact !== null) return offsetMillis(compact[1], compact[2], compact[3] ?? '0', '0');
  const withColons = /^ ?([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(zone);
  if (withColons !== null) {
    if (withColons[4] !== undefined && !zone.startsWith(' ')) return null;
    return offsetMillis(withColons[1], withColons[2], withColons[3], withColons[4] ?? '0');
  }
  return zone.startsWith(' ') ? namedOffset(zone.slice(1), local) : null;
}

function offsetMillis(sign: string, hours: string, minutes: string, seconds: string): number | null {
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (Number(minutes) > 59 || Number(seconds) > 59 || total > 18 * 3600) return null;
  return (sign === '-' ? -total : total) * 1000 + 0;
}

function namedOffset(name: string, local: bigint): number | null {
  const prefixed = /^(?:UTC|GMT|UT)([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name);
  if (prefixed !== null) return offsetMillis(prefixed[1], prefixed[2], prefixed[3], prefixed[4] ?? '0');
  if (name === 'UTC' || name === 'GMT' || name === 'UT') return 0;
  const region = zoneOfAbbreviation(name) ?? (REGION.test(name) ? name : null);
  return region === null ? null : regionOffset(region, local);
}

/** Java does not read `Etc/GMT+5` here, as it stops at the sign. */
const REGION = /^[A-Z][A-Za-z0-9_-]{2,}(?:\/[A-Za-z0-9_-]+){0,2}$/;

/** The offset whose instant shows as `local` there; in a gap the offset before it, in an overlap the earlier instant. */
function regionOffset(region: string, local: bigint): number | null {
  const format = regionFormat(region);
  if (format === null || local < -MAX_LOCAL_MILLIS || local > MAX_LOCAL_MILLIS) return null;
  const millis = Number(local);
  const before = offsetAt(format, millis - 86_400_000);
  const after = offsetAt(format, millis + 86_400_000);
  const isBefore = offsetAt(format, millis - before) === before;
  const isAfter = offsetAt(format, millis - after) === after;
  return isBefore || !isAfter ? before : after;
}

/** A day short of what a JS Date can hold. */
const MAX_LOCAL_MILLIS = 8_639_900_000_000_000n;

const formats = new Map<string, Intl.DateTimeFormat | null>();

function regionFormat(region: string): Intl.DateTimeFormat | null {
  const known = formats.get(region);
  if (known !== undefined) return known;
  const format = makeFormat(region);
  formats.set(region, format);
  return format;
}

function makeFormat(region: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: region, timeZoneName: 'longOffset' });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function offsetAt(format: Intl.DateTimeFormat, instant: number): number {
  const name = format.formatToParts(instant).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const match = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name);
  return match === null ? 0 : (offsetMillis(match[1], match[2], match[3], match[4] ?? '0') ?? 0);
}
