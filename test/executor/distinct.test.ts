import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DistinctArguments } from '../../src/executor/operators/distinct-arguments.ts';
import { DistinctRows } from '../../src/executor/operators/distinct-rows.ts';
import type { Chunk } from '../../src/executor/operators/row-set.ts';
import { WorkSlices } from '../../src/executor/operators/work-slices.ts';
import type { StatementContext } from '../../src/executor/statement-context.ts';
import { schemaFromCql } from '../../src/schema/sources/cql-source.ts';
import { encodeRow } from '../../src/schema/system/index.ts';
import { codecOf, Decimal } from '../../src/types/index.ts';
import { sessionOver } from './empty-session.ts';
import { decodedRows } from './read-rows.ts';

const INT = { kind: 'native', name: 'int' } as const;
const int = (value: number): Uint8Array => codecOf(INT).encode(value);
/** A table of so few bytes takes the fewest keys. */
const NO_MEMORY = 1;

const chunkOf = (rows: readonly (readonly number[])[]): Chunk => ({
  rowCount: rows.length,
  width: 2,
  cells: rows.flat().map(int),
});

describe('distinct values', () => {
  it.each([NO_MEMORY, 10_000, 1 << 28])(
    'of rows are those of a plain set, with %i bytes of memory',
    async (memoryLimitBytes) => {
      const chunks = fc.array(fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.nat()), { minLength: 40 }), {
        minLength: 5,
        size: 'medium',
      });
      await fc.assert(
        fc.asyncProperty(chunks, async (given) => {
          const input = given.map(chunkOf);
          const source = { next: async () => input.shift() ?? null, close() {} };
          const distinct = new DistinctRows(source, [INT], { memoryLimitBytes, signal: null } as StatementContext);
          const found: number[][] = [];
          for (let chunk = await distinct.next(); chunk !== null; chunk = await distinct.next()) {
            const values = chunk.cells.map((cell) => Buffer.from(cell ?? []).readInt32BE());
            for (let row = 0; row < chunk.rowCount; row++) found.push(values.slice(2 * row, 2 * row + 2));
          }
          distinct.close();
          // Of rows with one value the first counts, on disk as in memory.
          const expected = new Map<number, number>();
          for (const [value, other] of given.flat()) if (!expected.has(value)) expected.set(value, other);
          expect(new Map(found.map(([value, other]) => [value, other]))).toEqual(expected);
          expect(found.length).toBe(expected.size);
        }),
        { numRuns: 30 },
      );
    },
  );

  it('of an aggregate are told once a group, before or at the end', async () => {
    for (const memoryLimitBytes of [NO_MEMORY, 1 << 28]) {
      const distinct = new DistinctArguments([INT], memoryLimitBytes);
      for (let round = 0; round < 2; round++) {
        const counts = new Map<number, number>();
        const add = (group: number) => counts.set(group, (counts.get(group) ?? 0) + 1);
        for (let i = 0; i < 3000; i++) if (distinct.isFirst(i % 3, [int(i % 700)])) add(i % 3);
        await distinct.finish(add, new WorkSlices(null));
        expect(counts).toEqual(new Map([0, 1, 2].map((group) => [group, 700])));
      }
      distinct.close();
    }
  });

  it('of many partitions and of all rows are counted when they spill', async () => {
    const schema = 'CREATE TABLE ks.t (k int, c int, v int, PRIMARY KEY (k, c));';
    const table = schemaFromCql(schema).schema.keyspaces.get('ks')?.tables.get('t');
    if (table === undefined) throw new TypeError('no table');
    const rows = Array.from({ length: 6000 }, (_, i) => encodeRow(table, { k: i % 3, c: i, v: i % 2500 }));
    const session = sessionOver({ schema, rows: { 'ks.t': rows }, memoryLimitBytes: 40_000 });
    expect(await decodedRows(session, 'SELECT k, count(DISTINCT v) FROM ks.t GROUP BY k')).toEqual(
      expect.arrayContaining([0, 1, 2].map((k) => [k, 2000n])),
    );
    expect(await decodedRows(session, 'SELECT count(DISTINCT v), sum(DISTINCT v) FROM ks.t')).toEqual([
      [2500n, (2499 * 2500) / 2],
    ]);
    const groups = await decodedRows(session, 'SELECT v, count(DISTINCT k) FROM ks.t GROUP BY v');
    expect(groups.length).toBe(2500);
    expect(groups.every(([v, count]) => count === (Number(v) < 1000 ? 3n : 2n))).toBe(true);
  });
});

describe('values that are equal with other bytes', () => {
  const schema = 'CREATE TABLE ks.t (k int PRIMARY KEY, d decimal, v varint, l frozen<list<decimal>>, x double);';
  const table = schemaFromCql(schema).schema.keyspaces.get('ks')?.tables.get('t');
  if (table === undefined) throw new TypeError('no table');
  const decimal = (text: string): Decimal => Decimal.parse(text) ?? new Decimal(0n, 0);
  const rows = ['1.0', '1.00', '1', '1.01'].map((text, k) =>
    encodeRow(table, { k, d: decimal(text), l: [decimal(text)], v: 7n, x: k % 2 === 0 ? 0 : -0 }),
  );
  const session = sessionOver({ schema, rows: { 'ks.t': rows } });
  const shown = async (cql: string): Promise<string[]> =>
    (await decodedRows(session, cql)).map((row) => row.map(String).join(' '));

  it('are one group, shown as its first row has it', async () => {
    expect(await shown('SELECT d, count(*) FROM ks.t GROUP BY d')).toEqual(['1.00 3', '1.01 1']);
    expect(await shown('SELECT count(*) FROM ks.t GROUP BY l')).toEqual(['3', '1']);
    expect(await shown('SELECT d, v, count(*) FROM ks.t GROUP BY d, v')).toEqual(['1.00 7 3', '1.01 7 1']);
  });

  it('are one value of DISTINCT', async () => {
    expect(await shown('SELECT DISTINCT d FROM ks.t')).toEqual(['1.00', '1.01']);
    expect(await shown('SELECT count(DISTINCT d), count(DISTINCT l), count(DISTINCT x) FROM ks.t')).toEqual(['2 2 2']);
  });

  it('are what = finds', async () => {
    expect(await shown('SELECT count(*) FROM ks.t WHERE d = 1.000')).toEqual(['3']);
  });
});

describe('GROUP BY a clustering column whose equal values have other bytes', () => {
  it('is one group, as in Cassandra', async () => {
    const schema = 'CREATE TABLE ks.t (k int, d decimal, c int, PRIMARY KEY (k, d, c));';
    const table = schemaFromCql(schema).schema.keyspaces.get('ks')?.tables.get('t');
    if (table === undefined) throw new TypeError('no table');
    const rows = [new Decimal(10n, 1), new Decimal(100n, 2), new Decimal(2n, 0)].map((d, c) =>
      encodeRow(table, { k: 1, d, c }),
    );
    const session = sessionOver({ schema, rows: { 'ks.t': rows }, dialect: 'strict' });
    const found = await decodedRows(session, 'SELECT d, count(*) FROM ks.t GROUP BY k, d');
    expect(found.map((row) => row.map(String))).toEqual([
      ['1.0', '2'],
      ['2', '1'],
    ]);
  });
});
