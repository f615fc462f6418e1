import type { Slice } from '../../../rows/index.ts';
import type { SerializationHeader } from './serialization-header.ts';

/** All that Statistics.db says. */
export interface Statistics {
  readonly validation: ValidationMetadata | null;
  readonly compaction: CompactionMetadata | null;
  readonly stats: StatsMetadata;
  readonly header: SerializationHeader;
}

export interface ValidationMetadata {
  /** The partitioner's class name. */
  readonly partitioner: string;
  readonly filterFalsePositiveChance: number;
}

export interface CompactionMetadata {
  /** stream-lib's HyperLogLogPlus of the partition keys, as stored. */
  readonly cardinality: Uint8Array;
}

export interface CommitLogPosition {
  readonly segmentId: bigint;
  readonly position: number;
}

export interface CommitLogInterval {
  readonly start: CommitLogPosition;
  readonly end: CommitLogPosition;
}

/** Counts of values by bucket: bucket i holds values above `offsets[i - 1]` up to `offsets[i]`; the last all above. */
export interface EstimatedCounts {
  readonly offsets: Float64Array;
  readonly counts: Float64Array;
}

export interface TombstoneDropTimes {
  readonly localSeconds: Float64Array;
  readonly counts: Float64Array;
}

/** `io/sstable/metadata/StatsMetadata`, 5.0.8. Local times are seconds; NO_DELETION_TIME is none. */
export interface StatsMetadata {
  readonly partitionSizes: EstimatedCounts;
  readonly cellsPerPartition: EstimatedCounts;
  readonly commitLogIntervals: readonly CommitLogInterval[];
  readonly minTimestampMicros: bigint;
  readonly maxTimestampMicros: bigint;
  readonly minLocalSeconds: number;
  readonly maxLocalSeconds: number;
  readonly minTtl: number;
  readonly maxTtl: number;
  /** Compressed size by uncompressed size; -1 when not compressed. */
  readonly compressionRatio: number;
  readonly tombstoneDropTimes: TombstoneDropTimes;
  readonly level: number;
  readonly repairedAtMillis: bigint;
  /** What all rows lie in; null when the version does not say it or says it wrongly. */
  readonly coveredClustering: Slice | null;
  readonly hasLegacyCounterShards: boolean;
  readonly totalColumnsSet: number;
  readonly totalRows: number;
  readonly pendingRepair: string | null;
  readonly isTransient: boolean;
  readonly originatingHostId: string | null;
  /** False only when no partition has a deletion of its own. */
  readonly hasPartitionLevelDeletions: boolean;
  readonly firstKey: Uint8Array | null;
  readonly lastKey: Uint8Array | null;
  /** NaN when not known. */
  readonly tokenSpaceCoverage: number;
}
