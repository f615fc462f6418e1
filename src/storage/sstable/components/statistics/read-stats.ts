import { type ByteCursor, toHex } from '../../../../bytes/index.ts';
import {
  ClusteringPrefix,
  MAX_DELETION_TIME_NB,
  NO_DELETION_TIME,
  PrefixKind,
  type Slice,
} from '../../../rows/index.ts';
import { readClusteringPrefix } from '../../data/read-clustering.ts';
import type { SSTableVersion } from '../../sstable-version.ts';
import { readList, readType } from './serialization-header.ts';
import type {
  CommitLogInterval,
  CommitLogPosition,
  EstimatedCounts,
  StatsMetadata,
  TombstoneDropTimes,
} from './statistics.ts';

const MAX_INT32 = 0x7fffffff;
const UUID_BYTES = 16;

/**
 * The STATS part (`StatsMetadata.StatsMetadataSerializer`, 5.0.8)
 *
 *   histogram of partition sizes, histogram of cells a partition
 *   commit log position (i64 segment, i32 place): the upper bound
 *   i64 min timestamp, i64 max timestamp, i32 min, i32 max local deletion time, i32 min TTL, i32 max TTL
 *   f64 compression ratio, tombstone histogram, i32 level, i64 repaired at
 *   before oa: i32 count, (u16 length, value)* of minima; the same of maxima     oa: clustering types, two bounds
 *   u8 legacy counter shards, i64 columns set, i64 rows
 *   mb: lower commit log position     mc: i32 count, (start, end)*
 *   na: u8, [uuid] pending repair; u8 transient      me, nb: u8, [uuid] host
 *   oa: u8 partition deletions; first and last key behind vint lengths; f64 coverage
 */
export function readStats(cursor: ByteCursor, version: SSTableVersion): StatsMetadata {
  const partitionSizes = readEstimatedCounts(cursor);
  const cellsPerPartition = readEstimatedCounts(cursor);
  const upperBound = readPosition(cursor);
  const minTimestampMicros = cursor.i64BigInt();
  const maxTimestampMicros = cursor.i64BigInt();
  const minLocalSeconds = readLocalSeconds(cursor, version);
  const maxLocalSeconds = readLocalSeconds(cursor, version);
  const minTtl = cursor.i32();
  const maxTtl = cursor.i32();
  const compressionRatio = cursor.f64();
  const tombstoneDropTimes = readDropTimes(cursor, version);
  const level = cursor.i32();
  const repairedAtMillis = cursor.i64BigInt();
  const slice = version.hasLegacyMinMax ? readLegacySlice(cursor) : readCoveredSlice(cursor);
  const hasLegacyCounterShards = cursor.boolean();
  const totalColumnsSet = cursor.i64Number();
  const totalRows = cursor.i64Number();
  const lowerBound = version.hasCommitLogLowerBound ? readPosition(cursor) : NO_POSITION;
  const commitLogIntervals = version.hasCommitLogIntervals
    ? readIntervals(cursor)
    : [{ start: lowerBound, end: upperBound }];
  const pendingRepair = version.hasPendingRepair && cursor.boolean() ? readUuid(cursor) : null;
  const isTransient = version.hasIsTransient && cursor.boolean();
  const originatingHostId = version.hasOriginatingHostId && cursor.boolean() ? readUuid(cursor) : null;
  const hasPartitionLevelDeletions = version.hasPartitionLevelDeletionMarker
    ? cursor.boolean()
    : minLocalSeconds !== NO_DELETION_TIME;
  return {
    partitionSizes,
    cellsPerPartition,
    commitLogIntervals,
    minTimestampMicros,
    maxTimestampMicros,
    minLocalSeconds,
    maxLocalSeconds,
    minTtl,
    maxTtl,
    compressionRatio,
    tombstoneDropTimes,
    level,
    repairedAtMillis,
    coveredClustering: version.hasImprovedMinMax || version.hasAccurateMinMax ? slice : null,
    hasLegacyCounterShards,
    totalColumnsSet,
    totalRows,
    pendingRepair,
    isTransient,
    originatingHostId,
    hasPartitionLevelDeletions,
    firstKey: version.hasKeyRange ? cursor.vintBytes() : null,
    lastKey: version.hasKeyRange ? cursor.vintBytes() : null,
    tokenSpaceCoverage: version.hasTokenSpaceCoverage ? cursor.f64() : Number.NaN,
  };
}

const NO_POSITION: CommitLogPosition = { segmentId: -1n, position: 0 };

function readCount(cursor: ByteCursor, entryBytes: number): number {
  const count = cursor.i32();
  if (count < 0 || count * entryBytes > cursor.remaining) {
    cursor.fail(`${count} entries of ${entryBytes} bytes in ${cursor.remaining} bytes`);
  }
  return count;
}

/** i32 number of buckets, then for each i64 offset of the one before (of the first: its own), i64 count. */
function readEstimatedCounts(cursor: ByteCursor): EstimatedCounts {
  const size = readCount(cursor, 16);
  if (size < 1) cursor.fail('a histogram without buckets');
  const offsets = new Float64Array(Math.max(1, size - 1));
  const counts = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    offsets[i === 0 ? 0 : i - 1] = cursor.i64Number();
    counts[i] = cursor.i64Number();
  }
  return { offsets, counts };
}

/** i32 bins, i32 bins, then before oa f64 time, i64 count a bin; since oa i64 time, i32 count. */
function readDropTimes(cursor: ByteCursor, version: SSTableVersion): TombstoneDropTimes {
  cursor.i32();
  const size = readCount(cursor, version.hasUintDeletionTime ? 12 : 16);
  const localSeconds = new Float64Array(size);
  const counts = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    localSeconds[i] = version.hasUintDeletionTime ? cursor.i64Number() : saturate(cursor.f64());
    counts[i] = version.hasUintDeletionTime ? cursor.i32() : cursor.i64Number();
  }
  return { localSeconds, counts };
}

/** Old files may hold negative times (CASSANDRA-14092). */
function saturate(seconds: number): number {
  return seconds < 0 || seconds > MAX_DELETION_TIME_NB ? MAX_DELETION_TIME_NB : Math.trunc(seconds);
}

function readPosition(cursor: ByteCursor): CommitLogPosition {
  return { segmentId: cursor.i64BigInt(), position: cursor.i32() };
}

function readIntervals(cursor: ByteCursor): CommitLogInterval[] {
  const count = readCount(cursor, 24);
  const intervals: CommitLogInterval[] = [];
  for (let i = 0; i < count; i++) intervals.push({ start: readPosition(cursor), end: readPosition(cursor) });
  return intervals;
}

function readLocalSeconds(cursor: ByteCursor, version: SSTableVersion): number {
  const seconds = cursor.i32();
  if (version.hasUintDeletionTime) return seconds >>> 0;
  return seconds === MAX_INT32 ? NO_DELETION_TIME : seconds;
}

function readUuid(cursor: ByteCursor): string {
  const hex = toHex(cursor.slice(UUID_BYTES));
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function readLegacySlice(cursor: ByteCursor): Slice {
  const minima = readLegacyValues(cursor);
  const maxima = readLegacyValues(cursor);
  return {
    start: ClusteringPrefix.of(PrefixKind.INCLUSIVE_START_BOUND, minima),
    end: ClusteringPrefix.of(PrefixKind.INCLUSIVE_END_BOUND, maxima),
  };
}

function readLegacyValues(cursor: ByteCursor): Uint8Array[] {
  const count = readCount(cursor, 2);
  const values: Uint8Array[] = [];
  for (let i = 0; i < count; i++) values.push(cursor.slice(cursor.u16()));
  return values;
}

function readCoveredSlice(cursor: ByteCursor): Slice {
  const columns = { lengths: Int32Array.from(readList(cursor, readType), (type) => type.fixedLength), names: [] };
  const start = new ClusteringPrefix();
  const end = new ClusteringPrefix();
  readClusteringPrefix(cursor, columns, start);
  readClusteringPrefix(cursor, columns, end);
  return { start, end };
}
