import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSession } from '../../src/session/open-session.ts';
import { hexRows } from '../executor/read-rows.ts';

const DATA = join(import.meta.dirname, '../../test-data/node/data');
const COUNT = 'SELECT count(*) FROM shop.customers';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cassette-overlay-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function customers(writeDirectory: string | undefined, ...statements: string[]): Promise<bigint> {
  const session = await openSession({ paths: [DATA], writeDirectory, dialect: 'strict' });
  for (const statement of statements) await session.execute(statement);
  const result = await session.execute(COUNT);
  if (result.kind !== 'rows') throw new TypeError(COUNT);
  const [[count]] = await hexRows(result);
  await session.close();
  return BigInt(`0x${count}`);
}

it('takes a write as its first statement, keeps it, and leaves what is below alone', async () => {
  const over = join(directory, 'over');
  const before = await customers(undefined);
  const write = 'INSERT INTO shop.customers (id) VALUES (123e4567-e89b-12d3-a456-426614174000)';
  expect(await customers(over, write)).toBe(before + 1n);
  expect(await customers(over)).toBe(before + 1n);
  expect(await customers(undefined)).toBe(before);
});

it('makes nothing where it may only read', async () => {
  const over = join(directory, 'over');
  const open = openSession({ paths: [DATA], writeDirectory: over, readOnly: true, dialect: 'strict' });
  await open.then(
    (session) => session.close(),
    () => undefined,
  );
  expect(existsSync(over)).toBe(false);
});

it('truncates and drops what it shows, for good, and leaves what is below alone', async () => {
  const truncated = join(directory, 'truncated');
  const before = await customers(undefined);
  const write = 'INSERT INTO shop.customers (id) VALUES (123e4567-e89b-12d3-a456-426614174000)';
  expect(await customers(truncated, write, 'TRUNCATE shop.customers')).toBe(0n);
  expect(await customers(truncated, write)).toBe(1n);
  expect(await customers(truncated)).toBe(1n);
  const dropped = join(directory, 'dropped');
  const create = 'CREATE TABLE shop.customers (id uuid PRIMARY KEY, name text)';
  expect(await customers(dropped, 'DROP TABLE shop.customers', create)).toBe(0n);
  expect(await customers(dropped, write)).toBe(1n);
  expect(await customers(undefined)).toBe(before);
});

it('shows what is below under the columns of an ALTER', async () => {
  const over = join(directory, 'over');
  const before = await customers(undefined);
  expect(before).toBeGreaterThan(0n);
  expect(await customers(over, 'ALTER TABLE shop.customers ADD (a_first int, zz_last text)')).toBe(before);
  const session = await openSession({ paths: [DATA], writeDirectory: over, dialect: 'strict' });
  const plain = await openSession({ paths: [DATA], dialect: 'strict' });
  const columns = [...(plain.schema.keyspaces.get('shop')?.tables.get('customers')?.columns.keys() ?? [])].join(', ');
  const select = `SELECT ${columns} FROM shop.customers`;
  const [above, below] = [await session.execute(select), await plain.execute(select)];
  if (above.kind !== 'rows' || below.kind !== 'rows') throw new TypeError(select);
  expect(await hexRows(above)).toEqual(await hexRows(below));
  await session.close();
  await plain.close();
});
