import type { TableMetadata } from '../../../schema/model/index.ts';
import type { File, FileSystem } from '../../files/file-system.ts';
import type { ClusteringPrefix, DeletionTime } from '../../rows/index.ts';
import { BigIndexWriter } from '../big/index-writer.ts';
import { PartitionIndexWriter } from '../bti/partition-index-writer.ts';
import { RowIndexWriter } from '../bti/row-index-writer.ts';
import { Component } from '../component.ts';
import { SummaryBuilder } from '../components/summary/write.ts';
import { ComponentFile } from './component-file.ts';
import type { WriteVersion } from './write-version.ts';

/** A block of a partition's index. Prefixes and deletions are the writer's own: valid during the call. */
export interface IndexBlock {
  readonly first: ClusteringPrefix;
  readonly last: ClusteringPrefix;
  /** From the partition's beginning, bytes of uncompressed data. */
  readonly offset: number;
  readonly width: number;
  readonly openAtStart: DeletionTime;
  readonly openAtEnd: DeletionTime;
}

/** A partition that has been written; `key[0, keyLength)` is valid during the call. */
export interface IndexedPartitionEnd {
  readonly key: Uint8Array;
  readonly keyLength: number;
  readonly tokenHi: number;
  readonly tokenLo: number;
  /** The low byte of h2 of the key's hash. */
  readonly hashByte: number;
  readonly dataPosition: number;
  /** Bytes of key, deletion and static row. */
  readonly headerLength: number;
  /** Of the end-of-partition mark. */
  readonly endOffset: number;
  readonly deletion: DeletionTime;
}

/** The index components of one format. */
export interface IndexOutput {
  readonly files: readonly File[];
  readonly blockCount: number;
  reset(): void;
  addBlock(block: IndexBlock): void;
  finishPartition(partition: IndexedPartitionEnd): void;
  finish(firstKey: Uint8Array, lastKey: Uint8Array): void;
  /** Summary.db's bytes once finished; null for formats without. */
  readonly summary: Uint8Array | null;
}

type PathOf = (component: Component) => string;

/** Index.db and Summary.db. */
export class BigIndexOutput implements IndexOutput {
  readonly files: readonly File[];
  summary: Uint8Array | null = null;
  private readonly out: ComponentFile;
  private readonly index: BigIndexWriter;
  private readonly summaryBuilder: SummaryBuilder;

  private constructor(file: File, table: TableMetadata, version: WriteVersion) {
    this.files = [file];
    this.out = new ComponentFile(file);
    this.index = new BigIndexWriter(this.out, table, version);
    this.summaryBuilder = new SummaryBuilder(table.options.min_index_interval);
  }

  static async open(
    files: FileSystem,
    path: PathOf,
    table: TableMetadata,
    version: WriteVersion,
  ): Promise<BigIndexOutput> {
    return new BigIndexOutput(await files.open(path(Component.INDEX), 'create'), table, version);
  }

  get blockCount(): number {
    return this.index.blockCount;
  }

  reset(): void {
    this.index.reset();
  }

  addBlock(block: IndexBlock): void {
    this.index.addBlock(block.first, block.last, block.offset, block.width, block.openAtEnd);
  }

  finishPartition(partition: IndexedPartitionEnd): void {
    const { key, keyLength, dataPosition, headerLength, deletion } = partition;
    const position = this.index.finishPartition(key, 0, keyLength, dataPosition, headerLength, deletion);
    this.summaryBuilder.add(key, 0, keyLength, position);
  }

  finish(firstKey: Uint8Array, lastKey: Uint8Array): void {
    this.out.flush();
    this.summary = this.summaryBuilder.encode(firstKey, lastKey);
  }
}

/** Partitions.db and Rows.db. */
export class BtiIndexOutput implements IndexOutput {
  readonly files: readonly File[];
  readonly summary = null;
  private readonly rowsOut: ComponentFile;
  private readonly partitions: PartitionIndexWriter;
  private readonly rows: RowIndexWriter;

  private constructor(partitions: File, rows: File, table: TableMetadata) {
    this.files = [partitions, rows];
    this.rowsOut = new ComponentFile(rows);
    this.partitions = new PartitionIndexWriter(new ComponentFile(partitions));
    this.rows = new RowIndexWriter(this.rowsOut, table);
  }

  static async open(files: FileSystem, path: PathOf, table: TableMetadata): Promise<BtiIndexOutput> {
    const partitions = await files.open(path(Component.PARTITIONS), 'create');
    try {
      return new BtiIndexOutput(partitions, await files.open(path(Component.ROWS), 'create'), table);
    } catch (error) {
      partitions.closeSync();
      throw error;
    }
  }

  get blockCount(): number {
    return this.rows.blockCount;
  }

  reset(): void {
    this.rows.reset();
  }

  addBlock(block: IndexBlock): void {
    this.rows.addBlock(block.first, block.last, block.offset, block.openAtStart);
  }

  finishPartition(partition: IndexedPartitionEnd): void {
    const { key, keyLength, dataPosition, tokenHi, tokenLo } = partition;
    const position =
      this.rows.blockCount > 1
        ? this.rows.finishPartition(key, 0, keyLength, dataPosition, partition.endOffset, partition.deletion)
        : -dataPosition - 1;
    this.partitions.add(tokenHi, tokenLo, key, 0, keyLength, position, partition.hashByte);
  }

  finish(firstKey: Uint8Array, lastKey: Uint8Array): void {
    this.rowsOut.flush();
    this.partitions.finish(firstKey, lastKey);
  }
}
