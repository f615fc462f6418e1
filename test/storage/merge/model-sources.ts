import fc from 'fast-check';
import { NO_DELETION_TIME, NO_TTL } from '../../../src/storage/rows/index.ts';
import {
  MAP_COLUMN,
  type ModelCell,
  type ModelPartition,
  type ModelRow,
  mergePartitions,
  POSITIONS,
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

/** One source: some of the partitions with these keys. */
export function aSource(keys: readonly number[]): fc.Arbitrary<ModelPartition[]> {
  return fc.tuple(...keys.map((key) => maybe(partition(key), 3))).map((all) => all.filter((p) => p !== null));
}
