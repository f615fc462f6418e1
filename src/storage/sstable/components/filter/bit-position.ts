/**
 * Where the i-th hash of a key falls: bit |(h2 + i · h1) mod bits| (`utils/BloomFilter.setIndexes`, 5.0.8). Returns
 * |int64| mod `modulus`, which is below 2^37, in steps of 16 bits that stay exact in doubles.
 */
export function magnitudeModulo(hi: number, lo: number, modulus: number): number {
  if (hi < 0) {
    lo = -lo | 0;
    hi = lo === 0 ? -hi | 0 : ~hi;
  }
  let rest = modulo(hi >>> 0, modulus);
  rest = modulo(rest * 65536 + (lo >>> 16), modulus);
  return modulo(rest * 65536 + (lo & 0xffff), modulus);
}

/** Faster than `%` on doubles; the quotient may be one too large. */
function modulo(value: number, modulus: number): number {
  const rest = value - Math.floor(value / modulus) * modulus;
  return rest < 0 ? rest + modulus : rest;
}
