/** Partitions, rows, cells and deletions in memory, and the one stream protocol that all of storage speaks. */
export { ClusteringComparator } from './clustering-comparator.ts';
export { ClusteringPrefix, NULL_COMPONENT } from './clustering-prefix.ts';
export { DeletionTime, MAX_DELETION_TIME, MAX_DELETION_TIME_NB, NO_DELETION_TIME, NO_TTL } from './deletion-time.ts';
export { isBoundary, isEnd, isStart, PrefixKind, sideOf } from './prefix-kind.ts';
export {
  type DecoratedKey,
  type PartitionRange,
  type ReadRange,
  readAll,
  type Slice,
  type Slices,
  type TokenBound,
} from './read-range.ts';
export { NO_PATH, Row } from './row.ts';
export { type Partition, type RangeTombstoneMarker, Step, type UnfilteredStream } from './unfiltered-stream.ts';
