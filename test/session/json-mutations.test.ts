import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedSession } from '../../src/session/embedded/embedded-session.ts';
import { openSession } from '../../src/session/open-session.ts';

const directory = mkdtempSync(join(tmpdir(), 'cassette-mutations-'));
let session: EmbeddedSession;

beforeAll(async () => {
  session = await openSession({ paths: [join(directory, 'db')], dialect: 'strict', clock: () => 1_700_000_000_000 });
  for (const statement of [
    "CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
    'CREATE TYPE k.address (street text, zip int)',
    `CREATE TABLE k.t (p int, c text, d int, s text STATIC, v text, u uuid, n inet, l list<int>, m map<text, int>,
       e set<int>, a address, PRIMARY KEY (p, c, d))`,
    'CREATE TABLE k.plain (p text PRIMARY KEY, v int)',
    'CREATE TABLE k.counts (p int PRIMARY KEY, n counter)',
    'CREATE TABLE k.viewed (p int PRIMARY KEY, v int)',
    `CREATE MATERIALIZED VIEW k.by_v AS SELECT * FROM k.viewed WHERE p IS NOT NULL AND v IS NOT NULL PRIMARY KEY (v, p)`,
  ]) {
    await session.execute(statement);
  }
}, 120_000);

afterAll(async () => {
  await session.close();
  rmSync(directory, { recursive: true, force: true });
});

const write = (mutation: unknown): Promise<void> => session.maintenance?.write(mutation) ?? Promise.reject();

async function json(select: string): Promise<unknown[]> {
  const result = await session.execute(select);
  if (result.kind !== 'rows') throw new TypeError(select);
  const rows: unknown[] = [];
  for (let chunk = await result.next(); chunk !== null; chunk = await result.next()) {
    for (let i = 0; i < chunk.rowCount; i++) rows.push(JSON.parse(Buffer.from(chunk.cells[i] ?? []).toString()));
  }
  return rows;
}

const table = { keyspace: 'k', table: 't' };
const key = { columns: [['p', { Integer: 1 }]] };
const row = {
  columns: [
    ['c', { Text: 'a' }],
    ['d', { Integer: 2 }],
  ],
};
const base = { table, partition_key: key, clustering_key: row };
const set = (column: string, value: unknown): unknown => ({ Write: { column, value } });
const zero = { deletion_time: 1, local_deletion_time: 1 };
const bound = (...values: unknown[]): unknown => ({
  Inclusive: { columns: values.map((value, i) => [['c', 'd'][i], value]) },
});
const element = (column: string, fields: object): unknown => ({
  WriteComplexElement: { column, timestamp_micros: 5, ...fields },
});

describe('a mutation in JSON', () => {
  it('writes values, static ones and elements, with times of its own', async () => {
    await write({
      ...base,
      timestamp_micros: 77,
      operations: [set('v', { Text: 'x' }), set('s', 'static'), set('m', { Map: [['a', 1]] }), set('l', [3, 4])],
    });
    await write({
      ...base,
      operations: [element('m', { cell_path: [98], value: { Integer: 2 }, timestamp_micros: 90 })],
    });
    expect(await json('SELECT JSON p, c, d, s, v, l, m, writetime(v) AS w FROM k.t')).toEqual([
      { p: 1, c: 'a', d: 2, s: 'static', v: 'x', l: [3, 4], m: { a: 1, b: 2 }, w: 77 },
    ]);
    await write({
      table,
      partition_key: key,
      range_tombstones: [{ start: 'Bottom', end: bound('a'), deletion_time: 80 }],
    });
    expect(await json('SELECT JSON c, v, m FROM k.t WHERE p = 1')).toEqual([{ c: 'a', v: null, m: { b: 2 } }]);
    await write({
      table,
      partition_key: key,
      partition_tombstone: { deletion_time: 1000, local_deletion_time: 1_600_000_000 },
    });
    expect(await json('SELECT JSON * FROM k.t WHERE p = 1')).toEqual([]);
  });

  const malformed: [string, unknown, RegExp][] = [
    ['no object', 5, /^mutation: an object is expected/],
    ['a field that is not known', { ...base, operation: [] }, /unknown field "operation"/],
    ['no table', { partition_key: key }, /^mutation\.table: an object is expected/],
    ['a table that is not there', { ...base, table: { keyspace: 'k', table: 'x' } }, /table k\.x does not exist/],
    ['no key', { table, operations: [] }, /^mutation\.partition_key: an object/],
    ['half a key', { ...base, partition_key: { columns: [] } }, /^mutation\.partition_key: p are expected/],
    ['another key column', { ...base, partition_key: { columns: [['q', 1]] } }, /column "p" is expected, not "q"/],
    ['a null key', { ...base, partition_key: { columns: [['p', null]] } }, /Invalid null value/],
    [
      'a key of another type',
      { ...base, partition_key: { columns: [['p', 'x']] } },
      /^mutation\.partition_key\.columns\[0\]: .*int/,
    ],
    [
      'an empty key',
      { table: { keyspace: 'k', table: 'plain' }, partition_key: { columns: [['p', '']] }, operations: [set('v', 1)] },
      /Key may not be empty/,
    ],
    [
      'a key of 70,000 bytes',
      {
        table: { keyspace: 'k', table: 'plain' },
        partition_key: { columns: [['p', 'x'.repeat(70000)]] },
        operations: [set('v', 1)],
      },
      /Key length of 70000 is longer than maximum of 65535/,
    ],
    [
      'no clustering',
      { table, partition_key: key, operations: [set('v', 'x')] },
      /^mutation\.clustering_key: 2 columns are expected/,
    ],
    [
      'half a clustering',
      { ...base, clustering_key: { columns: [['c', 'a']] }, operations: [set('v', 'x')] },
      /^mutation\.clustering_key: c, d are expected/,
    ],
    [
      'a row deleted without clustering',
      { table, partition_key: key, operations: ['DeleteRow'] },
      /^mutation\.clustering_key: 2 columns are expected/,
    ],
    [
      'an operation that is not known',
      { ...base, operations: [{ Wipe: {} }] },
      /^mutation\.operations\[0\]: unknown operation "Wipe"/,
    ],
    ['an operation of two keys', { ...base, operations: [{ Write: {}, Delete: {} }] }, /an object of one key/],
    [
      'no column',
      { ...base, operations: [{ Write: { value: 1 } }] },
      /^mutation\.operations\[0\]\.Write\.column: a text/,
    ],
    ['a column that is not there', { ...base, operations: [set('x', 1)] }, /no column "x" in t/],
    ['a key column', { ...base, operations: [set('c', 'b')] }, /"c" is part of the primary key/],
    [
      'a value of another type',
      { ...base, operations: [set('v', { Integer: 1 })] },
      /^mutation\.operations\[0\]\.Write\.value: /,
    ],
    [
      'a UUID of three bytes',
      { ...base, operations: [set('u', { Uuid: [1, 2, 3] })] },
      /^mutation\.operations\[0\]\.Write\.value: /,
    ],
    [
      'an address of five bytes',
      { ...base, operations: [set('n', { Inet: [1, 2, 3, 4, 5] })] },
      /^mutation\.operations\[0\]\.Write\.value: /,
    ],
    ['a byte that is none', { ...base, operations: [set('u', { Uuid: [256] })] }, /a byte is expected/],
    ['a null in a list', { ...base, operations: [set('l', [1, null])] }, /null is not supported inside collections/],
    [
      'a time beyond 64 bits',
      { ...base, timestamp_micros: '9223372036854775808', operations: [set('v', 'x')] },
      /^mutation\.timestamp_micros: a whole number/,
    ],
    [
      'a time that overflows',
      JSON.parse('{"big": 1}') && { ...base, timestamp_micros: 2n ** 63n, operations: [set('v', 'x')] },
      /^mutation\.timestamp_micros: .*between -9223372036854775807 and 9223372036854775807/,
    ],
    [
      'a negative TTL',
      { ...base, ttl_seconds: -1, operations: [set('v', 'x')] },
      /^mutation\.ttl_seconds: .*greater or equal to 0, but was -1/,
    ],
    ['a TTL of thirty years', { ...base, ttl_seconds: 946080000, operations: [set('v', 'x')] }, /ttl is too large/],
    [
      'a TTL that ends after 2038',
      { ...base, operations: [{ WriteWithTtl: { column: 'v', value: 'x', ttl_seconds: 500000000 } }] },
      /exceeds maximum supported expiration date/,
    ],
    [
      'half a second',
      { ...base, ttl_seconds: 0.5, operations: [set('v', 'x')] },
      /^mutation\.ttl_seconds: a whole number/,
    ],
    [
      'a deletion before 1970',
      { ...base, local_deletion_time: -5, operations: ['DeleteRow'] },
      /^mutation\.local_deletion_time: /,
    ],
    [
      'a deletion after all time',
      { ...base, local_deletion_time: 5_000_000_000, operations: ['DeleteRow'] },
      /^mutation\.local_deletion_time: /,
    ],
    [
      'a range that ends before it begins',
      { table, partition_key: key, range_tombstones: [{ start: bound('b'), end: bound('a'), ...zero }] },
      /^mutation\.range_tombstones\[0\]: .*ends before/,
    ],
    [
      'a bound that is not known',
      { table, partition_key: key, range_tombstones: [{ start: 'Middle', end: 'Top', ...zero }] },
      /Inclusive, Exclusive, Bottom or Top/,
    ],
    [
      'a range without a time',
      { table, partition_key: key, range_tombstones: [{ start: 'Bottom', end: 'Top' }] },
      /deletion_time: a whole number/,
    ],
    [
      'a range where there is no clustering',
      {
        table: { keyspace: 'k', table: 'plain' },
        partition_key: { columns: [['p', 'x']] },
        range_tombstones: [{ start: 'Bottom', end: 'Top', ...zero }],
      },
      /^mutation\.range_tombstones: .*no clustering/,
    ],
    [
      'elements of what has none',
      { ...base, operations: [element('v', { cell_path: [1], value: 'x' })] },
      /a path into a collection/,
    ],
    [
      'a path of another type',
      { ...base, operations: [element('e', { cell_path: [1, 2, 3] })] },
      /^mutation\.operations\[0\]\.WriteComplexElement\.cell_path: /,
    ],
    [
      'a list path that is no time',
      { ...base, operations: [element('l', { cell_path: [1, 2], value: 3 })] },
      /^mutation\.operations\[0\]\.WriteComplexElement\.cell_path: /,
    ],
    [
      'an element without a value',
      { ...base, operations: [element('m', { cell_path: [97] })] },
      /^mutation\.operations\[0\]\.WriteComplexElement\.value: /,
    ],
    [
      'a value of a set',
      { ...base, operations: [element('e', { cell_path: [0, 0, 0, 1], value: 1 })] },
      /^mutation\.operations\[0\]\.WriteComplexElement\.value: /,
    ],
    [
      'a deletion of what is no collection',
      { ...base, operations: [{ ComplexDeletion: { column: 'v', marked_for_delete_at: 1, local_deletion_time: 1 } }] },
      /^mutation\.operations\[0\]\.ComplexDeletion: .*"v" is no collection/,
    ],
    [
      'a counter',
      { table: { keyspace: 'k', table: 'counts' }, partition_key: key, operations: [set('n', { Counter: 5 })] },
      /has counters, .*use UPDATE/,
    ],
    [
      'a table that has a view',
      { table: { keyspace: 'k', table: 'viewed' }, partition_key: key, operations: [set('v', 5)] },
      /materialized view by_v would not be kept up to date/,
    ],
    [
      'a view',
      {
        table: { keyspace: 'k', table: 'view' },
        partition_key: { columns: [['v', 1]] },
        clustering_key: { columns: [['p', 1]] },
        operations: ['DeleteRow'],
      },
      /Cannot directly modify a materialized view|does not exist/,
    ],
  ];

  it.each(malformed)('is refused with its place: %s', async (_, mutation, message) => {
    const before = await json('SELECT JSON * FROM k.t');
    const error = await write(mutation).then(
      () => 'nothing',
      (reason: Error) => reason.message,
    );
    expect(error).toMatch(message);
    expect(await json('SELECT JSON * FROM k.t')).toEqual(before);
    expect(await json('SELECT JSON * FROM k.plain')).toEqual([]);
    expect(await json('SELECT JSON * FROM k.counts')).toEqual([]);
  });
});
