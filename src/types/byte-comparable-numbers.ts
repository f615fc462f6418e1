import { ByteCursor, type ByteSink } from '../bytes/index.ts';

/**
 * An int64 in 1–9 bytes (`ByteSource.VariableLengthInteger`): the inverted sign, then as many bits equal to it as there
 * are further bytes, then the two's complement bits.
 */
export function appendSignedVariable(hi: number, lo: number, sink: ByteSink): void {
  const negative = hi >> 31;
  hi ^= negative;
  lo ^= negative;
  const bits = hi !== 0 ? 64 - Math.clz32(hi) : 32 - Math.clz32(lo | 1);
  const length = Math.floor(bits / 7) + 1;
  if (length >= 9) {
    sink.u8(negative === 0 ? 0xff : 0);
    sink.i64((hi | 0x80000000) ^ negative, lo ^ negative);
    return;
  }
  const mask = (-0x100 >> length) & 0xff;
  for (let shift = (length - 1) * 8, first = true; shift >= 0; shift -= 8, first = false) {
    const b = (shift >= 32 ? hi >>> (shift - 32) : lo >>> shift) & 0xff;
    sink.u8(((first ? b | mask : b) ^ negative) & 0xff);
  }
}

/** Varints of at most this many significant bytes take the form of int64s, others a sign, a length and the bytes. */
const FULL_FORM_BYTES = 7;

/**
 * varint (`IntegerType.asComparableBytes`, 5.0.8)
 *
 *   short   as int64s in 1–9 bytes
 *   long    00 negative | FF positive, then the length less 7 as a variable-length unsigned integer (inverted when
 *           negative), then the bytes without those that only repeat the sign
 */
export function appendComparableVarint(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (start === end) return false;
  const negative = bytes[start] >> 7 === 1 ? 0xff : 0;
  let p = start;
  while (p + 1 < end && bytes[p] === negative) p++;
  const length = end - p;
  if (length < FULL_FORM_BYTES) {
    // One byte more in front keeps the sign when a sign byte was skipped.
    let hi = negative === 0 ? 0 : -1;
    let lo = hi;
    for (let q = p; q < end; q++) {
      hi = (hi << 8) | (lo >>> 24);
      lo = (lo << 8) | bytes[q];
    }
    appendSignedVariable(hi, lo, sink);
    return true;
  }
  sink.u8(negative ^ 0xff);
  appendUnsignedVariable(length - FULL_FORM_BYTES, negative, sink);
  sink.append(bytes, p, end);
  return true;
}

/** `ByteSource.VariableLengthUnsignedInteger` of a length below 2^31, each byte xored with `mask`. */
function appendUnsignedVariable(value: number, mask: number, sink: ByteSink): void {
  const extra = Math.floor((31 - Math.clz32(value | 1)) / 7);
  const lead = (-256 >> extra) & 0xff;
  for (let shift = extra * 8, first = true; shift >= 0; shift -= 8, first = false) {
    const b = shift >= 32 ? 0 : (value >>> shift) & 0xff;
    sink.u8(((first ? b | lead : b) ^ mask) & 0xff);
  }
}

const ZERO = 0x80;
const NEGATIVE_HEADER = 0x00;
const POSITIVE_HEADER = 0x80;
const EXPONENT_LENGTH_HEADER = 0x40;

/**
 * decimal (`DecimalType.asComparableBytes`, 5.0.8): sign, a base-100 exponent, then the digits of the mantissa, a number
 * below 1, in base 100.
 *
 *   zero      80
 *   others    header (sign, sign and length of the exponent), exponent bytes, (80 + digit)…, 00
 *
 * The first digit of a negative number is negative (80 - n), those after it count up from it (floor division).
 */
export function appendComparableDecimal(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (start === end) return false;
  const scale = new ByteCursor(bytes, start, end).i32();
  const unscaled = signedBigInt(bytes, start + 4, end);
  if (unscaled === 0n) {
    sink.u8(ZERO);
    return true;
  }
  const negative = unscaled < 0n;
  const digits = (negative ? -unscaled : unscaled).toString();
  // Both are even or one less: the power of 100 that brings the number below 1.
  const evenScale = floorToEven(scale - digits.length);
  const exponent = -evenScale / 2;
  appendExponent(negative ? -exponent : exponent, negative, sink);
  const odd = scale - digits.length !== evenScale;
  appendMantissa((odd ? `0${digits}` : digits).replace(/0+$/, ''), negative, sink);
  sink.u8(0);
  return true;
}

function appendExponent(exponent: number, negative: boolean, sink: ByteSink): void {
  const length = 4 - Math.floor(Math.clz32(Math.abs(exponent)) / 8);
  sink.u8(EXPONENT_LENGTH_HEADER + (exponent < 0 ? -length : length) + (negative ? NEGATIVE_HEADER : POSITIVE_HEADER));
  for (let shift = (length - 1) * 8; shift >= 0; shift -= 8) sink.u8((exponent >> shift) & 0xff);
}

function appendMantissa(digits: string, negative: boolean, sink: ByteSink): void {
  const pairs: number[] = [];
  for (let i = 0; i < digits.length; i += 2) pairs.push(Number(digits.slice(i, i + 2).padEnd(2, '0')));
  if (negative) {
    // Floor division of a negative fraction leaves 1 - fraction for the digits after the first, which borrows the 1.
    let borrow = 0;
    for (let i = pairs.length - 1; i >= 0; i--) {
      const complement = -pairs[i] - borrow;
      borrow = complement < 0 && i > 0 ? 1 : 0;
      pairs[i] = i > 0 ? complement + 100 * borrow : complement;
    }
  }
  for (const pair of pairs) sink.u8(0x80 + pair);
}

function floorToEven(value: number): number {
  return value - (Math.abs(value) % 2);
}

function signedBigInt(bytes: Uint8Array, start: number, end: number): bigint {
  if (start >= end) return 0n;
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('hex');
  return BigInt.asIntN((end - start) * 8, BigInt(`0x${hex}`));
}
