import { int64, murmur3Token } from '../../../bytes/index.ts';
import { codecOf } from '../../../types/index.ts';
import { type ClusteringPrefix, NO_DELETION_TIME, PrefixKind, type Slice } from '../../rows/index.ts';
import type { HeaderColumn, HeaderType } from '../components/statistics/serialization-header.ts';
import type { EstimatedCounts, StatsMetadata, TombstoneDropTimes } from '../components/statistics/statistics.ts';
import type { SSTableReader } from '../sstable-reader.ts';
import { isLocal } from '../verify/key-order.ts';
import { estimatedCardinality } from './cardinality.ts';
import { mean, total } from './counts.ts';
import { histogramText } from './histogram-text.ts';
import { byteText, dateText, doubleText, durationText, ttlText } from './units.ts';

const NO_LOCAL_TIME = '9223372036854775807';
const COMPRESSORS = 'org.apache.cassandra.io.compress.';

/** What Statistics.db says, line by line as sstablemetadata prints it. */
export function statisticsText(reader: SSTableReader, nowSeconds: number): string[] {
  const { statistics, descriptor } = reader;
  const { validation, compaction, stats, header } = statistics;
  const lines = [field('SSTable', `${descriptor.directory}/${descriptor.baseName}`)];
  if (validation !== null) {
    lines.push(field('Partitioner', validation.partitioner));
    lines.push(field('Bloom Filter FP chance', doubleText(validation.filterFalsePositiveChance)));
  }
  lines.push(...statsText(reader, stats, nowSeconds));
  if (compaction !== null) lines.push(field('Estimated cardinality', estimatedCardinality(compaction.cardinality)));
  const { minTtl, minLocalSeconds, minTimestampHi, minTimestampLo } = header.minima;
  const minMicros = int64.toBigInt(minTimestampHi, minTimestampLo);
  lines.push(
    field('EncodingStats minTTL', minTtl, ttlText(minTtl)),
    field('EncodingStats minLocalDeletionTime', secondsText(minLocalSeconds), minLocalSeconds),
    field('EncodingStats minTimestamp', microsText(minMicros), minMicros),
    field('KeyType', header.keyType.marshalName),
    field('ClusteringTypes', `[${header.clustering.map((type) => type.marshalName).join(', ')}]`),
    field('StaticColumns', columnsText(header.statics)),
    field('RegularColumns', columnsText(header.regulars)),
    field('IsTransient', stats.isTransient),
  );
  return lines;
}

function statsText(reader: SSTableReader, stats: StatsMetadata, nowSeconds: number): string[] {
  const { compression } = reader;
  const minMicros = stats.minTimestampMicros;
  const maxMicros = stats.maxTimestampMicros;
  const intervals = stats.commitLogIntervals.map(({ start, end }) => `${positionText(start)}=${positionText(end)}`);
  return [
    field('Minimum timestamp', microsText(minMicros), minMicros),
    field('Maximum timestamp', microsText(maxMicros), maxMicros),
    field('Duration', durationText(BigInt.asIntN(64, maxMicros - minMicros))),
    field('SSTable min local deletion time', ...localTime(stats.minLocalSeconds)),
    field('SSTable max local deletion time', ...localTime(stats.maxLocalSeconds)),
    field('Compressor', compression === null ? '-' : compressorName(compression.compressor)),
    ...(compression === null ? [] : [field('Compression ratio', doubleText(stats.compressionRatio))]),
    field('TTL min', stats.minTtl, ttlText(stats.minTtl)),
    field('TTL max', stats.maxTtl, ttlText(stats.maxTtl)),
    ...keyRange(reader),
    field('Covered clusterings', sliceText(stats.coveredClustering, reader)),
    field('Estimated droppable tombstones', doubleText(droppableRatio(stats, nowSeconds))),
    field('SSTable Level', stats.level),
    field(
      'Repaired at',
      stats.repairedAtMillis,
      stats.repairedAtMillis === 0n ? '' : dateText(Number(stats.repairedAtMillis)),
    ),
    field('Originating host id', stats.originatingHostId),
    field('Pending repair', stats.pendingRepair),
    field('Replay positions covered', `{${intervals.join(', ')}}`),
    field('totalColumnsSet', stats.totalColumnsSet),
    field('totalRows', stats.totalRows),
    field('Estimated tombstone drop times', ''),
    ...dropTimesText(stats.tombstoneDropTimes),
    field('Partition Size', ''),
    ...countsText('Size (bytes)', stats.partitionSizes, (value) => `${value} ${quiet(byteText(value))}`),
    field('Column Count', ''),
    ...countsText('Columns', stats.cellsPerPartition, String),
    field('Local token space coverage', doubleText(stats.tokenSpaceCoverage)),
  ];
}

function field(name: string, value: unknown, comment: unknown = ''): string {
  const shown = value === null ? '--' : String(value);
  return `${name}: ${shown}${comment === '' ? '' : ` (${comment})`}`;
}

function quiet(text: string): string {
  return text === '' ? '' : `(${text})`;
}

/** 0 is no date. */
function microsText(micros: bigint): string {
  return micros === 0n ? '' : dateText(Number(micros / 1000n));
}

function secondsText(seconds: number): string {
  return seconds === 0 ? '' : dateText(seconds * 1000);
}

function localTime(seconds: number): [string, string] {
  if (seconds === NO_DELETION_TIME) return ['no tombstones', NO_LOCAL_TIME];
  return [seconds === 0 ? 'no tombstones' : secondsText(seconds), String(seconds)];
}

function compressorName(name: string): string {
  return name.includes('.') ? name : COMPRESSORS + name;
}

function positionText(position: { readonly segmentId: bigint; readonly position: number }): string {
  return `CommitLogPosition(segmentId=${position.segmentId}, position=${position.position})`;
}

/** The key as its whole type prints it. */
function keyRange(reader: SSTableReader): string[] {
  const line = (name: string, key: Uint8Array): string => {
    const { hi, lo } = murmur3Token(key);
    const text = codecOf(reader.header.keyType.type).toDisplayString(key, 0, key.length);
    return field(name, isLocal(reader) ? text : int64.toString(hi, lo), text);
  };
  return [line('First token', reader.firstKey), line('Last token', reader.lastKey)];
}

function sliceText(slice: Slice | null, reader: SSTableReader): string {
  const types = reader.header.clustering;
  const isUnbounded = slice !== null && slice.start.size === 0 && slice.end.size === 0;
  if (slice === null || (isUnbounded && reader.version.hasLegacyMinMax)) return 'ALL';
  const open = slice.start.kind === PrefixKind.INCLUSIVE_START_BOUND ? '[' : '(';
  const close = slice.end.kind === PrefixKind.INCLUSIVE_END_BOUND ? ']' : ')';
  return `${open}${boundText(slice.start, types)}, ${boundText(slice.end, types)}${close}`;
}

function boundText(bound: ClusteringPrefix, types: readonly HeaderType[]): string {
  return Array.from({ length: bound.size }, (_, i) =>
    bound.isNull(i) ? 'null' : codecOf(types[i].type).toDisplayString(bound.source, bound.start[i], bound.end[i]),
  ).join(':');
}

function columnsText(columns: readonly HeaderColumn[]): string {
  return columns.map((column) => `${column.name}:${column.marshalName}`).join(', ');
}

function dropTimesText({ localSeconds, counts }: TombstoneDropTimes): string[] {
  const nameOf = (seconds: number): string => `${seconds} ${quiet(secondsText(seconds))}`;
  return histogramText('Drop Time', [...localSeconds], [...counts], nameOf);
}

function countsText(title: string, { offsets, counts }: EstimatedCounts, nameOf: (value: number) => string): string[] {
  const used = [...offsets.keys()].filter((i) => counts[i] > 0);
  return histogramText(
    title,
    used.map((i) => offsets[i]),
    used.map((i) => counts[i]),
    nameOf,
  );
}

/** `StatsMetadata.getEstimatedDroppableTombstoneRatio`: of all cells, tombstones whose time is past. */
export function droppableRatio(stats: StatsMetadata, gcBeforeSeconds: number): number {
  const cells = mean(stats.cellsPerPartition) * total(stats.cellsPerPartition.counts);
  return cells === 0 ? 0 : droppableBefore(stats.tombstoneDropTimes, gcBeforeSeconds) / cells;
}

/** Whole bins before the time, and of the one around it a part (`StreamingTombstoneHistogramBuilder.DataHolder.sum`). */
function droppableBefore({ localSeconds, counts }: TombstoneDropTimes, before: number): number {
  let sum = 0;
  for (let i = 0; i < localSeconds.length; i++) {
    if (localSeconds[i] <= before) {
      sum += counts[i];
      continue;
    }
    if (i === 0) return 0;
    const weight = (before - localSeconds[i - 1]) / (localSeconds[i] - localSeconds[i - 1]);
    const height = counts[i - 1] + (counts[i] - counts[i - 1]) * weight;
    return sum - counts[i - 1] + counts[i - 1] / 2 + ((counts[i - 1] + height) * weight) / 2;
  }
  return sum;
}
