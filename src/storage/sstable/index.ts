/**
 * SSTables without the query engine (`cassette-cql/sstable`): readers and writers of Cassandra's formats, dump and verify.
 */

export type { FileSystem } from '../files/index.ts';
export { nodeFileSystem } from '../files/index.ts';
export {
  ClusteringPrefix,
  DeletionTime,
  type ReadRange,
  Row,
  readAll,
  Step,
  type UnfilteredStream,
} from '../rows/index.ts';
export { Component } from './component.ts';
export type { CompressionInfo } from './components/compression-info/read.ts';
export type { SerializationHeader } from './components/statistics/serialization-header.ts';
export type { Statistics, StatsMetadata } from './components/statistics/statistics.ts';
export { newReadCounters, type ReadCounters } from './data/read-counters.ts';
export { SSTableStream } from './data/sstable-stream.ts';
export { type Descriptor, descriptorOfData, parseDescriptor } from './descriptor.ts';
export { type DumpOptions, dumpKeys, dumpLines, dumpPretty } from './dump/dump.ts';
export type { IndexedPartition, PartitionEntry, PartitionIndex, RowIndex } from './partition-index.ts';
export { type OpenSSTableOptions, openSSTable, openSSTableSync, SSTableReader } from './sstable-reader.ts';
export type { SSTableVersion } from './sstable-version.ts';
export { type Finding, verifySSTable } from './verify/index.ts';
export { type EncodingStats, EncodingStatsCollector, noEncodingStats } from './write/encoding-stats.ts';
export { nextSequenceId, timeBasedId } from './write/sstable-id.ts';
export { type SSTableDescription, SSTableWriter, type SSTableWriterOptions } from './write/sstable-writer.ts';
export { writeSSTable } from './write/write-sstable.ts';
export type { WriteVersion } from './write/write-version.ts';
