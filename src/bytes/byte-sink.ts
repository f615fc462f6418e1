import { invariant } from '../errors/index.ts';

/** Grows by doubling up to this, then fails: no component is built in memory beyond it. */
const MAX_SINK_BYTES = 0x7fff_0000;

/**
 * Writes what `ByteCursor` reads into a growing buffer. `view()` shows the bytes so far without a copy; `clear()` keeps
 * the buffer for the next use.
 */
export class ByteSink {
  bytes: Uint8Array;
  position = 0;
  private view64: DataView;

  constructor(initialBytes = 256) {
    this.bytes = Buffer.allocUnsafeSlow(initialBytes);
    this.view64 = new DataView(this.bytes.buffer);
  }

  clear(): void {
    this.position = 0;
  }

  /** The bytes written so far; valid until the next write. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.position);
  }

  /** A copy of the bytes written so far. */
  copy(): Buffer {
    return Buffer.from(this.view());
  }

  reserve(length: number): void {
    const needed = this.position + length;
    if (needed <= this.bytes.length) return;
    invariant(needed <= MAX_SINK_BYTES, `sink would grow to ${needed} bytes`);
    const grown = Buffer.allocUnsafeSlow(Math.min(MAX_SINK_BYTES, Math.max(needed, this.bytes.length * 2)));
    grown.set(this.view());
    this.bytes = grown;
    this.view64 = new DataView(grown.buffer);
  }

  u8(value: number): void {
    if (this.position === this.bytes.length) this.reserve(1);
    this.bytes[this.position++] = value;
  }

  boolean(value: boolean): void {
    this.u8(value ? 1 : 0);
  }

  u16(value: number): void {
    this.reserve(2);
    this.view64.setUint16(this.position, value);
    this.position += 2;
  }

  i32(value: number): void {
    this.reserve(4);
    this.view64.setInt32(this.position, value);
    this.position += 4;
  }

  i32LittleEndian(value: number): void {
    this.reserve(4);
    this.view64.setInt32(this.position, value, true);
    this.position += 4;
  }

  i64(hi: number, lo: number): void {
    this.i32(hi);
    this.i32(lo);
  }

  i64Number(value: number): void {
    this.i64(Math.floor(value / 4294967296), (value % 4294967296) | 0);
  }

  i64LittleEndianNumber(value: number): void {
    this.i32LittleEndian((value % 4294967296) | 0);
    this.i32LittleEndian(Math.floor(value / 4294967296));
  }

  f32(value: number): void {
    this.reserve(4);
    this.view64.setFloat32(this.position, value);
    this.position += 4;
  }

  f64(value: number): void {
    this.reserve(8);
    this.view64.setFloat64(this.position, value);
    this.position += 8;
  }

  append(source: Uint8Array, start = 0, end = source.length): void {
    const length = end - start;
    this.reserve(length);
    if (length < 24) {
      let p = this.position;
      for (let i = start; i < end; i++) this.bytes[p++] = source[i];
    } else {
      this.bytes.set(start === 0 && end === source.length ? source : source.subarray(start, end), this.position);
    }
    this.position += length;
  }

  /** Java's DataOutput.writeUTF for text without NUL or surrogates. */
  shortUtf8(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    invariant(bytes.length <= 0xffff, 'text too long for a 16-bit length');
    this.u16(bytes.length);
    this.append(bytes);
  }

  /** `value` is a non-negative integer ≤ 2^53. */
  unsignedVint(value: number): void {
    if (value < 0x80) this.u8(value);
    else this.unsignedVint64(Math.floor(value / 4294967296), (value % 4294967296) | 0);
  }

  /** The 64 bits (hi, lo) as an unsigned vint. */
  unsignedVint64(hi: number, lo: number): void {
    const bits = hi !== 0 ? 64 - Math.clz32(hi) : 32 - Math.clz32(lo);
    const extra = bits <= 7 ? 0 : bits > 56 ? 8 : Math.ceil(bits / 7) - 1;
    this.reserve(9);
    const b = this.bytes;
    let p = this.position;
    if (extra === 0) {
      b[p] = lo;
      this.position = p + 1;
      return;
    }
    // The first byte has `extra` leading ones; the bits left over in it belong to the value.
    const lead = extra === 8 ? 0xff : (0xff00 >> extra) & 0xff;
    const topShift = extra * 8;
    const top = extra >= 8 ? 0 : topShift >= 32 ? hi >>> (topShift - 32) : lo >>> topShift;
    b[p++] = lead | top;
    for (let shift = topShift - 8; shift >= 0; shift -= 8) b[p++] = shift >= 32 ? hi >>> (shift - 32) : lo >>> shift;
    this.position = p;
  }

  /** Zigzag of the int64 (hi, lo). */
  signedVint64(hi: number, lo: number): void {
    const sign = hi >> 31;
    this.unsignedVint64(((hi << 1) | (lo >>> 31)) ^ sign, (lo << 1) ^ sign);
  }

  signedVint(value: number): void {
    this.signedVint64(Math.floor(value / 4294967296) | 0, (value % 4294967296) | 0);
  }

  vintBytes(source: Uint8Array, start = 0, end = source.length): void {
    this.unsignedVint(end - start);
    this.append(source, start, end);
  }
}
