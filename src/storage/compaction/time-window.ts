import { DroppableTombstones, fullyExpired } from './droppable-tombstones.ts';
import type { CompactionCandidate, CompactionTask, MergePolicy, PolicyTime } from './merge-policy.ts';
import { booleanOption, type CompactionOptions, numberOption } from './policy-options.ts';
import { largestBucket, type SizeTiers, sizeTiers, wholeTask } from './size-tiered.ts';

const UNIT_SECONDS: Readonly<Record<string, number>> = { MINUTES: 60, HOURS: 3600, DAYS: 86400 };
/** Milliseconds of one unit of write timestamps. */
const RESOLUTION_MILLIS: Readonly<Record<string, number>> = {
  MICROSECONDS: 1e-3,
  MILLISECONDS: 1,
  SECONDS: 1000,
  NANOSECONDS: 1e-6,
};

/**
 * TimeWindowCompactionStrategy (5.0.8): SSTables whose newest data is of one window belong together. In the newest window
 * they are merged by size, in an older one all at once; what has expired altogether is dropped whole.
 */
export class TimeWindowPolicy implements MergePolicy {
  private readonly tiers: SizeTiers;
  private readonly windowMillis: number;
  private readonly resolutionMillis: number;
  /** Null unless one of its options is set, as in Cassandra: expired windows go as a whole anyway. */
  private readonly tombstones: DroppableTombstones | null;
  private readonly ignoresOverlaps: boolean;

  constructor(options: CompactionOptions) {
    this.tiers = sizeTiers(options);
    const unit = UNIT_SECONDS[options.get('compaction_window_unit') ?? 'DAYS'] ?? UNIT_SECONDS.DAYS;
    this.windowMillis = unit * 1000 * numberOption(options, 'compaction_window_size', 1);
    this.resolutionMillis = RESOLUTION_MILLIS[options.get('timestamp_resolution') ?? 'MICROSECONDS'] ?? 1e-3;
    this.ignoresOverlaps = booleanOption(options, 'unsafe_aggressive_sstable_expiration');
    const asked = ['unchecked_tombstone_compaction', 'tombstone_compaction_interval', 'tombstone_threshold'].some(
      (name) => options.has(name) && options.get(name) !== 'false',
    );
    this.tombstones = asked ? new DroppableTombstones(options) : null;
  }

  pick<T extends CompactionCandidate>(tables: readonly T[], time: PolicyTime): CompactionTask<T> | null {
    const expired = this.ignoresOverlaps ? expiredAlone(tables, time) : fullyExpired(tables, time);
    if (expired.length > 0) return wholeTask(expired, 'expired');
    const bucket = this.window(tables);
    if (bucket.length > 0) return wholeTask(bucket, 'time window');
    const worth = tables.filter((table) => this.tombstones?.isWorthIt(table, tables, time) === true);
    if (worth.length === 0) return null;
    return wholeTask([worth.reduce((a, b) => (b.bytes < a.bytes ? b : a))], 'tombstones');
  }

  /** The newest window with something to merge. */
  private window<T extends CompactionCandidate>(tables: readonly T[]): T[] {
    const windows = new Map<number, T[]>();
    for (const table of tables) {
      const start = this.windowOf(table);
      windows.set(start, [...(windows.get(start) ?? []), table]);
    }
    const newest = Math.max(...windows.keys());
    for (const start of [...windows.keys()].sort((a, b) => b - a)) {
      const bucket = windows.get(start) ?? [];
      if (start === newest) {
        const tiered = bucket.length >= this.tiers.minThreshold ? largestBucket(bucket, this.tiers) : [];
        if (tiered.length > 0) return tiered;
      } else if (bucket.length >= 2) {
        return [...bucket].sort((a, b) => a.bytes - b.bytes).slice(0, this.tiers.maxThreshold);
      }
    }
    return [];
  }

  private windowOf(table: CompactionCandidate): number {
    const millis = table.newestMicros * this.resolutionMillis;
    return Math.floor(millis / this.windowMillis) * this.windowMillis;
  }
}

/** Whatever else the table has; only what lies below an overlay is never shown again. */
function expiredAlone<T extends CompactionCandidate>(tables: readonly T[], time: PolicyTime): T[] {
  if (time.outsideSinceMicros === Number.NEGATIVE_INFINITY) return [];
  return tables.filter((table) => table.maxLocalSeconds < time.gcBeforeSeconds);
}
