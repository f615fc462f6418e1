import type { Token } from '../../bytes/index.ts';
import { DroppableTombstones } from './droppable-tombstones.ts';
import type { CompactionCandidate, CompactionTask, MergePolicy, PolicyTime } from './merge-policy.ts';
import { type CompactionOptions, numberOption } from './policy-options.ts';
import { largestBucket, type SizeTiers, sizeTiers, wholeTask } from './size-tiered.ts';
import { compareTokens, overlapping, overlaps } from './token-overlap.ts';

const MIB = 1024 * 1024;
const MAX_LEVELS = 9;
/** With more than this in level 0 they are merged by size first, so that reads touch fewer. */
const MAX_LEVEL_0 = 32;

/**
 * LeveledCompactionStrategy (5.0.8, `LeveledManifest`): above level 0 the SSTables of a level do not overlap; each level
 * holds `fanout_size` times as much as the one below it, and what is over that moves up.
 */
export class LeveledPolicy implements MergePolicy {
  private readonly tiers: SizeTiers;
  private readonly tableBytes: number;
  private readonly fanout: number;
  private readonly tombstones: DroppableTombstones;

  constructor(options: CompactionOptions) {
    this.tiers = sizeTiers(options);
    this.tableBytes = numberOption(options, 'sstable_size_in_mb', 160) * MIB;
    this.fanout = numberOption(options, 'fanout_size', 10);
    this.tombstones = new DroppableTombstones(options);
  }

  pick<T extends CompactionCandidate>(tables: readonly T[], time: PolicyTime): CompactionTask<T> | null {
    const levels = byLevel(tables);
    return this.pickLevels(levels) ?? this.pickTombstones(levels, tables, time);
  }

  private pickLevels<T extends CompactionCandidate>(levels: readonly T[][]): CompactionTask<T> | null {
    const tooMany = levels[0].length > MAX_LEVEL_0 ? largestBucket(levels[0], this.tiers) : [];
    for (let level = MAX_LEVELS - 2; level > 0; level--) {
      if (totalBytes(levels[level]) / this.maxBytes(level) <= 1.001) continue;
      if (tooMany.length > 0) return wholeTask(tooMany, 'levels');
      return this.task(levels, this.candidatesAbove(levels, level));
    }
    const inputs = this.candidatesOfLevel0(levels);
    if (inputs.length > 0) return this.task(levels, inputs);
    return tooMany.length > 0 ? wholeTask(tooMany, 'levels') : null;
  }

  private task<T extends CompactionCandidate>(levels: readonly T[][], inputs: readonly T[]): CompactionTask<T> {
    const of = inputs.map((table) => levels.findIndex((level) => level.includes(table)));
    const max = Math.max(...of);
    const staysInLevel0 = max === 0 && totalBytes(inputs) < this.tableBytes;
    const level = staysInLevel0 ? 0 : Math.min(...of) === max ? max + 1 : max;
    return { inputs, level, maxOutputBytes: this.tableBytes, shards: 1, reason: 'levels' };
  }

  /** The next table of a level, with what it overlaps one level up. */
  private candidatesAbove<T extends CompactionCandidate>(levels: readonly T[][], level: number): T[] {
    const after = lastMerged(levels[level + 1]);
    const next = levels[level].find((table) => after === null || compareTokens(table.firstToken, after) > 0);
    const table = next ?? levels[level][0];
    return [table, ...levels[level + 1].filter((other) => overlaps(table, other))];
  }

  /** The oldest tables of level 0 and those there that they overlap; with level 1's, when they make up a whole table. */
  private candidatesOfLevel0<T extends CompactionCandidate>(levels: readonly T[][]): T[] {
    const byAge = [...levels[0]].sort((a, b) => a.newestMicros - b.newestMicros);
    const remaining = new Set(byAge);
    let inputs: T[] = [];
    for (const table of byAge) {
      if (!remaining.has(table)) continue;
      for (const other of [...remaining].filter((candidate) => overlaps(table, candidate))) {
        inputs.push(other);
        remaining.delete(other);
      }
      if (inputs.length > this.tiers.maxThreshold) {
        inputs.sort((a, b) => a.newestMicros - b.newestMicros);
        inputs = inputs.slice(0, this.tiers.maxThreshold);
        break;
      }
    }
    if (totalBytes(inputs) > this.tableBytes) inputs = [...inputs, ...overlapping(inputs, levels[1])];
    return inputs.length < 2 ? [] : inputs;
  }

  private pickTombstones<T extends CompactionCandidate>(
    levels: readonly T[][],
    tables: readonly T[],
    time: PolicyTime,
  ): CompactionTask<T> | null {
    for (let level = MAX_LEVELS - 1; level >= 0; level--) {
      const worth = levels[level].filter((table) => this.tombstones.isWorthIt(table, tables, time));
      if (worth.length === 0) continue;
      const table = worth.reduce((a, b) =>
        b.droppableRatio(time.gcBeforeSeconds) > a.droppableRatio(time.gcBeforeSeconds) ? b : a,
      );
      return { inputs: [table], level, maxOutputBytes: this.tableBytes, shards: 1, reason: 'tombstones' };
    }
    return null;
  }

  /** All tables into one level that has room for them. */
  all<T extends CompactionCandidate>(tables: readonly T[]): CompactionTask<T> {
    const bytes = totalBytes(tables);
    let level = 1;
    while (level < MAX_LEVELS - 1 && bytes > this.maxBytes(level)) level++;
    return { inputs: tables, level, maxOutputBytes: this.tableBytes, shards: 1, reason: 'all' };
  }

  private maxBytes(level: number): number {
    return this.fanout ** level * this.tableBytes;
  }
}

/** Tables by level; one that overlaps another of its level is taken for level 0, as when a level was lost. */
function byLevel<T extends CompactionCandidate>(tables: readonly T[]): T[][] {
  const levels: T[][] = Array.from({ length: MAX_LEVELS }, () => []);
  for (const table of [...tables].sort((a, b) => compareTokens(a.firstToken, b.firstToken))) {
    const level = levels[Math.min(table.level, MAX_LEVELS - 1)];
    const last = level.at(-1);
    if (table.level > 0 && last !== undefined && overlaps(last, table)) levels[0].push(table);
    else level.push(table);
  }
  return levels;
}

/** Where the last merge into a level ended: the next one goes on behind it, so that all keys get their turn. */
function lastMerged(level: readonly CompactionCandidate[]): Token | null {
  let last: CompactionCandidate | null = null;
  for (const table of level) {
    const isNewer = last === null || table.createdMillis > last.createdMillis;
    const isBehind = last?.createdMillis === table.createdMillis && compareTokens(table.lastToken, last.lastToken) > 0;
    if (isNewer || isBehind) last = table;
  }
  return last?.lastToken ?? null;
}

function totalBytes(tables: readonly CompactionCandidate[]): number {
  return tables.reduce((sum, table) => sum + table.bytes, 0);
}
