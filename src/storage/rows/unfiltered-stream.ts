import type { TableMetadata } from '../../schema/model/index.ts';
import type { ClusteringPrefix } from './clustering-prefix.ts';
import type { DeletionTime } from './deletion-time.ts';
import type { Row } from './row.ts';

/** What `UnfilteredStream.next` found. */
export const Step = {
  /** No more partitions. */
  END: 0,
  /** A partition begins: `partition` is filled. Its elements follow, then PARTITION_END. */
  PARTITION: 1,
  /** The static row (`row.isStatic`): at most one, before all rows. */
  STATIC_ROW: 2,
  ROW: 3,
  /** A range tombstone's bound or boundary: `marker` is filled. */
  MARKER: 4,
  PARTITION_END: 5,
  /** Nothing is in memory to go on with: await `load()`, then call `next` again. Only between elements. */
  NEED_MORE: 6,
} as const;
export type Step = (typeof Step)[keyof typeof Step];

/** The partition that a stream is in; a flyweight like `Row`. */
export interface Partition {
  key: Uint8Array;
  keyStart: number;
  keyEnd: number;
  readonly tokenHi: number;
  readonly tokenLo: number;
  readonly deletion: DeletionTime;
}

/** A range tombstone's end: a bound has one deletion, a boundary closes `closing` and opens `opening`. In reversed streams
 * the bound is still as on disk (a start bound opens in forward order), but elements come last to first. */
export interface RangeTombstoneMarker {
  readonly clustering: ClusteringPrefix;
  /** The deletion that ends here, going in clustering order; LIVE for a start bound. */
  readonly closing: DeletionTime;
  /** The deletion that begins here, going in clustering order; LIVE for an end bound. */
  readonly opening: DeletionTime;
}

/**
 * Partitions in token (then key) order, each with its static row, rows and range tombstone markers in clustering order,
 * or reversed. SSTables, memtables and merges are all this; compaction, dump, export and reads consume it.
 *
 * `next` is synchronous and allocates nothing per element; only `load` is asynchronous. What `partition`, `row` and
 * `marker` show is valid until the following `next`, except that `partition` stays until PARTITION_END.
 */
export interface UnfilteredStream {
  readonly table: TableMetadata;
  readonly reversed: boolean;
  next(): Step;
  load(): Promise<void>;
  readonly partition: Partition;
  readonly row: Row;
  readonly marker: RangeTombstoneMarker;
  /** Makes the following `next` return the partition's PARTITION_END without decoding what is left of it. */
  skipPartition(): void;
  /** Releases blocks and files; no further calls. */
  close(): void;
}
