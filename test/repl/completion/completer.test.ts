import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { warmUp } from '../../../src/parser/completion.ts';
import { Completer } from '../../../src/repl/completion/completer.ts';
import { schemaWith } from '../fake-session.ts';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'cassette-completion-'));
  writeFileSync(join(directory, 'orders.csv'), '');
  writeFileSync(join(directory, 'script.cql'), '');
  mkdirSync(join(directory, 'sub'));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function completer(keyspace: string | null = 'shop', moreTables = 0): Completer {
  const schema = schemaWith(moreTables);
  return new Completer(() => ({ schema, keyspace, directory }));
}

/** Labels at `|`, or at the end. */
function labels(text: string, keyspace: string | null = 'shop'): string[] {
  const cursor = text.includes('|') ? text.indexOf('|') : text.length;
  return completer(keyspace)
    .complete(text.replace('|', ''), cursor)
    .candidates.map(({ label }) => label);
}

/** The text after the only candidate was taken; null when there is not exactly one. */
function taken(text: string): string | null {
  const { from, to, candidates } = completer().complete(text, text.length);
  const [only] = candidates;
  return candidates.length !== 1 || only.insert === null ? null : text.slice(0, from) + only.insert + text.slice(to);
}

describe('completion of CQL', () => {
  it.each([
    ['SEL', 'SELECT '],
    ['sel', 'select '],
    ['SELECT * FROM us', 'SELECT * FROM users'],
    ['SELECT * FROM shop.ev', 'SELECT * FROM shop.events'],
    ['SELECT * FROM events ORD', 'SELECT * FROM events ORDER BY '],
    ['select * from events gro', 'select * from events group by '],
    ['SELECT * FROM events WHERE "No', 'SELECT * FROM events WHERE "Note"'],
    ['SELECT FROM us', 'SELECT FROM users'],
    ['SELECT JSON FROM events WHERE sen', 'SELECT JSON FROM events WHERE sensor'],
    ['SELECT ema', 'SELECT email'],
    ['USE sh', 'USE shop'],
    ['CREATE TAB', 'CREATE TABLE '],
    ['ALTER TABLE users ADD x bool', 'ALTER TABLE users ADD x boolean'],
    ['CREATE TABLE t (a addr', 'CREATE TABLE t (a address'],
    ['CREATE TABLE t (a int PRIMARY KEY) WITH gc_', 'CREATE TABLE t (a int PRIMARY KEY) WITH gc_grace_seconds = '],
    [
      "CREATE TABLE t (a int PRIMARY KEY) WITH compaction = {'class': 'Lev",
      "CREATE TABLE t (a int PRIMARY KEY) WITH compaction = {'class': 'LeveledCompactionStrategy'",
    ],
    ['DESCRIBE TABLE ev', 'DESCRIBE TABLE events'],
    ['SELECT writet', 'SELECT writetime '],
    ['INSERT INTO users (id) VALUES (1); SELECT * FROM ev', 'INSERT INTO users (id) VALUES (1); SELECT * FROM events'],
  ])('%s', (text, expected) => {
    expect(taken(text)).toBe(expected);
  });

  it('offers key columns first in WHERE, and not again what is given', () => {
    expect(labels('SELECT * FROM events WHERE ').slice(0, 3)).toEqual(['sensor', 'at', 'seq']);
    expect(labels("SELECT * FROM events WHERE sensor = 'a' AND ").slice(0, 2)).toEqual(['at', 'seq']);
  });

  it('offers the columns of the keyspace while no table is named', () => {
    const { candidates } = completer().complete('SELECT a', 8);
    expect(candidates.filter(({ kind }) => kind === 'column')).toMatchObject([
      { label: 'active', detail: 'of users' },
      { label: 'at', detail: 'of events' },
    ]);
    expect(labels('SELECT a| FROM nothing')).not.toContain('at');
  });

  it.each([
    'SELECT DISTINCT | FROM users',
    'SELECT JSON | FROM users',
    'select json distinct | from users',
    'SELECT count(DISTINCT | FROM users',
  ])('offers columns behind the word, and not what would follow a column of that name: %s', (text) => {
    const found = labels(text);
    expect(found).toEqual(expect.arrayContaining(['id', 'name', 'email']));
    expect(found).not.toContain('BETWEEN');
  });

  it('offers only the columns that INSERT has not yet', () => {
    expect(labels('INSERT INTO users (')).toEqual(['id', 'active', 'email', 'home', 'name', 'tags']);
    expect(labels('INSERT INTO users (id, name, ')).toEqual(['active', 'email', 'home', 'tags']);
  });

  it('offers no key column in SET and DELETE', () => {
    expect(labels('UPDATE events SET ')).toEqual(['Note', 'value']);
    expect(labels('DELETE | FROM events')).not.toContain('sensor');
  });

  it('offers the columns that CREATE TABLE defines in its PRIMARY KEY', () => {
    expect(labels('CREATE TABLE t (a int, b map<text, int>, PRIMARY KEY (')).toEqual(
      expect.arrayContaining(['a', 'b']),
    );
    expect(labels('CREATE TABLE t (a int, b int, PRIMARY KEY (a, ')).toEqual(['b']);
  });

  it.each([
    ['INSERT INTO users (id) VALUES (1) ', ['IF', 'USING']],
    ['INSERT INTO users (id) VALUES (1) USING ', ['TIMESTAMP', 'TTL']],
    ['UPDATE users USING ', ['TIMESTAMP', 'TTL']],
    ['BEGIN BATCH ', ['INSERT', 'UPDATE', 'DELETE', 'APPLY']],
    ['BEGIN BATCH INSERT INTO users (id) VALUES (1); ', ['INSERT', 'UPDATE', 'DELETE', 'APPLY']],
    ["BEGIN BATCH UPDATE users SET name = 'a' WHERE id = 1; ", ['INSERT', 'UPDATE', 'DELETE', 'APPLY']],
    ['BEGIN BATCH INSERT INTO us', ['users']],
    ['SELECT * FROM users LIMIT 5 ', ['ALLOW']],
    ['SELECT * FROM users WHERE id IN (', ['<int>']],
    ['SELECT * FROM events WHERE "', ['Note']],
    ["SELECT * FROM users WHERE name = 'a", []],
    ['CREATE TABLE t (a int, b int, PRIMARY KEY (a, b)) WITH CLUSTERING ORDER BY (', ['a', 'b']],
    ['CREATE TABLE t (a int PRIMARY KEY) WITH c', ['caching', 'comment', 'compaction', 'compression']],
    ["CREATE TABLE t (a int PRIMARY KEY) WITH caching = {'keys': '", ["'ALL'", "'NONE'"]],
    ['ALTER TABLE users ', ['ADD', 'DROP', 'RENAME', 'WITH']],
    ['ALTER TABLE users DROP na', ['name']],
    ['ALTER TYPE address ', ['ADD', 'RENAME']],
    ['ALTER KEYSPACE shop WITH ', ['replication', 'durable_writes']],
    ['GRANT SEL', ['SELECT']],
    ['GRANT SELECT ', ['ON']],
    ['GRANT SELECT ON TABLE ', ['events', 'users']],
    ['DROP INDEX ', ['IF']],
    ['SELECT home. FROM users|', []],
    ['UPDATE users SET home.', ['street', 'zip']],
    ['INSERT INTO users (id, home) VALUES (1, {', ['street', 'zip']],
    ['COPY users (', ['id', 'name', 'email', 'home', 'tags', 'active']],
    ['COPY shop.users (id, na', ['name']],
    ["COPY users TO 'x' WITH HEA", ['HEADER']],
    ["COPY users TO 'x' WITH HEADER = ", ['true', 'false']],
    ["COPY users TO 'x' WITH HEADER = tr", ['true']],
    ['DESC ', ['users', 'KEYSPACES', 'TABLES']],
    ['DESCRIBE FULL ', ['SCHEMA']],
    ['CONSISTENCY Q', ['QUORUM']],
    ['SHOW ', ['VERSION', 'HOST']],
    ['TRACING ', ['ON', 'OFF']],
    ['HELP SEL', ['SELECT']],
    ["SOURCE 's", ['script.cql', 'sub/']],
    ['.mode js', ['json', 'jsonl']],
    ['.schema us', ['users']],
    ['.dialect ', ['strict', 'explore']],
    ['.read or', ['orders.csv']],
  ])('%s', (text, expected) => {
    const found = labels(text);
    expect(found).toEqual(expect.arrayContaining(expected));
    if (expected.length === 0) expect(found).toEqual([]);
  });

  it('shows what a value should be, and never inserts it', () => {
    for (const [text, shown] of [
      ['SELECT * FROM users WHERE id = ', '<int>'],
      ['INSERT INTO events (sensor, at) VALUES (', '<text>'],
      ["INSERT INTO events (sensor, at) VALUES ('a', ", '<timestamp>'],
      ['UPDATE users SET name = ', '<text>'],
      ['SELECT * FROM users WHERE tags CONTAINS ', '<text>'],
      ['SELECT * FROM users LIMIT ', '<integer>'],
      ['CREATE TABLE ', '<name>'],
    ]) {
      const { candidates } = completer().complete(text, text.length);
      const placeholder = candidates.find(({ label }) => label === shown);
      expect(placeholder, text).toMatchObject({ kind: 'placeholder', insert: null });
    }
  });

  it('offers functions by the type that is wanted', () => {
    const forTimestamp = labels('INSERT INTO events (at) VALUES (');
    expect(forTimestamp).toContain('to_timestamp');
    expect(forTimestamp).not.toContain('uuid');
    expect(forTimestamp).not.toContain('count');
  });

  it('never offers an existing name for what is created', () => {
    expect(labels('CREATE TABLE ')).toEqual(['<name>', 'IF', 'shop', 'system']);
    expect(labels('CREATE TYPE ')).not.toContain('address');
  });

  it('offers booleans', () => {
    expect(labels('UPDATE users SET active = ')).toEqual(expect.arrayContaining(['true', 'false']));
  });

  it('offers the fields of a UDT', () => {
    expect(labels('SELECT home.| FROM users')).toEqual(['street', 'zip']);
    expect(labels('INSERT INTO users (id, home) VALUES (1, {')).toEqual(['street', 'zip']);
    expect(taken("INSERT INTO users (id, home) VALUES (1, {street: 'x', z")).toMatch(/, zip: $/);
    expect(labels('UPDATE users SET home = {')).toEqual(['street', 'zip']);
  });

  it('offers keyspaces to go on from, the user’s before the system’s', () => {
    expect(labels('SELECT * FROM ', null)).toEqual(['shop', 'system']);
    expect(completer(null).complete('SELECT * FROM sh', 16).candidates[0].insert).toBe('shop.');
  });

  it.each(["SELECT 'FROM us", 'SELECT * FROM users -- WH', 'SELECT * FORM us', '/* SEL'])('is silent in %s', (text) => {
    expect(labels(text)).toEqual([]);
  });

  it('never throws, whatever stands there, and replaces only the word before the cursor', () => {
    const pieces = [
      'SELECT',
      ' ',
      '*',
      'FROM',
      'users',
      'WHERE',
      "'",
      '"',
      '(',
      ')',
      ';',
      '\n',
      '.',
      'HELP',
      '$$',
      '=',
      '1',
      ',',
      '日',
      'us',
      '--',
      '{',
    ];
    const subject = completer();
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 14 }), fc.nat(60), (parts, at) => {
        const text = parts.join('');
        const cursor = Math.min(at, text.length);
        const { from, to, candidates } = subject.complete(text, cursor);
        expect(to).toBe(cursor);
        expect(from).toBeLessThanOrEqual(to);
        for (const { label } of candidates) expect(label).not.toBe('');
      }),
      { numRuns: 300 },
    );
  });
});

describe('completion of commands', () => {
  it.each([
    ['CONSIST', 'CONSISTENCY '],
    ['.tab', '.tables '],
    ['CONSISTENCY LOCAL_Q', 'CONSISTENCY LOCAL_QUORUM'],
    ['.mode js', null],
    ['.mode jsonl', '.mode jsonl'],
    ['EXPAND OF', 'EXPAND OFF'],
    ['.schema us', '.schema users'],
    ['HELP TRUNC', 'HELP TRUNCATE'],
    ["SOURCE 'scr", "SOURCE 'script.cql'"],
    ['.read scr', '.read script.cql'],
    ["SOURCE 'su", "SOURCE 'sub/"],
    ['COPY users FR', 'COPY users FROM '],
    ["COPY users TO 'x.csv' WITH HEA", "COPY users TO 'x.csv' WITH HEADER = "],
    [
      "COPY users FROM 'x.csv' WITH HEADER = true AND SKIPR",
      "COPY users FROM 'x.csv' WITH HEADER = true AND SKIPROWS = ",
    ],
    ["COPY users FROM 'ord", "COPY users FROM 'orders.csv'"],
    ['SELECT 1;\n.tab', 'SELECT 1;\n.tables '],
  ])('%s', (text, expected) => {
    expect(taken(text)).toBe(expected);
  });

  it('names commands beside statements where an input begins', () => {
    expect(labels('DE')).toEqual(expect.arrayContaining(['DELETE', 'DESCRIBE']));
    expect(labels('')).toEqual(expect.arrayContaining(['SELECT', 'HELP']));
  });
});

describe('completion of a big schema', () => {
  it('answers with 1,000 tables', () => {
    const subject = completer('shop', 1_000);
    warmUp();
    const texts = ['SELECT * FROM table_', 'SELECT * FROM table_0500 WHERE ', 'INSERT INTO table_0999 (k, ', 'SELECT '];
    for (const text of texts) expect(subject.complete(text, text.length).candidates.length).toBeGreaterThan(10);
  });
});
