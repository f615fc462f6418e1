import { describe, expect, it } from 'vitest';
import { ByteSink } from '../../../../src/bytes/index.ts';
import { CardinalityEstimator } from '../../../../src/storage/sstable/components/statistics/cardinality.ts';
import { estimatedCardinality } from '../../../../src/storage/sstable/inspect/cardinality.ts';

/** Hashes offered, and what stream-lib 2.5.2 says of the bytes that are written of them. */
const estimates: readonly [number, number][] = [
  [10, 10],
  [6000, 6001],
  [6500, 6515],
  [7000, 7065],
  [10000, 10106],
  [15000, 15135],
  [20000, 20102],
  [30000, 30279],
  [40000, 40053],
  [41500, 41583],
  [60000, 60468],
  [200000, 205542],
  [1000000, 997300],
];

describe('an estimate of distinct keys', () => {
  it.each(estimates)('of %i is what Cassandra says: %i', (count, expected) => {
    const estimator = new CardinalityEstimator();
    let seed = 12345;
    const next = (): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
      return seed ^ (seed >>> 13);
    };
    for (let i = 0; i < count; i++) estimator.offer(next(), next());
    const sink = new ByteSink(1024);
    estimator.write(sink);
    expect(estimatedCardinality(sink.copy())).toBe(expected);
  });
});
