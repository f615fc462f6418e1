import { afterEach, describe, expect, it, vi } from 'vitest';
import { ArrayRowSet } from '../../src/executor/operators/array-rows.ts';
import { DistinctRows } from '../../src/executor/operators/distinct-rows.ts';
import { HashGroups } from '../../src/executor/operators/hash-groups.ts';
import { KeyTable } from '../../src/executor/operators/key-table.ts';
import { ProjectRows } from '../../src/executor/operators/project-rows.ts';
import type { RowSource } from '../../src/executor/operators/row-set.ts';
import { ProjectedInput } from '../../src/executor/operators/sort-input.ts';
import { SortRows } from '../../src/executor/operators/sort-rows.ts';
import { SpillFile } from '../../src/executor/operators/spill-file.ts';
import { TopProjectedRows } from '../../src/executor/operators/top-rows.ts';
import { WorkSlices } from '../../src/executor/operators/work-slices.ts';
import type { StatementContext } from '../../src/executor/statement-context.ts';
import { type CqlType, codecOf } from '../../src/types/index.ts';

// A type without rough numbers, so that each comparison is seen.
const DECIMAL: CqlType = { kind: 'native', name: 'decimal' };
const KEY = { expression: { kind: 'input', slot: 0, type: DECIMAL }, descending: false } as const;
const FIRST = { slot: 0 };
const ROWS = 30_000;
const ROWS_A_SET = 1000;
/** Rows, comparisons, look-ups and spilled rows that an operator may go through before it looks at the clock again. */
const MOST_WORK = 3 * 4096 + ROWS_A_SET;
const MEMORY = { plenty: 1 << 28, little: 200_000 };

afterEach(() => vi.restoreAllMocks());

/** Counts work, and the most of it that was done between two looks at the clock. */
function watchWork(): { most: number; looks: number } {
  const seen = { most: 0, looks: 0 };
  let work = 0;
  const count = (target: object, name: string): void => {
    const original = Reflect.get(target, name);
    vi.spyOn(target as Record<string, () => unknown>, name as never).mockImplementation(function (
      this: unknown,
      ...args: unknown[]
    ) {
      work++;
      return original.apply(this, args);
    } as never);
  };
  count(codecOf(DECIMAL), 'compare');
  count(KeyTable.prototype, 'find');
  count(KeyTable.prototype, 'findOrAdd');
  count(SpillFile.prototype, 'write');
  count(SpillFile.prototype, 'writePacked');
  vi.spyOn(WorkSlices.prototype, 'isOver').mockImplementation(() => {
    seen.most = Math.max(seen.most, work);
    seen.looks++;
    work = 0;
    return false;
  });
  return seen;
}

/** Rows of one decimal, all different, in no order. */
function rows(): RowSource {
  let given = 0;
  return {
    async next() {
      if (given === ROWS) return null;
      const set = Array.from({ length: ROWS_A_SET }, () => [
        codecOf(DECIMAL).encode(String(Math.imul(given++, 0x9e3779b1))),
      ]);
      return new ArrayRowSet(set);
    },
    close() {},
  };
}

const context = (memoryLimitBytes: number): StatementContext =>
  ({ signal: null, memoryLimitBytes, literals: null }) as StatementContext;
const chunks = (): ProjectRows => new ProjectRows(rows(), [FIRST], null);
const groups = (memoryLimitBytes: number): HashGroups =>
  new HashGroups(
    rows(),
    { runners: [], inputCount: 1, firstSlots: [0], perPartitionLimit: null, memoryLimitBytes },
    [KEY.expression],
    context(memoryLimitBytes),
  );

describe('operators look at the clock after a bounded amount of work', () => {
  it.each<[string, () => { next(): Promise<unknown | null>; close(): void }, boolean]>([
    ['sort', () => new SortRows(new ProjectedInput(rows(), [FIRST], [FIRST]), [KEY], 1, context(MEMORY.plenty)), false],
    [
      'sort, spilled',
      () => new SortRows(new ProjectedInput(rows(), [FIRST], [FIRST]), [KEY], 1, context(MEMORY.little)),
      true,
    ],
    ['first rows', () => new TopProjectedRows(rows(), [FIRST], [FIRST], [KEY], 20_000, context(MEMORY.plenty)), false],
    ['groups', () => groups(MEMORY.plenty), false],
    ['groups, spilled', () => groups(MEMORY.little), true],
    ['distinct rows', () => new DistinctRows(chunks(), [DECIMAL], context(MEMORY.plenty)), false],
    ['distinct rows, spilled', () => new DistinctRows(chunks(), [DECIMAL], context(MEMORY.little)), true],
  ])('%s', async (_, open, spills) => {
    const spilled = vi.spyOn(SpillFile.prototype, 'read');
    const seen = watchWork();
    const source = open();
    while ((await source.next()) !== null);
    source.close();
    expect(seen.most).toBeLessThan(MOST_WORK);
    expect(seen.most).toBeGreaterThan(0);
    expect(spilled.mock.calls.length > 0).toBe(spills);
  });
});
