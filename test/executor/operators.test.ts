import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyTable } from '../../src/executor/operators/key-table.ts';
import { SpillFile } from '../../src/executor/operators/spill-file.ts';
import { parseStatement } from '../../src/parser/parse.ts';
import { schemaFromCql } from '../../src/schema/sources/cql-source.ts';
import { encodeRow } from '../../src/schema/system/index.ts';
import { sessionOver } from './empty-session.ts';
import { decodedRows } from './read-rows.ts';

const SCHEMA = 'CREATE TABLE ks.t (k int, c int, grp text, n double, PRIMARY KEY (k, c));';
const table = schemaFromCql(SCHEMA).schema.keyspaces.get('ks')?.tables.get('t');

const rowArbitrary = fc.record({
  k: fc.integer({ min: 0, max: 50 }),
  c: fc.integer({ min: 0, max: 1000 }),
  grp: fc.option(fc.constantFrom('a', 'bb', '', 'ccc', 'dddd'), { nil: null }),
  n: fc.option(fc.double(), { nil: null }),
});
const rowsArbitrary = fc.uniqueArray(rowArbitrary, { maxLength: 120, selector: ({ k, c }) => `${k}/${c}` });

function sessionWith(
  rows: readonly { k: number; c: number; grp: string | null; n: number | null }[],
  memoryLimitBytes: number,
) {
  if (table === undefined) throw new TypeError('no table');
  return sessionOver({ schema: SCHEMA, rows: { 'ks.t': rows.map((row) => encodeRow(table, row)) }, memoryLimitBytes });
}

const ENOUGH = 256 * 1024 * 1024;
const TINY = 20_000;

describe('sort and hash groups', () => {
  it.each([
    'SELECT k, c, n FROM ks.t ORDER BY n DESC, k, c',
    'SELECT c, k FROM ks.t ORDER BY grp, c DESC, k',
    'SELECT k, c FROM ks.t ORDER BY n, k DESC, c LIMIT 7 OFFSET 2',
    'SELECT grp, count(*), min(n), count(DISTINCT k) FROM ks.t GROUP BY grp ORDER BY grp',
    'SELECT c, grp, count(*) FROM ks.t GROUP BY c, grp ORDER BY c, grp',
    'SELECT DISTINCT grp, n FROM ks.t ORDER BY grp, n',
    'SELECT count(DISTINCT c), count(DISTINCT n), sum(DISTINCT c) FROM ks.t',
    'SELECT k, count(DISTINCT n) FROM ks.t GROUP BY k',
  ])('%s is the same when it spills to disk', async (cql) => {
    expect(parseStatement(cql).kind).toBe('select');
    await fc.assert(
      fc.asyncProperty(rowsArbitrary, async (rows) => {
        const inMemory = await decodedRows(sessionWith(rows, ENOUGH), cql);
        expect(await decodedRows(sessionWith(rows, TINY), cql)).toEqual(inMemory);
      }),
      { numRuns: 10 },
    );
  });

  it('orders as the rows themselves are ordered', async () => {
    await fc.assert(
      fc.asyncProperty(rowsArbitrary, async (rows) => {
        const sorted = await decodedRows(
          sessionWith(rows, ENOUGH),
          'SELECT k, c FROM ks.t ORDER BY c DESC, k LIMIT 20',
        );
        const expected = [...rows].sort((a, b) => b.c - a.c || a.k - b.k).slice(0, 20);
        expect(sorted).toEqual(expected.map(({ k, c }) => [k, c]));
      }),
      { numRuns: 10 },
    );
  });

  it('groups as a plain map does', async () => {
    await fc.assert(
      fc.asyncProperty(rowsArbitrary, async (rows) => {
        const groups = new Map<string | null, number>();
        for (const { grp } of rows) groups.set(grp, (groups.get(grp) ?? 0) + 1);
        const counted = await decodedRows(sessionWith(rows, ENOUGH), 'SELECT grp, count(*) FROM ks.t GROUP BY grp');
        expect(new Map(counted.map(([grp, count]) => [grp, Number(count)]))).toEqual(groups);
      }),
      { numRuns: 10 },
    );
  });
});

describe('conditions of three values', () => {
  it.each([
    [
      "grp = 'a' OR n > 0",
      // NaN is greater than every number, as in Java.
      (grp: string | null, n: number | null) => grp === 'a' || (n !== null && (n > 0 || Number.isNaN(n))),
    ],
    ["NOT (grp = 'a')", (grp: string | null) => grp !== null && grp !== 'a'],
    ['grp IS NULL AND n IS NOT NULL', (grp: string | null, n: number | null) => grp === null && n !== null],
    ["grp LIKE '%c%'", (grp: string | null) => grp?.includes('c') === true],
    [
      'n NOT BETWEEN -1 AND 1',
      (_: string | null, n: number | null) => n !== null && (n < -1 || n > 1 || Number.isNaN(n)),
    ],
    ["grp NOT IN ('a', 'bb')", (grp: string | null) => grp !== null && grp !== 'a' && grp !== 'bb'],
  ])('%s', async (where, test) => {
    await fc.assert(
      fc.asyncProperty(rowsArbitrary, async (rows) => {
        const found = await decodedRows(
          sessionWith(rows, ENOUGH),
          `SELECT k, c FROM ks.t WHERE ${where} ORDER BY k, c`,
        );
        const expected = rows.filter(({ grp, n }) => test(grp, n)).sort((a, b) => a.k - b.k || a.c - b.c);
        expect(found).toEqual(expected.map(({ k, c }) => [k, c]));
      }),
      { numRuns: 10 },
    );
  });
});

const cellArbitrary = fc.option(fc.uint8Array({ maxLength: 40 }), { nil: null });

describe('structures', () => {
  it('a spill file gives back the rows that it took', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cellArbitrary, { maxLength: 5 }), { maxLength: 50 }), (rows) => {
        const file = new SpillFile();
        try {
          for (const row of rows) file.write(row);
          expect([...file.read()].map((row) => row.map((cell) => cell && Array.from(cell)))).toEqual(
            rows.map((row) => row.map((cell) => cell && Array.from(cell))),
          );
        } finally {
          file.close();
        }
      }),
      { numRuns: 50 },
    );
  });

  it.runIf(process.platform !== 'win32')('an open spill file has no name, so that a killed process leaves none', () => {
    const directory = mkdtempSync(join(tmpdir(), 'cassette-operators-'));
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = directory;
    try {
      const file = new SpillFile(16);
      for (let i = 0; i < 100; i++) file.write([Uint8Array.of(i)]);
      expect(readdirSync(directory)).toEqual([]);
      expect([...file.read()].length).toBe(100);
      file.close();
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      rmSync(directory, { recursive: true });
    }
  });

  it('a key table numbers each key once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cellArbitrary, cellArbitrary), { maxLength: 600 }), (keys) => {
        const keyTable = new KeyTable();
        const numbers = new Map<string, number>();
        for (const parts of keys) {
          keyTable.begin();
          for (const part of parts) keyTable.append(part, 0, part?.length ?? 0);
          const text = parts.map((part) => (part === null ? 'null' : Buffer.from(part).toString('hex'))).join('/');
          const expected = numbers.get(text) ?? numbers.size;
          numbers.set(text, expected);
          expect(keyTable.findOrAdd()).toBe(expected);
          expect(keyTable.parts(expected).map((part) => part && Array.from(part))).toEqual(
            parts.map((part) => part && Array.from(part)),
          );
        }
      }),
      { numRuns: 10 },
    );
  });
});
