import { afterEach, describe, expect, it, vi } from 'vitest';
import { MutationBuilder } from '../../../src/storage/mutation/index.ts';
import { SSTableWriter } from '../../../src/storage/sstable/write/sstable-writer.ts';
import { MemoryFileSystem } from '../files/memory-file-system.ts';
import { mutationOf, wideTable } from '../memtable/random-writes.ts';
import { openDatabase, schemaOf } from './test-database.ts';

const PARTITIONS = 150;
const ROWS_A_PARTITION = 5;
const SYNC_MILLIS = 3;
/** The first element of a process, with code that was never run. */
const COLD_MILLIS = 2;
const LOOK_MILLIS = 0.001;

afterEach(() => {
  vi.restoreAllMocks();
});

/** Four SSTables that overlap in everything, and a clock that work moves: rows written, syncs, and each look at it. */
async function databaseToCompact(rowMillis: number) {
  const files = new MemoryFileSystem();
  let now = 0;
  let rows = 0;
  let looks = 0;
  const clock = (): number => {
    now += LOOK_MILLIS;
    looks++;
    return now;
  };
  const engine = await openDatabase(files, { clock, memtableBytes: 64 * 1024 * 1024 });
  await engine.changeSchema(schemaOf(wideTable));
  const builder = new MutationBuilder();
  for (let flush = 0; flush < 4; flush++) {
    for (let n = 0; n < PARTITIONS * ROWS_A_PARTITION; n++) {
      const cells = [{ column: 0, path: 0, value: n, isTombstone: false }];
      const p = n % PARTITIONS;
      engine.applyNow([
        mutationOf(builder, { kind: 'row', p, c1: n, c2: 'x', time: flush, live: true, ttl: 0, cells }),
      ]);
    }
    await engine.flush();
  }
  const addRow = SSTableWriter.prototype.addRow;
  vi.spyOn(SSTableWriter.prototype, 'addRow').mockImplementation(function (this: SSTableWriter, row) {
    now += rows++ === 0 ? COLD_MILLIS : rowMillis;
    addRow.call(this, row);
  });
  files.fail = ({ operation }) => {
    if (operation === 'sync' || operation === 'syncDirectory') now += SYNC_MILLIS;
    return null;
  };
  return { engine, elapsed: () => now, looks: () => looks };
}

describe('the budget of maintenance', () => {
  it.each([0.005, 0.05, 0.3])(
    'is kept within a tenth, or by the least that a call does: rows of %d ms',
    async (rowMillis) => {
      for (const budgetMs of [0, 2, 5, 10, 50]) {
        const { engine, elapsed } = await databaseToCompact(rowMillis);
        let calls = 0;
        let full = 0;
        let partitions = 0;
        for (;;) {
          const before = elapsed();
          const report = await engine.maintenance({ budgetMs });
          const used = elapsed() - before;
          calls++;
          partitions += report.partitions;
          // One partition or one piece is done in any case.
          if (report.partitions > 1) expect(used).toBeLessThanOrEqual(budgetMs + Math.max(0.1 * budgetMs, rowMillis));
          else if (calls > 1)
            expect(used).toBeLessThanOrEqual(Math.max(budgetMs, SYNC_MILLIS) + 1 + ROWS_A_PARTITION * rowMillis);
          if (report.partitions > 0 && used >= budgetMs * 0.9) full++;
          if (report.pending === 0) break;
          expect(calls).toBeLessThan(2 * PARTITIONS);
        }
        expect(partitions).toBe(PARTITIONS);
        const copyMillis = PARTITIONS * ROWS_A_PARTITION * rowMillis;
        if (budgetMs > 0 && copyMillis > 4 * budgetMs) expect(full).toBeGreaterThan(copyMillis / budgetMs / 2);
        await engine.close();
        vi.restoreAllMocks();
      }
    },
  );

  it('is looked at after each partition while elements are slow, and rarely when they are fast', async () => {
    for (const [rowMillis, atMost, atLeast] of [
      [0.5, PARTITIONS * ROWS_A_PARTITION * 3, PARTITIONS * ROWS_A_PARTITION],
      [0.0005, PARTITIONS, 1],
    ]) {
      const { engine, looks } = await databaseToCompact(rowMillis);
      const before = looks();
      await engine.maintenance({ budgetMs: 1e9 });
      expect(looks() - before).toBeLessThanOrEqual(atMost);
      expect(looks() - before).toBeGreaterThanOrEqual(atLeast);
      await engine.close();
      vi.restoreAllMocks();
    }
  });
});
