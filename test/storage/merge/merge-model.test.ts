import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { murmur3Token } from '../../../src/bytes/index.ts';
import { ChainedStream, mergeStreams } from '../../../src/storage/merge/index.ts';
import { ArrayStream } from '../support/array-stream.ts';
import { collect } from '../support/collect.ts';
import { aSource } from './model-sources.ts';
import {
  expected,
  intBytes,
  type ModelPartition,
  mergePartitions,
  modelTable,
  POSITIONS,
  toSpec,
} from './plain-model.ts';

const source = aSource([1, 2, 3]);

describe('mergeStreams against the plain model', () => {
  it.each([false, true])('reconciles any sources (reversed: %s)', async (reversed) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(source, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 4 }),
        async (sources, every) => {
          const streams = sources.map(
            (parts, i) => new ArrayStream(modelTable, parts.map(toSpec), reversed, every && every + i),
          );
          const actual = await collect(mergeStreams(streams));

          const keys = [...new Set(sources.flat().map((part) => part.key))].sort(byToken);
          const merged = keys.map((key) => mergePartitions(sources.flat().filter((part) => part.key === key)));
          expect(actual).toEqual(merged.map((part) => expected(toSpec(part), reversed)));
          expect(streams.every((stream) => stream.closed)).toBe(true);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('skips a partition in all sources that hold it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(source, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 0, max: 5 }),
        async (sources, after) => {
          const merged = mergeStreams(sources.map((parts) => new ArrayStream(modelTable, parts.map(toSpec), false, 2)));
          const keys: string[] = [];
          let elements = 0;
          for (let step = merged.next(); step !== 0; step = merged.next()) {
            if (step === 6) await merged.load();
            else if (step === 1) {
              keys.push(
                Buffer.from(merged.partition.key.subarray(merged.partition.keyStart, merged.partition.keyEnd)).toString(
                  'hex',
                ),
              );
              elements = 0;
              if (after === 0) merged.skipPartition();
            } else if (step !== 5) {
              expect(++elements).toBeLessThanOrEqual(after);
              if (elements === after) merged.skipPartition();
            }
          }
          const all = [...new Set(sources.flat().map((part) => part.key))].sort(byToken);
          expect(keys).toEqual(all.map((key) => intBytes(key).toString('hex')));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('ChainedStream', () => {
  it('joins disjoint parts, opening each only when the one before has ended', async () => {
    const keys = [1, 2, 3].sort(byToken);
    const specs = keys.map((key) => toSpec(mergePartitions([emptyPartition(key)])));
    let opened = 0;
    const parts = specs.map((spec) => async () => {
      opened++;
      return new ArrayStream(modelTable, [spec], false, 2);
    });
    const chain = new ChainedStream(await parts[0](), parts.slice(1));
    expect(opened).toBe(1);
    expect((await collect(chain)).map((part) => part.key)).toEqual(keys.map((key) => intBytes(key).toString('hex')));
    expect(opened).toBe(3);
  });
});

function emptyPartition(key: number): ModelPartition {
  return {
    key,
    deletion: { timestamp: 1, localSeconds: 100 },
    ranges: POSITIONS.map(() => null),
    staticRow: null,
    rows: POSITIONS.map(() => null),
  };
}

function byToken(a: number, b: number): number {
  const p = murmur3Token(intBytes(a));
  const q = murmur3Token(intBytes(b));
  return p.hi - q.hi || (p.lo >>> 0) - (q.lo >>> 0);
}
