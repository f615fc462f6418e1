import { fullyExpired } from './droppable-tombstones.ts';
import type { CompactionCandidate, CompactionTask, MergePolicy, PolicyTime } from './merge-policy.ts';
import { bytesOption, type CompactionOptions, numberOption } from './policy-options.ts';
import { wholeTask } from './size-tiered.ts';
import { overlapSets } from './token-overlap.ts';

const MIB = 1024 * 1024;
const TOKENS = 2 ** 64;

interface Level<T> {
  readonly index: number;
  readonly tables: T[];
}

/**
 * UnifiedCompactionStrategy (5.0.8): SSTables are levelled by density, their bytes for the share of the token range that
 * they cover. A level is merged where as many overlap as its scaling parameter says (T4: four; L10: two), and large
 * outputs are split into shards at fixed places of the token range.
 */
export class UnifiedPolicy implements MergePolicy {
  private readonly scaling: readonly number[];
  private readonly baseShards: number;
  private readonly targetBytes: number;
  private readonly minBytes: number;
  private readonly growth: number;
  private readonly flushBytes: number;
  private readonly maxInputs: number;

  constructor(options: CompactionOptions) {
    this.scaling = (options.get('scaling_parameters') ?? 'T4').split(',').map((text) => scalingParameter(text.trim()));
    this.baseShards = numberOption(options, 'base_shard_count', 4);
    this.targetBytes = bytesOption(options, 'target_sstable_size', 1024 * MIB);
    this.minBytes = bytesOption(options, 'min_sstable_size', 100 * MIB);
    this.growth = numberOption(options, 'sstable_growth', 0.333);
    this.flushBytes = bytesOption(options, 'flush_size_override', 0);
    this.maxInputs = numberOption(options, 'max_sstables_to_compact', 0) || Number.POSITIVE_INFINITY;
  }

  pick<T extends CompactionCandidate>(tables: readonly T[], time: PolicyTime): CompactionTask<T> | null {
    const expired = fullyExpired(tables, time);
    if (expired.length > 0) return wholeTask(expired, 'expired');
    let best: { inputs: T[]; overlap: number } | null = null;
    for (const level of this.levels(tables)) {
      const bucket = this.bucket(level);
      if (bucket !== null && (best === null || bucket.overlap > best.overlap)) best = bucket;
    }
    if (best === null) return null;
    const bytes = best.inputs.reduce((sum, table) => sum + table.bytes, 0);
    const span = Math.max(...best.inputs.map(coverage));
    return {
      inputs: best.inputs,
      level: 0,
      maxOutputBytes: Number.POSITIVE_INFINITY,
      shards: this.shardCount(bytes / span),
      reason: 'density',
    };
  }

  /** Tables by density: each level reaches to fanout times the density of the one before. */
  private levels<T extends CompactionCandidate>(tables: readonly T[]): Level<T>[] {
    const levels: Level<T>[] = [{ index: 0, tables: [] }];
    const flushBytes = Math.max(MIB, this.flushBytes);
    let max = Math.floor(flushBytes * (1 - 0.9 / this.fanout(0)) * this.fanout(0));
    for (const table of [...tables].sort((a, b) => density(a) - density(b))) {
      while (density(table) >= max) {
        levels.push({ index: levels.length, tables: [] });
        max = Math.floor(max * this.fanout(levels.length - 1));
      }
      levels[levels.length - 1].tables.push(table);
    }
    return levels;
  }

  /** Of the places where enough tables of the level overlap the one with the most, joined with what it overlaps. */
  private bucket<T extends CompactionCandidate>(level: Level<T>): { inputs: T[]; overlap: number } | null {
    const sets = overlapSets(level.tables);
    const overlap = Math.max(0, ...sets.map((set) => set.length));
    if (overlap < this.threshold(level.index)) return null;
    const at = sets.findIndex((set) => set.length === overlap);
    const inputs = new Set(sets[at]);
    const grow = (from: number, step: number): void => {
      for (let i = from; i >= 0 && i < sets.length && sets[i].some((table) => inputs.has(table)); i += step) {
        for (const table of sets[i]) inputs.add(table);
      }
    };
    grow(at - 1, -1);
    grow(at + 1, 1);
    const limit = Math.max(this.fanout(level.index), this.maxInputs);
    if (inputs.size <= limit) return { inputs: [...inputs], overlap };
    const oldest = [...inputs].sort((a, b) => a.newestMicros - b.newestMicros).slice(0, limit);
    return { inputs: oldest, overlap };
  }

  /** `Controller.getNumShards` */
  private shardCount(localDensity: number): number {
    const bySize = localDensity / this.minBytes;
    if (this.minBytes > 0 && !(bySize >= this.baseShards)) {
      return Math.min(highestPowerOfTwo(bySize), this.baseShards & -this.baseShards);
    }
    if (this.growth === 1) return this.baseShards;
    const exponent = Math.log2(localDensity / (this.targetBytes * this.baseShards)) * (1 - this.growth) + 0.5;
    return this.baseShards * 2 ** Math.min(20, Math.max(0, Math.floor(exponent)));
  }

  private parameter(index: number): number {
    return this.scaling[Math.min(index, this.scaling.length - 1)];
  }

  private fanout(index: number): number {
    return 2 + Math.abs(this.parameter(index));
  }

  private threshold(index: number): number {
    const parameter = this.parameter(index);
    return parameter <= 0 ? 2 : 2 + parameter;
  }
}

/** `N` is 0, `T4` 2 (tiered), `L10` -8 (leveled), or the number itself. */
function scalingParameter(text: string): number {
  if (text === 'N') return 0;
  if (text.startsWith('T')) return Number(text.slice(1)) - 2;
  if (text.startsWith('L')) return 2 - Number(text.slice(1));
  return Number(text);
}

function density(table: CompactionCandidate): number {
  return table.bytes / coverage(table);
}

/** The share of the token range between first and last token; a table of few keys counts as a whole one. */
function coverage(table: CompactionCandidate): number {
  const span =
    table.lastToken.hi * 4294967296 +
    (table.lastToken.lo >>> 0) -
    (table.firstToken.hi * 4294967296 + (table.firstToken.lo >>> 0));
  const share = span / TOKENS;
  return share < 1e-7 ? 1 : share;
}

function highestPowerOfTwo(value: number): number {
  return value < 2 ? 1 : 2 ** Math.floor(Math.log2(value));
}
