import { describe, expect, it } from 'vitest';
import { splitSingle } from '../../src/parser/splitter.ts';
import { schemaFromCql } from '../../src/schema/sources/cql-source.ts';
import { encodeRow } from '../../src/schema/system/index.ts';
import type { EmbeddedSession } from '../../src/session/embedded/embedded-session.ts';
import type { Dialect } from '../../src/session/session.ts';
import { sessionOver } from '../executor/empty-session.ts';
import { hexRows } from '../executor/read-rows.ts';

const SCHEMA =
  'CREATE TABLE ks.t (k int, c int, s text, PRIMARY KEY (k, c)); CREATE TABLE other.t (k int PRIMARY KEY, n text);';
const table = schemaFromCql(SCHEMA).schema.keyspaces.get('ks')?.tables.get('t');

function session(dialect: Dialect): EmbeddedSession {
  if (table === undefined) throw new TypeError('no table');
  const values = [1, 2, 3].flatMap((k) => [1, 2].map((c) => ({ k, c, s: `${k}/${c}` })));
  return sessionOver({ schema: SCHEMA, rows: { 'ks.t': values.map((row) => encodeRow(table, row)) }, dialect });
}

async function texts(of: EmbeddedSession, cql: string): Promise<string[]> {
  const split = splitSingle(cql);
  if (split === null) throw new TypeError(cql);
  const result = await of.execute(split);
  if (result.kind !== 'rows') throw new TypeError(cql);
  return (await hexRows(result)).map(([s]) => Buffer.from(s ?? '', 'hex').toString());
}

/** Statements of one shape share a plan: each must still get its own literals. */
describe('plans by shape', () => {
  it('bind the literals of each statement', async () => {
    const strict = session('strict');
    expect(await texts(strict, 'SELECT s FROM ks.t WHERE k = 1 AND c = 2')).toEqual(['1/2']);
    expect(await texts(strict, 'SELECT s FROM ks.t WHERE k = 3 AND c = 1')).toEqual(['3/1']);
    expect(await texts(strict, 'SELECT s FROM ks.t WHERE k IN (2, 3) LIMIT 3')).toEqual(['2/1', '2/2', '3/1']);
    expect(await texts(strict, 'SELECT s FROM ks.t WHERE k IN (1, 2) LIMIT 1')).toEqual(['1/1']);
    expect(await texts(strict, "SELECT s FROM ks.t WHERE s = '2/2' ALLOW FILTERING")).toEqual(['2/2']);
    expect(await texts(strict, "SELECT s FROM ks.t WHERE s = '1/1' ALLOW FILTERING")).toEqual(['1/1']);
  });

  it('refuse a literal of another type in the words of the column', async () => {
    const strict = session('strict');
    await texts(strict, 'SELECT s FROM ks.t WHERE k = 1');
    await expect(texts(strict, "SELECT s FROM ks.t WHERE k = 'x'")).rejects.toMatchObject({
      message: 'Invalid STRING constant (x) for "k" of type int',
    });
    await expect(texts(strict, 'SELECT s FROM ks.t WHERE k = null')).rejects.toMatchObject({
      message: 'Invalid null value in condition for column k',
    });
  });

  it('give way in explore mode to a plan of their own', async () => {
    const explore = session('explore');
    expect(await texts(explore, 'SELECT s FROM ks.t WHERE k = 1')).toEqual(['1/1', '1/2']);
    expect(await texts(explore, 'SELECT s FROM ks.t WHERE k = 1.0')).toEqual(['1/1', '1/2']);
    expect(await texts(explore, 'SELECT s FROM ks.t WHERE k = 2')).toEqual(['2/1', '2/2']);
  });
});

describe('prepared statements', () => {
  it('tell their markers and columns, and stay in the keyspace they were prepared for', async () => {
    const strict = session('strict');
    const prepared = await strict.prepare('SELECT s FROM t WHERE k = ? AND c > :low LIMIT ?', { keyspace: 'ks' });
    expect(prepared.parameters.map(({ name, type }) => [name, type])).toEqual([
      ['k', { kind: 'native', name: 'int' }],
      ['low', { kind: 'native', name: 'int' }],
      ['[limit]', { kind: 'native', name: 'int' }],
    ]);
    expect(prepared.partitionKeyIndexes).toEqual([0]);
    strict.keyspace = 'other';
    const int = (value: number): Uint8Array => Uint8Array.of(0, 0, 0, value);
    const result = await strict.executePrepared(prepared, { values: [int(2), int(0), int(5)] });
    expect(result.kind === 'rows' && (await hexRows(result)).length).toBe(2);
  });
});
