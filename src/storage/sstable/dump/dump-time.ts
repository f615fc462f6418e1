import { int64 } from '../../../bytes/index.ts';
import { civilFromDays } from '../../../types/civil.ts';
import { NO_DELETION_TIME } from '../../rows/index.ts';
import type { JsonBytes } from './json-bytes.ts';

const SECONDS_PER_DAY = 86_400;
const MICROS_PER_SECOND = 1_000_000n;
const NANOS_PER_SECOND = 1_000_000_000n;
const MAX_INT64 = 0x7fffffffffffffffn;
const MIN_INT64 = -0x8000000000000000n;
/** A local time that is none, as Cassandra's int64 has it. */
const NO_LOCAL_TIME = '9223372036854775807';

/** Times as sstabledump prints them, in quotes: raw (`-t`), or as `java.time.Instant` does. */
export interface DumpTime {
  micros(out: JsonBytes, hi: number, lo: number): void;
  seconds(out: JsonBytes, localSeconds: number): void;
}

const QUOTE = 0x22;

export const rawTime: DumpTime = {
  micros: (out, hi, lo) => {
    out.byte(QUOTE);
    out.int64(hi, lo);
    out.byte(QUOTE);
  },
  seconds: (out, localSeconds) => {
    out.byte(QUOTE);
    if (localSeconds === NO_DELETION_TIME) out.text(NO_LOCAL_TIME);
    else out.integer(localSeconds);
    out.byte(QUOTE);
  },
};

export const isoTime: DumpTime = {
  micros: (out, hi, lo) => out.text(`"${isoMicros(int64.toBigInt(hi, lo))}"`),
  seconds: (out, localSeconds) => out.text(`"${isoSeconds(localSeconds)}"`),
};

/**
 * `JsonTransformer.dateString` with its quirks: the seconds are cut towards zero while the fraction is counted up, and
 * nanoseconds saturate.
 */
function isoMicros(micros: bigint): string {
  const nanos = saturate(micros * 1000n);
  const fraction = ((nanos % NANOS_PER_SECOND) + NANOS_PER_SECOND) % NANOS_PER_SECOND;
  return instant(micros / MICROS_PER_SECOND, Number(fraction));
}

function isoSeconds(localSeconds: number): string {
  return localSeconds === NO_DELETION_TIME
    ? '+292277026596-12-04T15:30:07.854775807Z'
    : instant(BigInt(localSeconds), 0);
}

function saturate(nanos: bigint): bigint {
  return nanos > MAX_INT64 ? MAX_INT64 : nanos < MIN_INT64 ? MIN_INT64 : nanos;
}

/** `Instant.toString`: as many groups of three digits as the fraction needs. */
function instant(seconds: bigint, nanos: number): string {
  const total = Number(seconds);
  const day = Math.floor(total / SECONDS_PER_DAY);
  const inDay = total - day * SECONDS_PER_DAY;
  const { year, month, day: dayOfMonth } = civilFromDays(day);
  const time = `${two(Math.floor(inDay / 3600))}:${two(Math.floor(inDay / 60) % 60)}:${two(inDay % 60)}`;
  return `${yearText(year)}-${two(month)}-${two(dayOfMonth)}T${time}${fractionText(nanos)}Z`;
}

function yearText(year: number): string {
  const digits = String(Math.abs(year)).padStart(4, '0');
  return year < 0 ? `-${digits}` : year > 9999 ? `+${digits}` : digits;
}

function fractionText(nanos: number): string {
  if (nanos === 0) return '';
  const digits = String(nanos).padStart(9, '0');
  return `.${nanos % 1e6 === 0 ? digits.slice(0, 3) : nanos % 1e3 === 0 ? digits.slice(0, 6) : digits}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
