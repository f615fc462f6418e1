import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Database, Row } from '../../../src/index.ts';
import { open } from '../../../src/index.ts';

const KEYSPACE = "CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";
const TABLE =
  'CREATE TABLE k.t (p int, c int, s text static, v int, l list<int>, m map<text, int>, PRIMARY KEY (p, c)) WITH gc_grace_seconds = 864000';
const CELLS = "SELECT * FROM cassette.cells WHERE keyspace_name = 'k' AND table_name = 't'";

async function withDatabase(use: (db: Database) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'cassette-cells-'));
  const db = await open(join(directory, 'db'), { durability: 'none' });
  try {
    await db.execute(KEYSPACE);
    await db.execute(TABLE);
    await use(db);
  } finally {
    await db.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

describe('cassette.cells', () => {
  it('says of each fragment what hides it', async () => {
    await withDatabase(async (db) => {
      const write = (cql: string, timestamp: number) => db.execute(cql, undefined, { timestamp });
      await write("INSERT INTO k.t (p, c, s, v, m) VALUES (1, 1, 'a', 10, {'x': 1})", 100);
      await write('INSERT INTO k.t (p, c, v) VALUES (1, 2, 20)', 100);
      await write('INSERT INTO k.t (p, c, v) VALUES (1, 3, 30)', 100);
      await write('INSERT INTO k.t (p, c) VALUES (1, 4)', 100);
      const [first] = await db.flush();
      await write('UPDATE k.t SET v = 11 WHERE p = 1 AND c = 1', 200);
      await write("DELETE m['x'] FROM k.t WHERE p = 1 AND c = 1", 200);
      await write('DELETE FROM k.t WHERE p = 1 AND c = 2', 150);
      await write('DELETE FROM k.t WHERE p = 1 AND c >= 3 AND c < 9', 150);
      const second = 'memtable';
      const rows = (await db.execute(CELLS)).rows.map((row) => [
        row.kind,
        row.clustering,
        row.column_name,
        row.path,
        row.value,
        row.writetime,
        row.source === second ? 2 : 1,
        row.live,
        String(row.shadowed_by).replace(first.path, '1').replace(second, '2'),
      ]);
      expect(rows).toEqual([
        ['cell', null, 's', null, "'a'", 100n, 1, true, 'null'],
        ['liveness', '1', null, null, null, 100n, 1, true, 'null'],
        ['cell', '1', 'v', null, '11', 200n, 2, true, 'null'],
        ['cell', '1', 'v', null, '10', 100n, 1, false, 'a newer cell in 2'],
        ['collection deletion', '1', 'm', null, null, 99n, 1, false, 'null'],
        ['cell tombstone', '1', 'm', "'x'", null, 200n, 2, false, 'null'],
        ['cell', '1', 'm', "'x'", '1', 100n, 1, false, 'a cell tombstone in 2'],
        ['row deletion', '2', null, null, null, 150n, 2, false, 'null'],
        ['liveness', '2', null, null, null, 100n, 1, false, 'a row deletion in 2'],
        ['cell', '2', 'v', null, '20', 100n, 1, false, 'a row deletion in 2'],
        ['range deletion', '>= 3 and < 9', null, null, null, 150n, 2, false, 'null'],
        ['liveness', '3', null, null, null, 100n, 1, false, 'a range deletion in 2'],
        ['cell', '3', 'v', null, '30', 100n, 1, false, 'a range deletion in 2'],
        ['liveness', '4', null, null, null, 100n, 1, false, 'a range deletion in 2'],
      ]);
    });
  });

  it('calls live exactly what a query sees, whatever was written', async () => {
    const number = fc.integer({ min: 0, max: 2 });
    const timestamp = fc.integer({ min: 1, max: 6 });
    const statement = fc.oneof(
      fc.tuple(number, number, number).map(([p, c, v]) => `INSERT INTO k.t (p, c, v) VALUES (${p}, ${c}, ${v})`),
      fc
        .tuple(number, number, number)
        .map(([p, c, v]) => `INSERT INTO k.t (p, c, v, l) VALUES (${p}, ${c}, ${v}, [${v}, 7])`),
      fc
        .tuple(number, number, number)
        .map(([p, c, v]) => `UPDATE k.t SET m = m + {'${v}': ${c}} WHERE p = ${p} AND c = ${c}`),
      fc
        .tuple(number, number, number)
        .map(([p, c, v]) => `UPDATE k.t USING TTL 100000 SET v = ${v} WHERE p = ${p} AND c = ${c}`),
      fc.tuple(number, number, number).map(([p, c, v]) => `DELETE m['${v}'] FROM k.t WHERE p = ${p} AND c = ${c}`),
      fc.tuple(number, number).map(([p, v]) => `UPDATE k.t SET s = '${v}' WHERE p = ${p}`),
      fc.tuple(number, number).map(([p, c]) => `DELETE v, l FROM k.t WHERE p = ${p} AND c = ${c}`),
      fc.tuple(number, number).map(([p, c]) => `DELETE FROM k.t WHERE p = ${p} AND c = ${c}`),
      fc.tuple(number, number).map(([p, c]) => `DELETE FROM k.t WHERE p = ${p} AND c > ${c}`),
      fc.tuple(number, number).map(([p, c]) => `DELETE FROM k.t WHERE p = ${p} AND c <= ${c}`),
      number.map((p) => `DELETE FROM k.t WHERE p = ${p}`),
      fc.constant('flush'),
    );
    const story = fc.array(fc.tuple(statement, timestamp), { minLength: 1, maxLength: 25 });
    await withDatabase(async (db) => {
      await fc.assert(
        fc
          .asyncProperty(story, async (steps) => {
            for (const [cql, at] of steps) {
              if (cql === 'flush') await db.flush();
              else await db.execute(cql, undefined, { timestamp: at });
            }
            const { rows } = await db.execute(CELLS);
            expect(new Set(liveCells(rows))).toEqual(
              new Set(visibleCells((await db.execute('SELECT * FROM k.t')).rows)),
            );
          })
          .beforeEach(async () => {
            await db.execute('TRUNCATE k.t');
          }),
        { numRuns: 60 },
      );
    });
  }, 300_000);
});

/** A text for each cell that is live, with what a query shows of it. */
function liveCells(rows: readonly Row[]): string[] {
  return rows.flatMap((row) => {
    if (row.kind !== 'cell' || row.live !== true) return [];
    const at = row.clustering === null ? `${row.partition_key}` : `${row.partition_key}/${row.clustering}`;
    if (row.column_name === 'm') return [`${at}/m/${row.path}=${row.value}`];
    return [`${at}/${row.column_name}=${row.value}`];
  });
}

function visibleCells(rows: readonly Row[]): string[] {
  return rows.flatMap((row) => {
    const { p, c, s, v, l, m } = row;
    const elements = Array.isArray(l) ? l.map((element) => `${p}/${c}/l=${element}`) : [];
    const entries = m instanceof Map ? [...m].map(([key, value]) => `${p}/${c}/m/'${key}'=${value}`) : [];
    return [
      ...(s === null ? [] : [`${p}/s='${s}'`]),
      ...(v === null ? [] : [`${p}/${c}/v=${v}`]),
      ...elements,
      ...entries,
    ];
  });
}
