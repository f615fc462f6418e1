import type { CompactionCandidate, PolicyTime } from './merge-policy.ts';
import { booleanOption, type CompactionOptions, numberOption } from './policy-options.ts';
import { overlaps } from './token-overlap.ts';

const DEFAULT_THRESHOLD = 0.2;
const DEFAULT_INTERVAL_SECONDS = 86400;

/** Finds SSTables that are worth rewriting alone, for their tombstones (`AbstractCompactionStrategy`, 5.0.8). */
export class DroppableTombstones {
  private readonly threshold: number;
  private readonly intervalMillis: number;
  private readonly isUnchecked: boolean;

  constructor(options: CompactionOptions) {
    this.threshold = numberOption(options, 'tombstone_threshold', DEFAULT_THRESHOLD);
    this.intervalMillis = 1000 * numberOption(options, 'tombstone_compaction_interval', DEFAULT_INTERVAL_SECONDS);
    this.isUnchecked = booleanOption(options, 'unchecked_tombstone_compaction');
  }

  /**
   * Whether enough would go. Not too soon after the SSTable was made: what could not be dropped then cannot now. Others
   * that overlap may hold older data; of the keys outside of them as many must be left that it is still worth it.
   */
  isWorthIt<T extends CompactionCandidate>(table: T, all: readonly T[], time: PolicyTime): boolean {
    if (time.outsideSinceMicros === Number.NEGATIVE_INFINITY) return false;
    if (time.nowMillis < table.createdMillis + this.intervalMillis) return false;
    const ratio = table.droppableRatio(time.gcBeforeSeconds);
    if (ratio <= this.threshold) return false;
    if (this.isUnchecked || ratio * uncoveredShare(table, all) > this.threshold) return true;
    return table.maxLocalSeconds < time.gcBeforeSeconds && fullyExpired(all, time).includes(table);
  }
}

/** The share of the table's token range that no other one covers; 1 when none overlaps. */
function uncoveredShare<T extends CompactionCandidate>(table: T, all: readonly T[]): number {
  const others = all.filter((other) => other !== table && overlaps(table, other));
  if (others.length === 0) return 1;
  const start = toDouble(table.firstToken);
  const end = toDouble(table.lastToken);
  if (end <= start) return 0;
  const ranges = others
    .map((other) => [Math.max(start, toDouble(other.firstToken)), Math.min(end, toDouble(other.lastToken))])
    .sort((a, b) => a[0] - b[0]);
  let covered = 0;
  let at = start;
  for (const [from, to] of ranges) {
    if (to <= at) continue;
    covered += to - Math.max(at, from);
    at = to;
  }
  return 1 - covered / (end - start);
}

function toDouble(token: { readonly hi: number; readonly lo: number }): number {
  return token.hi * 4294967296 + (token.lo >>> 0);
}

/**
 * SSTables in which everything has expired before gc grace, and which hide nothing older elsewhere
 * (`CompactionController.getFullyExpiredSSTables`, 5.0.8).
 */
export function fullyExpired<T extends CompactionCandidate>(tables: readonly T[], time: PolicyTime): T[] {
  const candidates = tables.filter((table) => table.maxLocalSeconds < time.gcBeforeSeconds);
  if (candidates.length === 0) return [];
  const expiring = new Set(candidates);
  return candidates.filter(
    (table) =>
      time.outsideSinceMicros > table.newestMicros &&
      tables.every(
        (other) => expiring.has(other) || !overlaps(table, other) || other.oldestMicros > table.newestMicros,
      ),
  );
}
