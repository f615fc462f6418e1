import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedSession } from '../../src/session/embedded/embedded-session.ts';
import { openSession } from '../../src/session/open-session.ts';
import { describeTable, writeRows } from '../../src/storage/sstable-library.ts';
import { importRows, jsonRows, runScript } from '../transfer/copy-harness.ts';

const MIB = 1024 * 1024;
const directory = mkdtempSync(join(tmpdir(), 'cassette-limits-'));
let session: EmbeddedSession;

beforeAll(async () => {
  session = await openSession({ paths: [join(directory, 'db')], dialect: 'strict', durability: 'none' });
  await runScript(
    session,
    `CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};
     CREATE TABLE k.t (p text, c text, a text, b text, PRIMARY KEY (p, c));
     CREATE TABLE k.two (p text, q text, a text, PRIMARY KEY ((p, q)));
     CREATE TABLE k.single (p text PRIMARY KEY, a text, b text);`,
  );
}, 60_000);

afterAll(async () => {
  await session.close();
  rmSync(directory, { recursive: true, force: true });
});

type Values = Readonly<Record<string, string>>;

/** Every way into a table, each of one row; resolves to what was wrong, or null. */
const WAYS: Readonly<Record<string, (table: string, row: Values) => Promise<string | null>>> = {
  CQL: async (table, row) => {
    const names = Object.keys(row);
    const statement = await session.prepare(
      `INSERT INTO k.${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    );
    const values = names.map((name) => Buffer.from(row[name]));
    return messageOf(session.executePrepared(statement, { values }));
  },
  mutation: (table, row) => {
    const columns = (names: readonly string[]): object => ({
      columns: names.filter((name) => name in row).map((name) => [name, row[name]]),
    });
    const operations = Object.keys(row)
      .filter((name) => name === 'a' || name === 'b')
      .map((column) => ({ Write: { column, value: row[column] } }));
    const mutation = {
      table: { keyspace: 'k', table },
      partition_key: columns(['p', 'q']),
      clustering_key: columns(['c']),
      operations,
    };
    return messageOf(session.maintenance?.write(mutation));
  },
  CSV: (table, row) =>
    copied(table, row, 'csv', `${Object.values(row).join(',')}\n`, ` (${Object.keys(row).join(', ')})`),
  'JSON lines': (table, row) => copied(table, row, 'jsonl', `${JSON.stringify(row)}\n`, ''),
};

async function copied(table: string, _: Values, format: string, text: string, columns: string): Promise<string | null> {
  const [data, errors] = [join(directory, `data.${format}`), join(directory, 'data.err')];
  writeFileSync(data, text);
  const report = await importRows(session, `COPY k.${table}${columns} FROM '${data}' WITH ERRFILE = '${errors}'`);
  const [failure] = report.failures.told;
  if (failure === undefined) return null;
  expect(failure[1]).toEqual({ rows: 1, file: `data.${format}`, line: 1 });
  return failure[0].replace('ParseError - ', '');
}

async function messageOf(work: Promise<unknown> | undefined): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const long = (length: number): string => 'x'.repeat(length);

describe.each(Object.keys(WAYS))('limits of what Cassandra takes, by %s', (way) => {
  it.each([
    ['a key of 65,535 bytes', 'single', { p: long(65_535), a: '1' }, null],
    ['one more', 'single', { p: long(65_536), a: '1' }, 'Key length of 65536 is longer than maximum of 65535'],
    [
      'a key of two columns',
      'two',
      { p: long(65_535), q: 'y', a: '1' },
      'Key length of 65536 is longer than maximum of 65535',
    ],
    ['a clustering of 65,535 bytes', 't', { p: '1', c: long(65_535), a: '1' }, null],
    ['one more', 't', { p: '1', c: long(65_536), a: '1' }, 'Key length of 65536 is longer than maximum of 65535'],
    ['a row of 15 MiB', 'single', { p: '2', a: long(15 * MIB) }, null],
    [
      'a row of 16 MiB',
      'single',
      { p: '3', a: long(8 * MIB), b: long(8 * MIB) },
      /^Rejected an oversized mutation \(167772\d\d\/16777216\) for keyspace: k\. Top keys are: single\.3$/,
    ],
  ])('%s', async (_, table, row, message) => {
    const refused = await WAYS[way](table, row as Values);
    if (message instanceof RegExp) expect(refused).toMatch(message);
    else expect(refused).toBe(message);
  });
});

describe('the largest mutation', () => {
  const execute = async (cql: string, ...values: string[]): Promise<string | null> =>
    messageOf(
      session
        .prepare(cql)
        .then((statement) => session.executePrepared(statement, { values: values.map((v) => Buffer.from(v)) })),
    );

  it('is of a partition: rows of several ones together may be more', async () => {
    expect(await execute("UPDATE k.single SET a = ? WHERE p IN ('1', '2', '3')", long(9 * MIB))).toBeNull();
    expect(await execute("UPDATE k.t SET a = ? WHERE p = '7' AND c IN ('a', 'b')", long(9 * MIB))).toMatch(
      /^Rejected an oversized mutation \(18874\d\d\d\/16777216\) for keyspace: k\. Top keys are: t\.7$/,
    );
    expect(await jsonRows(session, "SELECT JSON c FROM k.t WHERE p = '7'")).toEqual([]);
  });

  it('is what a batch writes to it, in all tables of the keyspace', async () => {
    const batch = `BEGIN UNLOGGED BATCH UPDATE k.single SET a = ? WHERE p = '8'; UPDATE k.t SET a = ? WHERE p = '8' AND c = 'a'; APPLY BATCH`;
    const explore = await openSession({ paths: [join(directory, 'other')], dialect: 'explore', durability: 'none' });
    await runScript(
      explore,
      `CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};
       CREATE TABLE k.t (p text, c text, a text, PRIMARY KEY (p, c));
       CREATE TABLE k.single (p text PRIMARY KEY, a text);`,
    );
    const statement = await explore.prepare(batch);
    const values = [Buffer.from(long(9 * MIB)), Buffer.from(long(9 * MIB))];
    expect(await messageOf(explore.executePrepared(statement, { values }))).toMatch(
      /^Rejected an oversized mutation .* Top keys are: single\.8, t\.8$/,
    );
    await explore.close();
  });
});

describe('writeRows', () => {
  const table = describeTable({
    keyspace: 'k',
    name: 't',
    partitionKey: { p: 'text' },
    clustering: { c: 'text' },
    columns: { v: 'text' },
  });
  it.each([
    [{ p: long(65_536), c: 'a' }, 'row 2: a key of 65536 bytes is longer than 65535'],
    [{ p: '1', c: long(65_536) }, 'row 2: a key of 65536 bytes is longer than 65535'],
    [{ p: '', c: 'a' }, 'row 2: the key is empty'],
    [{ p: '1' }, 'row 2: a row without a value of key column c'],
  ])('names the row', async (row, message) => {
    const rows = [{ p: '1', c: 'a', v: 'x' }, row];
    await expect(writeRows({ directory, table, rows, timestampMicros: 1n })).rejects.toThrow(message);
  });
});
