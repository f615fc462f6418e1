import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { murmur3Token } from '../../../src/bytes/index.ts';
import { ChainedStream, mergeStreams } from '../../../src/storage/merge/index.ts';
import { NO_DELETION_TIME, NO_TTL } from '../../../src/storage/rows/index.ts';
import { ArrayStream } from '../support/array-stream.ts';
import { collect } from '../support/collect.ts';
import {
  expected,
  intBytes,
  MAP_COLUMN,
  type ModelCell,
  type ModelPartition,
  type ModelRow,
  mergePartitions,
  modelTable,
  POSITIONS,
  toSpec,
} from './plain-model.ts';

// Few timestamps and times, so that ties are the rule.
const timestamp = fc.integer({ min: 1, max: 5 });
const localSeconds = fc.integer({ min: 100, max: 102 });
const deletion = fc.record({ timestamp, localSeconds });

const life = fc.oneof(
  fc.constant({ ttl: NO_TTL, localSeconds: NO_DELETION_TIME }),
  fc.record({ ttl: fc.integer({ min: 1, max: 2 }), localSeconds }),
);
const cellLife = fc.oneof(life, fc.record({ ttl: fc.constant(NO_TTL), localSeconds }));

function cell(column: number, path: number | null): fc.Arbitrary<ModelCell> {
  return fc
    .tuple(timestamp, cellLife, fc.constantFrom('', 'a', 'b', 'ba'))
    .map(([time, times, value]) => ({ column, path, timestamp: time, ...times, value }));
}

/** Null once in `oneIn` runs or so. */
function maybe<T>(arbitrary: fc.Arbitrary<T>, oneIn = 2): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: oneIn - 1, arbitrary }, { weight: 1, arbitrary: fc.constant(null) });
}

function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 1, arbitrary }, { weight: 3, arbitrary: fc.constant(null) });
}

const row: fc.Arbitrary<ModelRow> = fc
  .record({
    liveness: maybe(fc.tuple(timestamp, life).map(([time, times]) => ({ timestamp: time, ...times }))),
    deletion: rarely(fc.record({ timestamp, localSeconds, shadowable: fc.boolean() })),
    mapDeletion: rarely(deletion),
    cells: fc
      .tuple(maybe(cell(0, null)), maybe(cell(1, null)), ...[0, 1, 2].map((path) => maybe(cell(MAP_COLUMN, path))))
      .map((cells) => cells.filter((item) => item !== null)),
  })
  .filter((item) => item.liveness !== null || item.deletion !== null || item.cells.length > 0);

const staticRow: fc.Arbitrary<ModelRow> = cell(0, null).map((item) => ({
  liveness: null,
  deletion: null,
  mapDeletion: null,
  cells: [item],
}));

/** Deletions in force from each bound on; the last bound closes. */
const ranges = fc
  .array(fc.oneof(maybe(deletion), fc.constant(undefined)), {
    minLength: POSITIONS.length,
    maxLength: POSITIONS.length,
  })
  .map((changes) => {
    let open: { timestamp: number; localSeconds: number } | null = null;
    return changes.map((change, p) => {
      if (POSITIONS[p].side !== 0 && change !== undefined) open = change;
      if (p === changes.length - 1) open = null;
      return open;
    });
  });

function partition(key: number): fc.Arbitrary<ModelPartition> {
  return fc
    .record({
      key: fc.constant(key),
      deletion: rarely(deletion),
      ranges: fc.oneof(ranges, fc.constant(POSITIONS.map(() => null))),
      staticRow: maybe(staticRow),
      rows: fc.tuple(...POSITIONS.map((position) => (position.side === 0 ? maybe(row, 3) : fc.constant(null)))),
    })
    .map((raw) => mergePartitions([raw]));
}

const source = fc
  .tuple(...[1, 2, 3].map((key) => maybe(partition(key), 3)))
  .map((all) => all.filter((p) => p !== null));

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
