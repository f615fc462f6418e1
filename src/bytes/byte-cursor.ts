import { CorruptionError } from '../errors/index.ts';
import { toNumber } from './int64.ts';

const scratch = new ArrayBuffer(8);
const scratchBytes = new Uint8Array(scratch);
const scratchView = new DataView(scratch);

/**
 * Reads big-endian values and Cassandra's vints (`utils/vint/VIntCoding`, 5.0.8) from a range of bytes. All reads are
 * bounded by `end`: running past it is a CorruptionError with the offset, never a wrong value. 64-bit reads leave their
 * halves in `hi` and `lo`, so that nothing is allocated.
 *
 *   unsigned vint   leading one bits of the first byte = number of extra bytes n (0–8); the value's high bits follow the
 *                   first zero bit, then n bytes, big-endian
 *   signed vint     an unsigned vint of the zigzag encoding
 */
export class ByteCursor {
  bytes: Uint8Array;
  position: number;
  end: number;
  /** Halves of the last 64-bit read. */
  hi = 0;
  lo = 0;
  /** For messages: the file, and the offset there of `bytes[0]`. */
  file: string | undefined;
  origin = 0;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length, file?: string, origin = 0) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
    this.file = file;
    this.origin = origin;
  }

  reset(bytes: Uint8Array, start: number, end: number, origin: number): void {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
    this.origin = origin;
  }

  get remaining(): number {
    return this.end - this.position;
  }

  /** Throws unless `length` more bytes are there. */
  need(length: number): void {
    if (length < 0 || length > this.end - this.position) this.truncated(length);
  }

  skip(length: number): void {
    this.need(length);
    this.position += length;
  }

  u8(): number {
    if (this.position >= this.end) this.truncated(1);
    return this.bytes[this.position++];
  }

  i8(): number {
    return (this.u8() << 24) >> 24;
  }

  boolean(): boolean {
    return this.u8() !== 0;
  }

  u16(): number {
    this.need(2);
    const b = this.bytes;
    const p = this.position;
    this.position = p + 2;
    return (b[p] << 8) | b[p + 1];
  }

  i16(): number {
    return (this.u16() << 16) >> 16;
  }

  i32(): number {
    this.need(4);
    const b = this.bytes;
    const p = this.position;
    this.position = p + 4;
    return (b[p] << 24) | (b[p + 1] << 16) | (b[p + 2] << 8) | b[p + 3];
  }

  u32(): number {
    return this.i32() >>> 0;
  }

  i32LittleEndian(): number {
    this.need(4);
    const b = this.bytes;
    const p = this.position;
    this.position = p + 4;
    return b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24);
  }

  /** Leaves the value in `hi` and `lo`. */
  i64(): void {
    this.hi = this.i32();
    this.lo = this.i32();
  }

  /** An int64 as a double; a CorruptionError when it is beyond 2^53 (sizes and offsets never are). */
  i64Number(): number {
    this.i64();
    return this.checkedNumber();
  }

  i64LittleEndianNumber(): number {
    this.lo = this.i32LittleEndian();
    this.hi = this.i32LittleEndian();
    return this.checkedNumber();
  }

  i64BigInt(): bigint {
    this.i64();
    return (BigInt(this.hi) << 32n) | BigInt(this.lo >>> 0);
  }

  f32(): number {
    this.copyToScratch(4);
    return scratchView.getFloat32(0);
  }

  f64(): number {
    this.copyToScratch(8);
    return scratchView.getFloat64(0);
  }

  /** The next `length` bytes, not copied. */
  slice(length: number): Uint8Array {
    this.need(length);
    const start = this.position;
    this.position = start + length;
    return this.bytes.subarray(start, this.position);
  }

  /** Java's DataOutput.writeUTF for text without NUL or surrogates: a u16 length, then UTF-8. */
  shortUtf8(): string {
    return this.utf8(this.u16());
  }

  utf8(length: number): string {
    this.need(length);
    const start = this.position;
    this.position = start + length;
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, length).toString('utf8');
  }

  /** An unsigned vint as a double; a CorruptionError when it is beyond 2^53. */
  unsignedVint(): number {
    const p = this.position;
    if (p < this.end) {
      const first = this.bytes[p];
      if (first < 0x80) {
        this.position = p + 1;
        return first;
      }
      if (first < 0xc0 && p + 1 < this.end) {
        this.position = p + 2;
        return ((first & 0x3f) << 8) | this.bytes[p + 1];
      }
    }
    this.unsignedVint64();
    if (this.hi < 0 || this.hi >= 0x200000) this.fail(`unsigned vint out of range`);
    return this.hi * 4294967296 + (this.lo >>> 0);
  }

  /** Leaves the value's 64 bits in `hi` and `lo`. */
  unsignedVint64(): void {
    const first = this.u8();
    if (first < 0x80) {
      this.hi = 0;
      this.lo = first;
      return;
    }
    const extra = Math.clz32(~(first << 24));
    if (extra > this.end - this.position) this.truncated(extra);
    const b = this.bytes;
    let p = this.position;
    let hi = 0;
    let lo = extra >= 7 ? 0 : first & (0xff >> (extra + 1));
    for (let i = 0; i < extra; i++) {
      hi = (hi << 8) | (lo >>> 24);
      lo = (lo << 8) | b[p++];
    }
    this.position = p;
    this.hi = hi;
    this.lo = lo;
  }

  /** A zigzag vint; leaves the value in `hi` and `lo`. */
  signedVint64(): void {
    this.unsignedVint64();
    const sign = -(this.lo & 1);
    const lo = (this.lo >>> 1) | (this.hi << 31);
    this.hi = (this.hi >>> 1) ^ sign;
    this.lo = lo ^ sign;
  }

  signedVint(): number {
    this.signedVint64();
    return this.checkedNumber();
  }

  skipVint(): void {
    const first = this.u8();
    if (first >= 0x80) this.skip(Math.clz32(~(first << 24)));
  }

  /** Bytes behind an unsigned-vint length. */
  vintBytes(): Uint8Array {
    return this.slice(this.unsignedVint());
  }

  fail(detail: string): never {
    throw new CorruptionError(detail, { file: this.file, offset: this.origin + this.position });
  }

  private checkedNumber(): number {
    const value = toNumber(this.hi, this.lo);
    if (!Number.isSafeInteger(value)) this.fail(`64-bit value out of range`);
    return value;
  }

  private copyToScratch(length: number): void {
    this.need(length);
    for (let i = 0; i < length; i++) scratchBytes[i] = this.bytes[this.position + i];
    this.position += length;
  }

  private truncated(length: number): never {
    this.fail(`${length} more bytes expected, ${this.end - this.position} left`);
  }
}
