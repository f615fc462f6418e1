import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, cassette } from './program.ts';

const home = mkdtempSync(join(tmpdir(), 'cassette-user-files-'));
const db = join(home, 'db');
const environment = { HOME: home, XDG_CONFIG_HOME: join(home, 'config') };

const SCRIPT = `
CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};
CREATE TABLE k.t (id int PRIMARY KEY, at timestamp, d double, f float);
INSERT INTO k.t (id, at, d, f) VALUES (1, '2024-03-01 12:00:00+0000', 1.23456789, 1.5);
`;

beforeAll(async () => {
  await buildProgram();
  mkdirSync(join(home, '.cassandra'));
  mkdirSync(join(home, 'config/cassette'), { recursive: true });
  expect(cassette([db], { input: SCRIPT }).status).toBe(0);
}, 120_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

function cqlshrc(text: string): void {
  writeFileSync(join(home, '.cassandra/cqlshrc'), text);
}

describe('one-shots', () => {
  it('show values as cqlshrc and config.toml have it, and no other format', () => {
    cqlshrc('[ui]\ntime_format = %d.%m.%Y %H:%M\ntimezone = Asia/Tokyo\ndouble_precision = 3\n');
    const toml = join(home, 'config/cassette/config.toml');
    writeFileSync(toml, '[results]\nformat = "csv"\nnull = "-"\nexpand = true\n');
    const run = (...args: string[]) => cassette([db, ...args, '-e', 'SELECT at, d, null FROM k.t'], { environment });
    expect(run().stdout.split('\n')[3]).toBe(' 01.03.2024 21:00 | 1.235 |    -');
    expect(run('--format', 'jsonl').stdout).toContain('"2024-03-01 12:00:00.000Z"');
    writeFileSync(toml, '[results]\ntimer = 3\n');
    expect(run()).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/config\.toml: results\.timer/),
    });
    rmSync(toml);
  });
});

describe('COPY', () => {
  it('follows the sections of cqlshrc, the closer ones first, the statement above all', () => {
    cqlshrc(
      '[copy]\nheader = true\ndelimiter = |\nmaxrows = 1\n[copy-to]\ndelimiter = ;\n[copy:k.t]\nnull = none\n[copy-to:k.other]\nnull = x\n',
    );
    const out = join(home, 'out.csv');
    const copy = `COPY k.t (id, d) TO '${out}'`;
    const path = join(home, '.cassandra/cqlshrc');
    expect(cassette([db, '-e', copy], { environment }).stdout).toMatch(
      `Reading options from ${path}:[copy]: {'header': 'true', 'delimiter': '|', 'maxrows': '1'}\n` +
        `Reading options from ${path}:[copy-to]: {'delimiter': ';'}\n` +
        `Reading options from ${path}:[copy:k.t]: {'null': 'none'}\nStarting copy of k.t with columns [id, d].\n`,
    );
    expect(readFileSync(out, 'utf8').replaceAll('\r', '')).toBe('id;d\n1;1.23456789\n');
    cassette([db, '-e', `${copy} WITH DELIMITER = '/' AND HEADER = false`], { environment });
    expect(readFileSync(out, 'utf8').trim()).toBe('1/1.23456789');
  });

  it('takes another file by CONFIGFILE', () => {
    writeFileSync(join(home, 'other.ini'), '[copy]\nheader = true\ndelimiter = :\n');
    const outcome = cassette([db, '-e', `COPY k.t (id, f) TO STDOUT WITH CONFIGFILE = '${join(home, 'other.ini')}'`], {
      environment,
    });
    expect(outcome.stdout.replaceAll('\r', '')).toBe('id:f\n1:1.5\n');
  });
});
