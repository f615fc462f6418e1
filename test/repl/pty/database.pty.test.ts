import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, type PtyOptions, PtyShell, removeProgram } from './pty-shell.ts';

let entry: string;
let home: string;
const open: PtyShell[] = [];

beforeAll(async () => {
  entry = await buildProgram('src/cli/entry.ts');
  home = mkdtempSync(join(tmpdir(), 'cassette-database-'));
}, 120_000);

afterAll(() => {
  for (const shell of open) shell.close();
  removeProgram(entry);
  rmSync(home, { recursive: true, force: true });
});

async function start(options: PtyOptions): Promise<PtyShell> {
  const shell = new PtyShell(entry, { home, rows: 40, columns: 110, ...options });
  open.push(shell);
  await shell.until(/cassette(:\w+)?>/, 20_000);
  return shell;
}

async function run(shell: PtyShell, line: string, wanted: string | RegExp): Promise<void> {
  shell.type(`${line}\r`);
  await shell.until(wanted);
  await shell.until(/cassette(:\w+)?>\s*(\n[^\n]*)?$/);
}

const REPLICATION = "{'class': 'SimpleStrategy', 'replication_factor': 1}";

describe('the shell on a database', () => {
  it('keeps what was answered when its terminal is killed', async () => {
    const path = join(home, 'db');
    const first = await start({ arguments: [path] });
    expect(first.screen()).toContain('database db · empty');
    await run(first, `CREATE KEYSPACE k WITH replication = ${REPLICATION};`, /cassette> *\n/);
    await run(first, 'USE k;', 'cassette:k>');
    await run(first, 'CREATE TABLE t (a int PRIMARY KEY, b text);', /cassette:k> CREATE[^\n]*\ncassette:k>/);
    await run(first, "INSERT INTO t (a, b) VALUES (1, 'kept');", '1 rows in memtables');
    first.kill('SIGKILL');
    await first.end();
    const second = await start({ arguments: [path, '-k', 'k'] });
    await run(second, 'SELECT * FROM t;', /1 \| kept/);
    second.kill('SIGHUP');
    expect(await second.end()).toBe(129);
    const third = await start({ arguments: [path, '-k', 'k'] });
    await run(third, 'SELECT count(*) FROM t;', '(1 rows)');
    third.type('EXIT\r');
    expect(await third.end()).toBe(0);
  });

  it('imports into a table that it makes, describes it, explains and leaves no temporary database behind', async () => {
    writeFileSync(join(home, 'people.csv'), 'id,name,born\n1,Ada,1815-12-10\n2,"O, Bob",1900-01-01\n');
    const shell = await start({});
    expect(shell.screen()).toContain('temporary');
    await run(shell, `CREATE KEYSPACE k WITH replication = ${REPLICATION};`, /cassette> *\n/);
    await run(shell, 'USE k;', 'cassette:k>');
    await run(shell, '.import people.csv people', '2 rows imported');
    await run(shell, 'SELECT * FROM people;', /2 \| 1900-01-01 \| O, Bob/);
    await run(shell, 'DESCRIBE TABLE people;', /born date,\n {4}name text/);
    await run(shell, 'EXPLAIN SELECT * FROM people;', /^ Select/m);
    await run(shell, 'SELECT nme FROM people;', 'did you mean "name"?');
    await run(shell, '.open elsewhere', 'elsewhere · ');
    shell.type('\u0004');
    expect(await shell.end()).toBe(0);
  });

  it('takes rows for COPY FROM STDIN as they are typed or pasted, and its prompt after', async () => {
    const shell = await start({});
    await run(shell, `CREATE KEYSPACE k WITH replication = ${REPLICATION};`, /cassette> *\n/);
    await run(shell, 'CREATE TABLE k.t (a int PRIMARY KEY, b text);', /TABLE[^\n]*\ncassette>/);
    shell.type('COPY k.t FROM STDIN;\r');
    await shell.until(/\[Use \. on a line by itself to end input\]\n\[copy\] *$/);
    shell.type('1,日x\u007f\u007fone\r');
    shell.paste('2,two\n3,three\n4,');
    shell.type('four\r.\r');
    await shell.until('4 rows imported');
    expect(shell.screen()).toContain('[copy] 1,one\n[copy] 2,two\n[copy] 3,three\n[copy] 4,four\n[copy] .\n');
    await run(shell, 'SELECT b FROM k.t;', '(4 rows)');
    shell.type('COPY k.t FROM STDIN;\r');
    await shell.until(/\[copy\] *$/);
    shell.type('5,five\r\u0003');
    await shell.until('Cancelled.');
    await run(shell, 'SELECT count(*) FROM k.t;', '(1 rows)');
  });

  it('sends what is asked for where results go: DESCRIBE and .dump to files and programs', async () => {
    const shell = await start({});
    await run(shell, `CREATE KEYSPACE k WITH replication = ${REPLICATION};`, /cassette> *\n/);
    await run(shell, 'CREATE TABLE k.t (a int PRIMARY KEY, b text);', /TABLE[^\n]*\ncassette>/);
    await run(shell, "INSERT INTO k.t (a, b) VALUES (1, 'one');", '1 rows in memtables');
    await run(shell, '.output no/such/directory', "no/such/directory': no such file or directory");
    await run(shell, '.output dump.cql', /\.output dump\.cql\ncassette>/);
    await run(shell, '.dump k', /\.dump k\ncassette>/);
    await run(shell, '.output', /\.output\ncassette>/);
    expect(readFileSync(join(home, 'dump.cql'), 'utf8')).toMatch(
      /^\nCREATE KEYSPACE k [\s\S]*CREATE TABLE k\.t \([\s\S]*INSERT INTO k\.t \(a, b\) VALUES \(1, 'one'\);\n$/,
    );
    await run(shell, '.once |grep -c TABLE', /grep -c TABLE\ncassette>/);
    await run(shell, 'DESCRIBE TABLE k.t;', /DESCRIBE TABLE k\.t;\n1\ncassette>/);
    await run(shell, "CAPTURE 'captured.txt'", 'Now capturing');
    await run(shell, 'DESCRIBE TABLE k.t;', /speculative_retry = '99p';\ncassette>/);
    await run(shell, 'SELECT b FROM k.t;', '(1 rows)');
    await run(shell, 'CAPTURE OFF', /CAPTURE OFF\ncassette>/);
    expect(readFileSync(join(home, 'captured.txt'), 'utf8')).toMatch(
      /^\nCREATE TABLE k\.t [\s\S]*\n one\n\n\(1 rows\)\n$/,
    );
    await run(shell, '.mode parquet', /\.mode parquet\ncassette>/);
    await run(shell, 'SELECT b FROM k.t;', 'parquet is for files: .output FILE first');
  });

  it('reads what is typed as a script where the terminal is dumb', async () => {
    const shell = new PtyShell(entry, { home, environment: { TERM: 'dumb' }, arguments: [join(home, 'dumb')] });
    open.push(shell);
    await shell.until('TERM is dumb: statements are read as they are typed');
    shell.type('SELECT nope;\r');
    await shell.until(/<stdin>:1:\d+: /);
    shell.type('SELECT 1 + 1;\r');
    await shell.until('(1 rows)');
    expect(shell.raw).not.toContain('\u001b');
    shell.type('\u0004');
    expect(await shell.end()).toBe(1);
  });

  it('writes a configuration once', async () => {
    const shell = new PtyShell(entry, { home, arguments: ['--init-config'] });
    open.push(shell);
    expect(await shell.end()).toBe(0);
    expect(existsSync(join(home, 'config/cassette/config.toml'))).toBe(true);
    const again = new PtyShell(entry, { home, arguments: ['--init-config'] });
    open.push(again);
    expect(await again.end()).toBe(2);
  });

  it('stays open after -f with -i, in explore mode, with what the script set, also when that failed', async () => {
    const script = join(home, 'begin.cql');
    writeFileSync(
      script,
      `CREATE KEYSPACE k WITH replication = ${REPLICATION};\nUSE k;\nCREATE TABLE t (a int PRIMARY KEY);\n` +
        'EXPAND ON\nSELECT nothing FROM t;\n',
    );
    const shell = await start({ arguments: ['-f', script, '-i'] });
    expect(shell.screen()).toMatch(/begin\.cql:5:8: InvalidRequest: Undefined column name nothing/);
    expect(shell.screen()).toContain('cassette:k>');
    expect(shell.screen()).toContain('· explore ·');
    await run(shell, 'INSERT INTO t (a) VALUES (1);', '1 rows in memtables');
    await run(shell, 'SELECT a FROM t;', /@ Row 1\n/);
    shell.type('EXIT\r');
    expect(await shell.end()).toBe(0);
  });
});
