import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildProgram, cassette } from './program.ts';

const directory = mkdtempSync(join(tmpdir(), 'cassette-dot-dump-'));

beforeAll(buildProgram, 60_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('.dump is a script that makes schema, rows and counters again', () => {
  const script = join(directory, 'dump.cql');
  const copy = join(directory, 'copy');
  const sample = join(import.meta.dirname, '../../test-data/sample');
  const dumped = cassette([sample, '-k', 'shop', '-e', '.dump']);
  writeFileSync(script, dumped.stdout);
  expect(cassette([copy, '-f', script]).status).toBe(0);
  for (const table of ['products', 'page_views', 'orders_by_customer']) {
    const query = ['-e', `SELECT JSON * FROM shop.${table}`];
    expect(cassette([copy, ...query]).stdout).toBe(cassette([sample, ...query]).stdout);
  }
}, 60_000);

const SOURCE = `
CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};
CREATE TABLE k.base (id int PRIMARY KEY, n int, "Mixed" text);
INSERT INTO k.base (id, n, "Mixed") VALUES (1, 10, 'it''s');
INSERT INTO k.base (id, n) VALUES (2, 20);
CREATE INDEX by_n ON k.base (n);
CREATE MATERIALIZED VIEW k.base_by_n AS SELECT * FROM k.base WHERE n IS NOT NULL AND id IS NOT NULL PRIMARY KEY (n, id);
CREATE TABLE k.hits (page text, day date, total counter static, hits counter, PRIMARY KEY (page, day));
UPDATE k.hits SET total = total + 5 WHERE page = 'a';
UPDATE k.hits SET hits = hits + 1 WHERE page = 'a' AND day = '2024-01-01';
UPDATE k.hits SET hits = hits - 2 WHERE page = 'a' AND day = '2024-01-02';
UPDATE k.hits SET total = total + 7 WHERE page = 'b';
CREATE KEYSPACE other WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};
CREATE TABLE other.t (id int PRIMARY KEY);
INSERT INTO other.t (id) VALUES (9);
`;

it('.dump makes views and indexes after the rows, and adds a static counter once', () => {
  const [original, copy] = [join(directory, 'original'), join(directory, 'restored')];
  expect(cassette([original], { input: SOURCE })).toMatchObject({ status: 0 });
  const script = cassette([original, '-e', '.dump']).stdout;
  expect(cassette([copy], { input: script })).toMatchObject({ status: 0 });
  for (const query of [
    'SELECT JSON * FROM k.base',
    'SELECT JSON * FROM k.hits',
    'SELECT * FROM other.t',
    'DESC SCHEMA',
  ]) {
    expect(cassette([copy, '-e', query]).stdout).toBe(cassette([original, '-e', query]).stdout);
  }
}, 60_000);

it('.dump takes a keyspace or a table, and leaves the settings alone', () => {
  const original = join(directory, 'original');
  const keyspace = cassette([original, '-e', '.explain on\n.dump other\n.mode']);
  expect(keyspace.stdout).toMatch(/^\nCREATE KEYSPACE other /);
  expect(keyspace.stdout).toMatch(/\n\nINSERT INTO other\.t \(id\) VALUES \(9\);\nmode: table\n$/);
  expect(keyspace.stdout).not.toMatch(/ k\.|plan/i);
  const table = cassette([original, '-k', 'k', '-e', '.dump base']).stdout;
  expect(table).toContain("INSERT INTO k.base (id, \"Mixed\", n) VALUES (1, 'it''s', 10);\n");
  expect(table.indexOf('CREATE INDEX')).toBeGreaterThan(table.indexOf('INSERT'));
  expect(table).not.toContain('hits');
  expect(cassette([original, '-e', '.dump nothing'])).toMatchObject({ status: 1, stdout: '' });
}, 60_000);
