import fc from 'fast-check';
import { defineTable, type TableMetadata } from '../../../src/schema/model/index.ts';
import type { Mutation, MutationBuilder } from '../../../src/storage/mutation/index.ts';
import {
  ClusteringPrefix,
  NO_DELETION_TIME,
  NO_PATH,
  NO_TTL,
  PrefixKind,
  Row,
  type Slice,
} from '../../../src/storage/rows/index.ts';
import type { CqlType } from '../../../src/types/index.ts';

const int: CqlType = { kind: 'native', name: 'int' };
const text: CqlType = { kind: 'native', name: 'text' };

/** Two clustering columns (one reversed), static, simple and complex columns. */
export const wideTable: TableMetadata = defineTable({
  keyspace: 'ks',
  name: 'wide',
  id: '5a1c395e11e811e8a12d0123456789ab',
  columns: [
    { name: 'p', kind: 'partition_key', type: int },
    { name: 'c1', kind: 'clustering', type: int },
    { name: 'c2', kind: 'clustering', type: text, reversed: true },
    { name: 's', kind: 'static', type: text },
    { name: 'ss', kind: 'static', type: { kind: 'set', element: int, frozen: false } },
    { name: 'a', kind: 'regular', type: int },
    { name: 'b', kind: 'regular', type: text },
    { name: 'm', kind: 'regular', type: { kind: 'map', key: int, value: text, frozen: false } },
  ],
});

/** Regular columns of `wideTable` by name. */
export const A = 0;
export const B = 1;
export const M = 2;

/** One write in words that shrink well; times and values come from small ranges, so that they collide. */
export type Write =
  | { kind: 'row'; p: number; c1: number; c2: string; time: number; live: boolean; ttl: number; cells: WrittenCell[] }
  | { kind: 'static'; p: number; time: number; value: string }
  | { kind: 'deleteRow'; p: number; c1: number; c2: string; time: number; local: number }
  | { kind: 'deleteRange'; p: number; from: number; to: number; open: boolean; time: number; local: number }
  | { kind: 'deletePartition'; p: number; time: number; local: number }
  | { kind: 'overwriteMap'; p: number; c1: number; c2: string; time: number; local: number; entries: number[] };

export interface WrittenCell {
  readonly column: number;
  readonly path: number;
  readonly value: number;
  readonly isTombstone: boolean;
}

const p = fc.integer({ min: 0, max: 3 });
const c1 = fc.integer({ min: 0, max: 5 });
const c2 = fc.constantFrom('', 'a', 'b');
const time = fc.integer({ min: 1, max: 6 });
const local = fc.integer({ min: 100, max: 102 });

export const arbitraryWrite: fc.Arbitrary<Write> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('row' as const),
      p,
      c1,
      c2,
      time,
      live: fc.boolean(),
      ttl: fc.constantFrom(0, 0, 10, 20),
      cells: fc.array(
        fc.record({
          column: fc.constantFrom(A, B, M),
          path: fc.integer({ min: 0, max: 3 }),
          value: fc.integer({ min: 0, max: 3 }),
          isTombstone: fc.boolean(),
        }),
        { maxLength: 5 },
      ),
    }),
  },
  fc.record({ kind: fc.constant('static' as const), p, time, value: c2 }),
  fc.record({ kind: fc.constant('deleteRow' as const), p, c1, c2, time, local }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('deleteRange' as const),
      p,
      from: c1,
      to: c1,
      open: fc.boolean(),
      time,
      local,
    }),
  },
  fc.record({ kind: fc.constant('deletePartition' as const), p, time, local }),
  fc.record({
    kind: fc.constant('overwriteMap' as const),
    p,
    c1,
    c2,
    time,
    local,
    entries: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
  }),
);

export function int32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** The mutation of a write on `wideTable`. */
export function mutationOf(builder: MutationBuilder, write: Write): Mutation {
  builder.begin(wideTable, int32(write.p));
  const row = new Row();
  row.clear(write.kind === 'static');
  if ('c1' in write) {
    row.clustering.shareFrom(ClusteringPrefix.of(PrefixKind.CLUSTERING, [int32(write.c1), Buffer.from(write.c2)]));
  }
  switch (write.kind) {
    case 'deletePartition':
      builder.deletePartition(0, write.time, write.local);
      return builder.finish();
    case 'deleteRange': {
      const { start, end } = sliceBetween(Math.min(write.from, write.to), Math.max(write.from, write.to), write.open);
      builder.addRangeTombstone(start, end, 0, write.time, write.local);
      return builder.finish();
    }
    case 'static': {
      const value = Buffer.from(write.value);
      row.addCell(0, 0, write.time, NO_TTL, NO_DELETION_TIME, value, 0, value.length, 0, NO_PATH);
      break;
    }
    case 'deleteRow':
      row.deletion.set(0, write.time, write.local);
      break;
    case 'overwriteMap':
      row.addComplexDeletion(M, 0, write.time - 1, write.local);
      for (const path of write.entries) addMapCell(row, path, path, write.time, 0, false);
      break;
    case 'row': {
      const until = write.ttl === 0 ? NO_DELETION_TIME : 1000 + write.ttl;
      if (write.live) row.setLiveness(0, write.time, write.ttl, until);
      for (const cell of write.cells) {
        if (cell.column === M) addMapCell(row, cell.path, cell.value, write.time, write.ttl, cell.isTombstone);
        else if (cell.isTombstone) row.addCell(cell.column, 0, write.time, NO_TTL, 100, EMPTY, 0, 0, 0, NO_PATH);
        else row.addCell(cell.column, 0, write.time, write.ttl, until, int32(cell.value), 0, 4, 0, NO_PATH);
      }
      break;
    }
  }
  builder.addRow(row);
  return builder.finish();
}

const EMPTY = new Uint8Array(0);

function addMapCell(row: Row, path: number, value: number, time: number, ttl: number, isTombstone: boolean): void {
  const bytes = Buffer.concat([int32(path), int32(value)]);
  if (isTombstone) row.addCell(M, 0, time, NO_TTL, 100, bytes, 4, 4, 0, 4);
  else row.addCell(M, 0, time, ttl, ttl === 0 ? NO_DELETION_TIME : 1000 + ttl, bytes, 4, 8, 0, 4);
}

/** Rows with c1 between two values, both included or both excluded. */
export function sliceBetween(from: number, to: number, open: boolean): Slice {
  return {
    start: ClusteringPrefix.of(open ? PrefixKind.EXCLUSIVE_START_BOUND : PrefixKind.INCLUSIVE_START_BOUND, [
      int32(from),
    ]),
    end: ClusteringPrefix.of(open ? PrefixKind.EXCLUSIVE_END_BOUND : PrefixKind.INCLUSIVE_END_BOUND, [int32(to)]),
  };
}
