/** cqlsh's default: `2012-05-14 12:53:20.000000+0000`. */
export const DEFAULT_TIME_FORMAT = '%Y-%m-%d %H:%M:%S.%f%z';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/**
 * A time in a zone of the IANA database by Python's `strftime`, as cqlshrc's `time_format` has it. Directives: a A b B d
 * f H I j m M p S T F y Y z Z %; others stay as they are. As in glibc, `%Y` does not pad.
 */
export function formatTime(instant: Date, format: string, timeZone: string): string {
  if (format === DEFAULT_TIME_FORMAT && timeZone === 'UTC') {
    const text = instant.toISOString();
    // Years of four digits, which need no zeros in front.
    if (text[0] >= '1' && text[0] <= '9') return `${text.slice(0, 10)} ${text.slice(11, 23)}000+0000`;
  }
  const offset = timeZone === 'UTC' ? '+00:00' : zoneName(instant, timeZone, 'longOffset').slice(3) || '+00:00';
  const local = new Date(instant.getTime() + offsetMinutes(offset) * 60_000);
  return format.replace(/%(.)/gs, (whole, directive: string) => {
    if (directive === 'z') return offset.replaceAll(':', '');
    if (directive === 'Z') return timeZone === 'UTC' ? 'UTC' : zoneName(instant, timeZone, 'short');
    if (directive === 'T') return formatTime(instant, '%H:%M:%S', timeZone);
    if (directive === 'F') return formatTime(instant, '%Y-%m-%d', timeZone);
    return localPart(local, directive) ?? whole;
  });
}

function localPart(local: Date, directive: string): string | null {
  switch (directive) {
    case 'Y':
      return String(local.getUTCFullYear());
    case 'y':
      return two(local.getUTCFullYear() % 100);
    case 'm':
      return two(local.getUTCMonth() + 1);
    case 'd':
      return two(local.getUTCDate());
    case 'H':
      return two(local.getUTCHours());
    case 'I':
      return two(local.getUTCHours() % 12 || 12);
    case 'M':
      return two(local.getUTCMinutes());
    case 'S':
      return two(local.getUTCSeconds());
    case 'f':
      return String(local.getUTCMilliseconds()).padStart(3, '0') + '000';
    case 'p':
      return local.getUTCHours() < 12 ? 'AM' : 'PM';
    case 'a':
      return DAYS[local.getUTCDay()].slice(0, 3);
    case 'A':
      return DAYS[local.getUTCDay()];
    case 'b':
      return MONTHS[local.getUTCMonth()].slice(0, 3);
    case 'B':
      return MONTHS[local.getUTCMonth()];
    case 'j':
      return dayOfYear(local);
    case '%':
      return '%';
    default:
      return null;
  }
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function dayOfYear(local: Date): string {
  const newYear = new Date(local);
  newYear.setUTCMonth(0, 1);
  return String(Math.round((local.getTime() - newYear.getTime()) / 86_400_000) + 1).padStart(3, '0');
}

function zoneName(instant: Date, timeZone: string, style: 'longOffset' | 'short'): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: style }).formatToParts(instant);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}

function offsetMinutes(offset: string): number {
  const [hours, minutes] = offset.slice(1).split(':').map(Number);
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + (minutes ?? 0));
}
