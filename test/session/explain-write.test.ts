import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, open } from '../../src/index.ts';

let db: Database;
beforeEach(async () => {
  db = await open(undefined, { mode: 'explore' });
  await db.execute("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
  await db.execute('CREATE TABLE k.t (p int, c int, v int, l list<int>, PRIMARY KEY (p, c))');
  await db.execute('CREATE TABLE k.n (p int PRIMARY KEY, n counter)');
});
afterEach(() => db.close());

/** The plan's lines; times, which differ, are left out. */
async function explained(cql: string, params?: readonly number[]): Promise<string[]> {
  const { rows } = await db.execute(cql, params);
  return rows.map(({ plan }) => String(plan).replaceAll(/[\d.]+ ms/g, '… ms'));
}

describe('EXPLAIN ANALYZE of a write', () => {
  it('does the write and tells what it did', async () => {
    const lines = await explained('EXPLAIN ANALYZE INSERT INTO k.t (p, c, v) VALUES (?, 1, 5)', [1]);
    expect(lines[0]).toMatch(
      /^Insert into k\.t {2}\[1 mutation, \d+ bytes, \d+ bytes to the log, applied in … ms, durable after … ms more\]$/,
    );
    expect(lines).toContain('    blind: nothing is read');
    const [, mutation, log] = /(\d+) bytes, (\d+) bytes to the log/.exec(lines[0]) ?? [];
    expect(Number(log)).toBeGreaterThan(Number(mutation));
    expect((await db.execute('SELECT v FROM k.t')).rows).toEqual([{ v: 5 }]);
  });

  it('tells what was read before it, and whether the condition held', async () => {
    await db.execute('INSERT INTO k.t (p, c, v, l) VALUES (1, 1, 5, [1, 2])');
    await db.flush();
    const failed = await explained('EXPLAIN ANALYZE UPDATE k.t SET v = 6 WHERE p = 1 AND c = 1 IF v = 4');
    expect(failed[0]).toBe('Update k.t  [its conditions do not hold, nothing written, applied in … ms]');
    expect(failed.at(-1)).toMatch(/^read first: 1 SSTable, 1 partition, \d+ blocks?, \d+ bytes, 1 tombstone/);
    const applied = await explained('EXPLAIN ANALYZE UPDATE k.t SET v = 6 WHERE p = 1 AND c = 1 IF v = 5');
    expect(applied[0]).toMatch(/^Update k\.t {2}\[its conditions hold, 1 mutation, /);
    const element = await explained('EXPLAIN ANALYZE UPDATE k.t SET l[0] = 9 WHERE p = 1 AND c = 1');
    expect(element.at(-1)).toMatch(/^read first: /);
    expect((await db.execute('SELECT v, l FROM k.t')).rows).toEqual([{ v: 6, l: [9, 2] }]);
  });

  it('covers batches, counters and deletions', async () => {
    const batch = 'BEGIN BATCH INSERT INTO k.t (p, c) VALUES (1, 1); INSERT INTO k.t (p, c) VALUES (2, 1); APPLY BATCH';
    expect((await explained(`EXPLAIN ANALYZE ${batch}`))[0]).toMatch(/^Batch of 2, logged {2}\[2 mutations, /);
    const counter = await explained('EXPLAIN ANALYZE UPDATE k.n SET n = n + 2 WHERE p = 1');
    expect(counter.at(-1)).toMatch(/^read first: /);
    expect((await db.execute('SELECT n FROM k.n')).rows).toEqual([{ n: 2n }]);
    await explained('EXPLAIN ANALYZE DELETE FROM k.t WHERE p = 1');
    expect((await db.execute('SELECT p FROM k.t')).rows).toEqual([{ p: 2 }]);
  });

  it('refuses what the write would be refused', async () => {
    await expect(db.execute('EXPLAIN ANALYZE INSERT INTO k.t (p) VALUES (1)')).rejects.toMatchObject({
      code: 'InvalidRequest',
    });
    expect((await db.execute('SELECT p FROM k.t')).rows).toEqual([]);
  });

  it('without ANALYZE writes nothing', async () => {
    await explained('EXPLAIN INSERT INTO k.t (p, c) VALUES (1, 1)');
    expect((await db.execute('SELECT p FROM k.t')).rows).toEqual([]);
  });
});
