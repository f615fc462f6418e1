import { murmur3, uint16At } from '../../bytes/index.ts';
import { CorruptionError } from '../../errors/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import { type File, type FileSystem, isMissingFile } from '../files/file-system.ts';
import { ClusteringComparator, type DecoratedKey, type ReadRange } from '../rows/index.ts';
import { BigPartitionIndex } from './big/big-partition-index.ts';
import { openBtiPartitionIndex } from './bti/bti-partition-index.ts';
import { Component } from './component.ts';
import { type CompressionInfo, readCompressionInfo } from './components/compression-info/read.ts';
import { type ChunkChecksums, readChunkChecksums } from './components/crc-db/read.ts';
import { BloomFilter } from './components/filter/read.ts';
import { readStatistics } from './components/statistics/read-statistics.ts';
import type { SerializationHeader } from './components/statistics/serialization-header.ts';
import type { Statistics } from './components/statistics/statistics.ts';
import { readSummary, type Summary } from './components/summary/read.ts';
import { parseToc } from './components/toc.ts';
import { type ChunkReader, chunkReader } from './data/chunk-reader.ts';
import { DataWindow } from './data/data-window.ts';
import { type HeaderLayout, headerLayout } from './data/header-layout.ts';
import { oneSegment, partitionPlan } from './data/partition-plan.ts';
import { newReadCounters, type ReadCounters } from './data/read-counters.ts';
import { SSTableStream, type StreamSource } from './data/sstable-stream.ts';
import { componentPath, type Descriptor, descriptorOfData } from './descriptor.ts';
import { inferTable, nameOfDirectory } from './infer-table.ts';
import type { PartitionEntry, PartitionIndex } from './partition-index.ts';
import type { SSTableVersion } from './sstable-version.ts';

export interface OpenSSTableOptions {
  /** The table as the schema has it; without one the file's own header is the schema. */
  readonly table?: TableMetadata;
}

export interface StreamOptions {
  /** The largest window of uncompressed bytes, for readers of many files at once. */
  readonly maxWindowBytes?: number;
  /** Marks rows with this and their bytes (`Row.encoded`), for a writer that encodes as this file does. */
  readonly encoding?: object | null;
}

/**
 * Opens one SSTable for reading. Statistics and CompressionInfo are read now; filter and index when first asked for.
 * Throws a CorruptionError when a component cannot be what it should or is missing, and Node's error when Data.db is.
 */
export async function openSSTable(
  files: FileSystem,
  dataPath: string,
  options: OpenSSTableOptions = {},
): Promise<SSTableReader> {
  return openSSTableSync(files, dataPath, options);
}

/** As `openSSTable`: opening takes a few small reads, which are synchronous. */
export function openSSTableSync(files: FileSystem, dataPath: string, options: OpenSSTableOptions = {}): SSTableReader {
  const descriptor = descriptorOfData(dataPath);
  const path = (component: Component): string => componentPath(descriptor, component);
  const optional = <T>(component: Component, parse: (bytes: Buffer, file: string) => T): T | null =>
    files.exists(path(component)) ? parse(files.readFileSync(path(component)), path(component)) : null;
  const { version } = descriptor;
  const data = files.openSync(dataPath);
  try {
    const statistics = ofComponent(path(Component.STATISTICS), (file) =>
      readStatistics(files.readFileSync(file), version, file),
    );
    const compression = optional(Component.COMPRESSION_INFO, (bytes, file) =>
      readCompressionInfo(bytes, version, file),
    );
    const checksums = compression === null ? optional(Component.CRC, readChunkChecksums) : null;
    if (compression === null && checksums === null) refuseLostCompression(files, path);
    const table = options.table ?? inferTable(statistics.header, nameOfDirectory(descriptor.directory));
    return new SSTableReader(files, descriptor, statistics, compression, checksums, table, data);
  } catch (error) {
    data.closeSync();
    throw error;
  }
}

/** What `read` makes of a component that must be there. */
function ofComponent<T>(path: string, read: (path: string) => T): T {
  try {
    return read(path);
  } catch (error) {
    if (isMissingFile(error)) throw new CorruptionError('the file is missing', { file: path }, error);
    throw error;
  }
}

/** Compressed data without CompressionInfo.db must not be taken for data that is not compressed. */
function refuseLostCompression(files: FileSystem, path: (component: Component) => string): void {
  const toc = path(Component.TOC);
  if (!files.exists(toc) || !parseToc(files.readFileSync(toc)).includes(Component.COMPRESSION_INFO)) return;
  throw new CorruptionError('the file is missing, TOC.txt lists it', { file: path(Component.COMPRESSION_INFO) });
}

/** One SSTable that is open for reading. */
export class SSTableReader {
  readonly descriptor: Descriptor;
  readonly dataPath: string;
  readonly statistics: Statistics;
  readonly compression: CompressionInfo | null;
  readonly checksums: ChunkChecksums | null;
  readonly table: TableMetadata;
  readonly layout: HeaderLayout;
  readonly comparator: ClusteringComparator;
  readonly chunks: ChunkReader;
  private readonly files: FileSystem;
  private readonly data: File;
  private readonly hash = new Int32Array(4);
  private openIndex: PartitionIndex | null = null;
  private openFilter: BloomFilter | null | undefined;
  private openSummary: Summary | null | undefined;
  private keyWindow: DataWindow | null = null;

  constructor(
    files: FileSystem,
    descriptor: Descriptor,
    statistics: Statistics,
    compression: CompressionInfo | null,
    checksums: ChunkChecksums | null,
    table: TableMetadata,
    data: File,
  ) {
    this.files = files;
    this.descriptor = descriptor;
    this.dataPath = data.path;
    this.statistics = statistics;
    this.compression = compression;
    this.checksums = checksums;
    this.table = table;
    this.layout = headerLayout(statistics.header, table);
    this.comparator = new ClusteringComparator(table.clustering);
    this.chunks = chunkReader(data, compression, checksums);
    this.data = data;
    if (table.clustering.length !== statistics.header.clustering.length) {
      throw new CorruptionError(
        `the file has ${statistics.header.clustering.length} clustering columns, the schema ${table.clustering.length}`,
        { file: this.path(Component.STATISTICS), table: `${table.keyspace}.${table.name}` },
      );
    }
  }

  get version(): SSTableVersion {
    return this.descriptor.version;
  }

  get header(): SerializationHeader {
    return this.statistics.header;
  }

  get firstKey(): Uint8Array {
    return this.statistics.stats.firstKey ?? this.index().firstKey;
  }

  get lastKey(): Uint8Array {
    return this.statistics.stats.lastKey ?? this.index().lastKey;
  }

  /** The number of partitions, exactly: the writer counted their sizes. */
  get estimatedKeys(): number {
    return this.statistics.stats.partitionSizes.counts.reduce((sum, count) => sum + count, 0);
  }

  /** Uncompressed bytes of Data.db. */
  get dataLength(): number {
    return this.chunks.dataLength;
  }

  /** Bytes of Data.db on disk. */
  get dataBytes(): number {
    return this.data.size();
  }

  /** Bytes of all components on disk, as TOC.txt lists them. */
  diskBytes(): number {
    const toc = this.path(Component.TOC);
    const components = this.files.exists(toc) ? parseToc(this.files.readFileSync(toc)) : Object.values(Component);
    let bytes = 0;
    for (const component of components) {
      const path = componentPath(this.descriptor, component);
      if (!this.files.exists(path)) continue;
      const file = this.files.openSync(path);
      bytes += file.size();
      file.closeSync();
    }
    return bytes;
  }

  /** False when the bloom filter says that the key is not in the file; `hash` as `murmur3` leaves it. */
  mayContain(hash: Int32Array): boolean {
    const filter = this.filter();
    return filter === null || filter.mayContain(hash);
  }

  /** The bloom filter; null when the table has none (a false positive chance of 1). */
  filter(): BloomFilter | null {
    if (this.openFilter === undefined) {
      const path = this.path(Component.FILTER);
      this.openFilter = this.files.exists(path)
        ? BloomFilter.parse(this.files.readFileSync(path), this.version, path)
        : null;
    }
    return this.openFilter;
  }

  /** The summary of a BIG index; null when there is none. */
  summary(): Summary | null {
    if (this.openSummary === undefined) {
      const path = this.path(Component.SUMMARY);
      this.openSummary = this.files.exists(path) ? readSummary(this.files.readFileSync(path), path) : null;
    }
    return this.openSummary;
  }

  /** Goes on without a summary that is damaged: the index is sampled instead. */
  forgetSummary(): void {
    this.openSummary = null;
  }

  index(): PartitionIndex {
    this.openIndex ??= this.version.format === 'bti' ? this.openBtiIndex() : this.openBigIndex();
    return this.openIndex;
  }

  /** Looks a key up: in the filter, then in the index. */
  find(key: DecoratedKey, counters: ReadCounters): PartitionEntry | null {
    murmur3(key.key, 0, key.key.length, this.hash);
    if (!this.mayContain(this.hash)) {
      counters.filterMisses++;
      return null;
    }
    const index = this.index();
    const { bytesRead, blocksRead } = index;
    const entry = index.find(key);
    counters.bytesRead += index.bytesRead - bytesRead;
    counters.blocks += index.blocksRead - blocksRead;
    if (entry !== null) counters.filterHits++;
    return entry;
  }

  /** What the range asks for, as it stands in this file: tombstones, expired and dropped-later cells included. */
  async stream(range: ReadRange, counters?: ReadCounters, options?: StreamOptions): Promise<SSTableStream> {
    return this.streamSync(range, counters, options);
  }

  streamSync(range: ReadRange, counters: ReadCounters = newReadCounters(), options: StreamOptions = {}): SSTableStream {
    const find = (key: DecoratedKey): PartitionEntry | null => this.find(key, counters);
    const plan = partitionPlan(range.partitions, this.dataLength, () => this.index(), find);
    const window = this.window(counters, range.partitions.kind !== 'keys', options.maxWindowBytes);
    return new SSTableStream(this.streamSource(window), plan, range.slices, range.reversed, options.encoding);
  }

  /** All partitions from one that begins at `dataPosition` on: to go on behind damage. */
  streamFrom(dataPosition: number, maxWindowBytes?: number): SSTableStream {
    const window = this.window(newReadCounters(), true, maxWindowBytes);
    return new SSTableStream(this.streamSource(window), oneSegment(dataPosition, this.dataLength), null, false);
  }

  /** Partitions wherever they are asked for, from a window that others read from in turn. */
  streamIn(window: DataWindow): SSTableStream {
    const source = { ...this.streamSource(window), sharesWindow: true };
    return new SSTableStream(source, oneSegment(0, 0), null, false);
  }

  /** A window of decoded bytes of one's own; `scan` for sequential reads. */
  window(counters: ReadCounters, scan: boolean, maxBytes?: number): DataWindow {
    return new DataWindow(this.chunks, counters, { scan, maxBytes });
  }

  /** The partition key that stands at a place of the uncompressed data. */
  readKey(dataPosition: number): Uint8Array {
    this.keyWindow ??= new DataWindow(this.chunks, newReadCounters(), {
      scan: false,
      maxBytes: this.chunks.chunkBytes,
    });
    const window = this.keyWindow;
    const length = this.ensure(window, dataPosition, 2) ? uint16At(window.bytes, dataPosition - window.origin) : 0;
    if (!this.ensure(window, dataPosition, 2 + length)) {
      throw new CorruptionError('a partition key is cut off', { file: this.dataPath, offset: dataPosition });
    }
    const start = dataPosition - window.origin + 2;
    return Uint8Array.prototype.slice.call(window.bytes, start, start + length);
  }

  path(component: Component): string {
    return componentPath(this.descriptor, component);
  }

  close(): void {
    this.data.closeSync();
    this.openIndex?.close();
    this.openIndex = null;
    this.keyWindow = null;
  }

  private streamSource(window: DataWindow): StreamSource {
    return {
      table: this.table,
      layout: this.layout,
      hasUintDeletionTime: this.version.hasUintDeletionTime,
      comparator: this.comparator,
      index: () => this.index(),
      window,
      file: this.dataPath,
    };
  }

  private ensure(window: DataWindow, position: number, length: number): boolean {
    if (window.has(position, length)) return true;
    window.loadSync(position, length, Number.POSITIVE_INFINITY);
    // Before a damaged chunk a window ends early, and the next load fails.
    if (!window.has(position, length) && position + length <= window.dataLength) {
      window.loadSync(position, length, Number.POSITIVE_INFINITY);
    }
    return window.has(position, length);
  }

  private openBigIndex(): PartitionIndex {
    const path = this.path(Component.INDEX);
    const summary = this.summary();
    const format = {
      comparator: this.comparator,
      clustering: this.layout.clustering,
      hasUintDeletionTime: this.version.hasUintDeletionTime,
      file: path,
    };
    const file = ofComponent(path, (existing) => this.files.openSync(existing));
    return new BigPartitionIndex(file, summary, format, this.estimatedKeys);
  }

  private openBtiIndex(): PartitionIndex {
    const paths = { partitions: this.path(Component.PARTITIONS), rows: this.path(Component.ROWS) };
    const readKey = (position: number): Uint8Array => this.readKey(position);
    const open = (path: string): File => ofComponent(path, (existing) => this.files.openSync(existing));
    return openBtiPartitionIndex(open, paths, this.table.clustering, readKey, this.dataLength);
  }
}
