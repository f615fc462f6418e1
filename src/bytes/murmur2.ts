import { productHigh, tailHigh, tailLow } from './murmur3.ts';

const M_HI = 0xc6a4a793 | 0;
const M_LO = 0x5bd1e995;

/**
 * MurmurHash2 64-bit with seed 0 as Cassandra computes it (`utils/MurmurHash.hash2_64`, 5.0.8; the bytes of the last,
 * partial block are sign-extended), as [high, low] into `out`. The cardinality estimate of an SSTable counts these.
 */
export function murmur2Into(bytes: Uint8Array, start: number, end: number, out: Int32Array): void {
  const length = end - start;
  const blocksEnd = start + (length & ~7);
  let hashHi = productHigh(0, length, M_HI, M_LO);
  let hashLo = Math.imul(length, M_LO);
  for (let p = start; p < blocksEnd; p += 8) {
    let lo = bytes[p] | (bytes[p + 1] << 8) | (bytes[p + 2] << 16) | (bytes[p + 3] << 24);
    let hi = bytes[p + 4] | (bytes[p + 5] << 8) | (bytes[p + 6] << 16) | (bytes[p + 7] << 24);
    hi = productHigh(hi, lo, M_HI, M_LO);
    lo = Math.imul(lo, M_LO);
    lo ^= hi >>> 15;
    hi = productHigh(hi, lo, M_HI, M_LO);
    lo = Math.imul(lo, M_LO);
    hashHi ^= hi;
    hashLo ^= lo;
    hashHi = productHigh(hashHi, hashLo, M_HI, M_LO);
    hashLo = Math.imul(hashLo, M_LO);
  }
  if (blocksEnd < end) {
    hashHi ^= tailHigh(bytes, blocksEnd, end);
    hashLo ^= tailLow(bytes, blocksEnd, end);
    hashHi = productHigh(hashHi, hashLo, M_HI, M_LO);
    hashLo = Math.imul(hashLo, M_LO);
  }
  hashLo ^= hashHi >>> 15;
  hashHi = productHigh(hashHi, hashLo, M_HI, M_LO);
  hashLo = Math.imul(hashLo, M_LO);
  hashLo ^= hashHi >>> 15;
  out[0] = hashHi;
  out[1] = hashLo;
}
