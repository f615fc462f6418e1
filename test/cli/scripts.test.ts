import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildProgram, cassette, shell, start } from './program.ts';

const SCHEMA = `
CREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};
CREATE TABLE ks.t (id int PRIMARY KEY, v text);
`;
const ROWS = "INSERT INTO ks.t (id, v) VALUES (1, 'one'); INSERT INTO ks.t (id, v) VALUES (2, null);";
/** Explore mode keeps partitions in the order of their tokens. */
const SELECT = 'SELECT id, v FROM ks.t';

let root = '';
let directory = '';
let counter = 0;

beforeAll(async () => {
  await buildProgram();
  root = mkdtempSync(join(tmpdir(), 'cassette-cli-'));
}, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  directory = join(root, String(counter++));
  mkdirSync(directory);
});

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

function database(): string {
  const path = join(directory, 'db');
  expect(cassette([path, '-f', file('schema.cql', SCHEMA), '-e', ROWS])).toMatchObject({ status: 0, stderr: '' });
  return path;
}

describe('exit codes', () => {
  it('0 when all is done, 1 when a statement fails', () => {
    const db = database();
    expect(cassette([db, '-e', SELECT]).status).toBe(0);
    expect(cassette([db, '-e', 'SELECT nothing FROM ks.t']).status).toBe(1);
  });

  it.each([
    [['--no-such-option']],
    [['-f', 'no-such-file.cql']],
    [['no-such-path', '-e', 'SELECT * FROM ks.t']],
    [['connect', 'host']],
    [['stats', 'no-such-path']],
    [['-e', 'SELECT 1', '--format', 'yaml']],
    [['-e', 'SELECT 1', '--format', 'parquet']],
    // The shell needs a terminal.
    [['-i']],
    [['-e', 'SELECT 1', '-i']],
  ])('2 for the command line %j', (args) => {
    const outcome = cassette(args, { cwd: directory });
    expect(outcome.stderr).not.toBe('');
    expect(outcome.status).toBe(2);
    expect(existsSync(join(directory, 'no-such-path'))).toBe(false);
  });

  it('130 when interrupted', async () => {
    const db = database();
    const child = start([db, '-f', '-']);
    child.stdin.write("INSERT INTO ks.t (id, v) VALUES (3, 'three');\nSELECT * FROM ks.t;\n");
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    child.stdin.write('SELECT * FROM ks.t;\n');
    const [status] = await once(child, 'exit');
    expect(status).toBe(130);
    expect(cassette([db, '--format', 'csv', '-e', 'SELECT v FROM ks.t WHERE id = 3']).stdout).toBe('v\r\nthree\r\n');
  });
});

describe('a file that cannot be opened', () => {
  it('ends its statement as other errors do', () => {
    const path = join(directory, 'no/such/file');
    const cql = `CAPTURE '${path}'\nCOPY ks.t TO '${path}';\nSOURCE '${directory}'\nSELECT id FROM ks.t WHERE id = 1;`;
    const outcome = cassette([database(), '--continue-on-error', '--format', 'csv', '-e', cql]);
    expect(outcome.stderr).toBe(
      `<-e>:1:1: InvalidRequest: Could not open '${path}': no such file or directory\n` +
        `<-e>:2:1: InvalidRequest: Could not open '${path}': no such file or directory\n` +
        `<-e>:3:1: InvalidRequest: Could not open '${directory}': it is a directory\n`,
    );
    expect(outcome.status).toBe(1);
    expect(outcome.stdout).toMatch(/id\r\n1\r\n$/);
  });

  it('is a wrong command line behind -f', () => {
    const outcome = cassette([database(), '-f', directory]);
    expect(outcome).toMatchObject({ status: 2, stderr: `cassette: ${directory} is a directory\n` });
  });
});

describe('an interrupt', () => {
  it.each([
    ['waiting for rows', ['-e', 'COPY ks.t FROM STDIN']],
    ['waiting for statements', ['-f', '-']],
  ])('ends a program that is %s, and says so', async (_name, args) => {
    const child = start([database(), ...args]);
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    // It listens when it reads.
    child.stdin.write('\n'.repeat(4_000_000));
    await new Promise((resolve) => child.stdin.write('\n', resolve));
    child.kill('SIGINT');
    const [status] = await once(child, 'exit');
    expect({ status, stderr }).toEqual({ status: 130, stderr: 'cassette: interrupted\n' });
  });
});

describe('errors', () => {
  it('name the file, line and column, then show the line and a caret', () => {
    const db = database();
    const script = file('bad.cql', 'USE ks;\n\nSELECT id\nFROM t WHERE idd = 1;\nSELECT * FROM t;\n');
    const { status, stdout, stderr } = cassette([db, '-f', script]);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    const [head, ...excerpt] = stderr.split('\n');
    expect(head).toMatch(/bad\.cql:(3:1|4:14): InvalidRequest: Undefined column name idd in table ks\.t$/);
    if (head.includes(':4:14:')) expect(excerpt.join('\n')).toMatch(/FROM t WHERE idd = 1;?\n\s+\^/);
  });

  it.each([
    ['SELEC * FROM ks.t;', /^<stdin>:1:1: SyntaxException: .+/],
    ['\n\nSELECT * FROM ks.nothing;', /^<stdin>:3:\d+: InvalidRequest: table nothing does not exist/],
    ["INSERT INTO ks.t (id, v) VALUES ('x', 'y');", /^<stdin>:1:\d+: InvalidRequest: Invalid STRING constant \(x\)/],
    [SCHEMA, /^<stdin>:2:\d+: AlreadyExists: /],
  ])('of %j are one line of KIND and message', (input, expected) => {
    const { status, stderr } = cassette([database(), '--strict'], { input });
    expect(stderr).toMatch(expected);
    expect(status).toBe(1);
  });

  it('of -e name it', () => {
    expect(cassette([database(), '-e', 'SELECT * FROM ks.nothing']).stderr).toMatch(/^<-e>:1:\d+: InvalidRequest: /);
  });

  it('stop a script, unless it is told to go on; each is reported', () => {
    const db = database();
    const script = file(
      'two.cql',
      "SELECT x FROM ks.t;\nINSERT INTO ks.t (id, v) VALUES (7, 'seven');\nSELECT y FROM ks.t;\n",
    );
    const count = 'SELECT count(*) FROM ks.t';
    expect(cassette([db, '-f', script]).stderr.match(/InvalidRequest/g)).toHaveLength(1);
    expect(cassette([db, '--format', 'jsonl', '-e', count]).stdout).toBe('{"count": 2}\n');
    const outcome = cassette([db, '-f', script, '--continue-on-error']);
    expect(outcome.stderr.match(/two\.cql:\d+:\d+: InvalidRequest/g)).toHaveLength(2);
    expect(outcome.status).toBe(1);
    expect(cassette([db, '--format', 'jsonl', '-e', count]).stdout).toBe('{"count": 3}\n');
  });
});

describe('a string that an apostrophe ends too early', () => {
  it.each(['--strict', '--explore'])('swallows nothing behind its line, %s', (dialect) => {
    const input = "INSERT INTO ks.t (id, v) VALUES (5, 'O'Brien');\nSELECT v FROM ks.t WHERE id = 1;\n";
    const outcome = cassette([database(), dialect, '--format', 'jsonl', '--continue-on-error'], { input });
    expect(outcome).toMatchObject({ status: 1, stdout: '{"v": "one"}\n' });
    expect(outcome.stderr).toContain("write '' for a quote within a string");
  });
});

describe('sources', () => {
  it('-e and -f run in their order', () => {
    const db = database();
    const script = file('b.cql', "UPDATE ks.t SET v = 'from file' WHERE id = 1;");
    const select = 'SELECT v FROM ks.t WHERE id = 1';
    const args = [db, '--format', 'jsonl', '-e', select, '-f', script, '-e', select];
    expect(cassette(args).stdout).toBe('{"v": "one"}\n{"v": "from file"}\n');
  });

  it('-e takes a statement that begins with a dash, and no option', () => {
    const db = database();
    for (const args of [['-e'], ['-qe'], ['--execute']]) {
      const outcome = cassette([db, '--format', 'jsonl', ...args, `-- the first\n${SELECT} WHERE id = 1`]);
      expect(outcome).toMatchObject({ status: 0, stdout: '{"id": 1, "v": "one"}\n' });
    }
    expect(cassette([db, '-e', '--format', 'jsonl']).status).toBe(2);
  });

  it('without them stdin is a script, as with -f -', () => {
    const db = database();
    for (const args of [[db], [db, '-f', '-']]) {
      expect(cassette([...args, '--format', 'jsonl'], { input: `${SELECT} WHERE id = 1` }).stdout).toBe(
        '{"id": 1, "v": "one"}\n',
      );
    }
  });

  it('SOURCE is found beside the script that names it', () => {
    const db = database();
    mkdirSync(join(directory, 'sub'));
    file('sub/inner.cql', "INSERT INTO ks.t (id, v) VALUES (9, 'inner');");
    const outer = file('outer.cql', "SOURCE 'sub/inner.cql'\nSELECT v FROM ks.t WHERE id = 9;");
    expect(cassette([db, '--format', 'jsonl', '-f', outer], { cwd: root })).toEqual({
      status: 0,
      stdout: '{"v": "inner"}\n',
      stderr: '',
    });
  });

  it('may hold batches, $$ bodies, comments and commands of the shell', () => {
    const script = `
      CONSISTENCY QUORUM
      BEGIN BATCH
        INSERT INTO ks.t (id, v) VALUES (20, 'a;b');
        INSERT INTO ks.t (id, v) VALUES (21, $$it's; $ two$$);
      APPLY BATCH;
      -- a comment; with a semicolon
      CREATE FUNCTION ks.f (x int) RETURNS NULL ON NULL INPUT RETURNS int LANGUAGE java AS $$ return x; $$;
      /* another; */ SELECT v FROM ks.t WHERE id IN (20, 21);
    `;
    const { status, stdout, stderr } = cassette([database(), '--format', 'jsonl'], { input: script });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe('Consistency level set to QUORUM.\n{"v": "a;b"}\n{"v": "it\'s; $ two"}\n');
  });
});

/** As cqlsh 6.2.2 -e printed them, with a node of Cassandra 5.0.8 that had the same schema. */
describe('commands', () => {
  it.each([
    ['DESCRIBE TYPE ks.address', '\nCREATE TYPE ks.address (\n    city text,\n    zip int\n);\n'],
    [
      'DESCRIBE ONLY KEYSPACE ks',
      "\nCREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy', 'replication_factor': '1'}  AND durable_writes = true;\n",
    ],
    ['DESCRIBE CLUSTER', '\nCluster: cassette\nPartitioner: Murmur3Partitioner\nSnitch: SimpleSnitch\n\n'],
    ['CAPTURE OFF', 'Currently not capturing query output.\n'],
    ['CAPTURE', 'Currently not capturing query output.\n'],
    ['EXPAND ON', 'EXPAND set to ON\n'],
    ['CONSISTENCY', 'Current consistency level is ONE.\n'],
  ])('%s', (command, expected) => {
    const db = database();
    expect(cassette([db, '-e', 'CREATE TYPE ks.address (city text, zip int)']).status).toBe(0);
    expect(cassette([db, '-e', command])).toMatchObject({ status: 0, stdout: expected });
  });

  it('say read-only where the user may not write, and not because a statement only reads', () => {
    const db = database();
    const connected = (...options: string[]): string => cassette([db, ...options, '-e', 'SHOW HOST']).stdout;
    expect(connected()).toMatch(/^Connected to \S+\n$/);
    expect(connected('-e', 'INSERT INTO ks.t (id) VALUES (9)')).toMatch(/^Connected to \S+\n$/);
    expect(connected('--read-only')).toMatch(/^Connected to \S+ \(read-only\)\n$/);
  });

  it('EXPLAIN ANALYZE of a write writes', () => {
    const db = database();
    const explained = cassette([db, '-e', 'EXPLAIN ANALYZE INSERT INTO ks.t (id) VALUES (9)']);
    expect(explained).toMatchObject({ status: 0, stderr: '' });
    expect(cassette([db, '--format', 'csv', '-e', 'SELECT id FROM ks.t WHERE id = 9']).stdout).toBe('id\r\n9\r\n');
  });

  it('read beside a writer: -e with reads only takes no lock', async () => {
    const db = database();
    const writer = start([db, '-f', '-']);
    writer.stdin.write("INSERT INTO ks.t (id, v) VALUES (3, 'three'); SELECT id FROM ks.t WHERE id = 3;\n");
    await once(writer.stdout, 'data');
    expect(cassette([db, '--format', 'jsonl', '-e', `${SELECT} WHERE id = 3`])).toMatchObject({
      status: 0,
      stdout: '{"id": 3, "v": "three"}\n',
      stderr: '',
    });
    writer.stdin.end();
    await once(writer, 'exit');
  });
});

describe('output', () => {
  it('json is an array a line, an empty one too', () => {
    const script = `${SELECT}; ${SELECT} WHERE id = 5; ${SELECT} WHERE id = 1;`;
    expect(cassette([database(), '--format', 'json', '-e', script]).stdout).toBe(
      '[{"id": 1, "v": "one"}, {"id": 2, "v": null}]\n[]\n[{"id": 1, "v": "one"}]\n',
    );
  });

  it.each([
    ['csv', 'id,v\r\n1,one\r\n2,\r\n'],
    ['tsv', 'id\tv\n1\tone\n2\t\n'],
    ['table', '\n id | v\n----+------\n  1 |  one\n  2 | null\n\n(2 rows)\n'],
    ['jsonl', '{"id": 1, "v": "one"}\n{"id": 2, "v": null}\n'],
  ])('in %s', (format, expected) => {
    const { stdout } = cassette([database(), '--format', format, '-e', SELECT]);
    expect(stdout.replaceAll('\r\n', '\n')).toBe(expected.replaceAll('\r\n', '\n'));
  });

  it.each(['parquet', 'arrow'])('in %s, without a word of the packages that write it', (format) => {
    const out = join(directory, 'rows');
    const outcome = cassette([database(), '--format', format, '--output', out, '-e', SELECT]);
    expect(outcome).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(readFileSync(out).length).toBeGreaterThan(100);
  });

  it('goes to --output; --stats to stderr', () => {
    const out = join(directory, 'out.jsonl');
    const outcome = cassette([database(), '--format', 'jsonl', '--output', out, '--stats', '-e', SELECT]);
    expect(outcome.stdout).toBe('');
    expect(outcome.stderr).toMatch(/time [\d.]+ ms, rows 2, /);
    expect(readFileSync(out, 'utf8')).toBe('{"id": 1, "v": "one"}\n{"id": 2, "v": null}\n');
  });

  it('into a pipe that closes early is no error', () => {
    const db = database();
    const rows = Array.from({ length: 20_000 }, (_, i) => `INSERT INTO ks.t (id, v) VALUES (${i}, 'x${i}');`).join(
      '\n',
    );
    expect(cassette([db], { input: rows }).status).toBe(0);
    const outcome = shell(`$CASSETTE '${db}' --format csv -e '${SELECT}' | head -n 1`);
    expect(outcome).toMatchObject({ status: 0, stderr: '' });
    expect(outcome.stdout.trim()).toBe('id,v');
  });
});

describe('places', () => {
  it('the first write creates a database, a read does not', () => {
    const path = join(directory, 'new');
    expect(cassette([path, '-e', 'SELECT * FROM ks.t']).status).toBe(2);
    expect(existsSync(path)).toBe(false);
    expect(cassette([path], { input: SCHEMA + ROWS }).status).toBe(0);
    expect(cassette([path, '--format', 'jsonl', '-e', `${SELECT} WHERE id = 1`]).stdout).toBe(
      '{"id": 1, "v": "one"}\n',
    );
  });

  it('--write-dir lays a directory over another, which stays as it was', () => {
    const db = database();
    const over = join(directory, 'over');
    const query = `${SELECT} WHERE id = 1`;
    const write = "UPDATE ks.t SET v = 'over' WHERE id = 1";
    expect(cassette([db, '--write-dir', over, '-e', write])).toMatchObject({ status: 0, stderr: '' });
    expect(cassette([db, '--write-dir', over, '--format', 'jsonl', '-e', query]).stdout).toBe(
      '{"id": 1, "v": "over"}\n',
    );
    expect(cassette([db, '--format', 'jsonl', '-e', query]).stdout).toBe('{"id": 1, "v": "one"}\n');
  });

  it('--read-only refuses writes', () => {
    const db = database();
    const outcome = cassette([db, '--read-only', '-e', ROWS]);
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toMatch(/InvalidRequest: .*read/);
    expect(cassette([db, '--read-only', '-e', SELECT]).status).toBe(0);
  });
});

describe('a long script', () => {
  it('streams: memory does not grow with it', async () => {
    const db = database();
    const child = start([db, '--durability', 'none', '--strict']);
    const exited = once(child, 'exit');
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, residentKilobytes(child.pid));
    }, 200);
    try {
      await pipeline(Readable.from(bigScript(200 * 1024 * 1024)), child.stdin);
      expect((await exited)[0]).toBe(0);
    } finally {
      clearInterval(watch);
    }
    // The memtable's limit and the heap of a busy program, but not the script.
    if (most > 0) expect(most).toBeLessThan(420 * 1024);
    expect(cassette([db, '--format', 'jsonl', '-e', 'SELECT count(*) FROM ks.t WHERE id = -1']).stdout).toBe(
      '{"count": 1}\n',
    );
  }, 120_000);
});

/** Long values of few keys, so that the test is about the text. */
function* bigScript(bytes: number): Generator<string> {
  const value = 'x'.repeat(20_000);
  let written = 0;
  for (let i = 0; written < bytes; i++) {
    const statement = `INSERT INTO ks.t (id, v) VALUES (${i % 50}, '${value}${i}');\n`;
    written += statement.length;
    yield statement;
  }
  yield "INSERT INTO ks.t (id, v) VALUES (-1, 'end');\n";
}

/** Of Linux; 0 elsewhere. */
function residentKilobytes(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
