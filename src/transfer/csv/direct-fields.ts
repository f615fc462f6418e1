import { type ByteSink, float64At, int32At, int64 } from '../../bytes/index.ts';
import type { NativeTypeName } from '../../types/index.ts';

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
      return { write: writeInt, read: intReader() };
    case 'bigint':
      return { write: writeBigint, read: bigintReader() };
    case 'uuid':
    case 'timeuuid':
      return { write: writeUuid, read: name === 'uuid' ? uuidReader() : () => null };
    case 'double':
      return { write: writeDouble, read: doubleReader() };
    case 'boolean':
      return booleanField(booleanStyle);
    case 'timestamp':
      return { write: writeTimestamp, read: timestampReader() };
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
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;

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

/** The digits of a range as a number; NaN when there are others, none, or more than a number holds exactly. */
function digitsAt(source: Uint8Array, start: number, end: number): number {
  if (end <= start || end - start > 15) return Number.NaN;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = source[i] - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function integerAt(source: Uint8Array, start: number, end: number): number {
  return source[start] === MINUS ? -digitsAt(source, start + 1, end) : digitsAt(source, start, end);
}

function intReader(): DirectField['read'] {
  const bytes = new Uint8Array(4);
  const view = new DataView(bytes.buffer);
  return (source, start, end) => {
    const value = integerAt(source, start, end);
    if ((value | 0) !== value) return null;
    view.setInt32(0, value);
    return bytes;
  };
}

function bigintReader(): DirectField['read'] {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  return (source, start, end) => {
    const value = integerAt(source, start, end);
    if (Number.isNaN(value)) return null;
    setInt64(view, value);
    return bytes;
  };
}

function setInt64(view: DataView, value: number): void {
  const hi = Math.floor(value / 0x1_0000_0000);
  view.setInt32(0, hi);
  view.setUint32(4, value - hi * 0x1_0000_0000);
}

const HEX_VALUES = new Int8Array(256).fill(-1);
for (let i = 0; i < 16; i++) {
  HEX_VALUES[i.toString(16).charCodeAt(0)] = i;
  HEX_VALUES[i.toString(16).toUpperCase().charCodeAt(0)] = i;
}

function uuidReader(): DirectField['read'] {
  const bytes = new Uint8Array(16);
  return (source, start, end) => {
    if (end - start !== 36) return null;
    let at = start;
    for (let i = 0; i < 16; i++) {
      if ((i === 4 || i === 6 || i === 8 || i === 10) && source[at++] !== MINUS) return null;
      const value = (HEX_VALUES[source[at]] << 4) | HEX_VALUES[source[at + 1]];
      if (value < 0) return null;
      bytes[i] = value;
      at += 2;
    }
    return bytes;
  };
}

/** Powers of ten that a double holds exactly: a quotient of two exact numbers is rounded once, and so right. */
const EXACT_POWERS = Array.from({ length: 16 }, (_, i) => 10 ** i);

/** `-?digits[.digits]` of up to 15 digits. */
function doubleReader(): DirectField['read'] {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  return (source, start, end) => {
    const isNegative = source[start] === MINUS;
    const from = isNegative ? start + 1 : start;
    if (end - from > 16) return null;
    let value = 0;
    let digits = 0;
    let decimals = -1;
    for (let i = from; i < end; i++) {
      const byte = source[i];
      if (byte === DOT && decimals < 0) {
        decimals = 0;
        continue;
      }
      const digit = byte - ZERO;
      if (digit < 0 || digit > 9) return null;
      value = value * 10 + digit;
      digits++;
      if (decimals >= 0) decimals++;
    }
    if (digits === 0 || digits > 15) return null;
    const magnitude = decimals > 0 ? value / EXACT_POWERS[decimals] : value;
    view.setFloat64(0, isNegative ? -magnitude : magnitude);
    return bytes;
  };
}

/** `yyyy-MM-dd HH:mm:ss[.fraction](Z|+0000)`, with a blank or a T. */
function timestampReader(): DirectField['read'] {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  return (source, start, end) => {
    const year = digitsAt(source, start, start + 4);
    const month = digitsAt(source, start + 5, start + 7);
    const day = digitsAt(source, start + 8, start + 10);
    const hour = digitsAt(source, start + 11, start + 13);
    const minute = digitsAt(source, start + 14, start + 16);
    const second = digitsAt(source, start + 17, start + 19);
    const zone = zoneStart(source, start, end);
    if (zone < start + 19 || source[start + 4] !== MINUS || source[start + 7] !== MINUS) return null;
    if (source[start + 13] !== COLON || source[start + 16] !== COLON) return null;
    if (source[start + 10] !== SPACE && source[start + 10] !== LETTER_T) return null;
    // 29 February is the codec's business, as is the year 0.
    if (!(year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= DAYS[month - 1])) return null;
    if (!(hour < 24 && minute < 60 && second < 60)) return null;
    let millis = 0;
    if (zone > start + 19) {
      if (source[start + 19] !== DOT || zone < start + 23) return null;
      millis = digitsAt(source, start + 20, start + 23);
      if (Number.isNaN(digitsAt(source, start + 20, zone))) return null;
    }
    const shiftedYear = month <= 2 ? year - 1 : year;
    const era = Math.floor(shiftedYear / 400);
    const yearOfEra = shiftedYear - era * 400;
    const dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) | 0) + day - 1;
    const dayOfEra = yearOfEra * 365 + (yearOfEra >> 2) - ((yearOfEra / 100) | 0) + dayOfYear;
    const days = era * 146_097 + dayOfEra - 719_468;
    setInt64(view, days * MILLIS_PER_DAY + ((hour * 60 + minute) * 60 + second) * 1000 + millis);
    return bytes;
  };
}

/** Of a common year. */
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Where a final `Z` or `+0000` begins; −1 when there is neither. */
function zoneStart(source: Uint8Array, start: number, end: number): number {
  if (end - start < 20) return -1;
  if (source[end - 1] === LETTER_Z) return end - 1;
  if (source[end - 5] !== PLUS) return -1;
  for (let i = end - 4; i < end; i++) if (source[i] !== ZERO) return -1;
  return end - 5;
}
