import { int64, toHex } from '../../../bytes/index.ts';
import { NO_DELETION_TIME } from '../../rows/index.ts';
import type { HeaderColumn } from '../components/statistics/serialization-header.ts';
import type { EstimatedCounts } from '../components/statistics/statistics.ts';
import type { SSTableReader } from '../sstable-reader.ts';
import { estimatedCardinality } from './cardinality.ts';
import type { InspectRecord } from './records.ts';
import { droppableRatio } from './statistics-text.ts';

/** What Statistics.db says, for `--format json`. int64 values are text. */
export function statisticsRecord(reader: SSTableReader, nowSeconds: number): InspectRecord {
  const { validation, compaction, stats, header } = reader.statistics;
  return {
    sstable: `${reader.descriptor.directory}/${reader.descriptor.baseName}`,
    version: reader.version.name,
    partitioner: validation?.partitioner ?? null,
    bloomFilterFpChance: validation?.filterFalsePositiveChance ?? null,
    minTimestamp: String(stats.minTimestampMicros),
    maxTimestamp: String(stats.maxTimestampMicros),
    minLocalDeletionTime: localTime(stats.minLocalSeconds),
    maxLocalDeletionTime: localTime(stats.maxLocalSeconds),
    compressor: reader.compression?.compressor ?? null,
    compressionRatio: reader.compression === null ? null : stats.compressionRatio,
    minTtl: stats.minTtl,
    maxTtl: stats.maxTtl,
    firstKey: toHex(reader.firstKey),
    lastKey: toHex(reader.lastKey),
    estimatedDroppableTombstones: droppableRatio(stats, nowSeconds),
    level: stats.level,
    repairedAt: String(stats.repairedAtMillis),
    originatingHostId: stats.originatingHostId,
    pendingRepair: stats.pendingRepair,
    isTransient: stats.isTransient,
    commitLogIntervals: stats.commitLogIntervals.map(({ start, end }) => [
      { segmentId: String(start.segmentId), position: start.position },
      { segmentId: String(end.segmentId), position: end.position },
    ]),
    totalColumnsSet: stats.totalColumnsSet,
    totalRows: stats.totalRows,
    hasPartitionLevelDeletions: stats.hasPartitionLevelDeletions,
    hasLegacyCounterShards: stats.hasLegacyCounterShards,
    tombstoneDropTimes: [...stats.tombstoneDropTimes.localSeconds].map((time, i) => [
      time,
      stats.tombstoneDropTimes.counts[i],
    ]),
    partitionSizes: countPairs(stats.partitionSizes),
    cellsPerPartition: countPairs(stats.cellsPerPartition),
    tokenSpaceCoverage: Number.isNaN(stats.tokenSpaceCoverage) ? null : stats.tokenSpaceCoverage,
    estimatedCardinality: compaction === null ? null : estimatedCardinality(compaction.cardinality),
    encodingStats: {
      minTimestamp: int64.toString(header.minima.minTimestampHi, header.minima.minTimestampLo),
      minLocalDeletionTime: header.minima.minLocalSeconds,
      minTtl: header.minima.minTtl,
    },
    keyType: header.keyType.marshalName,
    clusteringTypes: header.clustering.map((type) => type.marshalName),
    staticColumns: columnTypes(header.statics),
    regularColumns: columnTypes(header.regulars),
  };
}

function localTime(seconds: number): number | null {
  return seconds === NO_DELETION_TIME ? null : seconds;
}

/** [upper end of the bucket, count] of buckets that are not empty. */
function countPairs({ offsets, counts }: EstimatedCounts): number[][] {
  return [...offsets].map((offset, i) => [offset, counts[i]]).filter(([, count]) => count > 0);
}

function columnTypes(columns: readonly HeaderColumn[]): Record<string, string> {
  return Object.fromEntries(columns.map((column) => [column.name, column.marshalName]));
}
