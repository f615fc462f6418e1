import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CqlError, Database, open, type Row, UsageError } from '../../src/index.ts';
import { buildProgram } from '../cli/program.ts';

const ROOT = join(import.meta.dirname, '../..');
const KEYSPACE = "CREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";

let directory: string;
let db: Database;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'cassette-library-'));
  db = await open(join(directory, 'db'));
  await db.execute(KEYSPACE);
  await db.execute('CREATE TABLE ks.t (id int PRIMARY KEY, v int, name text)');
});

afterEach(async () => {
  await db.close();
  rmSync(directory, { recursive: true, force: true });
});

async function fill(rows: number): Promise<void> {
  const insert = db.prepare('INSERT INTO ks.t (id, v) VALUES (?, ?)');
  await Promise.all(Array.from({ length: rows }, (_, id) => insert.execute([id, id * id])));
}

async function idsOf(rows: AsyncIterable<Row>): Promise<unknown[]> {
  const ids: unknown[] = [];
  for await (const row of rows) ids.push(row.id);
  return ids;
}

const ids = (count: number): number[] => Array.from({ length: count }, (_, id) => id);
const numeric = (a: unknown, b: unknown): number => Number(a) - Number(b);

describe('statements', () => {
  it('run at once, beside each other', async () => {
    await fill(500);
    const select = db.prepare('SELECT v FROM ks.t WHERE id = ?');
    const answers = await Promise.all(ids(500).map((id) => select.execute([id])));
    expect(answers.map((answer) => answer.first()?.v)).toEqual(ids(500).map((id) => id * id));
  });

  it('take values by name, and none that an object only inherits', async () => {
    await db.execute('INSERT INTO ks.t (id, v) VALUES (:id, :v)', { id: 1, v: 2 });
    expect((await db.execute('SELECT * FROM ks.t')).rows).toEqual([{ id: 1, name: null, v: 2 }]);
    const inherits = db.execute('INSERT INTO ks.t (id, v) VALUES (:constructor, 1)', {});
    await expect(inherits).rejects.toThrow("no value for bind marker 'constructor'");
  });

  it('leave undefined values unset, and write null as a deletion', async () => {
    await db.execute('INSERT INTO ks.t (id, v, name) VALUES (?, ?, ?)', [1, 5, 'a']);
    await db.execute('INSERT INTO ks.t (id, v, name) VALUES (?, ?, ?)', [1, undefined, null]);
    expect((await db.execute('SELECT * FROM ks.t')).first()).toEqual({ id: 1, v: 5, name: null });
  });

  it('are planned again when the schema changed under them', async () => {
    const early = db.prepare('INSERT INTO ks.later (id, v) VALUES (?, ?)');
    await expect(early.execute([1, 'x'])).rejects.toMatchObject({ code: 'InvalidRequest' });
    await db.execute('CREATE TABLE ks.later (id int PRIMARY KEY, v text)');
    await early.execute([1, 'x']);
    await db.execute('DROP TABLE ks.later');
    await db.execute('CREATE TABLE ks.later (id int PRIMARY KEY, v int)');
    await early.execute([1, 7]);
    expect((await db.execute('SELECT v FROM ks.later')).rows).toEqual([{ v: 7 }]);
  });

  it('write at the timestamp given', async () => {
    await db.execute('INSERT INTO ks.t (id, v) VALUES (1, 1)', undefined, { timestamp: 2000n });
    await db.execute('INSERT INTO ks.t (id, v) VALUES (1, 2)', undefined, { timestamp: 1000 });
    const rows = (await db.execute('SELECT v, writetime(v) AS at FROM ks.t')).rows;
    expect(rows).toEqual([{ v: 1, at: 2000n }]);
    const fraction = db.execute('INSERT INTO ks.t (id, v) VALUES (1, 3)', undefined, { timestamp: 1.5 });
    await expect(fraction).rejects.toMatchObject({ code: 'Usage' });
  });

  it('are batched, prepared ones among them', async () => {
    const insert = db.prepare('INSERT INTO ks.t (id, v) VALUES (?, ?)');
    await db.batch([
      { query: insert, params: [1, 10] },
      { query: 'INSERT INTO ks.t (id, v) VALUES (:id, :v)', params: { id: 2, v: 20 } },
      { query: 'INSERT INTO ks.t (id, v) VALUES (3, 30)' },
    ]);
    const { rows } = await db.execute('SELECT id, v, writetime(v) AS at FROM ks.t');
    expect(rows.map((row) => [row.id, row.v]).sort(numeric)).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
    expect(new Set(rows.map((row) => row.at)).size).toBe(1);
  });

  it('say whether a condition held', async () => {
    const insert = 'INSERT INTO ks.t (id, v) VALUES (1, 1) IF NOT EXISTS';
    expect((await db.execute(insert)).wasApplied()).toBe(true);
    expect((await db.execute(insert)).wasApplied()).toBe(false);
    expect((await db.execute('SELECT v FROM ks.t')).wasApplied()).toBe(true);
  });
});

describe('rows', () => {
  it('have any name as a property of their own', async () => {
    await fill(1);
    const { rows } = await db.execute('SELECT id AS "__proto__", v AS "a b""c", id AS "constructor" FROM ks.t');
    expect(Object.entries(rows[0])).toEqual([
      ['__proto__', 0],
      ['a b"c', 0],
      ['constructor', 0],
    ]);
  });

  it('own their bytes', async () => {
    await db.execute('CREATE TABLE ks.b (id int PRIMARY KEY, data blob)');
    const insert = db.prepare('INSERT INTO ks.b (id, data) VALUES (?, ?)');
    await Promise.all(ids(3000).map((id) => insert.execute([id, Buffer.from(`row ${id}`)])));
    await db.flush();
    const rows: Row[] = [];
    for await (const row of db.stream('SELECT * FROM ks.b')) rows.push(row);
    expect(rows.every((row) => String(row.data) === `row ${row.id}`)).toBe(true);
  });
});

describe('pages', () => {
  it('go on in another process', async () => {
    await buildProgram();
    await fill(100);
    const first = await db.execute('SELECT id FROM ks.t', undefined, { pageSize: 30 });
    expect(first.rows).toHaveLength(30);
    const state = Buffer.from(first.pagingState ?? []).toString('base64');
    await db.close();
    const script = `
      import { open } from ${JSON.stringify(join(ROOT, 'dist/index.js'))};
      const db = await open(${JSON.stringify(join(directory, 'db'))}, { readOnly: true });
      const seen = [];
      let pagingState = Buffer.from(${JSON.stringify(state)}, 'base64');
      while (pagingState !== null) {
        const page = await db.execute('SELECT id FROM ks.t', undefined, { pageSize: 30, pagingState });
        seen.push(...page.rows.map((row) => row.id));
        pagingState = page.pagingState;
      }
      console.log(JSON.stringify(seen));
      await db.close();`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    const rest: unknown[] = JSON.parse(output);
    expect([...first.rows.map((row) => row.id), ...rest].sort(numeric)).toEqual(ids(100));
  });

  it.each([0, -1, 1.5, Number.NaN])('of %s rows are refused', async (pageSize) => {
    await expect(db.execute('SELECT id FROM ks.t', undefined, { pageSize })).rejects.toBeInstanceOf(UsageError);
  });

  it('refuse a state that is none', async () => {
    const page = db.execute('SELECT id FROM ks.t', undefined, { pageSize: 1, pagingState: Buffer.from('nonsense') });
    await expect(page).rejects.toBeInstanceOf(CqlError);
  });
});

describe('streams', () => {
  it('give every row, also to calls that overlap', async () => {
    await fill(3000);
    expect((await idsOf(db.stream('SELECT id FROM ks.t'))).sort(numeric)).toEqual(ids(3000));
    const stream = db.stream('SELECT id FROM ks.t WHERE v < ? ALLOW FILTERING', [10_000]);
    const results = await Promise.all(ids(150).map(() => stream.next()));
    expect(results.filter(({ done }) => !done)).toHaveLength(100);
    expect(results.flatMap(({ value }) => (value === undefined ? [] : [value.id])).sort(numeric)).toEqual(ids(100));
  });

  it('tell an error once, then end', async () => {
    const stream = db.stream('SELECT nothing FROM ks.t');
    await expect(stream.next()).rejects.toMatchObject({ kind: 'InvalidRequest' });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('have no rows for a write', async () => {
    expect(await idsOf(db.stream('INSERT INTO ks.t (id) VALUES (1)'))).toEqual([]);
    expect(await idsOf(db.stream('SELECT id FROM ks.t'))).toEqual([1]);
  });

  it('stop at a break, and let go of the files', async () => {
    await fill(3000);
    await db.flush();
    for await (const row of db.stream('SELECT id FROM ks.t')) if (row.id !== null) break;
    await db.compact('ks', 't');
    expect((await db.execute('SELECT count(*) FROM ks.t')).first()).toEqual({ count: 3000n });
  });

  it('end at a signal with its reason', async () => {
    await fill(3000);
    const controller = new AbortController();
    const reading = (async () => {
      let seen = 0;
      for await (const _ of db.stream('SELECT id FROM ks.t', undefined, { signal: controller.signal })) {
        if (++seen === 10) controller.abort(new Error('enough'));
      }
    })();
    await expect(reading).rejects.toThrow('enough');
  });
});

describe('close', () => {
  it('is idempotent, and nothing works after it', async () => {
    const statement = db.prepare('SELECT * FROM ks.t');
    await Promise.all([db.close(), db.close()]);
    await db.close();
    const calls = [
      db.execute('SELECT * FROM ks.t'),
      statement.execute(),
      db.batch([]),
      db.flush(),
      db.stats(),
      db.maintenance({ budgetMs: 1 }),
      db.write({}),
      db.stream('SELECT * FROM ks.t').next(),
    ];
    for (const call of calls)
      await expect(call).rejects.toMatchObject({ code: 'Usage', message: 'the database is closed' });
  });

  it('waits for calls under way', async () => {
    const insert = db.prepare('INSERT INTO ks.t (id, v) VALUES (?, 1)');
    const writes = ids(200).map((id) => insert.execute([id]));
    await db.close();
    await Promise.all(writes);
    db = await open(join(directory, 'db'));
    expect((await db.execute('SELECT count(*) FROM ks.t')).first()).toEqual({ count: 200n });
  });

  it('stops a stream between its rows', async () => {
    await fill(5000);
    await db.flush();
    const stream = db.stream('SELECT id FROM ks.t');
    await stream.next();
    await db.close();
    await expect(stream.next()).rejects.toMatchObject({ message: 'the database is closed' });
  });

  it('comes at the end of an await using', async () => {
    const path = join(directory, 'other');
    const other = await open(path);
    await other.execute(KEYSPACE);
    await other[Symbol.asyncDispose]();
    await expect(other.execute('SELECT * FROM system.local')).rejects.toBeInstanceOf(UsageError);
  });
});

describe('errors', () => {
  it.each([
    ['SELECT * FRM ks.t', { code: 'SyntaxException', kind: 'SyntaxException', position: { line: 1, column: 9 } }],
    ['SELECT x FROM ks.t', { code: 'InvalidRequest', position: { line: 1, column: 7 } }],
    [KEYSPACE, { code: 'AlreadyExists' }],
  ])('%s', async (cql, expected) => {
    const error = await db.execute(cql).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CqlError);
    expect(error).toMatchObject(expected);
  });

  it('say what a path is not', async () => {
    await expect(open(join(directory, 'db'), { keyspace: 'nowhere' })).rejects.toMatchObject({ code: 'Usage' });
    await expect(Database.open(['/nowhere/a', '/nowhere/b'])).rejects.toMatchObject({ code: 'Usage' });
  });
});
