import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ByteCursor, ByteSink } from '../../../../src/bytes/index.ts';
import { filterShape } from '../../../../src/storage/sstable/components/filter/write.ts';
import { CardinalityEstimator } from '../../../../src/storage/sstable/components/statistics/cardinality.ts';
import { EstimatedHistogram } from '../../../../src/storage/sstable/components/statistics/estimated-histogram.ts';
import { TombstoneHistogram } from '../../../../src/storage/sstable/components/statistics/tombstone-histogram.ts';

const vectors = (name: string): string[][] =>
  readFileSync(new URL(`../../../../test-data/sstable/${name}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' '));

describe('tombstone drop times', () => {
  /** A line each: number of times, seed, then the bins that Cassandra 5.0.8's builder has in the end. */
  it.each(vectors('tombstone-histogram.txt'))('%s times (seed %s) end in the bins that Cassandra makes', (...line) => {
    const [count, seed, ...bins] = line;
    const histogram = new TombstoneHistogram();
    let x = Number(seed);
    for (let i = 0; i < Number(count); i++) {
      x = (Math.imul(x, 1103515245) + 12345) & 0x7fffffff;
      const seconds = 1_600_000_000 + (x % (Number(count) < 1000 ? 100_000 : 200_000_000));
      for (let k = (x % 3) + 1; k > 0; k--) histogram.add(seconds);
    }
    const sink = new ByteSink();
    histogram.write(sink, true);
    const cursor = new ByteCursor(sink.view());
    cursor.i32();
    const found = Array.from({ length: cursor.i32() }, () => `${cursor.i64Number()}:${cursor.i32()}`);
    expect(found).toEqual(bins);
  });
});

describe('the bloom filter', () => {
  it.each(vectors('bloom-specification.txt'))(
    'for chance %s has %s hashes and %s bits a key',
    (chance, hashes, bits) => {
      expect(filterShape(Number(chance))).toEqual({ hashes: Number(hashes), bitsPerKey: Number(bits) });
    },
  );

  it('refuses a chance that no shape has', () => {
    expect(() => filterShape(0.00001)).toThrow(/below 0.0000671/);
  });
});

describe('estimated histograms', () => {
  it('hold a value in the bucket whose offset is the first not below it', () => {
    const histogram = new EstimatedHistogram(10);
    for (const value of [0, 1, 2, 8, 9, 10, 11, 12, 1000]) histogram.add(value);
    const sink = new ByteSink();
    histogram.write(sink);
    const cursor = new ByteCursor(sink.view());
    const buckets = Array.from({ length: cursor.i32() }, () => [cursor.i64Number(), cursor.i64Number()]);
    expect(buckets.map(([offset]) => offset)).toEqual([1, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12]);
    expect(buckets.map(([, count]) => count)).toEqual([2, 1, 0, 0, 0, 0, 0, 1, 2, 2, 1]);
  });
});

describe('the cardinality', () => {
  it('of a few keys is the sorted list of their hashes, each once', () => {
    const estimator = new CardinalityEstimator();
    for (const hash of [0x70000000, 0x10000000, 0x70000000]) estimator.offer(hash | 0x00155500, 1);
    const sink = new ByteSink();
    estimator.write(sink);
    // -2, p 13, sp 25, sparse, 2 entries; then 25-bit indexes doubled, as differences.
    const first = ((0x10155500 >>> 7) << 1) >>> 0;
    const second = ((0x70155500 >>> 7) << 1) >>> 0;
    const expected = new ByteSink();
    expected.i32(-2);
    for (let value of [13, 25, 1, 2, first, second - first]) {
      for (; value >= 0x80; value = Math.floor(value / 128)) expected.u8((value & 0x7f) | 0x80);
      expected.u8(value);
    }
    expect(sink.copy().toString('hex')).toBe(expected.copy().toString('hex'));
  });
});
