import { expect, test } from 'vitest';
import { inferTable, mergeHeaders, type SSTableHeader } from '../../../src/schema/model/index.ts';
import type { CqlType } from '../../../src/types/index.ts';

const INT: CqlType = { kind: 'native', name: 'int' };
const TEXT: CqlType = { kind: 'native', name: 'text' };
const COMPOSITE: CqlType = { kind: 'custom', className: 'CompositeType(Int32Type,UTF8Type)', components: [INT, TEXT] };

const header: SSTableHeader = {
  keyType: COMPOSITE,
  clusteringTypes: [
    { type: INT, reversed: true },
    { type: TEXT, reversed: false },
  ],
  statics: new Map([['s', INT]]),
  regulars: new Map([
    ['key2', TEXT],
    ['v', INT],
  ]),
};

test('names what the file leaves unnamed, around the names that it has', () => {
  const table = inferTable(header, 'ks', 't', '0'.repeat(32));
  expect(table.partitionKey.map((column) => column.name)).toEqual(['key', 'key2_']);
  expect(table.clustering.map((column) => [column.name, column.reversed])).toEqual([
    ['clustering1', true],
    ['clustering2', false],
  ]);
  expect(table.statics.map((column) => column.name)).toEqual(['s']);
  expect(table.regulars.map((column) => column.name)).toEqual(['key2', 'v']);
  expect(table.inferred).toBe(true);
});

test('a single key column has one type; counters make a counter table', () => {
  const counter: CqlType = { kind: 'native', name: 'counter' };
  const table = inferTable(
    { keyType: INT, clusteringTypes: [], statics: new Map(), regulars: new Map([['n', counter]]) },
    'ks',
    't',
    '0'.repeat(32),
  );
  expect(table.partitionKey.map((column) => column.name)).toEqual(['key']);
  expect(table.flags.has('counter')).toBe(true);
});

test('headers of several SSTables together have all columns', () => {
  const other: SSTableHeader = { ...header, regulars: new Map([['w', INT]]), statics: new Map() };
  const merged = mergeHeaders([header, other]);
  expect([...merged.regulars.keys()]).toEqual(['key2', 'v', 'w']);
  expect([...merged.statics.keys()]).toEqual(['s']);
});
