import { int64 } from '../../../bytes/index.ts';

const FLUSH_BYTES = 256 * 1024;
/** Up to this a loop is faster than a view and a copy. */
const SHORT_BYTES = 72;
const ZERO = 0x30;
const MINUS = 0x2d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DASH = 0x2d;

/**
 * JSON text as bytes, in one buffer that is handed on when it is full: no string a value, and few, large writes. What is
 * written by the methods is not checked to be JSON.
 */
export class JsonBytes {
  bytes: Buffer = Buffer.allocUnsafeSlow(FLUSH_BYTES * 2);
  position = 0;
  private readonly sink: (bytes: Uint8Array) => void;
  private readonly sinkKeeps: boolean;

  /** A sink that does not keep the bytes gets the same memory again. */
  constructor(sink: (bytes: Uint8Array) => void, sinkKeeps = true) {
    this.sink = sink;
    this.sinkKeeps = sinkKeeps;
  }

  get isFull(): boolean {
    return this.position >= FLUSH_BYTES;
  }

  /** Hands the bytes so far on; the sink may keep them. */
  flush(): void {
    if (this.position === 0) return;
    this.sink(this.bytes.subarray(0, this.position));
    if (this.sinkKeeps) this.bytes = Buffer.allocUnsafeSlow(FLUSH_BYTES * 2);
    this.position = 0;
  }

  reserve(length: number): void {
    if (this.position + length <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.position + length));
    this.bytes.copy(grown, 0, 0, this.position);
    this.bytes = grown;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.position++] = value;
  }

  /** A constant piece of text. */
  raw(source: Uint8Array): void {
    const { length } = source;
    this.reserve(length);
    const { bytes } = this;
    let p = this.position;
    for (let i = 0; i < length; i++) bytes[p++] = source[i];
    this.position = p;
  }

  range(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.reserve(length);
    const { bytes } = this;
    let p = this.position;
    if (length > SHORT_BYTES) bytes.set(source.subarray(start, end), p);
    else for (let i = start; i < end; i++) bytes[p++] = source[i];
    this.position += length;
  }

  text(text: string): void {
    this.reserve(text.length * 3);
    if (text.length > SHORT_BYTES) {
      this.position += this.bytes.write(text, this.position, 'utf8');
      return;
    }
    const { bytes } = this;
    let p = this.position;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) {
        this.position += bytes.write(text, this.position, 'utf8');
        return;
      }
      bytes[p++] = code;
    }
    this.position = p;
  }

  /** The digits of an integer; |value| ≤ 2^53. */
  integer(value: number): void {
    this.reserve(20);
    const { bytes } = this;
    let p = this.position;
    let rest = value;
    if (rest < 0) {
      bytes[p++] = MINUS;
      rest = -rest;
    }
    if (rest >= 1e8) {
      const high = Math.floor(rest / 1e8);
      if (high >= 1e8) {
        p = putDigits(bytes, p, Math.floor(high / 1e8));
        p = putPadded(bytes, p, high % 1e8);
      } else p = putDigits(bytes, p, high);
      p = putPadded(bytes, p, rest - high * 1e8);
    } else p = putDigits(bytes, p, rest);
    this.position = p;
  }

  int64(hi: number, lo: number): void {
    if (hi >= -0x200000 && hi < 0x200000) this.integer(int64.toNumber(hi, lo));
    else this.text(int64.toString(hi, lo));
  }

  /** Two digits and a byte behind them. */
  padded2(value: number, then: number): void {
    this.reserve(3);
    const { bytes } = this;
    const p = this.position;
    const tens = (value * 205) >> 11;
    bytes[p] = ZERO + tens;
    bytes[p + 1] = ZERO + value - tens * 10;
    bytes[p + 2] = then;
    this.position = p + 3;
  }

  /** UTF-8 text in quotes; false, and nothing written, when a byte of it needs more than to be copied. */
  plainString(source: Uint8Array, start: number, end: number): boolean {
    this.reserve(end - start + 2);
    const { bytes } = this;
    let p = this.position;
    bytes[p++] = QUOTE;
    for (let i = start; i < end; i++) {
      const byte = source[i];
      if (byte < 0x20 || byte >= 0x80 || byte === QUOTE || byte === BACKSLASH) return false;
      bytes[p++] = byte;
    }
    bytes[p++] = QUOTE;
    this.position = p;
    return true;
  }

  /** The 36 characters of a UUID. */
  uuid(source: Uint8Array, start: number): void {
    this.reserve(36);
    const { bytes } = this;
    let p = this.position;
    for (let i = 0; i < 16; i++) {
      if (i === 4 || i === 6 || i === 8 || i === 10) bytes[p++] = DASH;
      const byte = source[start + i];
      bytes[p++] = HEX[byte >> 4];
      bytes[p++] = HEX[byte & 15];
    }
    this.position = p;
  }
}

const HEX = Buffer.from('0123456789abcdef', 'latin1');

/** Below 1e8. */
function putDigits(bytes: Uint8Array, at: number, value: number): number {
  const count = value < 1e4 ? (value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : 4) : countDigits(value);
  let rest = value | 0;
  for (let p = at + count - 1; p >= at; p--) {
    const tenth = (rest / 10) | 0;
    bytes[p] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
  return at + count;
}

function countDigits(value: number): number {
  return value < 1e6 ? (value < 1e5 ? 5 : 6) : value < 1e7 ? 7 : 8;
}

/** Eight digits. */
function putPadded(bytes: Uint8Array, at: number, value: number): number {
  let rest = value | 0;
  for (let p = at + 7; p >= at; p--) {
    const tenth = (rest / 10) | 0;
    bytes[p] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
  return at + 8;
}
