import { ByteCursor } from '../../../../bytes/index.ts';
import type { SSTableVersion } from '../../sstable-version.ts';
import { magnitudeModulo } from './bit-position.ts';

/** More hash functions than any filter has. */
const MAX_HASHES = 100;
const WORD_BYTES = 8;

/**
 * The bloom filter of an SSTable's partition keys; see `write.ts` beside for the layout. Before version `na` each word
 * stands big-endian, so that bit n is in byte 7 - n / 8 % 8 of its word.
 */
export class BloomFilter {
  readonly hashes: number;
  readonly bits: number;
  private readonly bytes: Uint8Array;
  private readonly start: number;
  private readonly byteFlip: number;

  private constructor(hashes: number, bytes: Uint8Array, start: number, byteFlip: number) {
    this.hashes = hashes;
    this.bytes = bytes;
    this.start = start;
    this.bits = (bytes.length - start) * 8;
    this.byteFlip = byteFlip;
  }

  static parse(bytes: Uint8Array, version: SSTableVersion, file: string): BloomFilter {
    const cursor = new ByteCursor(bytes, 0, bytes.length, file);
    const hashes = cursor.i32();
    if (hashes < 1 || hashes > MAX_HASHES) cursor.fail(`${hashes} hash functions`);
    const words = cursor.i32();
    if (words < 1 || words * WORD_BYTES !== cursor.remaining) {
      cursor.fail(`${words} words of a filter in ${cursor.remaining} bytes`);
    }
    return new BloomFilter(hashes, bytes, cursor.position, version.hasOldFilterLayout ? WORD_BYTES - 1 : 0);
  }

  /** False when no such key is in the file. `hash` is what `murmur3` leaves: h1 high, h1 low, h2 high, h2 low. */
  mayContain(hash: Int32Array): boolean {
    const stepHi = hash[0];
    const stepLo = hash[1];
    let hi = hash[2];
    let lo = hash[3];
    for (let i = 0; i < this.hashes; i++) {
      const bit = magnitudeModulo(hi, lo, this.bits);
      const byte = this.bytes[this.start + (Math.floor(bit / 8) ^ this.byteFlip)];
      if ((byte & (1 << (bit & 7))) === 0) return false;
      const sum = (lo + stepLo) | 0;
      hi = (hi + stepHi + (sum >>> 0 < lo >>> 0 ? 1 : 0)) | 0;
      lo = sum;
    }
    return true;
  }

  /** The share of bits that are set. */
  fill(): number {
    let ones = 0;
    for (let i = this.start; i < this.bytes.length; i++) {
      for (let byte = this.bytes[i]; byte !== 0; byte &= byte - 1) ones++;
    }
    return ones / this.bits;
  }
}
