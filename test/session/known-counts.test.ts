import { afterAll, describe, expect, it } from 'vitest';
import { openSession } from '../../src/session/open-session.ts';
import type { RowsResult, Session } from '../../src/session/session.ts';

const NOW_MILLIS = 1_700_000_000_000;

/** What `count(*)` says, what SELECT gives, and whether the count read any data. */
interface Counted {
  readonly rows: number;
  readonly known: boolean;
}

describe('count(*) by what Statistics.db says', async () => {
  let now = NOW_MILLIS;
  const session: Session = await openSession({ paths: [], dialect: 'strict', durability: 'none', clock: () => now });
  await session.execute("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
  afterAll(() => session.close());

  const rowsOf = async (cql: string): Promise<RowsResult> => {
    const result = await session.execute(cql);
    if (result.kind !== 'rows') throw new TypeError(`${cql} gave ${result.kind}`);
    return result;
  };

  async function count(table: string): Promise<Counted> {
    const counted = await rowsOf(`SELECT count(*) FROM k.${table}`);
    const chunk = await counted.next();
    const rows = Number(Buffer.from(chunk?.cells[0] ?? []).readBigInt64BE());
    await counted.next();
    const all = await rowsOf(`SELECT * FROM k.${table}`);
    let selected = 0;
    for (let some = await all.next(); some !== null; some = await all.next()) selected += some.rowCount;
    expect(rows, `count(*) of ${table} beside SELECT *`).toBe(selected);
    return { rows, known: counted.statistics.bytesRead === 0 };
  }

  const run = async (...statements: readonly string[]): Promise<void> => {
    for (const cql of statements) await session.execute(cql);
  };
  const flush = async (): Promise<void> => {
    await session.maintenance?.flush();
  };
  const compact = async (table: string): Promise<void> => {
    await session.maintenance?.compact({ keyspace: 'k', name: table });
  };
  const inserts = (table: string, from: number, to: number, using = ''): string[] =>
    Array.from(
      { length: to - from },
      (_, i) => `INSERT INTO k.${table} (p, c, v) VALUES (${(from + i) % 5}, ${from + i}, 1)${using}`,
    );
  const COLUMNS = '(p int, c int, v int, w int, PRIMARY KEY (p, c))';

  it('is known for plain rows, flushed or compacted, and not while others lie over them', async () => {
    await run(
      `CREATE TABLE k.plain ${COLUMNS}`,
      ...inserts('plain', 0, 40),
      'UPDATE k.plain SET w = 1 WHERE p = 9 AND c = 9',
    );
    await flush();
    expect(await count('plain')).toEqual({ rows: 41, known: true });
    await run(...inserts('plain', 30, 50));
    expect(await count('plain')).toEqual({ rows: 51, known: false });
    await flush();
    expect(await count('plain')).toEqual({ rows: 51, known: false });
    await compact('plain');
    expect(await count('plain')).toEqual({ rows: 51, known: true });
  });

  it.each([
    ['a row deletion', 'DELETE FROM k.$ WHERE p = 0 AND c = 0', 39],
    ['a range deletion', 'DELETE FROM k.$ WHERE p = 0 AND c > 10', 35],
    ['a partition deletion', 'DELETE FROM k.$ WHERE p = 0', 32],
    ['a cell deletion', 'DELETE v FROM k.$ WHERE p = 0 AND c = 0', 40],
    ['a deletion of what never was', 'DELETE FROM k.$ WHERE p = 77 AND c = 0', 40],
    ['a null', 'UPDATE k.$ SET v = null WHERE p = 77 AND c = 77', 40],
  ])('is not known beside %s', async (what, cql, rows) => {
    const table = what.replaceAll(' ', '_');
    await run(`CREATE TABLE k.${table} ${COLUMNS}`, ...inserts(table, 0, 40));
    await flush();
    await run(cql.replace('$', table));
    await flush();
    expect(await count(table)).toEqual({ rows, known: false });
    await run(`CREATE TABLE k.${table}_alone ${COLUMNS}`, cql.replace('$', `${table}_alone`));
    await flush();
    expect(await count(`${table}_alone`)).toEqual({ rows: 0, known: false });
  });

  it('is not known of rows that expire, before nor after they did', async () => {
    await run(
      `CREATE TABLE k.expiring ${COLUMNS}`,
      ...inserts('expiring', 0, 5),
      ...inserts('expiring', 5, 10, ' USING TTL 100'),
    );
    await flush();
    expect(await count('expiring')).toEqual({ rows: 10, known: false });
    now += 200_000;
    expect(await count('expiring')).toEqual({ rows: 5, known: false });
    now = NOW_MILLIS;
  });

  it('is not known where there are static values, which count as rows in the file', async () => {
    await run(
      'CREATE TABLE k.statics (p int, c int, v int, s int static, PRIMARY KEY (p, c))',
      ...inserts('statics', 0, 10),
      'INSERT INTO k.statics (p, s) VALUES (1, 1)',
      'INSERT INTO k.statics (p, s) VALUES (100, 1)',
    );
    await flush();
    expect(await count('statics')).toEqual({ rows: 11, known: false });
  });

  it('is not known once a column was dropped, whose cells alone made a row', async () => {
    await run(
      `CREATE TABLE k.dropping ${COLUMNS}`,
      ...inserts('dropping', 0, 10),
      'UPDATE k.dropping SET w = 1 WHERE p = 9 AND c = 9',
    );
    await flush();
    expect(await count('dropping')).toEqual({ rows: 11, known: true });
    await run('ALTER TABLE k.dropping DROP w');
    expect(await count('dropping')).toEqual({ rows: 10, known: false });
    await run('ALTER TABLE k.dropping ADD w int');
    expect(await count('dropping')).toEqual({ rows: 10, known: false });
  });

  it('is not known of collections that were overwritten, which leaves a deletion', async () => {
    await run(
      'CREATE TABLE k.collections (p int PRIMARY KEY, m map<int, int>)',
      'INSERT INTO k.collections (p, m) VALUES (1, {1: 2})',
      'UPDATE k.collections SET m[5] = 6 WHERE p = 2',
    );
    await flush();
    expect(await count('collections')).toEqual({ rows: 2, known: false });
  });

  it('is not known of a part of the ring, nor with a filter', async () => {
    await run(`CREATE TABLE k.parts ${COLUMNS}`, ...inserts('parts', 0, 20));
    await flush();
    for (const where of ['token(p) > 0', 'p = 1', 'v = 1 ALLOW FILTERING']) {
      const result = await rowsOf(`SELECT count(*) FROM k.parts WHERE ${where}`);
      while ((await result.next()) !== null);
      expect(result.statistics.bytesRead).toBeGreaterThan(0);
    }
  });
});
