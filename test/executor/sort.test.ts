import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MergeSort } from '../../src/executor/operators/merge-sort.ts';
import { PackedRows } from '../../src/executor/operators/packed-rows.ts';
import type { Chunk, ChunkSource } from '../../src/executor/operators/row-set.ts';
import { ChunkInput } from '../../src/executor/operators/sort-input.ts';
import { SortRows } from '../../src/executor/operators/sort-rows.ts';
import type { StatementContext } from '../../src/executor/statement-context.ts';
import { codecOf } from '../../src/types/index.ts';
import { sessionOver } from './empty-session.ts';

const DOUBLE = { kind: 'native', name: 'double' } as const;
const KEYS = [{ expression: { kind: 'input', slot: 0, type: DOUBLE }, descending: false }] as const;
const CHUNK_ROWS = 1000;
const CHUNKS = 200;

/** Random rows: the value, and the same as its sort key. */
function rows(chunks: number, onEnd: () => void = () => {}): ChunkSource {
  let given = 0;
  const codec = codecOf(DOUBLE);
  return {
    async next(): Promise<Chunk | null> {
      if (given++ === chunks) onEnd();
      if (given > chunks) return null;
      const cells = Array.from({ length: CHUNK_ROWS }, () => codec.encode(Math.random())).flatMap((n) => [n, n]);
      return { rowCount: CHUNK_ROWS, width: 2, cells };
    },
    close() {},
  };
}

function contextWith(signal: AbortSignal | null, memoryLimitBytes = 1 << 30): StatementContext {
  // A sort looks at these two only.
  return { signal, memoryLimitBytes } as StatementContext;
}

async function readAll(source: ChunkSource): Promise<number[]> {
  const values: number[] = [];
  for (let chunk = await source.next(); chunk !== null; chunk = await source.next()) {
    for (const cell of chunk.cells) values.push(Buffer.from(cell ?? []).readDoubleBE());
  }
  return values;
}

describe('merge sort', () => {
  it('is the stable order of the numbers, equal ones as they compare', () => {
    const number = fc.oneof(fc.constantFrom(0, 1, Infinity, -Infinity), fc.double({ noNaN: true }));
    fc.assert(
      fc.property(fc.array(number), fc.constantFrom(1, -1), fc.boolean(), (numbers, sign, backwards) => {
        const ties = (a: number, b: number) => (backwards ? b - a : 0);
        const sort = new MergeSort(Float64Array.from(numbers), sign, ties);
        while (!sort.step());
        const order = (a: number, b: number) =>
          numbers[a] === numbers[b] ? ties(a, b) : numbers[a] < numbers[b] ? -sign : sign;
        expect([...sort.result()]).toEqual(numbers.map((_, i) => i).sort(order));
      }),
    );
  });
});

describe('packed rows', () => {
  it('are the rows that were put in, long ones and nulls too', () => {
    const value = fc.option(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.integer({ min: 0, max: 300_000 }).map((n) => new Uint8Array(n).fill(n)),
      ),
      { nil: null },
    );
    const row = fc.tuple(value, value, value);
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (given) => {
        const packed = new PackedRows(3);
        for (const cells of given) {
          for (const cell of cells) packed.append(cell, 0, cell?.length ?? 0);
          packed.endRow();
        }
        const found = given.map((_, i) => {
          const cells: (Uint8Array | null)[] = [];
          packed.appendCells(i, 0, cells);
          return cells.map((cell) => (cell === null ? null : Buffer.from(cell).toString('latin1')));
        });
        expect(found).toEqual(
          given.map((cells) => cells.map((cell) => (cell === null ? null : Buffer.from(cell).toString('latin1')))),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('a sort of many rows', () => {
  it('lets the event loop turn', async () => {
    let turns = 0;
    let isRead = false;
    const turn = () => {
      turns++;
      if (isRead) setImmediate(turn);
    };
    const source = rows(CHUNKS, () => {
      isRead = true;
      turn();
    });
    const sort = new SortRows(new ChunkInput(source, 1), KEYS, 1, contextWith(null));
    const first = await sort.next();
    isRead = false;
    expect(first?.rowCount).toBeGreaterThan(0);
    expect(turns).toBeGreaterThan(2);
  });

  it.each([
    ['in memory', 1 << 30],
    ['with runs on disk', 4 << 20],
  ])('hears its signal before it ends, %s', async (_, memoryLimitBytes) => {
    const controller = new AbortController();
    const source = rows(CHUNKS, () => setImmediate(() => controller.abort()));
    const sort = new SortRows(new ChunkInput(source, 1), KEYS, 1, contextWith(controller.signal, memoryLimitBytes));
    await expect(readAll(sort)).rejects.toThrow(/abort/i);
    sort.close();
  });

  it('ends without rows when it is closed', async () => {
    const source = rows(CHUNKS, () => setImmediate(() => sort.close()));
    const sort = new SortRows(new ChunkInput(source, 1), KEYS, 1, contextWith(null));
    expect(await sort.next()).toBeNull();
  });

  it('gives all rows in order, in memory and from runs', async () => {
    for (const memoryLimitBytes of [1 << 30, 1 << 20]) {
      const values = await readAll(
        new SortRows(new ChunkInput(rows(20), 1), KEYS, 1, contextWith(null, memoryLimitBytes)),
      );
      expect(values).toEqual([...values].sort((a, b) => a - b));
      expect(values.length).toBe(20 * CHUNK_ROWS);
    }
  });
});

describe('a statement whose signal was aborted', () => {
  it.each(['SELECT count(*) FROM ks.t', 'SELECT k FROM ks.t WHERE n = 1', 'SELECT n, count(*) FROM ks.t GROUP BY n'])(
    '%s reads nothing',
    async (cql) => {
      const session = sessionOver({ schema: 'CREATE TABLE ks.t (k int PRIMARY KEY, n int);' });
      const result = await session.execute(cql, { signal: AbortSignal.abort() });
      expect(result.kind).toBe('rows');
      if (result.kind === 'rows') await expect(result.next()).rejects.toThrow(/abort/i);
    },
  );
});
