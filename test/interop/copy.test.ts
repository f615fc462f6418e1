import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Client } from 'cassandra-driver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../src/session/open-session.ts';
import type { Session } from '../../src/session/session.ts';
import { exportRows, importRows, jsonRows, runScript } from '../transfer/copy-harness.ts';
import { connect, hasOracle, type Place, selectJson, startDaemon, stopDaemon } from './oracle.ts';

const run = promisify(execFile);
const NUMBER = 41;
const ROWS = 200;

/** What cqlsh 6.2.2 itself brings back as it was; of timestamps only those whose seconds are exact as a double. */
const SCHEMA = `
CREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};
CREATE TYPE ks.place (street text, number int);
CREATE TABLE ks.rows (id int, c bigint, s text static, v_ascii ascii, v_blob blob, v_boolean boolean, v_date date,
  v_decimal decimal, v_double double, v_float float, v_inet inet, v_smallint smallint, v_text text, v_time time,
  v_timestamp timestamp, v_timeuuid timeuuid, v_tinyint tinyint, v_uuid uuid, v_varint varint, l list<int>,
  st set<text>, m map<text, int>, t tuple<int, text>, u frozen<place>, fl frozen<list<text>>, PRIMARY KEY (id, c));
`;

/** Rows of all kinds of values; every seventh column of a row is left null. */
function inserts(): string {
  const columns =
    'v_ascii, v_blob, v_boolean, v_date, v_decimal, v_double, v_float, v_inet, v_smallint, v_text, v_time,'
      .concat(' v_timestamp, v_timeuuid, v_tinyint, v_uuid, v_varint, l, st, m, t, u, fl')
      .split(', ')
      .flatMap((name) => name.split(','))
      .map((name) => name.trim());
  const lines: string[] = [];
  for (let i = 0; i < ROWS; i++) {
    const hex = (0x10000 + i * 37).toString(16).padStart(8, '0');
    const values: Record<string, string> = {
      v_ascii: `'ascii ${i}'`,
      v_blob: `0x${hex}`,
      v_boolean: String(i % 2 === 0),
      v_date: `'20${String(10 + (i % 80))}-02-1${i % 10}'`,
      v_decimal: `${i - 100}.${i}00`,
      v_double: `${i - 50}.25`,
      v_float: `${i - 50}.5`,
      v_inet: i % 3 === 0 ? `'10.0.0.${i}'` : `'2001:db8::${(i + 1).toString(16)}'`,
      v_smallint: String(i - 100),
      v_text: ["'a, b'", `'say "${i}"'`, "'it''s'", "'ünï-ćødé 日本'", "' blanks '"][i % 5],
      v_time: `'0${i % 10}:30:00.123456789'`,
      v_timestamp: `'20${String(10 + (i % 80))}-06-15 12:30:45.${['000', '125', '250', '500'][i % 4]}Z'`,
      v_timeuuid: `${hex}-e8d4-11e9-81b4-2a2ae2dbcce4`,
      v_tinyint: String((i % 250) - 125),
      v_uuid: `${hex}-0000-4000-8000-00000000000${i % 10}`,
      v_varint: `${i}${'9'.repeat(i % 30)}`,
      l: `[${i}, ${-i}, 0]`,
      st: `{'x${i}', 'it''s', 'a, b'}`,
      m: `{'k${i}': ${i}, 'it''s': -1}`,
      t: `(${i}, 'tuple ${i}')`,
      u: `{street: 'High, ${i}', number: ${i}}`,
      fl: `['f${i}', 'g']`,
    };
    const given = columns.filter((_, k) => (i + k) % 7 !== 0);
    const names = ['id', 'c', 's', ...given].join(', ');
    const cells = [
      String(i % 20),
      String(i * 1_000_000_007),
      `'static ${i % 20}'`,
      ...given.map((name) => values[name]),
    ];
    lines.push(`INSERT INTO ks.rows (${names}) VALUES (${cells.join(', ')});`);
  }
  return lines.join('\n');
}

/** The cqlsh that CQLSH names, or one of PyPI in an environment of its own. */
function cqlshProgram(): string {
  if (process.env['CQLSH']) return process.env['CQLSH'];
  const environment = join(tmpdir(), 'cassette-cqlsh-venv');
  const program = join(environment, 'bin/cqlsh');
  if (!existsSync(program)) {
    execFileSync('python3', ['-m', 'venv', environment]);
    execFileSync(join(environment, 'bin/pip'), ['install', '-q', 'cqlsh==6.2.2']);
  }
  return program;
}

describe.skipIf(!hasOracle)('COPY beside cqlsh', () => {
  const directory = mkdtempSync(join(tmpdir(), 'cassette-interop-copy-'));
  const place: Place = { directory: join(directory, 'cassandra'), number: NUMBER };
  let program: string;
  let client: Client;
  let session: Session;

  const cqlsh = (statement: string) => run(program, ['127.0.0.1', String(9300 + NUMBER), '-e', statement]);
  const select = 'SELECT JSON * FROM ks.rows';

  beforeAll(async () => {
    program = cqlshProgram();
    await startDaemon(place, 'oa', true);
    client = await connect(place);
    for (const statement of SCHEMA.split(';').filter((text) => text.trim() !== '')) await client.execute(statement);
    session = await openSession({ paths: [join(directory, 'db')], dialect: 'strict', durability: 'none' });
    await runScript(session, SCHEMA + inserts());
  }, 240_000);

  afterAll(async () => {
    await session?.close();
    await client?.shutdown();
    await stopDaemon(place);
    rmSync(directory, { recursive: true, force: true });
  }, 60_000);

  it('our file, imported by cqlsh', async () => {
    const file = join(directory, 'ours.csv');
    expect(await exportRows(session, `COPY ks.rows TO '${file}' WITH HEADER = true`)).toBe(ROWS);
    const { stdout } = await cqlsh(`COPY ks.rows FROM '${file}' WITH HEADER = true AND NUMPROCESSES = 1`);
    expect(stdout).toContain(`${ROWS} rows imported from 1 files`);
    expect(await selectJson(client, select)).toEqual(await jsonRows(session, select));
  }, 120_000);

  it.each(['HEADER = true', 'HEADER = false', "HEADER = true AND DELIMITER = '|' AND NULL = 'NULL'"])(
    "cqlsh's file, imported by us, with %s",
    async (options) => {
      const file = join(directory, 'theirs.csv');
      await cqlsh(
        `COPY ks.rows TO '${file}' WITH ${options} AND FLOATPRECISION = 9 AND DOUBLEPRECISION = 17 AND NUMPROCESSES = 1`,
      );
      const before = await jsonRows(session, select);
      await session.execute('TRUNCATE ks.rows');
      const report = await importRows(session, `COPY ks.rows FROM '${file}' WITH ${options}`);
      expect([...report.failures.told]).toEqual([]);
      expect(await jsonRows(session, select)).toEqual(before);
    },
    120_000,
  );
});
