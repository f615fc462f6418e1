import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, int64, MINIMUM_TOKEN, murmur3, murmur3Token } from '../../src/bytes/index.ts';

/** Each line: key in hex (`-` is empty), h1, h2, as Cassandra 5.0.8's own `MurmurHash.hash3_x64_128` gives them. */
const VECTORS = readFileSync(new URL('../../test-data/bytes/murmur3.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(' '));

const hex32 = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

function hashHex(bytes: Uint8Array, start: number, end: number): string {
  const out = new Int32Array(4);
  murmur3(bytes, start, end, out);
  return `${hex32(out[0])}${hex32(out[1])} ${hex32(out[2])}${hex32(out[3])}`;
}

describe('murmur3', () => {
  it('equals Cassandra at every tail length, high bytes included', () => {
    expect(VECTORS.length).toBeGreaterThan(100);
    for (const [key, h1, h2] of VECTORS) {
      const bytes = fromHex(key === '-' ? '' : key)!;
      expect(hashHex(bytes, 0, bytes.length), key).toBe(`${h1} ${h2}`);
    }
  });

  it('reads nothing outside its range', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.uint8Array(), fc.uint8Array(), (key, before, after) => {
        const padded = Buffer.concat([before, key, after]);
        expect(hashHex(padded, before.length, before.length + key.length)).toBe(hashHex(key, 0, key.length));
      }),
    );
  });
});

describe('murmur3Token', () => {
  it.each([
    // Answers of `SELECT token(id)` in the corpus (test_basic.ttl_test_table, test_collections.collection_table).
    ['ffffffba', -8887381721817559886n],
    ['0000034c', -7490099729512304232n],
    ['7fffffff', -765994672030311617n],
    ['00000109', 619582410696422689n],
  ])('%s has token %s', (key, token) => {
    const { hi, lo } = murmur3Token(fromHex(key)!);
    expect(int64.toBigInt(hi, lo)).toBe(token);
  });

  it('of an empty key is the minimum', () => {
    expect(murmur3Token(new Uint8Array(0))).toEqual(MINIMUM_TOKEN);
  });

  it('that would be the minimum becomes the maximum', () => {
    const { hi, lo } = murmur3Token(fromHex(KEY_HASHED_TO_MINIMUM)!);
    expect(int64.toBigInt(hi, lo)).toBe(2n ** 63n - 1n);
  });
});

/** Made by inverting the hash of one block (the oracle kit's murmur.py). */
const KEY_HASHED_TO_MINIMUM = '653cbefb85ec3111b4e38fa9bc7cbcae';
