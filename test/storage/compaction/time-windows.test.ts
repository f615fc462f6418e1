import { describe, expect, it } from 'vitest';
import { DAY_SECONDS, SimulatedTable } from './simulated-table.ts';

const TTL_DAYS = 7;
const GC_GRACE_DAYS = 1;
const FLUSHES_A_DAY = 6;

const timeWindow = (options: Record<string, string> = {}): Record<string, string> => ({
  class: 'org.apache.cassandra.db.compaction.TimeWindowCompactionStrategy',
  ...options,
});

let written = 0;

function value(): Uint8Array {
  const bytes = Buffer.alloc(100);
  bytes.writeInt32BE(++written);
  return bytes;
}

describe('a table of time windows', () => {
  it.each([
    ['of a day', timeWindow(), DAY_SECONDS, 4],
    [
      'of twelve hours, two at once',
      timeWindow({ compaction_window_unit: 'HOURS', compaction_window_size: '12', min_threshold: '2' }),
      DAY_SECONDS / 2,
      2,
    ],
  ])(
    'has one SSTable for each that is over, and what expired goes as a whole: %s',
    async (_, compaction, windowSeconds, minThreshold) => {
      const table = new SimulatedTable({ compaction, gcGraceSeconds: GC_GRACE_DAYS * DAY_SECONDS });
      const flushSeconds = DAY_SECONDS / FLUSHES_A_DAY;
      for (let flush = 0; flush < 20 * FLUSHES_A_DAY; flush++) {
        for (let n = 0; n < 40; n++) await table.insert(n % 10, flush * 40 + n, value(), TTL_DAYS * DAY_SECONDS);
        await table.flush();
        table.pass(flushSeconds);
        await table.maintain(0);
        if (flush % 7 === 0) await table.reopen();
        if (flush % 11 !== 0) continue;
        await table.rest();
        const windows = new Map<number, number>();
        for (const { newestMicros } of table.candidates) {
          const window = Math.floor(newestMicros / 1e6 / windowSeconds);
          windows.set(window, (windows.get(window) ?? 0) + 1);
        }
        const newest = Math.max(...windows.keys());
        for (const [window, sstables] of windows) {
          expect(sstables).toBeLessThanOrEqual(window === newest ? minThreshold - 1 : 1);
          const ended = (window + 1) * windowSeconds;
          expect(table.nowSeconds - ended).toBeLessThan((TTL_DAYS + GC_GRACE_DAYS) * DAY_SECONDS);
        }
        await table.expectRows();
      }
      // Each window is merged by size while it is written to, and once more when it is over.
      expect(await table.compactedBytes()).toBeLessThan(4 * table.flushedBytes);
      const compacted = await table.compactedBytes();
      table.pass((TTL_DAYS + GC_GRACE_DAYS + 1) * DAY_SECONDS);
      await table.rest();
      expect(await table.sstables()).toBe(0);
      expect((await table.compactedBytes()) - compacted).toBeLessThan(table.flushedBytes / 20);
      await table.close();
    },
  );

  it.each([
    [{}, 2, 0],
    [{ unsafe_aggressive_sstable_expiration: 'true' }, 1, 10],
  ])(
    'keeps what has expired while it hides older rows, unless told that nobody minds: %o',
    async (options, sstables, comingBack) => {
      const table = new SimulatedTable({ compaction: timeWindow(options), gcGraceSeconds: 0 });
      for (let c = 0; c < 10; c++) await table.insert(1, c, value());
      await table.flush();
      table.pass(2 * DAY_SECONDS);
      for (let c = 0; c < 10; c++) await table.insert(1, c, value(), DAY_SECONDS);
      await table.flush();
      await table.rest();
      expect(await table.sstables()).toBe(2);
      table.pass(2 * DAY_SECONDS);
      await table.rest();
      expect(await table.sstables()).toBe(sstables);
      expect(await table.shown()).toHaveProperty('size', comingBack);
      await table.close();
    },
  );
});
