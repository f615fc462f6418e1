import { int64 } from '../../../bytes/index.ts';
import { civilFromDays } from '../../../types/civil.ts';
import { NO_DELETION_TIME } from '../../rows/index.ts';
import { DayText } from './day-text.ts';
import { type JsonBytes, Piece } from './json-bytes.ts';

const SECONDS_PER_DAY = 86_400;
const MICROS_PER_SECOND = 1_000_000;
const NANOS_PER_SECOND = 1_000_000_000n;
const MAX_INT64 = 0x7fffffffffffffffn;
const MIN_INT64 = -0x8000000000000000n;
/** A local time that is none, as Cassandra's int64 has it. */
const NO_LOCAL_TIME = '9223372036854775807';
/** More than any time takes. */
const TIME_BYTES = 64;

const QUOTE = 0x22;
const POINT = 0x2e;
const ZULU = 0x5a;

/**
 * Times as sstabledump prints them, in quotes: raw (`-t`), or as `java.time.Instant` does. Most timestamps equal the one
 * before: its text is kept.
 */
export class DumpTime {
  private readonly isRaw: boolean;
  private readonly days = new DayText('T');
  private readonly last = new Piece(TIME_BYTES);
  private lastHi = 0;
  private lastLo = 0;

  constructor(options: { raw: boolean }) {
    this.isRaw = options.raw;
  }

  micros(out: JsonBytes, hi: number, lo: number): void {
    if (lo === this.lastLo && hi === this.lastHi && this.last.length > 0) {
      out.piece(this.last);
      return;
    }
    const start = out.position;
    if (this.isRaw) {
      out.byte(QUOTE);
      out.int64(hi, lo);
      out.byte(QUOTE);
    } else this.isoMicros(out, hi, lo);
    out.keep(start, this.last);
    this.lastHi = hi;
    this.lastLo = lo;
  }

  seconds(out: JsonBytes, localSeconds: number): void {
    if (!this.isRaw && localSeconds !== NO_DELETION_TIME && this.days.put(out, localSeconds, ZULU)) {
      out.byte(QUOTE);
      return;
    }
    out.byte(QUOTE);
    if (!this.isRaw) out.text(isoSeconds(localSeconds));
    else if (localSeconds === NO_DELETION_TIME) out.text(NO_LOCAL_TIME);
    else out.integer(localSeconds);
    out.byte(QUOTE);
  }

  private isoMicros(out: JsonBytes, hi: number, lo: number): void {
    const micros = int64.toNumber(hi, lo);
    const seconds = Math.floor(micros / MICROS_PER_SECOND);
    const fraction = micros - seconds * MICROS_PER_SECOND;
    const end = fraction === 0 ? ZULU : POINT;
    if (!(micros >= 0 && Number.isSafeInteger(micros) && this.days.put(out, seconds, end))) {
      out.text(`"${isoMicros(int64.toBigInt(hi, lo))}"`);
      return;
    }
    if (fraction !== 0) {
      const millis = (fraction / 1000) | 0;
      const rest = fraction - millis * 1000;
      out.padded3(millis);
      if (rest !== 0) out.padded3(rest);
      out.byte(ZULU);
    }
    out.byte(QUOTE);
  }
}

/**
 * `JsonTransformer.dateString` with its quirks: the seconds are cut towards zero while the fraction is counted up, and
 * nanoseconds saturate.
 */
function isoMicros(micros: bigint): string {
  const nanos = saturate(micros * 1000n);
  const fraction = ((nanos % NANOS_PER_SECOND) + NANOS_PER_SECOND) % NANOS_PER_SECOND;
  return instant(micros / BigInt(MICROS_PER_SECOND), Number(fraction));
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
