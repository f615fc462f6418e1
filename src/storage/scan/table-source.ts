import type { TableMetadata } from '../../schema/model/index.ts';
import type { ReadRange, UnfilteredStream } from '../rows/index.ts';
import type { BatchStream, ScanRequest, ScanStatistics } from './scan-request.ts';

/**
 * One table as readers see it: a pinned, consistent set of memtables and SSTables. The executor knows storage by this
 * interface only.
 */
export interface TableSource {
  readonly table: TableMetadata;
  /** Visible rows by column. */
  scan(request: ScanRequest): BatchStream;
  /** The reconciled fragments of all sources, tombstones included (for writes that read, export, `cassette.cells`). */
  stream(range: ReadRange, statistics?: ScanStatistics): Promise<UnfilteredStream>;
  /** Each source of the table by itself, oldest first, for `cassette.cells` and tombstone questions. */
  sources(): readonly FragmentSource[];
  /** Unpins the set. */
  release(): void;
}

/** One memtable or SSTable. */
export interface FragmentSource {
  /** The Data.db path, or `memtable`. */
  readonly name: string;
  stream(range: ReadRange): Promise<UnfilteredStream>;
  /** What an SSTable says of itself; absent for memtables. */
  facts?(): FragmentFacts;
  /** Bytes of all files of an SSTable. */
  diskBytes?(): number;
}

export interface FragmentFacts {
  readonly bytes: number;
  readonly estimatedPartitions: number;
  /** Uncompressed bytes of the largest partition, as the histogram has it: up to a fifth too much. */
  readonly largestPartitionBytes: number;
  readonly rows: number;
  /** Cells, tombstones among them. */
  readonly cells: number;
  /** Tombstones and expiring cells, as the histogram counts them. */
  readonly tombstones: number;
  readonly minTimestampMicros: bigint;
  readonly maxTimestampMicros: bigint;
  readonly level: number;
  /** 0 when never repaired. */
  readonly repairedAtMillis: bigint;
  /** Partition keys, serialized. */
  readonly firstKey: Uint8Array;
  readonly lastKey: Uint8Array;
}

/** A database opened for reading: what the planner and executor ask for tables. */
export interface StorageReader {
  /** Pins the current version of the table; call `release` on it. */
  open(table: TableMetadata): TableSource;
}
