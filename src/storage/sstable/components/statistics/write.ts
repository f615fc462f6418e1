import { ByteSink } from '../../../../bytes/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../../../schema/model/index.ts';
import { toMarshalName } from '../../../../types/index.ts';
import { type ClusteringPrefix, isEnd, isStart, MAX_DELETION_TIME_NB, PrefixKind } from '../../../rows/index.ts';
import { ClusteringEncoder } from '../../write/clustering-encoder.ts';
import { crcOf } from '../../write/component-file.ts';
import { type EncodingStats, EPOCH_HI, EPOCH_LO, EPOCH_SECONDS } from '../../write/encoding-stats.ts';
import { hasUnsignedTimes, type WriteVersion } from '../../write/write-version.ts';
import type { StatisticsCollector } from './collector.ts';
import type { CommitLogInterval, CommitLogPosition, StatsMetadata } from './statistics.ts';

/** What Statistics.db says beyond what the data itself does. */
export interface SSTableProvenance {
  readonly level: number;
  /** Milliseconds; 0 when the data is not repaired. */
  readonly repairedAt: bigint;
  readonly pendingRepair: string | null;
  readonly isTransient: boolean;
  /** The node whose commit log the intervals are of. UUIDs are in their dashed form. */
  readonly originatingHostId: string | null;
  readonly commitLogIntervals: readonly CommitLogInterval[];
  /** What part of the ring the file covers, as UCS estimates it; NaN when not known. */
  readonly tokenSpaceCoverage: number;
}

export const unknownProvenance: SSTableProvenance = Object.freeze({
  level: 0,
  repairedAt: 0n,
  pendingRepair: null,
  isTransient: false,
  originatingHostId: null,
  commitLogIntervals: [],
  tokenSpaceCoverage: Number.NaN,
});

/** What an SSTable that replaces exactly one other keeps of it. */
export function provenanceOf(stats: StatsMetadata): SSTableProvenance {
  return {
    level: stats.level,
    repairedAt: stats.repairedAtMillis,
    pendingRepair: stats.pendingRepair,
    isTransient: stats.isTransient,
    originatingHostId: stats.originatingHostId,
    commitLogIntervals: stats.commitLogIntervals,
    tokenSpaceCoverage: stats.tokenSpaceCoverage,
  };
}

export interface StatisticsInput {
  readonly version: WriteVersion;
  readonly table: TableMetadata;
  readonly statics: readonly ColumnMetadata[];
  readonly regulars: readonly ColumnMetadata[];
  readonly encodingStats: EncodingStats;
  readonly collector: StatisticsCollector;
  /** Compressed through uncompressed bytes; -1 when not compressed. */
  readonly compressionRatio: number;
  readonly provenance: SSTableProvenance;
  readonly firstKey: Uint8Array;
  readonly lastKey: Uint8Array;
}

const PARTITIONER = 'org.apache.cassandra.dht.Murmur3Partitioner';
const COMPOSITE = 'org.apache.cassandra.db.marshal.CompositeType';
const MAX_INT32 = 0x7fffffff;
const NO_POSITION: CommitLogPosition = { segmentId: -1n, position: 0 };

/**
 * Statistics.db (`metadata/MetadataSerializer`, versions `na` and later)
 *
 *   i32 parts (4), i32 CRC32 of that
 *   i32 type, i32 position for each part; i32 CRC32 of all until here
 *   each part: bytes, i32 CRC32 of them
 *
 *   0 VALIDATION   utf partitioner, f64 bloom_filter_fp_chance
 *   1 COMPACTION   i32 length, cardinality
 *   2 STATS        `writeStats`
 *   3 HEADER       `writeHeader`
 */
export function encodeStatistics(input: StatisticsInput): Uint8Array {
  const parts = [writeValidation, writeCompaction, writeStats, writeHeader].map((write) => {
    const sink = new ByteSink(1024);
    write(sink, input);
    return sink.view();
  });
  const out = new ByteSink(8192);
  out.i32(parts.length);
  out.i32(crcOf(out.view()));
  let position = 4 + 4 + parts.length * 8 + 4;
  let crc = crcOf(out.view().subarray(0, 4));
  for (let type = 0; type < parts.length; type++) {
    const at = out.position;
    out.i32(type);
    out.i32(position);
    crc = crcOf(out.view().subarray(at), crc);
    position += parts[type].length + 4;
  }
  out.i32(crc);
  for (const part of parts) {
    out.append(part);
    out.i32(crcOf(part));
  }
  return out.view();
}

function writeValidation(sink: ByteSink, { table }: StatisticsInput): void {
  sink.shortUtf8(PARTITIONER);
  sink.f64(table.options.bloom_filter_fp_chance);
}

function writeCompaction(sink: ByteSink, { collector }: StatisticsInput): void {
  const cardinality = new ByteSink(1024);
  collector.cardinality.write(cardinality);
  sink.i32(cardinality.position);
  sink.append(cardinality.view());
}

/**
 * STATS (`metadata/StatsMetadata`, 5.0.8); [nb] and [oa] stand in these versions only, oa for da too
 *
 *   histogram of partition sizes, of cells a partition; commit log position of the upper end
 *   i64 min, max timestamp; i32 (oa: u32) min, max local deletion time; i32 min, max TTL; f64 compression ratio
 *   histogram of tombstone drop times; i32 level; i64 repaired at
 *   [nb] i32 count, (u16 length, value)* of the least, the same of the greatest clustering
 *   [oa] vint count, types of the clustering columns, least and greatest bound
 *   u8 legacy counter shards; i64 columns set, i64 rows; commit log position of the lower end
 *   i32 count, commit log intervals; u8 pending repair [uuid]; u8 transient; u8 host [uuid]
 *   [oa] u8 partition deletions; vint length, first key; vint length, last key; f64 token space coverage,
 *        4 bytes of 0 a bin of the histogram
 */
function writeStats(sink: ByteSink, input: StatisticsInput): void {
  const { collector, provenance, version } = input;
  const unsigned = hasUnsignedTimes(version);
  const intervals = provenance.commitLogIntervals;
  collector.partitionSizes.write(sink);
  collector.cellCounts.write(sink);
  writePosition(sink, intervals.length === 0 ? NO_POSITION : intervals[intervals.length - 1].end);
  sink.i64(collector.minTimestampHi, collector.minTimestampLo);
  sink.i64(collector.maxTimestampHi, collector.maxTimestampLo);
  for (const seconds of [collector.minLocalSeconds, collector.maxLocalSeconds]) {
    sink.i32(unsigned || seconds <= MAX_DELETION_TIME_NB ? seconds | 0 : MAX_INT32);
  }
  sink.i32(collector.minTtl);
  sink.i32(collector.maxTtl);
  sink.f64(input.compressionRatio);
  collector.tombstoneDropTimes.write(sink, unsigned);
  sink.i32(provenance.level);
  writeInt64(sink, provenance.repairedAt);
  if (unsigned) writeCoveredSlice(sink, input);
  else {
    writeLegacyValues(sink, collector.minClustering);
    writeLegacyValues(sink, collector.maxClustering);
  }
  sink.boolean(collector.hasLegacyCounterShards);
  sink.i64Number(collector.totalColumnsSet);
  sink.i64Number(collector.totalRows);
  writePosition(sink, intervals.length === 0 ? NO_POSITION : intervals[0].start);
  sink.i32(intervals.length);
  for (const { start, end } of intervals) {
    writePosition(sink, start);
    writePosition(sink, end);
  }
  writeOptionalUuid(sink, provenance.pendingRepair);
  sink.boolean(provenance.isTransient);
  writeOptionalUuid(sink, provenance.originatingHostId);
  if (unsigned) {
    sink.boolean(collector.hasPartitionDeletion);
    sink.vintBytes(input.firstKey);
    sink.vintBytes(input.lastKey);
    sink.f64(provenance.tokenSpaceCoverage);
    // Cassandra sizes the part as if counts of bins still took 8 bytes, and leaves the rest at its end.
    for (let i = 0; i < collector.tombstoneDropTimes.binCount; i++) sink.i32(0);
  }
}

/**
 * HEADER (`db/SerializationHeader.Serializer`, 5.0.8)
 *
 *   vint minimal timestamp, local deletion time and TTL, less the epoch's
 *   type of the partition key; vint count, types of the clustering columns
 *   vint count, (name, type)* of static columns; the same of regular ones      names and types: vint length, bytes
 */
function writeHeader(sink: ByteSink, input: StatisticsInput): void {
  const { encodingStats: stats, table } = input;
  const lo = (stats.minTimestampLo - EPOCH_LO) | 0;
  const borrow = stats.minTimestampLo >>> 0 < EPOCH_LO >>> 0 ? 1 : 0;
  sink.unsignedVint64((stats.minTimestampHi - EPOCH_HI - borrow) | 0, lo);
  const seconds = (stats.minLocalSeconds - EPOCH_SECONDS) | 0;
  sink.unsignedVint64(seconds < 0 ? -1 : 0, seconds);
  sink.unsignedVint(stats.minTtl);
  writeText(sink, partitionKeyTypeName(table));
  writeClusteringTypes(sink, table);
  for (const columns of [input.statics, input.regulars]) {
    sink.unsignedVint(columns.length);
    for (const column of columns) {
      writeText(sink, column.name);
      writeText(sink, toMarshalName(column.type));
    }
  }
}

function partitionKeyTypeName(table: TableMetadata): string {
  const names = table.partitionKey.map((column) => toMarshalName(column.type));
  return names.length === 1 ? names[0] : `${COMPOSITE}(${names.join(',')})`;
}

function writeClusteringTypes(sink: ByteSink, table: TableMetadata): void {
  sink.unsignedVint(table.clustering.length);
  for (const column of table.clustering) writeText(sink, toMarshalName(column.type, { reversed: column.reversed }));
}

function writeCoveredSlice(sink: ByteSink, { collector, table }: StatisticsInput): void {
  writeClusteringTypes(sink, table);
  const encoder = new ClusteringEncoder(table.clustering);
  const { minClustering: min, maxClustering: max } = collector;
  sink.u8(isStart(min.kind) ? min.kind : PrefixKind.INCLUSIVE_START_BOUND);
  writeBoundValues(sink, encoder, min);
  sink.u8(isEnd(max.kind) ? max.kind : PrefixKind.INCLUSIVE_END_BOUND);
  writeBoundValues(sink, encoder, max);
}

function writeBoundValues(sink: ByteSink, encoder: ClusteringEncoder, prefix: ClusteringPrefix): void {
  sink.u16(prefix.size);
  encoder.values(prefix, sink);
}

/** Values up to the first null. */
function writeLegacyValues(sink: ByteSink, prefix: ClusteringPrefix): void {
  let count = 0;
  while (count < prefix.size && !prefix.isNull(count)) count++;
  sink.i32(count);
  for (let i = 0; i < count; i++) {
    sink.u16(prefix.end[i] - prefix.start[i]);
    sink.append(prefix.source, prefix.start[i], prefix.end[i]);
  }
}

function writePosition(sink: ByteSink, { segmentId, position }: CommitLogPosition): void {
  writeInt64(sink, segmentId);
  sink.i32(position);
}

function writeInt64(sink: ByteSink, value: bigint): void {
  sink.i64(Number(BigInt.asIntN(32, value >> 32n)), Number(BigInt.asIntN(32, value)));
}

function writeOptionalUuid(sink: ByteSink, uuid: string | null): void {
  sink.boolean(uuid !== null);
  if (uuid !== null) sink.append(Buffer.from(uuid.replaceAll('-', ''), 'hex'));
}

function writeText(sink: ByteSink, text: string): void {
  sink.vintBytes(Buffer.from(text, 'utf8'));
}
