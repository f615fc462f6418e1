import { describe, expect, it } from 'vitest';
import { DAY_SECONDS, SimulatedTable } from './simulated-table.ts';

const value = Buffer.alloc(50, 7);

const sizeTiered = (options: Record<string, string>): Record<string, string> => ({
  class: 'org.apache.cassandra.db.compaction.SizeTieredCompactionStrategy',
  ...options,
});

/** Half of the rows of each of 20 partitions expire after an hour. */
async function halfExpiring(options: Record<string, string>, secondsToFlush = 0): Promise<SimulatedTable> {
  const table = new SimulatedTable({ compaction: sizeTiered(options), gcGraceSeconds: DAY_SECONDS });
  for (let n = 0; n < 400; n++) await table.insert(n % 20, n, value, n % 40 < 20 ? 3600 : 0);
  table.pass(secondsToFlush);
  await table.flush();
  return table;
}

describe('an SSTable with many droppable tombstones', () => {
  it('is rewritten alone, not before the interval has passed since it was made', async () => {
    const table = await halfExpiring({ tombstone_compaction_interval: String(3 * DAY_SECONDS) }, 2 * DAY_SECONDS);
    table.pass(2 * DAY_SECONDS);
    await table.rest();
    expect(await table.tombstones()).toBeGreaterThan(0);
    // When it was made is not forgotten, although what it holds is older.
    await table.reopen();
    await table.rest();
    expect(await table.tombstones()).toBeGreaterThan(0);
    table.pass(1.5 * DAY_SECONDS);
    await table.rest();
    expect(await table.tombstones()).toBe(0);
    expect(await table.sstables()).toBe(1);
    await table.expectRows();
    await table.close();
  });

  // Of an expiring row both the row's liveness and its cell are counted, beside its one cell.
  it('is not, where they are fewer than the threshold says', async () => {
    const table = await halfExpiring({ tombstone_threshold: '2', tombstone_compaction_interval: '0' });
    table.pass(10 * DAY_SECONDS);
    await table.rest();
    expect(await table.tombstones()).toBeGreaterThan(0);
    await table.close();
  });

  it.each([
    [{}, 0],
    [{ unchecked_tombstone_compaction: 'true' }, 1],
  ])(
    'is not where another one covers it, unless unchecked, and then once an interval: %o',
    async (options, rewrites) => {
      const table = new SimulatedTable({ compaction: sizeTiered(options), gcGraceSeconds: DAY_SECONDS });
      for (let n = 0; n < 400; n++) await table.insert(n % 20, n, value);
      await table.flush();
      for (let n = 0; n < 400; n++) await table.deleteRow(n % 20, n);
      await table.flush();
      table.pass(3 * DAY_SECONDS);
      for (let looks = 0; looks < 5; looks++) await table.rest();
      expect(await table.compactions()).toBe(rewrites);
      // They hide what the other one has.
      expect(await table.tombstones()).toBe(400);
      await table.expectRows();
      table.pass(DAY_SECONDS + 1);
      for (let looks = 0; looks < 5; looks++) await table.rest();
      expect(await table.compactions()).toBe(2 * rewrites);
      await table.expectRows();
      await table.close();
    },
  );

  it('loses them although newer writes of the same partitions are not flushed', async () => {
    const table = await halfExpiring({});
    table.pass(2 * DAY_SECONDS);
    for (let p = 0; p < 20; p++) await table.insert(p, 1000, value);
    await table.rest();
    expect(await table.tombstones()).toBe(0);
    await table.expectRows();
    await table.close();
  });
});
