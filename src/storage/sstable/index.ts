/**
 * `cassette-cql/sstable`: readers and writers of Cassandra's SSTables, without the query engine. Loads no parser, planner
 * or shell.
 */
export { CorruptionError } from '../../errors/index.ts';
export { defineTable, type TableDefinition, type TableMetadata } from '../../schema/model/index.ts';
export { type CqlType, type CqlValue, codecOf, type TypeCodec } from '../../types/index.ts';
export { type FileSystem, nodeFileSystem } from '../files/index.ts';
export {
  ClusteringPrefix,
  DeletionTime,
  type Partition,
  PrefixKind,
  type RangeTombstoneMarker,
  type ReadRange,
  Row,
  readAll,
  Step,
  type UnfilteredStream,
} from '../rows/index.ts';
export { type Descriptor, parseDescriptor } from './descriptor.ts';
export { openSSTable, openSSTableSync, type SSTableReader } from './sstable-reader.ts';
export { type SSTableDescription, SSTableWriter, type SSTableWriterOptions } from './write/sstable-writer.ts';
export { writeSSTable } from './write/write-sstable.ts';
