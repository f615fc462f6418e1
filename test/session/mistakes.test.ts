import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CqlError } from '../../src/errors/index.ts';
import { renderError } from '../../src/parser/render-error.ts';
import { openSession } from '../../src/session/open-session.ts';
import type { Dialect, Session } from '../../src/session/session.ts';

const SCHEMA = [
  "CREATE KEYSPACE shop WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
  'USE shop',
  'CREATE TYPE address (street text, zip int)',
  'CREATE TABLE users (id int PRIMARY KEY, name text, active boolean, home frozen<address>, u uuid, raw blob)',
  'CREATE TABLE events (sensor text, at timestamp, seq int, value double, PRIMARY KEY (sensor, at, seq))',
];

let session: Session;
beforeAll(async () => {
  session = await openSession({ paths: [], dialect: 'strict' });
  for (const cql of SCHEMA) await session.execute(cql);
});
afterAll(() => session.close());

async function mistake(cql: string, dialect: Dialect): Promise<readonly [underlined: string, suggestion: string]> {
  try {
    const result = await session.execute(cql, { dialect });
    if (result.kind === 'rows') await result.next();
  } catch (error) {
    if (!(error instanceof CqlError)) throw error;
    const { position, suggestion = '' } = error;
    if (position === undefined) return ['', suggestion];
    const [line, caret] = renderError(cql, error).split('\n');
    return [line.slice(caret.indexOf('^'), caret.length), suggestion];
  }
  throw new Error(`accepted: ${cql}`);
}

describe('what is shown of a mistake: where, and what was probably meant', () => {
  it.each([
    ['SELECT * FROM user', 'user', 'did you mean "users"?'],
    ['SELEC * FROM users', 'SELEC', 'did you mean SELECT?'],
    ['SELECT * FORM users', 'FORM', 'did you mean FROM?'],
    ['SELECT nmae FROM users', 'nmae', 'did you mean "name"?'],
    ['SELECT nope FROM users', 'nope', ''],
    ['SELECT x FROM users', 'x', ''],
    ['SELECT * FROM users WHERE name = "x"', '"x"', "as a string it stands in single quotes: 'x'"],
    ['SELECT * FROM users WHERE id = "12"', '"12"', "as a string it stands in single quotes: '12'"],
    ["SELECT * FROM users WHERE id = '1'", "'1'", 'write 1, without quotes'],
    ["SELECT * FROM users WHERE id = 'one'", "'one'", ''],
    ['INSERT INTO users (id, name) VALUES (1, 5)', '5', "write '5'"],
    ["INSERT INTO users (id, active) VALUES (1, 'true')", "'true'", 'write true, without quotes'],
    ["INSERT INTO users (id, raw) VALUES (1, 'abc')", "'abc'", "write text_as_blob('abc')"],
    [
      "INSERT INTO users (id, u) VALUES (1, '123e4567-e89b-12d3-a456-426614174000')",
      "'123e4567-e89b-12d3-a456-426614174000'",
      'write 123e4567-e89b-12d3-a456-426614174000, without quotes',
    ],
    ["INSERT INTO users (id, home) VALUES (1, {street: 'x', zipp: 1})", 'zipp', 'did you mean "zip"?'],
    ["INSERT INTO users (id, name) VALUES (1, 'O'Brien')", 'Brien', "write '' for a quote within a string"],
    ["UPDATE users SET name = 'x' WHERE name = 'e'", 'name', ''],
    ['DELETE FROM users', '', 'WHERE says which rows, by their primary key'],
    [
      'SELECT * FROM users u JOIN events e ON u.id = e.seq',
      'u',
      'Cassandra has neither joins nor other names for tables',
    ],
    ['CREATE TABLE t (a int PRIMARY KEY, b txt)', 'txt', 'did you mean "text"?'],
    ['CREATE TABLE t (a int PRIMARY KEY) WITH gc_grace = 1', 'gc_grace', 'did you mean "gc_grace_seconds"?'],
    [
      "CREATE TABLE t (a int PRIMARY KEY) WITH compaction = {'class': 'LeveledCompaction'}",
      '',
      'did you mean "LeveledCompactionStrategy"?',
    ],
    ['USE shp', 'shp', 'did you mean "shop"?'],
  ])('%s', async (cql, underlined, suggestion) => {
    const explored = await mistake(cql, 'explore');
    expect(explored).toEqual([underlined, suggestion]);
    expect(await mistake(cql, 'strict')).toEqual(explored);
  });

  it.each([
    ["SELECT * FROM users WHERE name = 'x'", 'name', 'within one partition it is not needed: restrict id as well'],
    [
      "SELECT * FROM events WHERE at > '2024-01-01'",
      'at',
      'within one partition it is not needed: restrict sensor as well',
    ],
    ["SELECT * FROM events WHERE sensor = 'a' AND value = 1", 'sensor', ''],
    ["SELECT * FROM events WHERE sensor = 'a' ORDER BY value", 'value', ''],
    ['SELECT * FROM users WHERE id = 1 OR id = 2', 'id', 'explore mode (--explore) answers it'],
    [
      'SELECT * FROM users WHERE name = null ALLOW FILTERING',
      '',
      'rows without a value are found in explore mode: name IS NULL',
    ],
  ])('in strict mode: %s', async (cql, underlined, suggestion) => {
    expect(await mistake(cql, 'strict')).toEqual([underlined, suggestion]);
  });
});
