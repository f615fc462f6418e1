import { int64, type Token } from '../../bytes/index.ts';
import type {
  ClusteringComparator,
  DecoratedKey,
  PartitionRange,
  ReadRange,
  Slice,
  Slices,
  TokenBound,
} from '../rows/index.ts';
import type { ScanStatistics } from '../scan/index.ts';

/** What is known of an SSTable before any of its blocks is read. */
export interface SSTableSummary {
  readonly firstToken: Token;
  readonly lastToken: Token;
  /** What all its rows and range tombstones lie in; null when not known. */
  readonly coveredClustering: Slice | null;
  /** May hold deletions of whole partitions. */
  readonly hasPartitionLevelDeletions: boolean;
  readonly hasStaticColumns: boolean;
  /** False when the bloom filter says that no such key is in the file. */
  mayContain(key: DecoratedKey): boolean;
}

/** An SSTable that a read needs, with the part of the range that it may answer. */
export interface Selected<T> {
  readonly sstable: T;
  readonly range: ReadRange;
}

/**
 * Leaves out SSTables that cannot have an answer, by tokens, bloom filter and clustering. Clustering leaves none out that
 * may hold a partition deletion or a static row: those have no place in the clustering order, and hide or show rows of
 * other SSTables.
 */
export function selectSSTables<T extends SSTableSummary>(
  sstables: readonly T[],
  range: ReadRange,
  comparator: ClusteringComparator,
  statistics: ScanStatistics,
): Selected<T>[] {
  const selected: Selected<T>[] = [];
  for (const sstable of sstables) {
    const partitions = narrowPartitions(sstable, range.partitions, statistics);
    if (partitions === null || !mayHoldSlices(sstable, range.slices, comparator)) statistics.sstablesSkipped++;
    else selected.push({ sstable, range: partitions === range.partitions ? range : { ...range, partitions } });
  }
  statistics.sstables += selected.length;
  return selected;
}

/** The partitions of the range that the SSTable may hold; null for none. */
function narrowPartitions(
  sstable: SSTableSummary,
  partitions: PartitionRange,
  statistics: ScanStatistics,
): PartitionRange | null {
  switch (partitions.kind) {
    case 'all':
      return partitions;
    case 'tokens': {
      const { lower, upper } = partitions;
      const misses =
        (upper !== null && isAbove(sstable.firstToken, upper)) || (lower !== null && isBelow(sstable.lastToken, lower));
      return misses ? null : partitions;
    }
    case 'keys': {
      const keys = partitions.keys.filter((key) => mayHoldKey(sstable, key, statistics));
      if (keys.length === 0) return null;
      return keys.length === partitions.keys.length ? partitions : { kind: 'keys', keys };
    }
  }
}

function mayHoldKey(sstable: SSTableSummary, key: DecoratedKey, statistics: ScanStatistics): boolean {
  if (compareTokens(key.token, sstable.firstToken) < 0 || compareTokens(key.token, sstable.lastToken) > 0) return false;
  if (sstable.mayContain(key)) return true;
  // Hits are counted by the look-up, which knows whether the key is there.
  statistics.filterMisses++;
  return false;
}

function isAbove(token: Token, upper: TokenBound): boolean {
  const order = compareTokens(token, upper.token);
  return order > 0 || (order === 0 && !upper.inclusive && upper.key === undefined);
}

function isBelow(token: Token, lower: TokenBound): boolean {
  const order = compareTokens(token, lower.token);
  return order < 0 || (order === 0 && !lower.inclusive && lower.key === undefined);
}

function mayHoldSlices(sstable: SSTableSummary, slices: Slices, comparator: ClusteringComparator): boolean {
  const covered = sstable.coveredClustering;
  if (slices === null || covered === null) return true;
  if (sstable.hasPartitionLevelDeletions || sstable.hasStaticColumns) return true;
  return slices.some(
    (slice) =>
      (slice.start.size === 0 || comparator.compare(slice.start, covered.end) <= 0) &&
      (slice.end.size === 0 || comparator.compare(covered.start, slice.end) <= 0),
  );
}

/**
 * Groups SSTables into runs whose token ranges do not touch, each run in token order: as few as there are SSTables over
 * one token. One run needs no reconciling.
 */
export function groupIntoRuns<T extends { readonly sstable: SSTableSummary }>(selected: readonly T[]): T[][] {
  const sorted = [...selected].sort((a, b) => compareTokens(a.sstable.firstToken, b.sstable.firstToken));
  const runs: T[][] = [];
  for (const item of sorted) {
    const fitting = runs.find((run) => {
      const last = run[run.length - 1].sstable.lastToken;
      return compareTokens(last, item.sstable.firstToken) < 0;
    });
    if (fitting === undefined) runs.push([item]);
    else fitting.push(item);
  }
  return runs;
}

export function compareTokens(a: Token, b: Token): number {
  return int64.compare(a.hi, a.lo, b.hi, b.lo);
}
