import { expect, test } from 'vitest';
import { compareStoredColumns, defineTable, isHiddenColumn } from '../../../src/schema/model/index.ts';
import type { CqlType } from '../../../src/types/index.ts';

const INT: CqlType = { kind: 'native', name: 'int' };
const LIST: CqlType = { kind: 'list', element: INT, frozen: false };

test('stores simple columns before complex ones, each by the bytes of their names', () => {
  const names = ['b', 'ab', 'a', 'é', 'é1', 'aé', 'aa', '', 'ключ', '😀', '\uffee'];
  const columns = [...names.map((name) => ({ name, type: INT })), { name: 'A', type: LIST }];
  // A name that begins outside of ASCII comes first: its first byte is compared as a signed one.
  expect(columns.sort(compareStoredColumns).map((column) => column.name)).toEqual([
    '',
    'é',
    'é1',
    'ключ',
    '\uffee',
    '😀',
    'a',
    'aa',
    'ab',
    'aé',
    'b',
    'A',
  ]);
});

test('refuses a table without a partition key or with a name twice', () => {
  const table = { keyspace: 'ks', name: 't', id: '0'.repeat(32) };
  expect(() => defineTable({ ...table, columns: [] })).toThrow(/no partition key/);
  const key = { name: 'k', kind: 'partition_key', type: INT } as const;
  expect(() => defineTable({ ...table, columns: [key, { name: 'k', kind: 'regular', type: INT }] })).toThrow(
    /two columns/,
  );
});

test('hides what compact tables need only for their storage', () => {
  const columns = [
    { name: 'k', kind: 'partition_key', type: INT },
    { name: 'column1', kind: 'clustering', type: INT },
    { name: 'v', kind: 'static', type: INT },
    { name: 'value', kind: 'regular', type: INT },
  ] as const;
  const table = defineTable({ keyspace: 'ks', name: 't', id: '0'.repeat(32), columns, flags: [] });
  const hidden = [...table.columns.values()].filter((column) => isHiddenColumn(table, column));
  expect(hidden.map((column) => column.name)).toEqual(['column1', 'value']);
});
