import { describe, expect, it } from 'vitest';
import { schemaFromCql } from '../../src/schema/sources/cql-source.ts';
import { encodeRow } from '../../src/schema/system/index.ts';
import { sessionOver } from './empty-session.ts';
import { decodedRows } from './read-rows.ts';

const SCHEMA = 'CREATE TABLE ks.t (k int, c int, g int, v int, PRIMARY KEY (k, c));';
const GROUPS = 200_000;
const MIB = 1024 * 1024;

describe('a million bytes of memory', () => {
  const table = schemaFromCql(SCHEMA).schema.keyspaces.get('ks')?.tables.get('t');
  if (table === undefined) throw new TypeError('no table');
  // Each group twice, far from each other.
  const rows = Array.from({ length: 2 * GROUPS }, (_, i) =>
    encodeRow(table, { k: i < GROUPS ? 1 : 2, c: i, g: i % GROUPS, v: i < GROUPS ? 1 : 2 }),
  );
  const session = sessionOver({ schema: SCHEMA, rows: { 'ks.t': rows }, memoryLimitBytes: MIB });
  const all = Array.from({ length: GROUPS }, (_, g) => g);

  it(`are enough for ${GROUPS} groups`, async () => {
    const found = await decodedRows(session, 'SELECT g, count(*), sum(v), count(DISTINCT v) FROM ks.t GROUP BY g');
    found.sort(([a], [b]) => Number(a) - Number(b));
    expect(found).toEqual(all.map((g) => [g, 2n, 3, 2n]));
  });

  it(`are enough for ${GROUPS} distinct values`, async () => {
    const found = await decodedRows(session, 'SELECT DISTINCT g FROM ks.t');
    expect(found.map(([g]) => Number(g)).sort((a, b) => a - b)).toEqual(all);
    expect(await decodedRows(session, 'SELECT count(DISTINCT g), sum(DISTINCT v) FROM ks.t')).toEqual([
      [BigInt(GROUPS), 3],
    ]);
  });

  it(`are enough to order ${2 * GROUPS} rows`, async () => {
    const found = await decodedRows(session, 'SELECT g, v FROM ks.t ORDER BY g DESC, v');
    expect(found.length).toBe(2 * GROUPS);
    expect(found.every(([g, v], i) => g === GROUPS - 1 - (i >> 1) && v === 1 + (i % 2))).toBe(true);
  });
});
