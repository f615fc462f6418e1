import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenSessionOptions, openSession } from '../../src/session/open-session.ts';

const SHOP = join(import.meta.dirname, '../../test-data/node/data/shop');
const READ = 'SELECT * FROM shop.customers LIMIT 1';

/** The table's files under a schema that lacks two of its columns. */
describe('columns that only SSTables have', () => {
  let directory = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'cassette-unknown-'));
    const table = readdirSync(SHOP).find((name) => name.startsWith('customers-')) ?? '';
    cpSync(join(SHOP, table), join(directory, 'data/shop', table), { recursive: true });
    const cql = "CREATE KEYSPACE shop WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};";
    writeFileSync(join(directory, 'data/schema.cql'), `${cql} CREATE TABLE shop.customers (id uuid PRIMARY KEY);`);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  async function notesOf(statements: readonly string[], options: Partial<OpenSessionOptions> = {}): Promise<number[]> {
    const session = await openSession({ paths: [join(directory, 'data')], dialect: 'strict', ...options });
    const counts: number[] = [];
    for (const statement of statements) {
      const result = await session.execute(statement);
      for (const note of result.notes) {
        expect(note).toMatch(/^shop\.customers: the schema does not have what SSTables hold as \w+, .*left out/);
      }
      if (result.kind === 'rows') result.close();
      counts.push(result.notes.length);
    }
    await session.close();
    return counts;
  }

  it('are told once, with the first read of the table', async () => {
    expect(await notesOf([READ, READ, 'SELECT count(*) FROM shop.customers'])).toEqual([1, 0, 0]);
  });

  it('are told of a base that is written over, too', async () => {
    const write = 'INSERT INTO shop.customers (id) VALUES (123e4567-e89b-12d3-a456-426614174000)';
    expect(await notesOf([write, READ, READ], { writeDirectory: join(directory, 'over') })).toEqual([0, 1, 0]);
  });

  it('are no matter where the schema has them all', async () => {
    expect(await notesOf([READ], { paths: [join(SHOP, '..')] })).toEqual([0]);
  });
});
