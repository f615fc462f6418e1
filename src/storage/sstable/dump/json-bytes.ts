import { int64 } from '../../../bytes/index.ts';
import { DIGITS, putDigits, putPadded } from './decimal-digits.ts';

const FLUSH_BYTES = 256 * 1024;
/** With room for the partition, or the row, that goes beyond. */
const BUFFER_BYTES = FLUSH_BYTES * 2;
/** Up to this a loop is faster than a view and a copy. */
const SHORT_BYTES = 72;
const WORD_BYTES = 8;
const ZERO = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DASH = 0x2d;

/**
 * A constant piece of text, as words of eight bytes: an eighth of the stores. No eight bytes of UTF-8 are a NaN, whose
 * bits need not survive.
 */
export class Piece {
  readonly words: Float64Array<ArrayBuffer>;
  length = 0;

  /** Room for `bytes` of text. */
  constructor(bytes: number) {
    this.words = new Float64Array(Math.ceil(bytes / WORD_BYTES));
  }

  static of(text: string): Piece {
    const piece = new Piece(Buffer.byteLength(text));
    piece.set(text);
    return piece;
  }

  set(text: string): void {
    const bytes = Buffer.from(text);
    this.words.fill(0);
    new Uint8Array(this.words.buffer).set(bytes);
    this.length = bytes.length;
  }
}

/**
 * JSON text as bytes, in one buffer that is handed on when it is full: no string a value, and few, large writes. What is
 * written by the methods is not checked to be JSON.
 */
export class JsonBytes {
  bytes: Buffer;
  position = 0;
  private view: DataView;
  private readonly sink: (bytes: Buffer) => boolean;

  /** The sink says whether it has done with the bytes: then the same memory is filled again. */
  constructor(sink: (bytes: Buffer) => boolean) {
    this.sink = sink;
    this.bytes = newBuffer();
    this.view = viewOf(this.bytes);
  }

  get isFull(): boolean {
    return this.position >= FLUSH_BYTES;
  }

  /** Hands the bytes so far on. */
  flush(): void {
    if (this.position === 0) return;
    const isFree = this.sink(this.bytes.subarray(0, this.position));
    this.position = 0;
    if (isFree && this.bytes.length === BUFFER_BYTES) return;
    this.bytes = newBuffer();
    this.view = viewOf(this.bytes);
  }

  reserve(length: number): void {
    if (this.position + length <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.position + length));
    this.bytes.copy(grown, 0, 0, this.position);
    this.bytes = grown;
    this.view = viewOf(grown);
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.position++] = value;
  }

  /** Whole words are stored: what follows is written over the last one's end. */
  piece({ words, length }: Piece): void {
    this.reserve(length + WORD_BYTES);
    const { view, position } = this;
    const end = position + length;
    for (let i = 0, p = position; p < end; i++, p += WORD_BYTES) view.setFloat64(p, words[i], true);
    this.position = end;
  }

  /** Takes what was written from `start` on into a piece that has room for it. */
  keep(start: number, piece: Piece): void {
    this.reserve(WORD_BYTES);
    const { view, position } = this;
    // Whatever stands there is no text.
    view.setFloat64(position, 0);
    piece.length = position - start;
    for (let i = 0, p = start; p < position; i++, p += WORD_BYTES) piece.words[i] = view.getFloat64(p, true);
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
    this.reserve(24);
    let rest = value;
    if (rest < 0) {
      this.bytes[this.position++] = MINUS;
      rest = -rest;
    }
    this.position = putDigits(this.view, this.position, rest);
  }

  int64(hi: number, lo: number): void {
    if (hi >= -0x200000 && hi < 0x200000) this.integer(int64.toNumber(hi, lo));
    else this.text(int64.toString(hi, lo));
  }

  /**
   * The shortest digits of a double, as Java and JavaScript print it where no exponent is needed; false, and nothing
   * written, when it needs one, is an integer, or has more than eight digits behind the point.
   */
  decimal(value: number): boolean {
    const magnitude = Math.abs(value);
    if (!(magnitude >= 1e-3 && magnitude < 1e7)) return false;
    // A decimal of up to 15 digits that is nearest to this double is the only one: no shorter one can be nearer.
    const scaled = Math.floor(magnitude * 1e8 + 0.5);
    if (scaled / 1e8 !== magnitude) return false;
    const whole = Math.floor(scaled / 1e8);
    let fraction = (scaled - whole * 1e8) | 0;
    if (fraction === 0) return false;
    this.reserve(32);
    if (value < 0) this.bytes[this.position++] = MINUS;
    const pointAt = putDigits(this.view, this.position, whole);
    this.bytes[pointAt] = POINT;
    putPadded(this.view, pointAt + 1, fraction);
    let digits = 8;
    if (fraction % 10_000 === 0) {
      digits = 4;
      fraction /= 10_000;
    }
    while (fraction % 10 === 0) {
      digits--;
      fraction /= 10;
    }
    this.position = pointAt + 1 + digits;
    return true;
  }

  /** Two digits and a byte behind them. */
  padded2(value: number, then: number): void {
    this.reserve(4);
    this.view.setUint32(this.position, (DIGITS[value] >>> 16) | (then << 16), true);
    this.position += 3;
  }

  /** Three digits. */
  padded3(value: number): void {
    this.reserve(4);
    this.view.setUint32(this.position, DIGITS[value] >>> 8, true);
    this.position += 3;
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

  /** A UUID in quotes. */
  uuid(source: Uint8Array, start: number): void {
    this.reserve(40);
    const { view } = this;
    let p = this.position;
    view.setUint8(p++, QUOTE);
    for (let i = start; i < start + 16; i += 2) {
      view.setUint32(p, HEX[source[i]] | (HEX[source[i + 1]] << 16), true);
      p += 4;
      if (i - start >= 2 && i - start <= 8) view.setUint8(p++, DASH);
    }
    view.setUint8(p++, QUOTE);
    this.position = p;
  }
}

function newBuffer(): Buffer {
  return Buffer.allocUnsafeSlow(BUFFER_BYTES);
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Two hexadecimal digits of each byte, the first one in the low half. */
const HEX = Uint16Array.from({ length: 256 }, (_, byte) => hexDigit(byte >> 4) | (hexDigit(byte & 15) << 8));

function hexDigit(value: number): number {
  return value < 10 ? ZERO + value : 0x57 + value;
}
