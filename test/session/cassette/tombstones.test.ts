import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../../src/index.ts';
import { openSession } from '../../../src/session/open-session.ts';

const START = Date.UTC(2026, 0, 1);
const GRACE_SECONDS = 1000;

let directory: string;
let nowMillis: number;
let db: Database;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'cassette-tombstones-'));
  nowMillis = START;
  db = new Database(
    await openSession({
      paths: [join(directory, 'db')],
      dialect: 'explore',
      durability: 'none',
      clock: () => nowMillis,
    }),
  );
  await db.execute("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
  await db.execute(
    `CREATE TABLE k.t (p int, c int, v int, m map<int, int>, PRIMARY KEY (p, c)) WITH gc_grace_seconds = ${GRACE_SECONDS}`,
  );
});

afterEach(async () => {
  await db.close();
  rmSync(directory, { recursive: true, force: true });
});

const WHERE = "keyspace_name = 'k' AND table_name = 't'";

async function tombstones(): Promise<unknown[]> {
  const { rows } = await db.execute(
    `SELECT kind, clustering, droppable, blocked_by, now FROM cassette.tombstones WHERE ${WHERE}`,
  );
  for (const { now } of rows) expect(now).toEqual(new Date(Math.floor(nowMillis / 1000) * 1000));
  return rows.map(({ kind, clustering, droppable }) => [kind, clustering, droppable]);
}

async function blockers(): Promise<unknown[]> {
  return (await db.execute(`SELECT blocked_by FROM cassette.tombstones WHERE ${WHERE}`)).rows.map(
    (row) => row.blocked_by,
  );
}

async function write(timestamp: number, ...statements: string[]): Promise<string> {
  for (const cql of statements) await db.execute(cql, undefined, { timestamp });
  const [flushed] = await db.flush();
  return flushed?.path ?? '';
}

describe('cassette.tombstones', () => {
  it('lists each kind, and what is droppable is what a compaction drops', async () => {
    await write(
      50,
      'DELETE FROM k.t WHERE p = 1',
      'DELETE FROM k.t WHERE p = 2 AND c > 1',
      'DELETE FROM k.t WHERE p = 3 AND c = 1',
      'DELETE v FROM k.t WHERE p = 4 AND c = 1',
      'DELETE m FROM k.t WHERE p = 4 AND c = 2',
      'UPDATE k.t USING TTL 60 SET v = 1 WHERE p = 5 AND c = 1',
      'INSERT INTO k.t (p, c) VALUES (5, 2) USING TTL 60',
    );
    const kinds = ['partition', 'range', 'row', 'cell', 'collection'];
    const listed = async (): Promise<unknown[]> =>
      (await tombstones()).map((row) => (Array.isArray(row) ? row[0] : row));
    expect((await listed()).sort()).toEqual([...kinds].sort());
    nowMillis = START + 61_000;
    expect((await listed()).sort()).toEqual([...kinds, 'expired cell', 'expired liveness'].sort());
    expect(new Set(await blockers())).toEqual(
      new Set(['gc_grace_seconds until 2026-01-01T00:16:40Z', 'gc_grace_seconds until 2026-01-01T00:17:40Z']),
    );
    await db.compact('k', 't');
    expect(await listed()).toHaveLength(7);
    nowMillis = START + (GRACE_SECONDS + 1) * 1000;
    expect((await tombstones()).filter((row) => Array.isArray(row) && row[2] !== true)).toEqual([
      ['expired liveness', '2', false],
    ]);
    await db.compact('k', 't');
    expect(await tombstones()).toEqual([['expired liveness', '2', false]]);
    nowMillis += 61_000;
    expect(await tombstones()).toEqual([['expired liveness', '2', true]]);
    await db.compact('k', 't');
    expect(await tombstones()).toEqual([]);
  });

  it('names what blocks one: an SSTable with the partition that is as old', async () => {
    const old = await write(
      10,
      'INSERT INTO k.t (p, c, v) VALUES (1, 1, 1)',
      'INSERT INTO k.t (p, c, v) VALUES (2, 1, 1)',
    );
    await write(50, 'DELETE FROM k.t WHERE p = 1', 'DELETE FROM k.t WHERE p = 3');
    const newer = await write(90, 'INSERT INTO k.t (p, c, v) VALUES (3, 1, 1)');
    expect(newer).not.toBe('');
    nowMillis = START + (GRACE_SECONDS + 1) * 1000;
    // By partition 1, then 3: the order of their tokens.
    expect(await blockers()).toEqual([old, null]);
    await db.execute('INSERT INTO k.t (p, c, v) VALUES (3, 2, 1)', undefined, { timestamp: 95 });
    expect(await blockers()).toEqual([old, 'memtable']);
  });

  it('shows the bounds of ranges as conditions, also of columns that descend', async () => {
    await db.execute(
      'CREATE TABLE k.d (p int, a int, b int, PRIMARY KEY (p, a, b)) WITH CLUSTERING ORDER BY (a DESC, b ASC)',
    );
    await db.execute('DELETE FROM k.d WHERE p = 1 AND a > 3 AND a <= 7');
    await db.execute('DELETE FROM k.d WHERE p = 2 AND a = 1 AND b >= 2');
    await db.execute('DELETE FROM k.d WHERE p = 3 AND a = 4');
    const { rows } = await db.execute(
      "SELECT clustering FROM cassette.tombstones WHERE keyspace_name = 'k' AND table_name = 'd'",
    );
    expect(rows.map((row) => row.clustering).sort()).toEqual(['1, >= 2', '4, *', '<= 7 and > 3']);
  });
});
