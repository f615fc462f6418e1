import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type CompactionCandidate,
  type CompactionTask,
  Database,
  type MergePolicy,
  SizeTieredPolicy,
} from '../../src/index.ts';

let directory: string;
let db: Database;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'cassette-library-'));
  db = await Database.open(join(directory, 'db'));
  await db.execute("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
  await db.execute(
    "CREATE TABLE k.t (p int PRIMARY KEY, v int) WITH compaction = {'class': 'SizeTieredCompactionStrategy'}",
  );
});
afterEach(async () => {
  await db.close();
  rmSync(directory, { recursive: true });
});

async function flushTwice(): Promise<void> {
  for (const p of [1, 2]) {
    await db.write({
      table: { keyspace: 'k', table: 't' },
      partition_key: { columns: [['p', p]] },
      operations: [{ Write: { column: 'v', value: p } }],
    });
    expect(await db.memtableRowCount()).toBe(1);
    expect(await db.memtableSize()).toBeGreaterThan(0);
    expect((await db.flushRun()).length).toBe(1);
  }
}

async function maintain(): Promise<void> {
  while ((await db.maintenanceStep({ budgetMs: 5 })).pending > 0);
}

describe('maintenance from the library', () => {
  it('has CQLite’s names', async () => {
    expect(await db.generation('k', 't')).toBe(0);
    await flushTwice();
    expect(await db.generation('k', 't')).toBe(2);
    await expect(db.generation('k', 'x')).rejects.toThrow(/k\.x does not exist/);
    expect(await db.memtableRowCount()).toBe(0);
    await db.exportSstable(join(directory, 'out'), { keyspace: 'k', table: 't', generation: 7 });
    expect(readdirSync(join(directory, 'out/k/t'))).toContain('nb-7-big-Data.db');
    expect((await db.maintenanceStats()).completed).toBe(0);
  });

  it('merges what a policy of the user’s picks, and not what it cannot', async () => {
    await flushTwice();
    await maintain();
    expect((await db.stats()).tables[0].sstables).toBe(2);
    const all: MergePolicy = {
      pick<T extends CompactionCandidate>(tables: readonly T[]): CompactionTask<T> | null {
        if (tables.length < 2) return null;
        return { inputs: tables, level: 0, maxOutputBytes: Number.POSITIVE_INFINITY, shards: 1, reason: 'all' };
      },
    };
    await db.setMergePolicy('k', 't', all);
    await maintain();
    expect((await db.stats()).tables[0].sstables).toBe(1);
    expect(await db.generation('k', 't')).toBe(3);
    await flushTwice();
    await db.setMergePolicy('k', 't', new SizeTieredPolicy(new Map([['min_threshold', '3']])));
    await maintain();
    expect((await db.stats()).tables[0].sstables).toBe(1);
    const nothing: MergePolicy = {
      pick: () => ({ inputs: [], level: 0, maxOutputBytes: 1, shards: 1, reason: 'all' }),
    };
    await db.setMergePolicy('k', 't', nothing);
    await expect(db.maintenance({ budgetMs: 5 })).rejects.toThrow(/merge policy of k\.t picked what is not one/);
    await db.setMergePolicy('k', 't', null);
    await maintain();
    expect((await db.execute('SELECT * FROM k.t')).rows.length).toBe(2);
    await expect(db.setMergePolicy('k', 'x', null)).rejects.toThrow(/does not exist|unconfigured/);
  });

  it('never loses data to a policy that takes live data for expired', async () => {
    await flushTwice();
    const wrong: MergePolicy = {
      pick<T extends CompactionCandidate>(tables: readonly T[]): CompactionTask<T> | null {
        if (tables.length < 2) return null;
        return { inputs: tables, level: 0, maxOutputBytes: Number.POSITIVE_INFINITY, shards: 1, reason: 'expired' };
      },
    };
    await db.setMergePolicy('k', 't', wrong);
    await maintain();
    expect((await db.execute('SELECT * FROM k.t')).rows.length).toBe(2);
    expect((await db.stats()).tables[0].sstables).toBe(1);
  });
});
