import { ByteSink } from '../../../../bytes/index.ts';
import { CqlError } from '../../../../errors/index.ts';
import { magnitudeModulo } from './bit-position.ts';

/** Bits that every filter has beyond those for its keys. */
const EXCESS_BITS = 20;

/**
 * False positive rates by bits a key (row) and hash functions (column), from the table that Cassandra sizes its filters by
 * (`utils/BloomCalculations.probs`, 5.0.8).
 */
const RATES: readonly (readonly number[])[] = [
  [1.0],
  [1.0, 1.0],
  [1.0, 0.393, 0.4],
  [1.0, 0.283, 0.237, 0.253],
  [1.0, 0.221, 0.155, 0.147, 0.16],
  [1.0, 0.181, 0.109, 0.092, 0.092, 0.101],
  [1.0, 0.154, 0.0804, 0.0609, 0.0561, 0.0578, 0.0638],
  [1.0, 0.133, 0.0618, 0.0423, 0.0359, 0.0347, 0.0364],
  [1.0, 0.118, 0.0489, 0.0306, 0.024, 0.0217, 0.0216, 0.0229],
  [1.0, 0.105, 0.0397, 0.0228, 0.0166, 0.0141, 0.0133, 0.0135, 0.0145],
  [1.0, 0.0952, 0.0329, 0.0174, 0.0118, 0.00943, 0.00844, 0.00819, 0.00846],
  [1.0, 0.0869, 0.0276, 0.0136, 0.00864, 0.0065, 0.00552, 0.00513, 0.00509],
  [1.0, 0.08, 0.0236, 0.0108, 0.00646, 0.00459, 0.00371, 0.00329, 0.00314],
  [1.0, 0.074, 0.0203, 0.00875, 0.00492, 0.00332, 0.00255, 0.00217, 0.00199, 0.00194],
  [1.0, 0.0689, 0.0177, 0.00718, 0.00381, 0.00244, 0.00179, 0.00146, 0.00129, 0.00121, 0.0012],
  [1.0, 0.0645, 0.0156, 0.00596, 0.003, 0.00183, 0.00128, 0.001, 0.000852, 0.000775, 0.000744],
  [1.0, 0.0606, 0.0138, 0.005, 0.00239, 0.00139, 0.000935, 0.000702, 0.000574, 0.000505, 0.00047, 0.000459],
  [
    1.0, 0.0571, 0.0123, 0.00423, 0.00193, 0.00107, 0.000692, 0.000499, 0.000394, 0.000335, 0.000302, 0.000287,
    0.000284,
  ],
  [1.0, 0.054, 0.0111, 0.00362, 0.00158, 0.000839, 0.000519, 0.00036, 0.000275, 0.000226, 0.000198, 0.000183, 0.000176],
  [
    1.0, 0.0513, 0.00998, 0.00312, 0.0013, 0.000663, 0.000394, 0.000264, 0.000194, 0.000155, 0.000132, 0.000118,
    0.000111, 0.000109,
  ],
  [
    1.0, 0.0488, 0.00906, 0.0027, 0.00108, 0.00053, 0.000303, 0.000196, 0.00014, 0.000108, 8.89e-5, 7.77e-5, 7.12e-5,
    6.79e-5, 6.71e-5,
  ],
];
const OPTIMAL_HASHES = RATES.map((rates) => Math.max(1, rates.indexOf(Math.min(...rates))));
const MIN_BITS_PER_KEY = 2;

/** Bits a key and hash functions for a rate of false positives (`BloomCalculations.computeBloomSpec`). */
export function filterShape(falsePositiveChance: number): { bitsPerKey: number; hashes: number } {
  if (falsePositiveChance >= RATES[MIN_BITS_PER_KEY][1]) {
    return { hashes: 2, bitsPerKey: OPTIMAL_HASHES[MIN_BITS_PER_KEY] };
  }
  let bitsPerKey = MIN_BITS_PER_KEY;
  while (bitsPerKey < RATES.length && RATES[bitsPerKey][OPTIMAL_HASHES[bitsPerKey]] > falsePositiveChance) bitsPerKey++;
  if (bitsPerKey === RATES.length) {
    throw CqlError.invalidRequest(`bloom_filter_fp_chance ${falsePositiveChance} is below ${RATES[20][14]}`);
  }
  let hashes = OPTIMAL_HASHES[bitsPerKey];
  while (RATES[bitsPerKey][hashes - 1] <= falsePositiveChance) hashes--;
  return { bitsPerKey, hashes };
}

/**
 * A bloom filter while its SSTable is written. A key sets, for i below the number of hashes, bit
 * |(h2 + i · h1) mod bits|, h1 and h2 the halves of its murmur3 hash.
 *
 *   Filter.db   i32 hashes, i32 number of 64-bit words, the words' bytes (bit n is bit n % 8 of byte n / 8)
 */
export class BloomFilterBuilder {
  private readonly hashes: number;
  private readonly bits: number;
  private readonly bytes: Uint8Array;

  constructor(estimatedKeys: number, falsePositiveChance: number) {
    const { bitsPerKey, hashes } = filterShape(falsePositiveChance);
    this.hashes = hashes;
    const words = Math.floor((estimatedKeys * bitsPerKey + EXCESS_BITS - 1) / 64) + 1;
    this.bits = words * 64;
    this.bytes = new Uint8Array(words * 8);
  }

  /** The four halves of `murmur3`: h1 high, h1 low, h2 high, h2 low. */
  add(hash: Int32Array): void {
    const stepHi = hash[0];
    const stepLo = hash[1];
    let hi = hash[2];
    let lo = hash[3];
    for (let i = 0; i < this.hashes; i++) {
      const bit = magnitudeModulo(hi, lo, this.bits);
      this.bytes[Math.floor(bit / 8)] |= 1 << (bit & 7);
      const sum = (lo + stepLo) | 0;
      hi = (hi + stepHi + (sum >>> 0 < lo >>> 0 ? 1 : 0)) | 0;
      lo = sum;
    }
  }

  encode(): Uint8Array {
    const sink = new ByteSink(8 + this.bytes.length);
    sink.i32(this.hashes);
    sink.i32(this.bytes.length / 8);
    sink.append(this.bytes);
    return sink.view();
  }
}
