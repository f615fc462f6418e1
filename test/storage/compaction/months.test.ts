import { describe, expect, it } from 'vitest';
import type { CompactionCandidate } from '../../../src/storage/compaction/index.ts';
import { DAY_SECONDS, SimulatedTable } from './simulated-table.ts';

const MIB = 1024 * 1024;
/** `COMPACTION_DAYS=200` by hand. */
const DAYS = Number(process.env['COMPACTION_DAYS'] ?? 15);
const FLUSHES_A_DAY = 4;
const GC_GRACE_SECONDS = 3 * DAY_SECONDS;
const ROWS_A_PARTITION = 50;

/** What must hold of a table's SSTables when the strategy has nothing more to do. */
type Rest = (tables: readonly CompactionCandidate[], table: SimulatedTable) => void;

interface Case {
  readonly name: string;
  readonly compaction: Readonly<Record<string, string>>;
  /** Bytes of a value, on average. */
  readonly valueBytes: number;
  readonly partitions: number;
  readonly rest: Rest;
  /** Bytes written by compactions for each flushed one, at most. */
  readonly amplification: number;
  readonly sstables: number;
}

const strategy = (name: string, options: Record<string, string> = {}): Record<string, string> => ({
  class: `org.apache.cassandra.db.compaction.${name}CompactionStrategy`,
  ...options,
});

/** By the documentation: sizes in order, each beside the first bucket whose average it is near. */
function noBucketIsFull(low: number, high: number, minBytes: number, minThreshold: number): Rest {
  return (tables) => {
    const buckets: number[][] = [];
    for (const size of tables.map(({ bytes }) => bytes).sort((a, b) => a - b)) {
      const bucket = buckets.find((sizes) => {
        const average = sizes.reduce((a, b) => a + b) / sizes.length;
        return (size > low * average && size < high * average) || Math.max(size, average) < minBytes;
      });
      if (bucket === undefined) buckets.push([size]);
      else bucket.push(size);
    }
    for (const bucket of buckets) expect(bucket.length).toBeLessThan(minThreshold);
  };
}

function levelsAreInOrder(tableMib: number, fanout: number): Rest {
  return (tables) => {
    expect(tables.filter(({ level }) => level === 0).length).toBeLessThanOrEqual(1);
    for (const level of new Set(tables.map((table) => table.level))) {
      if (level === 0) continue;
      const members = tables.filter((table) => table.level === level);
      const sorted = [...members].sort((a, b) => tokenOf(a.firstToken) - tokenOf(b.firstToken));
      for (let i = 1; i < sorted.length; i++) {
        expect(tokenOf(sorted[i].firstToken)).toBeGreaterThan(tokenOf(sorted[i - 1].lastToken));
      }
      const bytes = members.reduce((sum, member) => sum + member.bytes, 0);
      expect(bytes).toBeLessThanOrEqual(fanout ** level * tableMib * MIB * 1.001);
      // A partition is not split.
      for (const member of members) expect(member.bytes).toBeLessThan(tableMib * MIB + 300_000);
    }
  };
}

/** UCS: at no token as many of a level as its scaling parameter allows; outputs stay within their shard. */
function densitiesAreKept(parameters: readonly number[], flushMib: number, targetMib: number): Rest {
  const parameter = (level: number): number => parameters[Math.min(level, parameters.length - 1)];
  const fanout = (level: number): number => 2 + Math.abs(parameter(level));
  return (tables) => {
    const levels = new Map<number, CompactionCandidate[]>();
    for (const table of tables) {
      const share = (tokenOf(table.lastToken) - tokenOf(table.firstToken)) / 2 ** 64;
      const density = share < 2 ** -48 ? table.bytes : table.bytes / share;
      let level = 0;
      let max = flushMib * MIB * (1 - 0.9 / fanout(0)) * fanout(0);
      while (density >= max) max *= fanout(++level);
      levels.set(level, [...(levels.get(level) ?? []), table]);
      if (level > 0) expect(table.bytes).toBeLessThan(targetMib * MIB * Math.SQRT2 * 2);
    }
    for (const [level, members] of levels) {
      for (const { firstToken } of members) {
        const here = members.filter(
          (other) =>
            tokenOf(other.firstToken) <= tokenOf(firstToken) && tokenOf(other.lastToken) >= tokenOf(firstToken),
        );
        expect(here.length).toBeLessThan(Math.max(0, parameter(level)) + 2);
      }
    }
  };
}

function tokenOf({ hi, lo }: { readonly hi: number; readonly lo: number }): number {
  return hi * 2 ** 32 + (lo >>> 0);
}

const CASES: readonly Case[] = [
  {
    name: 'STCS, all small',
    compaction: strategy('SizeTiered', { tombstone_compaction_interval: '86400' }),
    valueBytes: 100,
    partitions: 60,
    rest: noBucketIsFull(0.5, 1.5, 50 * MIB, 4),
    amplification: 8,
    sstables: 3,
  },
  {
    name: 'STCS by size',
    compaction: strategy('SizeTiered', { min_sstable_size: '0' }),
    valueBytes: 100,
    partitions: 60,
    rest: noBucketIsFull(0.5, 1.5, 0, 4),
    amplification: 3,
    sstables: 12,
  },
  {
    name: 'STCS, narrow buckets of two to four',
    compaction: strategy('SizeTiered', {
      min_sstable_size: '1000',
      bucket_low: '0.8',
      bucket_high: '1.2',
      min_threshold: '2',
      max_threshold: '4',
      tombstone_threshold: '0.1',
      unchecked_tombstone_compaction: 'true',
    }),
    valueBytes: 100,
    partitions: 60,
    rest: noBucketIsFull(0.8, 1.2, 1000, 2),
    amplification: 13,
    sstables: 14,
  },
  {
    name: 'LCS, fanout 3',
    compaction: strategy('Leveled', { sstable_size_in_mb: '1', fanout_size: '3' }),
    valueBytes: 3000,
    partitions: 200,
    rest: levelsAreInOrder(1, 3),
    amplification: 8,
    sstables: 20,
  },
  {
    name: 'LCS, fanout 10',
    compaction: strategy('Leveled', { sstable_size_in_mb: '1', tombstone_threshold: '0.05' }),
    valueBytes: 3000,
    partitions: 200,
    rest: levelsAreInOrder(1, 10),
    amplification: 8,
    sstables: 20,
  },
  {
    name: 'UCS, tiered',
    compaction: strategy('Unified', {
      scaling_parameters: 'T3',
      target_sstable_size: '1MiB',
      min_sstable_size: '0B',
      base_shard_count: '2',
      sstable_growth: '0',
    }),
    valueBytes: 3000,
    partitions: 200,
    rest: densitiesAreKept([1], 1, 1),
    amplification: 8,
    sstables: 30,
  },
  {
    name: 'UCS, leveled below, then neither',
    compaction: strategy('Unified', {
      scaling_parameters: 'L3, N',
      target_sstable_size: '2MiB',
      min_sstable_size: '512KiB',
      flush_size_override: '1MiB',
      base_shard_count: '1',
    }),
    valueBytes: 3000,
    partitions: 200,
    rest: densitiesAreKept([-1, 0], 1, 8),
    amplification: 9,
    sstables: 20,
  },
];

describe('a table over weeks or months of writes, deletions and TTLs', () => {
  it.each(CASES)('$name', { timeout: 120_000 }, async (settings) => {
    const { compaction, valueBytes, partitions, rest, amplification, sstables } = settings;
    const table = new SimulatedTable({ compaction, gcGraceSeconds: GC_GRACE_SECONDS });
    const random = randomFrom(7);
    const below = (limit: number): number => Math.floor(random() * limit);
    for (let day = 0; day < DAYS; day++) {
      for (let flush = 0; flush < FLUSHES_A_DAY; flush++) {
        for (let write = 20 + below(60); write > 0; write--) {
          const p = below(partitions);
          const c = below(ROWS_A_PARTITION);
          const kind = random();
          if (kind < 0.55) await table.insert(p, c, valueOf(random, valueBytes));
          else if (kind < 0.8) await table.insert(p, c, valueOf(random, valueBytes), (1 + below(12)) * DAY_SECONDS);
          else if (kind < 0.92) await table.deleteRow(p, c);
          else if (kind < 0.98) await table.deleteRange(p, c, c + below(10));
          else await table.deletePartition(p);
        }
        table.pass(DAY_SECONDS / FLUSHES_A_DAY);
        await table.flush();
        for (let calls = below(4); calls > 0; calls--) await table.maintain(below(2));
        if (below(12) === 0) await table.reopen();
      }
      if (day % 5 === 0) await table.expectRows();
      await table.rest();
      rest(table.candidates, table);
      expect(table.candidates.length).toBeLessThanOrEqual(sstables);
      if (day % 5 === 0) await table.expectRows();
    }
    expect(await table.compactedBytes()).toBeLessThan(amplification * table.flushedBytes);
    await table.expectRows();
    // Everything goes, and at last nothing is left of it.
    for (let p = 0; p < partitions; p++) await table.deletePartition(p);
    await table.flush();
    table.pass(GC_GRACE_SECONDS + 13 * DAY_SECONDS);
    await table.rest();
    await table.expectRows();
    await table.compact();
    expect(await table.sstables()).toBe(0);
    expect(await table.tombstones()).toBe(0);
    await table.close();
  });
});

function valueOf(random: () => number, averageBytes: number): Uint8Array {
  const value = Buffer.alloc(8 + Math.floor(random() * 2 * averageBytes));
  value.writeDoubleBE(random());
  return value;
}

/** Mulberry32: the same numbers each time. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
