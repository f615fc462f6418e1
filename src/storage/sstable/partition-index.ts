import type { Token } from '../../bytes/index.ts';
import type { ClusteringPrefix, DecoratedKey, DeletionTime } from '../rows/index.ts';

/**
 * What a reader asks of an SSTable's index; BIG (`Index.db` and `Summary.db`) and BTI (`Partitions.db` and `Rows.db`)
 * both are this. Calls are synchronous: a look-up reads a page or two, and a promise costs more than that.
 */
export interface PartitionIndex {
  /** The first and last key of the file. */
  readonly firstKey: Uint8Array;
  readonly lastKey: Uint8Array;
  /** Number of partitions, as near as the index knows without being read. */
  readonly estimatedKeys: number;
  /** Read from the index's files so far, for `--stats`. */
  readonly bytesRead: number;
  readonly blocksRead: number;

  /** The partition of exactly this key; null when the file has none. */
  find(key: DecoratedKey): PartitionEntry | null;
  /** The first partition behind a place on the ring; null when none is. */
  ceiling(place: RingPlace): PartitionEntry | null;
  /** All partitions in the file's order, for verify and inspect. */
  entries(): Iterable<IndexedPartition>;
  entriesBackward(): Iterable<IndexedPartition>;
  close(): void;
}

/** A place between partitions: just before or just after all keys of a token, or before or after one key. */
export interface RingPlace {
  readonly token: Token;
  readonly key?: Uint8Array;
  readonly side: 'before' | 'after';
}

export interface PartitionEntry {
  /** Where the partition begins in the uncompressed data. */
  readonly dataPosition: number;
  /** Absent when the partition is too small to have one. */
  readonly rowIndex: RowIndex | null;
}

export interface IndexedPartition extends PartitionEntry {
  readonly key: Uint8Array;
}

/** Reads the partition key at a place of Data.db, for indexes that do not hold whole keys. */
export type KeyReader = (dataPosition: number) => Uint8Array;

/** The index of one wide partition: its rows in blocks of about column_index_size. */
export interface RowIndex {
  /** The partition's own deletion, as the index repeats it. */
  readonly deletion: DeletionTime;
  readonly blockCount: number;
  cursor(): RowIndexCursor;
}

/**
 * Stands on one block of a partition. Forward reads seek to a slice's start and decode on from there; reversed reads
 * seek to a slice's end, decode that block, then go to the previous one.
 */
export interface RowIndexCursor {
  /** The last block that begins at or before `bound`; the first block when none does. */
  seek(bound: ClusteringPrefix): void;
  seekFirst(): void;
  seekLast(): void;
  /** The block before; false (and unmoved) on the first. */
  previous(): boolean;
  /** The block after; false (and unmoved) on the last. */
  next(): boolean;
  /** Where the block begins, counted from the partition's beginning in the uncompressed data. */
  readonly offset: number;
  /** The range deletion that is open where the block begins (forward order); LIVE for none. */
  readonly openDeletion: DeletionTime;
}
