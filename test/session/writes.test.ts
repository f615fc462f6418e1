import { afterEach, describe, expect, it } from 'vitest';
import { CqlError } from '../../src/errors/index.ts';
import { type Database, open } from '../../src/index.ts';

/** Statements in order with what they answer: rows as JSON-like values, `error …`, or nothing. */
type Story = readonly (readonly [cql: string, answer?: unknown])[];

const opened: Database[] = [];

afterEach(async () => {
  for (const db of opened.splice(0)) await db.close();
});

async function database(...ddl: string[]): Promise<Database> {
  const db = await open();
  opened.push(db);
  await db.execute("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
  await db.execute('USE k');
  for (const statement of ddl) await db.execute(statement);
  return db;
}

async function answer(db: Database, cql: string): Promise<unknown> {
  try {
    const result = await db.execute(cql);
    return result.rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])),
    );
  } catch (error) {
    if (error instanceof CqlError) return `${error.kind}: ${error.message}`;
    throw error;
  }
}

function plain(value: unknown): unknown {
  if (value instanceof Set) return [...value].map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item)]));
  return value;
}

async function tell(db: Database, story: Story): Promise<void> {
  for (const [cql, expected] of story) {
    const got = await answer(db, cql);
    if (expected === undefined) expect(got, cql).toEqual([]);
    else expect(got, cql).toEqual(expected);
  }
}

describe('writes', () => {
  it('to a column that was dropped and added again count if they are later than the drop', async () => {
    const db = await database(
      'CREATE TABLE t (p int PRIMARY KEY, v int)',
      'ALTER TABLE t DROP v',
      'ALTER TABLE t ADD v int',
    );
    await tell(db, [
      ['INSERT INTO t (p, v) VALUES (1, 1) USING TIMESTAMP 1'],
      ['INSERT INTO t (p, v) VALUES (2, 2)'],
      ['UPDATE t USING TIMESTAMP 1 SET v = 3 WHERE p = 3'],
      [
        'SELECT p, v FROM t',
        [
          { p: 1, v: null },
          { p: 2, v: 2 },
        ],
      ],
    ]);
  });

  it('inserts, updates and deletes columns, rows, ranges and partitions', async () => {
    const db = await database('CREATE TABLE t (p int, c int, s text static, v text, PRIMARY KEY (p, c))');
    await tell(db, [
      ["INSERT INTO t (p, c, s, v) VALUES (1, 1, 'st', 'a')"],
      ["INSERT INTO t (p, c, v) VALUES (1, 2, 'b')"],
      ["UPDATE t SET v = 'c' WHERE p = 1 AND c IN (3, 4)"],
      ['SELECT c, s, v FROM t', [1, 2, 3, 4].map((c) => ({ c, s: 'st', v: 'abcc'[c - 1] }))],
      ['DELETE v FROM t WHERE p = 1 AND c = 3'],
      ['SELECT c FROM t', [{ c: 1 }, { c: 2 }, { c: 4 }]],
      ['DELETE FROM t WHERE p = 1 AND c >= 2 AND c < 4'],
      ['SELECT c FROM t', [{ c: 1 }, { c: 4 }]],
      ['DELETE s FROM t WHERE p = 1'],
      ['SELECT DISTINCT p, s FROM t', [{ p: 1, s: null }]],
      ['DELETE FROM t WHERE p = 1'],
      ['SELECT * FROM t', []],
    ]);
  });

  it('changes collections and user types part by part', async () => {
    const db = await database(
      'CREATE TYPE u (a int, b text)',
      'CREATE TABLE t (p int PRIMARY KEY, l list<int>, s set<int>, m map<text, int>, o u)',
    );
    await tell(db, [
      ["INSERT INTO t (p, l, s, m, o) VALUES (1, [1, 2, 2, 3], {3, 1}, {'a': 1}, {a: 1, b: 'x'})"],
      ["UPDATE t SET l = l + [4], s = s + {2}, m = m + {'b': 2}, o.a = 9 WHERE p = 1"],
      ['UPDATE t SET l = [-1, 0] + l WHERE p = 1'],
      [
        'SELECT l, s, m, o FROM t',
        [{ l: [-1, 0, 1, 2, 2, 3, 4], s: [1, 2, 3], m: { a: 1, b: 2 }, o: { a: 9, b: 'x' } }],
      ],
      ["UPDATE t SET l = l - [2], s = s - {1, 7}, m = m - {'a'} WHERE p = 1"],
      ['UPDATE t SET l[0] = 7 WHERE p = 1'],
      ['DELETE l[1], o.b FROM t WHERE p = 1'],
      ['SELECT l, s, m, o FROM t', [{ l: [7, 1, 3, 4], s: [2, 3], m: { b: 2 }, o: { a: 9, b: null } }]],
      ['UPDATE t SET l = [5], s = null, m = {} WHERE p = 1'],
      ['SELECT l, s, m FROM t', [{ l: [5], s: null, m: null }]],
      ['UPDATE t SET l[3] = 1 WHERE p = 1', 'InvalidRequest: List index 3 out of bound, list has size 1'],
      ['UPDATE t SET l[0] = 1 WHERE p = 2', 'InvalidRequest: Attempted to set an element on a list which is null'],
    ]);
  });

  it('counts', async () => {
    const db = await database('CREATE TABLE t (p int PRIMARY KEY, n counter, m counter)');
    await tell(db, [
      ['UPDATE t SET n = n + 5, m = m - 1 WHERE p = 1'],
      ['UPDATE t SET n += 2 WHERE p IN (1, 2)'],
      [
        'SELECT * FROM t',
        [
          { p: 1, m: -1n, n: 7n },
          { p: 2, m: null, n: 2n },
        ],
      ],
      ['BEGIN COUNTER BATCH UPDATE t SET n = n + 1 WHERE p = 1; UPDATE t SET n = n + 1 WHERE p = 1; APPLY BATCH'],
      ['SELECT n FROM t WHERE p = 1', [{ n: 9n }]],
      [
        'INSERT INTO t (p, n) VALUES (1, 1)',
        'InvalidRequest: INSERT statements are not allowed on counter tables, use UPDATE instead',
      ],
      [
        'UPDATE t USING TTL 5 SET n = n + 1 WHERE p = 1',
        'InvalidRequest: Cannot provide custom TTL for counter updates',
      ],
      ['UPDATE t SET n = n + 1 WHERE p = 1 IF n = 9', 'InvalidRequest: Conditions on counters are not supported'],
    ]);
    await Promise.all(Array.from({ length: 50 }, () => db.execute('UPDATE k.t SET n = n + 1 WHERE p = 3')));
    expect(await answer(db, 'SELECT n FROM t WHERE p = 3')).toEqual([{ n: 50n }]);
  });

  it('writes under conditions, one caller after the other', async () => {
    const db = await database(
      'CREATE TABLE t (p int, c int, s int static, v int, m map<text, int>, PRIMARY KEY (p, c))',
    );
    await tell(db, [
      ['INSERT INTO t (p, c, v) VALUES (1, 1, 10) IF NOT EXISTS', [{ '[applied]': true }]],
      [
        'INSERT INTO t (p, c, v) VALUES (1, 1, 11) IF NOT EXISTS',
        [{ '[applied]': false, p: 1, c: 1, s: null, m: null, v: 10 }],
      ],
      ['UPDATE t SET v = 12 WHERE p = 1 AND c = 1 IF v = 11', [{ '[applied]': false, v: 10 }]],
      ["UPDATE t SET v = 12, m = {'a': 1} WHERE p = 1 AND c = 1 IF v IN (9, 10) AND s = null", [{ '[applied]': true }]],
      ["UPDATE t SET v = 13 WHERE p = 1 AND c = 1 IF m['a'] > 0 AND m CONTAINS KEY 'a'", [{ '[applied]': true }]],
      ['UPDATE t SET v = 1 WHERE p = 1 AND c = 9 IF EXISTS', [{ '[applied]': false }]],
      ['UPDATE t SET s = 5 WHERE p = 1 IF s = null', [{ '[applied]': true }]],
      ['DELETE FROM t WHERE p = 1 AND c = 1 IF s = 5', [{ '[applied]': true }]],
      [
        'UPDATE t USING TIMESTAMP 1 SET v = 1 WHERE p = 1 AND c = 1 IF v = 1',
        'InvalidRequest: Cannot provide custom timestamp for conditional updates',
      ],
      [
        'UPDATE t SET v = 1 WHERE p IN (1, 2) AND c = 1 IF v = 1',
        'InvalidRequest: IN on the partition key is not supported with conditional updates',
      ],
      [
        "UPDATE t SET v = 1 WHERE p = 1 AND c = 1 IF m['a'] < null",
        'InvalidRequest: Invalid comparison with null for operator "<"',
      ],
    ]);
    await db.execute('INSERT INTO k.t (p, c, v) VALUES (5, 1, 0)');
    const increment = async (): Promise<void> => {
      for (;;) {
        const [{ v }] = (await db.execute('SELECT v FROM k.t WHERE p = 5 AND c = 1')).rows;
        const result = await db.execute(`UPDATE k.t SET v = ${Number(v) + 1} WHERE p = 5 AND c = 1 IF v = ${v}`);
        if (result.wasApplied()) return;
      }
    };
    await Promise.all(Array.from({ length: 20 }, increment));
    expect(await answer(db, 'SELECT v FROM t WHERE p = 5')).toEqual([{ v: 20 }]);
  });

  it('batches with one timestamp: a delete wins over an insert beside it', async () => {
    const db = await database('CREATE TABLE t (p int, c int, v int, PRIMARY KEY (p, c))');
    await tell(db, [
      [
        'BEGIN BATCH INSERT INTO t (p, c, v) VALUES (1, 1, 1); DELETE FROM t WHERE p = 1 AND c = 1; INSERT INTO t (p, c, v) VALUES (2, 1, 1); APPLY BATCH',
      ],
      ['SELECT p FROM t', [{ p: 2 }]],
      [
        'BEGIN BATCH USING TIMESTAMP 5 INSERT INTO t (p, c) VALUES (1, 1) USING TIMESTAMP 6; APPLY BATCH',
        'InvalidRequest: Timestamp must be set either on BATCH or individual statements',
      ],
      [
        'BEGIN BATCH INSERT INTO t (p, c, v) VALUES (2, 2, 2) IF NOT EXISTS; UPDATE t SET v = 3 WHERE p = 2 AND c = 1 IF v = 1; APPLY BATCH',
        [{ '[applied]': true }],
      ],
      [
        'BEGIN BATCH UPDATE t SET v = 4 WHERE p = 2 AND c = 1 IF v = 1; UPDATE t SET v = 4 WHERE p = 2 AND c = 2; APPLY BATCH',
        [{ '[applied]': false, p: 2, c: 1, v: 3 }],
      ],
      [
        'SELECT c, v FROM t WHERE p = 2',
        [
          { c: 1, v: 3 },
          { c: 2, v: 2 },
        ],
      ],
      [
        'BEGIN BATCH INSERT INTO t (p, c) VALUES (1, 1) IF NOT EXISTS; INSERT INTO t (p, c) VALUES (2, 1) IF NOT EXISTS; APPLY BATCH',
        'InvalidRequest: Batch with conditions cannot span multiple partitions',
      ],
    ]);
  });

  it('keeps timestamps and TTLs, and refuses those that cannot be', async () => {
    const db = await database('CREATE TABLE t (p int PRIMARY KEY, v int)');
    await tell(db, [
      ['INSERT INTO t (p, v) VALUES (1, 1) USING TIMESTAMP 100 AND TTL 1000'],
      ['UPDATE t USING TIMESTAMP 99 SET v = 2 WHERE p = 1'],
      ['SELECT v, writetime(v) FROM t', [{ v: 1, 'writetime(v)': 100n }]],
      [
        'INSERT INTO t (p, v) VALUES (1, 1) USING TTL -1',
        'InvalidRequest: A TTL must be greater or equal to 0, but was -1',
      ],
      [
        'INSERT INTO t (p, v) VALUES (1, 1) USING TTL 630720001',
        'InvalidRequest: ttl is too large. requested (630720001) maximum (630720000)',
      ],
      ['INSERT INTO t (p) VALUES (null)', 'InvalidRequest: Invalid null value in condition for column p'],
      ['UPDATE t SET p = 2 WHERE p = 1', 'InvalidRequest: PRIMARY KEY part p found in SET part'],
      ['UPDATE t SET v = 1 WHERE v = 2', 'InvalidRequest: Some partition key parts are missing: p'],
      ['INSERT INTO t (p, v) VALUES (1)', 'InvalidRequest: Unmatched column names/values'],
    ]);
    await db.execute('INSERT INTO k.t (p, v) VALUES (?, ?)', [7, undefined]);
    await db.execute('INSERT INTO k.t (p, v) VALUES (:p, :v)', { p: 8, v: 80 });
    expect(await answer(db, 'SELECT * FROM t WHERE p IN (7, 8)')).toEqual([
      { p: 7, v: null },
      { p: 8, v: 80 },
    ]);
  });

  it('inserts JSON', async () => {
    const db = await database('CREATE TABLE t (p int PRIMARY KEY, v text, l list<int>)');
    await tell(db, [
      [`INSERT INTO t JSON '{"p": 1, "v": "a", "l": [1, 2]}'`],
      [`INSERT INTO t JSON '{"p": 1, "v": "b"}' DEFAULT UNSET`],
      ['SELECT * FROM t', [{ p: 1, l: [1, 2], v: 'b' }]],
      [`INSERT INTO t JSON '{"p": 1}'`],
      ['SELECT * FROM t', [{ p: 1, l: null, v: null }]],
      [`INSERT INTO t JSON '{"p": 1, "x": 2}'`, 'InvalidRequest: JSON values map contains unrecognized column: x'],
    ]);
  });

  it('survives a reopen, flushed or not', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    const directory = mkdtempSync(`${tmpdir()}/cassette-test-`);
    try {
      let db = await open(`${directory}/db`);
      await db.execute("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
      await db.execute('CREATE TABLE k.t (p int PRIMARY KEY, v int)');
      await db.execute('INSERT INTO k.t (p, v) VALUES (1, 1)');
      expect(await db.flush()).toMatchObject([{ keyspace: 'k', table: 't', partitions: 1 }]);
      await db.execute('INSERT INTO k.t (p, v) VALUES (2, 2)');
      await db.close();
      await db.close();
      db = await open(`${directory}/db`);
      expect((await db.execute('SELECT * FROM k.t')).rows).toHaveLength(2);
      const report = await db.exportSSTables(`${directory}/out`, { keyspace: 'k', table: 't', format: 'oa' });
      expect(report).toMatchObject({ partitions: 2, rows: 2 });
      await db.close();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
