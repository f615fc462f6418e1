import { compareUnsigned, int64, murmur3 } from '../../../bytes/index.ts';
import { CqlError, invariant } from '../../../errors/index.ts';
import { type ColumnMetadata, isCounterTable, type TableMetadata } from '../../../schema/model/index.ts';
import type { FileSystem } from '../../files/file-system.ts';
import {
  ClusteringComparator,
  ClusteringPrefix,
  DeletionTime,
  PrefixKind,
  type RangeTombstoneMarker,
  Row,
} from '../../rows/index.ts';
import { Component } from '../component.ts';
import { encodeCompressionInfo } from '../components/compression-info/write.ts';
import { BloomFilterBuilder } from '../components/filter/write.ts';
import { StatisticsCollector } from '../components/statistics/collector.ts';
import { encodeStatistics, type SSTableProvenance, unknownProvenance } from '../components/statistics/write.ts';
import { type CompressionSettings, compressionSettings } from './chunk-compressor.ts';
import { DataFileWriter } from './data-file-writer.ts';
import type { EncodingStats } from './encoding-stats.ts';
import { BigIndexOutput, BtiIndexOutput, type IndexOutput } from './index-output.ts';
import { atRow } from './row-name.ts';
import { SSTableFiles, sstableBaseName } from './sstable-files.ts';
import { UnfilteredEncoder } from './unfiltered-encoder.ts';
import { type WriteVersion, writeDeletionTime } from './write-version.ts';

export interface SSTableWriterOptions {
  readonly directory: string;
  /** A sequence number, or a UUID in the form of file names (`timeBasedId`). */
  readonly id: string;
  readonly version: WriteVersion;
  readonly table: TableMetadata;
  /** Static and regular columns that the data has, in storage order; as Cassandra's header from its memtable. */
  readonly statics: readonly ColumnMetadata[];
  readonly regulars: readonly ColumnMetadata[];
  readonly encodingStats: EncodingStats;
  /** Partitions to come, as near as known: the filter is sized by it. */
  readonly estimatedKeys: number;
  /** Instead of the table's `compression`. */
  readonly compression?: ReadonlyMap<string, string>;
  /** Bytes of a partition that one index block covers; Cassandra's default is 64 KiB (BIG) or 16 KiB (BTI). */
  readonly columnIndexBytes?: number;
  readonly provenance?: SSTableProvenance;
  /** Rows marked with this are encoded as this writer would: their bytes are taken (`Row.encoded`). */
  readonly encoding?: object;
}

/** An SSTable that was written. */
export interface SSTableDescription {
  /** The path of Data.db. */
  readonly dataPath: string;
  readonly baseName: string;
  readonly files: readonly string[];
  readonly partitions: number;
  /** Rows and static rows. */
  readonly rows: number;
  readonly dataBytes: number;
  readonly uncompressedBytes: number;
  readonly firstKey: Uint8Array;
  readonly lastKey: Uint8Array;
}

const DEFAULT_BIG_INDEX_BYTES = 64 * 1024;
const DEFAULT_BTI_INDEX_BYTES = 16 * 1024;
const MAX_KEY_BYTES = 0xffff;

/**
 * Writes one SSTable, partition by partition in token order (`format/SortedTableWriter` and its kin, 5.0.8). Calls between
 * `open` and `finish` are synchronous, so that a flush or a compaction can be driven in slices. Memory does not grow with
 * the data, except by the filter and by what the index has of the partition at hand.
 *
 * Nothing makes the files visible or removes them after a crash: that is the caller's transaction (`SSTableTransaction`).
 */
export class SSTableWriter {
  readonly options: SSTableWriterOptions;
  private readonly files: SSTableFiles;
  private readonly compression: CompressionSettings | null;
  private readonly data: DataFileWriter;
  private readonly index: IndexOutput;
  private readonly encoder: UnfilteredEncoder;
  private readonly statistics: StatisticsCollector;
  private readonly filter: BloomFilterBuilder | null;
  private readonly blockBytes: number;
  private finishing: AsyncGenerator<undefined, SSTableDescription, undefined> | null = null;

  private partitions = 0;
  private firstKey: Uint8Array = new Uint8Array(0);
  /** The key of the partition at hand, then of the last one. */
  private key: Uint8Array = new Uint8Array(256);
  private keyLength = 0;
  private tokenHi = 0;
  private tokenLo = 0;
  private isOpen = false;

  private partitionStart = 0;
  private headerLength = 0;
  private awaitsStatic = false;
  private readonly partitionDeletion = new DeletionTime();
  /** Offset of the last element in the partition, and of the block at hand; -1 between blocks. */
  private lastElement = 0;
  private blockStart = -1;
  private elements = 0;
  private readonly blockFirst = new ClusteringPrefix();
  private readonly lastClustering = new ClusteringPrefix();
  private readonly openDeletion = new DeletionTime();
  private readonly openAtBlockStart = new DeletionTime();
  private readonly emptyStatic = new Row();
  private readonly hash = new Int32Array(4);

  private constructor(files: SSTableFiles, options: SSTableWriterOptions, data: DataFileWriter, index: IndexOutput) {
    const { table, version } = options;
    this.files = files;
    this.options = options;
    this.compression = compressionSettings(options.compression ?? table.options.compression);
    this.data = data;
    this.index = index;
    this.encoder = new UnfilteredEncoder(
      table,
      options.statics,
      options.regulars,
      options.encodingStats,
      version,
      data.sink,
    );
    this.statistics = new StatisticsCollector(new ClusteringComparator(table.clustering), isCounterTable(table));
    const chance = table.options.bloom_filter_fp_chance;
    this.filter = chance >= 1 ? null : new BloomFilterBuilder(options.estimatedKeys, chance);
    this.blockBytes =
      options.columnIndexBytes ?? (version === 'da' ? DEFAULT_BTI_INDEX_BYTES : DEFAULT_BIG_INDEX_BYTES);
    this.emptyStatic.clear(true);
    this.emptyStatic.clustering.kind = PrefixKind.STATIC_CLUSTERING;
  }

  /** Creates the files that are streamed. On an error nothing stays open, but files may stay. */
  static async open(files: FileSystem, options: SSTableWriterOptions): Promise<SSTableWriter> {
    const own = new SSTableFiles(files, options.directory, sstableBaseName(options.version, options.id));
    const path = (component: Component): string => own.pathOf(component);
    const compression = compressionSettings(options.compression ?? options.table.options.compression);
    const data = new DataFileWriter(await files.open(path(Component.DATA), 'create'), compression);
    try {
      const index =
        options.version === 'da'
          ? await BtiIndexOutput.open(files, path, options.table)
          : await BigIndexOutput.open(files, path, options.table, options.version);
      return new SSTableWriter(own, options, data, index);
    } catch (error) {
      data.file.closeSync();
      throw error;
    }
  }

  /** Uncompressed bytes so far. */
  get uncompressedBytes(): number {
    return this.data.position;
  }

  /** Bytes of Data.db so far, but for what is not compressed yet. */
  get fileBytes(): number {
    return this.data.fileBytes;
  }

  get partitionCount(): number {
    return this.partitions;
  }

  startPartition(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    tokenHi: number,
    tokenLo: number,
    deletion: DeletionTime,
  ): void {
    invariant(!this.isOpen, 'partition begun within another');
    invariant(this.isBehindLast(key, keyStart, keyEnd, tokenHi, tokenLo), 'partitions out of order');
    const length = keyEnd - keyStart;
    if (length > MAX_KEY_BYTES) {
      throw CqlError.invalidRequest(`Key length of ${length} is longer than maximum of ${MAX_KEY_BYTES}`);
    }
    this.isOpen = true;
    if (this.key.length < length) this.key = new Uint8Array(length * 2);
    for (let i = 0; i < length; i++) this.key[i] = key[keyStart + i];
    this.keyLength = length;
    this.tokenHi = tokenHi;
    this.tokenLo = tokenLo;
    if (this.partitions === 0) this.firstKey = key.slice(keyStart, keyEnd);
    this.partitions++;

    this.partitionDeletion.copyFrom(deletion);
    this.openDeletion.clear();
    this.partitionStart = this.data.position;
    this.blockStart = -1;
    this.lastElement = 0;
    this.elements = 0;
    this.index.reset();
    const { sink } = this.data;
    sink.u16(length);
    sink.append(key, keyStart, keyEnd);
    writeDeletionTime(sink, deletion, this.options.version);
    this.statistics.partition(deletion);
    this.awaitsStatic = this.options.statics.length > 0;
    this.headerLength = this.offset();
  }

  addStaticRow(row: Row): void {
    invariant(this.awaitsStatic || row.isEmpty(), 'static row out of place');
    if (!this.awaitsStatic) return;
    this.encode(row);
    if (!row.isEmpty()) this.statistics.row(row);
  }

  /** Rows with nothing in them, as filters leave behind, are left out. */
  addRow(row: Row): void {
    if (row.isEmpty()) return;
    this.beginElement(row.clustering);
    const position = this.offset();
    this.encodeAt(row, position - this.lastElement);
    this.statistics.row(row);
    this.endElement(row.clustering, position);
  }

  addMarker(marker: RangeTombstoneMarker): void {
    this.beginElement(marker.clustering);
    const position = this.offset();
    try {
      this.encoder.marker(marker, position - this.lastElement);
    } catch (error) {
      throw this.locate(error, null);
    }
    this.statistics.marker(marker);
    this.openDeletion.copyFrom(marker.opening);
    this.endElement(marker.clustering, position);
  }

  endPartition(): void {
    invariant(this.isOpen, 'partition ended outside of one');
    if (this.awaitsStatic) this.encode(this.emptyStatic);
    const endOffset = this.offset();
    this.encoder.endOfPartition();
    if (this.elements > 0) this.statistics.clustering(this.lastClustering);
    if (this.blockStart >= 0 && this.index.blockCount > 0) this.addBlock(this.lastClustering, endOffset + 1);
    const bytes = this.data.position - this.partitionStart;
    this.statistics.endPartition(this.key, 0, this.keyLength, bytes);
    murmur3(this.key, 0, this.keyLength, this.hash);
    this.filter?.add(this.hash);
    this.index.finishPartition({
      key: this.key,
      keyLength: this.keyLength,
      tokenHi: this.tokenHi,
      tokenLo: this.tokenLo,
      hashByte: this.hash[3] & 0xff,
      dataPosition: this.partitionStart,
      headerLength: this.headerLength,
      endOffset,
      deletion: this.partitionDeletion,
    });
    this.isOpen = false;
    this.data.drainIfLarge();
  }

  /** Writes the other components and syncs all of them. */
  async finish(): Promise<SSTableDescription> {
    for (;;) {
      const description = await this.finishStep();
      if (description !== null) return description;
    }
  }

  /** The next piece of `finish`, which holds one sync; null while there is more to do. */
  async finishStep(): Promise<SSTableDescription | null> {
    this.finishing ??= this.finishInSteps();
    const step = await this.finishing.next();
    return step.done === true ? step.value : null;
  }

  private async *finishInSteps(): AsyncGenerator<undefined, SSTableDescription, undefined> {
    invariant(!this.isOpen && this.partitions > 0, 'an SSTable needs a partition, and each its end');
    const { data, files } = this;
    const lastKey = this.key.slice(0, this.keyLength);
    data.finish();
    this.index.finish(this.firstKey, lastKey);
    for (const file of [data.file, ...this.index.files]) {
      await files.close(file);
      yield;
    }
    for (const [component, bytes] of this.components(lastKey)) {
      await files.write(component, bytes);
      yield;
    }
    await files.writeToc();
    yield;
    await files.syncDirectory();
    return {
      dataPath: files.pathOf(Component.DATA),
      baseName: files.baseName,
      files: files.names,
      partitions: this.partitions,
      rows: this.statistics.totalRows,
      dataBytes: data.fileBytes,
      uncompressedBytes: data.position,
      firstKey: this.firstKey,
      lastKey,
    };
  }

  /** What is written at the end, each encoded when its turn comes. */
  private *components(lastKey: Uint8Array): Generator<[Component, Uint8Array]> {
    const { data, options, compression } = this;
    if (this.index.summary !== null) yield [Component.SUMMARY, this.index.summary];
    if (this.filter !== null) yield [Component.FILTER, this.filter.encode()];
    if (compression === null) yield [Component.CRC, data.crcs.view()];
    else yield [Component.COMPRESSION_INFO, encodeCompressionInfo(compression, data.position, data.chunkOffsets)];
    yield [Component.DIGEST, Buffer.from(String(data.digest))];
    const statistics = encodeStatistics({
      version: options.version,
      table: options.table,
      statics: options.statics,
      regulars: options.regulars,
      encodingStats: options.encodingStats,
      collector: this.statistics,
      compressionRatio: compression === null ? -1 : data.compressedBytes / data.position,
      provenance: options.provenance ?? unknownProvenance,
      firstKey: this.firstKey,
      lastKey,
    });
    yield [Component.STATISTICS, statistics];
  }

  /** Closes and removes what was written. */
  async abort(): Promise<void> {
    this.data.file.closeSync();
    for (const file of this.index.files) file.closeSync();
    await this.files.removeAll();
  }

  private isBehindLast(key: Uint8Array, start: number, end: number, tokenHi: number, tokenLo: number): boolean {
    if (this.partitions === 0) return true;
    const order = int64.compare(tokenHi, tokenLo, this.tokenHi, this.tokenLo);
    return order > 0 || (order === 0 && compareUnsigned(key, start, end, this.key, 0, this.keyLength) > 0);
  }

  private offset(): number {
    return this.data.position - this.partitionStart;
  }

  private encode(row: Row): void {
    this.awaitsStatic = false;
    this.encodeAt(row, 0);
    this.headerLength = this.offset();
  }

  private encodeAt(row: Row, previousSize: number): void {
    const { encoded } = row;
    if (
      encoded.encoding !== null &&
      encoded.encoding === this.options.encoding &&
      encoded.previousSize === previousSize
    ) {
      this.data.sink.append(encoded.source, encoded.start, encoded.end);
      return;
    }
    try {
      this.encoder.row(row, previousSize);
    } catch (error) {
      throw this.locate(error, row.isStatic ? null : row.clustering);
    }
  }

  /** The same error with the partition and row that it is about. */
  private locate(error: unknown, clustering: ClusteringPrefix | null): unknown {
    return atRow(error, this.options.table, this.key.subarray(0, this.keyLength), clustering);
  }

  private beginElement(clustering: ClusteringPrefix): void {
    if (this.awaitsStatic) this.encode(this.emptyStatic);
    if (this.elements++ === 0) this.statistics.clustering(clustering);
    if (this.blockStart >= 0) return;
    this.blockStart = this.offset();
    this.blockFirst.copyFrom(clustering);
    this.openAtBlockStart.copyFrom(this.openDeletion);
  }

  private endElement(clustering: ClusteringPrefix, position: number): void {
    this.lastElement = position;
    const end = this.offset();
    if (end - this.blockStart >= this.blockBytes) this.addBlock(clustering, end);
    this.lastClustering.copyFrom(clustering);
    this.data.drainIfLarge();
  }

  private addBlock(last: ClusteringPrefix, end: number): void {
    this.index.addBlock({
      first: this.blockFirst,
      last,
      offset: this.blockStart,
      width: end - this.blockStart,
      openAtStart: this.openAtBlockStart,
      openAtEnd: this.openDeletion,
    });
    this.blockStart = -1;
  }
}
