import { describe, expect, it } from 'vitest';
import { CqlError } from '../../src/errors/index.ts';
import { splitSingle } from '../../src/parser/splitter.ts';
import { openSession } from '../../src/session/open-session.ts';
import type { Session } from '../../src/session/session.ts';

const TABLES = [
  "CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
  'CREATE TABLE k.t (p int, c int, s text static, v text, l list<int>, m map<int, text>, PRIMARY KEY (p, c))',
  'CREATE TABLE k.n (p int PRIMARY KEY, n counter)',
];

function split(cql: string) {
  const statement = splitSingle(cql);
  if (statement === null) throw new TypeError(cql);
  return statement;
}

async function database(): Promise<Session> {
  const session = await openSession({ paths: [], dialect: 'strict' });
  for (const cql of TABLES) await session.execute(cql);
  // The first write of a session has to wait for the code.
  await session.execute('DELETE FROM k.t WHERE p = 0 AND c = 0');
  return session;
}

async function rows(session: Session): Promise<unknown[]> {
  const result = await session.execute('SELECT p, c, s, v, l, m FROM k.t');
  if (result.kind !== 'rows') throw new TypeError('no rows');
  const all: unknown[] = [];
  for (let chunk = await result.next(); chunk !== null; chunk = await result.next()) {
    all.push(...chunk.cells.map((cell) => (cell === null ? null : Buffer.from(cell).toString('hex'))));
  }
  return all;
}

describe('a write without a promise', () => {
  it('does what execute does, or nothing', async () => {
    const now = await database();
    const later = await database();
    const writes = [
      "INSERT INTO k.t (p, c, s, v) VALUES (1, 1, 'st', 'a')",
      "INSERT INTO k.t (p, c, s, v) VALUES (1, 2, 'st', null)",
      "INSERT INTO k.t (p, c, v) VALUES (2, -2, 'it''s')",
      "INSERT INTO k.t (p, c, m) VALUES (2, 3, {1: 'x', 2: 'y'}) USING TIMESTAMP 5 AND TTL 1000",
      `INSERT INTO k.t JSON '{"p": 3, "c": 1, "v": "json"}'`,
      "UPDATE k.t SET m[7] = 'z' WHERE p = 2 AND c IN (3, 4)",
      'UPDATE k.t SET m = m - {1} WHERE p = 2 AND c = 3',
      'DELETE v FROM k.t WHERE p = 1 AND c = 1',
      'DELETE FROM k.t WHERE p = 2 AND c < 0',
    ];
    for (const cql of writes) {
      expect(now.executeNow?.(split(cql)), cql).toBe(true);
      await later.execute(split(cql));
      expect(await rows(now), cql).toEqual(await rows(later));
    }
    await now.close();
    await later.close();
  });

  it('is refused where something must be read, and for all that is no write', async () => {
    const session = await database();
    await session.execute('INSERT INTO k.t (p, c, l) VALUES (1, 1, [1, 2])');
    const before = await rows(session);
    for (const cql of [
      "INSERT INTO k.t (p, c, v) VALUES (1, 9, 'a') IF NOT EXISTS",
      "UPDATE k.t SET v = 'a' WHERE p = 1 AND c = 1 IF v = null",
      'UPDATE k.t SET l[0] = 5 WHERE p = 1 AND c = 1',
      'UPDATE k.n SET n = n + 1 WHERE p = 1',
      "BEGIN BATCH INSERT INTO k.t (p, c, v) VALUES (1, 9, 'a'); APPLY BATCH",
      'SELECT * FROM k.t',
      'TRUNCATE k.t',
      'USE k',
    ]) {
      expect(session.executeNow?.(split(cql)), cql).toBe(false);
    }
    expect(await rows(session)).toEqual(before);
    await session.close();
  });

  it('fails as execute does', async () => {
    const session = await database();
    for (const cql of [
      "INSERT INTO k.t (p, c, v) VALUES ('x', 1, 'a')",
      'INSERT INTO k.t (p, v) VALUES (1, null)',
      'INSERT INTO k.nowhere (p) VALUES (1)',
      'INSERT INTO k.t (p, c) VALUES (1, 1) USING TTL -5',
      'DELETE FROM k.t WHERE c = 1',
    ]) {
      const told = await session.execute(split(cql)).catch((error: unknown) => error);
      expect(told).toBeInstanceOf(CqlError);
      expect(() => session.executeNow?.(split(cql)), cql).toThrow(told as CqlError); // checked above
    }
    await session.close();
  });
});
