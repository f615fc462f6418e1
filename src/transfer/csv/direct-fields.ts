import { type ByteSink, float64At, int32At, int64 } from '../../bytes/index.ts';
import {
  type NativeTypeName,
  plainBigintReader,
  plainDoubleReader,
  plainIntReader,
  plainTimestampReader,
  plainUuidReader,
} from '../../types/index.ts';

/**
 * Fields of the commonest types between their cells' bytes and UTF-8, without a string in between. `write` and `read`
 * answer false and null for what is not of the plain form; the codecs, which know all forms, do that then.
 */
export interface DirectField {
  write(sink: ByteSink, bytes: Uint8Array): boolean;
  /** The value in bytes that the next `read` of this field overwrites. */
  read(source: Uint8Array, start: number, end: number): Uint8Array | null;
}

/** Null where a type has no form worth it. */
export function directField(name: NativeTypeName, booleanStyle: readonly [string, string]): DirectField | null {
  switch (name) {
    case 'int':
      return { write: writeInt, read: plainIntReader() };
    case 'bigint':
      return { write: writeBigint, read: plainBigintReader() };
    case 'uuid':
    case 'timeuuid':
      return { write: writeUuid, read: name === 'uuid' ? plainUuidReader() : () => null };
    case 'double':
      return { write: writeDouble, read: plainDoubleReader() };
    case 'boolean':
      return booleanField(booleanStyle);
    case 'timestamp':
      return { write: writeTimestamp, read: plainTimestampReader() };
    default:
      return null;
  }
}

const ZERO = 0x30;
const MINUS = 0x2d;
const PLUS = 0x2b;
const COLON = 0x3a;
const SPACE = 0x20;
const DOT = 0x2e;

function writeInt(sink: ByteSink, bytes: Uint8Array): boolean {
  if (bytes.length !== 4) return false;
  writeInteger(sink, int32At(bytes, 0));
  return true;
}

function writeBigint(sink: ByteSink, bytes: Uint8Array): boolean {
  if (bytes.length !== 8) return false;
  const hi = int32At(bytes, 0);
  // Beyond 2^52 a number would round.
  if (hi >= 0x100000 || hi < -0x100000) return false;
  writeInteger(sink, hi * 0x1_0000_0000 + (int32At(bytes, 4) >>> 0));
  return true;
}

/** Any integer that a number holds exactly. */
function writeInteger(sink: ByteSink, value: number): void {
  sink.reserve(20);
  let rest = value;
  if (rest < 0) {
    sink.u8(MINUS);
    rest = -rest;
  }
  let digits = 1;
  for (let limit = 10; rest >= limit; limit *= 10) digits++;
  const { bytes } = sink;
  let at = sink.position + digits;
  sink.position = at;
  while (rest >= 0x8000_0000) {
    const tenth = Math.floor(rest / 10);
    bytes[--at] = ZERO + (rest - tenth * 10);
    rest = tenth;
  }
  let small = rest | 0;
  do {
    const tenth = (small / 10) | 0;
    bytes[--at] = ZERO + (small - tenth * 10);
    small = tenth;
  } while (small > 0);
}

const TRUE = Uint8Array.of(1);
const FALSE = Uint8Array.of(0);

/** Null for styles of other characters than letters and digits, which may need quotes. */
function booleanField(style: readonly [whenTrue: string, whenFalse: string]): DirectField | null {
  if (!style.every((text) => /^[A-Za-z0-9]+$/.test(text))) return null;
  const [whenTrue, whenFalse] = style.map((text) => Buffer.from(text));
  return {
    write(sink, bytes) {
      if (bytes.length !== 1) return false;
      sink.append(bytes[0] === 0 ? whenFalse : whenTrue);
      return true;
    },
    read(source, start, end) {
      if (isText(source, start, end, whenTrue)) return TRUE;
      return isText(source, start, end, whenFalse) ? FALSE : null;
    },
  };
}

function isText(source: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (source[start + i] !== text[i]) return false;
  return true;
}

const HEX_DIGITS = Buffer.from('0123456789abcdef');

function writeUuid(sink: ByteSink, bytes: Uint8Array): boolean {
  if (bytes.length !== 16) return false;
  sink.reserve(36);
  const target = sink.bytes;
  let at = sink.position;
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) target[at++] = MINUS;
    target[at++] = HEX_DIGITS[bytes[i] >> 4];
    target[at++] = HEX_DIGITS[bytes[i] & 15];
  }
  sink.position = at;
  return true;
}

/** Whole numbers and those of few decimals, whose shortest digits JavaScript and Java agree on. */
function writeDouble(sink: ByteSink, bytes: Uint8Array): boolean {
  if (bytes.length !== 8) return false;
  const value = float64At(bytes, 0);
  const magnitude = Math.abs(value);
  // Java writes exponents outside these bounds; −0 has a sign.
  if (!(magnitude >= 1e-3 && magnitude < 1e7)) return false;
  const text = String(value);
  sink.reserve(text.length + 2);
  const target = sink.bytes;
  let at = sink.position;
  let hasPoint = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) hasPoint = true;
    target[at++] = code;
  }
  if (!hasPoint) {
    target[at++] = DOT;
    target[at++] = ZERO;
  }
  sink.position = at;
  return true;
}

const MILLIS_PER_DAY = 86_400_000;
/** Years 1000 to 9999: cqlsh writes smaller ones without zeros in front. */
const FIRST_MILLIS = -30_610_224_000_000;
const END_MILLIS = 253_402_300_800_000;

/** `2020-09-16 10:28:06.000000+0000`, as cqlsh has it. */
function writeTimestamp(sink: ByteSink, bytes: Uint8Array): boolean {
  if (bytes.length !== 8) return false;
  const millis = int64.toNumber(int32At(bytes, 0), int32At(bytes, 4));
  if (!(millis >= FIRST_MILLIS && millis < END_MILLIS)) return false;
  const days = Math.floor(millis / MILLIS_PER_DAY);
  const ofDay = millis - days * MILLIS_PER_DAY;
  // Days to year, month, day in the proleptic Gregorian calendar, years beginning in March (H. Hinnant).
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra =
    ((dayOfEra - ((dayOfEra / 1460) | 0) + ((dayOfEra / 36_524) | 0) - ((dayOfEra / 146_096) | 0)) / 365) | 0;
  const dayOfYear = dayOfEra - (365 * yearOfEra + (yearOfEra >> 2) - ((yearOfEra / 100) | 0));
  const marchMonth = ((5 * dayOfYear + 2) / 153) | 0;
  const day = dayOfYear - (((153 * marchMonth + 2) / 5) | 0) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const seconds = (ofDay / 1000) | 0;
  const fraction = ofDay - seconds * 1000;
  sink.reserve(32);
  const target = sink.bytes;
  const at = sink.position;
  two(target, at, (year / 100) | 0);
  two(target, at + 2, year % 100);
  target[at + 4] = MINUS;
  two(target, at + 5, month);
  target[at + 7] = MINUS;
  two(target, at + 8, day);
  target[at + 10] = SPACE;
  two(target, at + 11, (seconds / 3600) | 0);
  target[at + 13] = COLON;
  two(target, at + 14, ((seconds / 60) | 0) % 60);
  target[at + 16] = COLON;
  two(target, at + 17, seconds % 60);
  target[at + 19] = DOT;
  target[at + 20] = ZERO + ((fraction / 100) | 0);
  two(target, at + 21, fraction % 100);
  target.fill(ZERO, at + 23, at + 31);
  target[at + 26] = PLUS;
  sink.position = at + 31;
  return true;
}

function two(target: Uint8Array, at: number, value: number): void {
  const tens = (value / 10) | 0;
  target[at] = ZERO + tens;
  target[at + 1] = ZERO + (value - tens * 10);
}
