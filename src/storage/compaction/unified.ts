import { fullyExpired } from './droppable-tombstones.ts';
import type { CompactionCandidate, CompactionTask, MergePolicy, PolicyTime } from './merge-policy.ts';
import { bytesOption, type CompactionOptions, numberOption, shareOption } from './policy-options.ts';
import { wholeTask } from './size-tiered.ts';
import { type Covering, type OverlapInclusion, overlapBuckets, overlapSets, spanOf } from './token-overlap.ts';

const MIB = 1024 * 1024;
const TOKENS = 2 ** 64;

/** `ShardManager.MINIMUM_TOKEN_COVERAGE` */
const LEAST_COVERAGE = 2 ** -48;

interface Level<T> {
  readonly index: number;
  readonly tables: T[];
}

/** SSTables of one level that may be merged independently of others. */
interface Bucket<T> {
  readonly level: number;
  /** The most of them that share a token. */
  readonly overlap: number;
  readonly sets: readonly (readonly T[])[];
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
  private readonly inclusion: OverlapInclusion;

  constructor(options: CompactionOptions) {
    this.scaling = (options.get('scaling_parameters') ?? 'T4').split(',').map((text) => scalingParameter(text.trim()));
    this.baseShards = numberOption(options, 'base_shard_count', 4);
    this.targetBytes = bytesOption(options, 'target_sstable_size', 1024 * MIB);
    this.minBytes = bytesOption(options, 'min_sstable_size', 100 * MIB);
    this.growth = shareOption(options, 'sstable_growth', 0.333);
    this.flushBytes = bytesOption(options, 'flush_size_override', 0);
    const maxInputs = numberOption(options, 'max_sstables_to_compact', 0);
    this.maxInputs = maxInputs > 0 ? maxInputs : Number.POSITIVE_INFINITY;
    this.inclusion = overlapInclusion(options.get('overlap_inclusion_method'));
  }

  pick<T extends CompactionCandidate>(tables: readonly T[], time: PolicyTime): CompactionTask<T> | null {
    const expired = fullyExpired(tables, time);
    if (expired.length > 0) return wholeTask(expired, 'expired');
    let best: Bucket<T> | null = null;
    for (const level of this.levels(tables)) {
      const bucket = this.bucket(level);
      if (bucket !== null && (best === null || bucket.overlap > best.overlap)) best = bucket;
    }
    if (best === null) return null;
    const inputs = this.inputsOf(best);
    return {
      inputs,
      level: 0,
      maxOutputBytes: Number.POSITIVE_INFINITY,
      shards: this.shardCount(combinedDensity(inputs)),
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

  /** The first bucket of those with the most overlap, where that is enough for the level. */
  private bucket<T extends CompactionCandidate>({ index, tables }: Level<T>): Bucket<T> | null {
    const sets = overlapSets(tables);
    const overlap = Math.max(0, ...sets.map((set) => set.length));
    const threshold = this.threshold(index);
    if (overlap < threshold) return null;
    const buckets = overlapBuckets(sets, threshold, this.inclusion);
    const found = buckets.find((bucket) => bucket.some((set) => set.length === overlap));
    return found === undefined ? null : { level: index, overlap, sets: found };
  }

  /**
   * All of a bucket, oldest first, or as many of the oldest as bring it to where compactions in time would have brought it
   * (`UnifiedCompactionStrategy.Bucket.constructPick`).
   */
  private inputsOf<T extends CompactionCandidate>({ level, overlap, sets }: Bucket<T>): T[] {
    const all = [...new Set(sets.flat())].sort((a, b) => a.newestMicros - b.newestMicros);
    const fanout = this.fanout(level);
    const limit = Math.max(fanout, this.maxInputs);
    if (overlap <= fanout) return all;
    const isFarBehind = overlap > fanout * this.fanout(level + 1) && limit !== fanout;
    const most = isFarBehind ? this.layoutSize(level, Math.min(limit, overlap)) : limit;
    return most >= overlap ? all : oldest(all, sets, most);
  }

  /** As many as make up whole SSTables of a higher level, at most `limit`. */
  private layoutSize(level: number, limit: number): number {
    let size = this.fanout(level);
    for (let next = level + 1; size * this.fanout(next) <= limit; next++) size *= this.fanout(next);
    return this.parameter(level) < 0 ? size * Math.floor(limit / size) : size;
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

function overlapInclusion(text: string | undefined): OverlapInclusion {
  const name = text?.toUpperCase();
  return name === 'NONE' || name === 'SINGLE' ? name : 'TRANSITIVE';
}

/** The oldest, up to the first that would be one more than `limit` at some token (`Overlaps.pullLastWithOverlapLimit`). */
function oldest<T>(byAge: readonly T[], sets: readonly (readonly T[])[], limit: number): T[] {
  const chosen = sets.map(() => 0);
  const end = byAge.findIndex((table) => sets.some((set, i) => set.includes(table) && ++chosen[i] > limit));
  return end < 0 ? [...byAge] : byAge.slice(0, end);
}

function density(table: CompactionCandidate): number {
  return table.bytes / coverage(table);
}

/** Of what a merge of the tables makes (`ShardManager.calculateCombinedDensity`). */
function combinedDensity(tables: readonly CompactionCandidate[]): number {
  const bytes = tables.reduce((sum, table) => sum + table.bytes, 0);
  return bytes / coverage(spanOf(tables));
}

/** The share of the token range between first and last token; a table of few keys counts as a whole one. */
function coverage({ firstToken, lastToken }: Covering): number {
  const span =
    lastToken.hi * 4294967296 + (lastToken.lo >>> 0) - (firstToken.hi * 4294967296 + (firstToken.lo >>> 0)) + 1;
  const share = span / TOKENS;
  return share < LEAST_COVERAGE ? 1 : share;
}

function highestPowerOfTwo(value: number): number {
  return value < 2 ? 1 : 2 ** Math.floor(Math.log2(value));
}
