/**
 * Reads the plain form of a value from its ASCII text into the cell's bytes; null for anything else, which the codec's full
 * grammar reads then. The bytes are the reader's own: its next call overwrites them.
 */
export type PlainReader = (source: Uint8Array, start: number, end: number) => Uint8Array | null;

/** The longest plain form is a timestamp's of 32 characters; a UUID has 36. */
const MAX_CHARACTERS = 40;
const scratch = new Uint8Array(MAX_CHARACTERS);

/** As the reader, of a string; the bytes are the caller's. */
export function readPlain(reader: PlainReader, text: string): Uint8Array | null {
  const { length } = text;
  if (length > MAX_CHARACTERS) return null;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return null;
    scratch[i] = code;
  }
  const read = reader(scratch, 0, length);
  return read === null ? null : new Uint8Array(read);
}

const ZERO = 0x30;
const MINUS = 0x2d;
const PLUS = 0x2b;
const COLON = 0x3a;
const SPACE = 0x20;
const DOT = 0x2e;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const MILLIS_PER_DAY = 86_400_000;

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

export function plainIntReader(): PlainReader {
  const bytes = new Uint8Array(4);
  const view = new DataView(bytes.buffer);
  return (source, start, end) => {
    const value = integerAt(source, start, end);
    if ((value | 0) !== value) return null;
    view.setInt32(0, value);
    return bytes;
  };
}

export function plainBigintReader(): PlainReader {
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

export function plainUuidReader(): PlainReader {
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
export function plainDoubleReader(): PlainReader {
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
export function plainTimestampReader(): PlainReader {
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
      if (source[start + 19] !== DOT || zone < start + 23 || zone > start + 29) return null;
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
