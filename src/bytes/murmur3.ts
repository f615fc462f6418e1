import { MAX_HI, MAX_LO, MIN_HI, MIN_LO } from './int64.ts';

/** A partition's place on the ring (`Murmur3Partitioner.LongToken`): an int64 as two int32 halves. */
export interface Token {
  readonly hi: number;
  readonly lo: number;
}

/** The token of an empty key, and the lower end of the ring: no other key has it. */
export const MINIMUM_TOKEN: Token = { hi: MIN_HI, lo: MIN_LO };

const C1_HI = 0x87c37b91 | 0;
const C1_LO = 0x114253d5 | 0;
const C2_HI = 0x4cf5ad43 | 0;
const C2_LO = 0x2745937f | 0;
const FMIX1_HI = 0xff51afd7 | 0;
const FMIX1_LO = 0xed558ccd | 0;
const FMIX2_HI = 0xc4ceb9fe | 0;
const FMIX2_LO = 0x1a85ec53 | 0;
const ADD1 = 0x52dce729;
const ADD2 = 0x38495ab5;

/**
 * MurmurHash3 x64_128 with seed 0 as Cassandra computes it (`utils/MurmurHash.hash3_x64_128`, 5.0.8): the bytes of the
 * last, partial block are sign-extended before they are shifted, so that the result differs from the standard's for
 * bytes ≥ 0x80 there. Leaves h1 and h2 in `out` as [h1 high, h1 low, h2 high, h2 low]. Partition tokens use h1, bloom
 * filters use both. Nothing is allocated.
 */
export function murmur3(bytes: Uint8Array, start: number, end: number, out: Int32Array): void {
  const length = end - start;
  const blocksEnd = start + (length & ~15);
  let h1Hi = 0;
  let h1Lo = 0;
  let h2Hi = 0;
  let h2Lo = 0;
  let hi = 0;
  let lo = 0;
  let swap = 0;

  for (let p = start; p < blocksEnd; p += 16) {
    lo = bytes[p] | (bytes[p + 1] << 8) | (bytes[p + 2] << 16) | (bytes[p + 3] << 24);
    hi = bytes[p + 4] | (bytes[p + 5] << 8) | (bytes[p + 6] << 16) | (bytes[p + 7] << 24);
    hi = productHigh(hi, lo, C1_HI, C1_LO);
    lo = Math.imul(lo, C1_LO);
    swap = (hi << 31) | (lo >>> 1);
    lo = (lo << 31) | (hi >>> 1);
    hi = swap;
    h1Hi ^= productHigh(hi, lo, C2_HI, C2_LO);
    h1Lo ^= Math.imul(lo, C2_LO);

    swap = (h1Hi << 27) | (h1Lo >>> 5);
    h1Lo = (h1Lo << 27) | (h1Hi >>> 5);
    h1Hi = swap;
    h1Lo = (h1Lo + h2Lo) | 0;
    h1Hi = (h1Hi + h2Hi + carry(h1Lo, h2Lo)) | 0;
    h1Hi = productHigh(h1Hi, h1Lo, 0, 5);
    h1Lo = (Math.imul(h1Lo, 5) + ADD1) | 0;
    h1Hi = (h1Hi + carry(h1Lo, ADD1)) | 0;

    lo = bytes[p + 8] | (bytes[p + 9] << 8) | (bytes[p + 10] << 16) | (bytes[p + 11] << 24);
    hi = bytes[p + 12] | (bytes[p + 13] << 8) | (bytes[p + 14] << 16) | (bytes[p + 15] << 24);
    hi = productHigh(hi, lo, C2_HI, C2_LO);
    lo = Math.imul(lo, C2_LO);
    swap = (lo << 1) | (hi >>> 31);
    lo = (hi << 1) | (lo >>> 31);
    hi = swap;
    h2Hi ^= productHigh(hi, lo, C1_HI, C1_LO);
    h2Lo ^= Math.imul(lo, C1_LO);

    swap = (h2Hi << 31) | (h2Lo >>> 1);
    h2Lo = (h2Lo << 31) | (h2Hi >>> 1);
    h2Hi = swap;
    h2Lo = (h2Lo + h1Lo) | 0;
    h2Hi = (h2Hi + h1Hi + carry(h2Lo, h1Lo)) | 0;
    h2Hi = productHigh(h2Hi, h2Lo, 0, 5);
    h2Lo = (Math.imul(h2Lo, 5) + ADD2) | 0;
    h2Hi = (h2Hi + carry(h2Lo, ADD2)) | 0;
  }

  const tail = length & 15;
  if (tail > 8) {
    hi = tailHigh(bytes, blocksEnd + 8, end);
    lo = tailLow(bytes, blocksEnd + 8, end);
    hi = productHigh(hi, lo, C2_HI, C2_LO);
    lo = Math.imul(lo, C2_LO);
    swap = (lo << 1) | (hi >>> 31);
    lo = (hi << 1) | (lo >>> 31);
    hi = swap;
    h2Hi ^= productHigh(hi, lo, C1_HI, C1_LO);
    h2Lo ^= Math.imul(lo, C1_LO);
  }
  if (tail > 0) {
    const firstEnd = tail > 8 ? blocksEnd + 8 : end;
    hi = tailHigh(bytes, blocksEnd, firstEnd);
    lo = tailLow(bytes, blocksEnd, firstEnd);
    hi = productHigh(hi, lo, C1_HI, C1_LO);
    lo = Math.imul(lo, C1_LO);
    swap = (hi << 31) | (lo >>> 1);
    lo = (lo << 31) | (hi >>> 1);
    hi = swap;
    h1Hi ^= productHigh(hi, lo, C2_HI, C2_LO);
    h1Lo ^= Math.imul(lo, C2_LO);
  }

  h1Lo ^= length;
  h2Lo ^= length;
  h1Lo = (h1Lo + h2Lo) | 0;
  h1Hi = (h1Hi + h2Hi + carry(h1Lo, h2Lo)) | 0;
  h2Lo = (h2Lo + h1Lo) | 0;
  h2Hi = (h2Hi + h1Hi + carry(h2Lo, h1Lo)) | 0;

  // The shift by 33 moves the high half, less one bit, onto the low half.
  h1Lo ^= h1Hi >>> 1;
  h1Hi = productHigh(h1Hi, h1Lo, FMIX1_HI, FMIX1_LO);
  h1Lo = Math.imul(h1Lo, FMIX1_LO);
  h1Lo ^= h1Hi >>> 1;
  h1Hi = productHigh(h1Hi, h1Lo, FMIX2_HI, FMIX2_LO);
  h1Lo = Math.imul(h1Lo, FMIX2_LO);
  h1Lo ^= h1Hi >>> 1;
  h2Lo ^= h2Hi >>> 1;
  h2Hi = productHigh(h2Hi, h2Lo, FMIX1_HI, FMIX1_LO);
  h2Lo = Math.imul(h2Lo, FMIX1_LO);
  h2Lo ^= h2Hi >>> 1;
  h2Hi = productHigh(h2Hi, h2Lo, FMIX2_HI, FMIX2_LO);
  h2Lo = Math.imul(h2Lo, FMIX2_LO);
  h2Lo ^= h2Hi >>> 1;

  h1Lo = (h1Lo + h2Lo) | 0;
  h1Hi = (h1Hi + h2Hi + carry(h1Lo, h2Lo)) | 0;
  out[0] = h1Hi;
  out[1] = h1Lo;
  h2Lo = (h2Lo + h1Lo) | 0;
  out[2] = (h2Hi + h1Hi + carry(h2Lo, h1Lo)) | 0;
  out[3] = h2Lo;
}

const hash = new Int32Array(4);

/** The token of a partition key's bytes. */
export function murmur3Token(bytes: Uint8Array, start = 0, end = bytes.length): Token {
  murmur3TokenInto(bytes, start, end, hash);
  return { hi: hash[0], lo: hash[1] };
}

/**
 * As `murmur3Token`, into `out` as [high, low]; `out` needs room for four. An empty key has the minimum token; the hash
 * that would equal it becomes the maximum (`Murmur3Partitioner.normalize`).
 */
export function murmur3TokenInto(bytes: Uint8Array, start: number, end: number, out: Int32Array): void {
  if (start === end) {
    out[0] = MIN_HI;
    out[1] = MIN_LO;
    return;
  }
  murmur3(bytes, start, end, out);
  if (out[0] === MIN_HI && out[1] === MIN_LO) {
    out[0] = MAX_HI;
    out[1] = MAX_LO;
  }
}

/** High half of (aHi, aLo) · (bHi, bLo) modulo 2^64; the low half is `Math.imul(aLo, bLo)`. Works in 16-bit limbs. */
export function productHigh(aHi: number, aLo: number, bHi: number, bLo: number): number {
  const a0 = aLo & 0xffff;
  const a1 = aLo >>> 16;
  const b0 = bLo & 0xffff;
  const b1 = bLo >>> 16;
  const middle = (Math.imul(a1, b0) + (Math.imul(a0, b0) >>> 16)) | 0;
  const carried = (Math.imul(a0, b1) + (middle & 0xffff)) | 0;
  const aboveLow = (Math.imul(a1, b1) + (middle >>> 16) + (carried >>> 16)) | 0;
  return (aboveLow + Math.imul(aHi, bLo) + Math.imul(aLo, bHi)) | 0;
}

/** The carry out of the low halves, given their sum and one of them. */
function carry(sum: number, addend: number): number {
  return sum >>> 0 < addend >>> 0 ? 1 : 0;
}

/** Low half of up to 8 tail bytes, each sign-extended to 64 bits, shifted to its place and xored in. */
export function tailLow(bytes: Uint8Array, start: number, end: number): number {
  const stop = end - start < 4 ? end : start + 4;
  let low = 0;
  for (let p = start, shift = 0; p < stop; p++, shift += 8) low ^= ((bytes[p] << 24) >> 24) << shift;
  return low;
}

export function tailHigh(bytes: Uint8Array, start: number, end: number): number {
  let high = 0;
  for (let p = start, shift = 0; p < end; p++, shift += 8) {
    const signed = (bytes[p] << 24) >> 24;
    if (shift >= 32) high ^= signed << (shift - 32);
    else high ^= signed >> Math.min(31, 32 - shift);
  }
  return high;
}
