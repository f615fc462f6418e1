import { DroppableTombstones } from './droppable-tombstones.ts';
import type { CompactionCandidate, CompactionTask, MergePolicy, PolicyTime } from './merge-policy.ts';
import { type CompactionOptions, numberOption } from './policy-options.ts';

export interface SizeTiers {
  readonly bucketLow: number;
  readonly bucketHigh: number;
  readonly minBytes: number;
  readonly minThreshold: number;
  readonly maxThreshold: number;
}

export function sizeTiers(options: CompactionOptions): SizeTiers {
  return {
    bucketLow: numberOption(options, 'bucket_low', 0.5),
    bucketHigh: numberOption(options, 'bucket_high', 1.5),
    minBytes: numberOption(options, 'min_sstable_size', 50 * 1024 * 1024),
    minThreshold: numberOption(options, 'min_threshold', 4),
    maxThreshold: numberOption(options, 'max_threshold', 32),
  };
}

/** SizeTieredCompactionStrategy (5.0.8): SSTables of about one size are merged once there are enough of them. */
export class SizeTieredPolicy implements MergePolicy {
  private readonly tiers: SizeTiers;
  private readonly tombstones: DroppableTombstones;

  constructor(options: CompactionOptions) {
    this.tiers = sizeTiers(options);
    this.tombstones = new DroppableTombstones(options);
  }

  pick<T extends CompactionCandidate>(tables: readonly T[], time: PolicyTime): CompactionTask<T> | null {
    const bucket = largestBucket(tables, this.tiers);
    if (bucket.length > 0) return wholeTask(bucket, 'size tiers');
    const worth = tables.filter((table) => this.tombstones.isWorthIt(table, tables, time));
    if (worth.length === 0) return null;
    return wholeTask([worth.reduce((a, b) => (b.bytes > a.bytes ? b : a))], 'tombstones');
  }
}

export function wholeTask<T>(inputs: readonly T[], reason: CompactionTask<T>['reason']): CompactionTask<T> {
  return { inputs, level: 0, maxOutputBytes: Number.POSITIVE_INFINITY, shards: 1, reason };
}

/**
 * The bucket to merge: one with min_threshold SSTables or more, of which at most max_threshold are taken; empty when there
 * is none. Cassandra takes the hottest by reads, and of equally hot ones that of the largest average, whatever the comment
 * beside its comparator says (`SizeTieredCompactionStrategy.mostInterestingBucket`, 5.0.8). Here all are equally hot.
 */
export function largestBucket<T extends CompactionCandidate>(tables: readonly T[], tiers: SizeTiers): T[] {
  const ready = sizeBuckets(tables, tiers).filter((bucket) => bucket.length >= tiers.minThreshold);
  if (ready.length === 0) return [];
  const pruned = ready.map((bucket) => bucket.slice(0, tiers.maxThreshold));
  return pruned.reduce((a, b) => (averageBytes(b) > averageBytes(a) ? b : a));
}

/** Groups tables whose sizes are within bucket_low and bucket_high of their group's average, or all small. */
function sizeBuckets<T extends CompactionCandidate>(tables: readonly T[], tiers: SizeTiers): T[][] {
  const buckets: { average: number; tables: T[] }[] = [];
  for (const table of [...tables].sort((a, b) => a.bytes - b.bytes)) {
    const fitting = buckets.find(
      ({ average }) =>
        (table.bytes > average * tiers.bucketLow && table.bytes < average * tiers.bucketHigh) ||
        (table.bytes < tiers.minBytes && average < tiers.minBytes),
    );
    if (fitting === undefined) {
      buckets.push({ average: table.bytes, tables: [table] });
      continue;
    }
    fitting.average = Math.floor((fitting.tables.length * fitting.average + table.bytes) / (fitting.tables.length + 1));
    fitting.tables.push(table);
  }
  return buckets.map((bucket) => bucket.tables);
}

function averageBytes(tables: readonly CompactionCandidate[]): number {
  return tables.reduce((sum, table) => sum + table.bytes, 0) / tables.length;
}
