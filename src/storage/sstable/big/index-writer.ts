import { ByteSink } from '../../../bytes/index.ts';
import type { TableMetadata } from '../../../schema/model/index.ts';
import type { ClusteringPrefix, DeletionTime } from '../../rows/index.ts';
import { ClusteringEncoder } from '../write/clustering-encoder.ts';
import type { ComponentFile } from '../write/component-file.ts';
import { type WriteVersion, writeDeletionTime } from '../write/write-version.ts';

/** Widths of blocks are stored less this, whatever column_index_size is. */
const WIDTH_BASE = 64 * 1024;

/**
 * Index.db (`big/RowIndexEntry` and `IndexInfo`, 5.0.8), an entry a partition, in order
 *
 *   entry      u16 length, key, vint position in Data.db, vint size of the rest (0: no blocks)
 *              vint length of the partition's header, deletion, vint blocks, blocks, an i32 a block: its offset among them
 *   block      first and last clustering or bound, vint offset in the partition, signed vint width - 65536,
 *              u8 whether a range deletion is open at its end, [deletion]
 */
export class BigIndexWriter {
  private readonly out: ComponentFile;
  private readonly version: WriteVersion;
  private readonly clustering: ClusteringEncoder;
  /** The blocks of the partition at hand, encoded, and their offsets in there. */
  private readonly blocks = new ByteSink(4096);
  private offsets = new Int32Array(16);
  private count = 0;
  private readonly header = new ByteSink(32);

  constructor(out: ComponentFile, table: TableMetadata, version: WriteVersion) {
    this.out = out;
    this.version = version;
    this.clustering = new ClusteringEncoder(table.clustering);
  }

  reset(): void {
    this.blocks.clear();
    this.count = 0;
  }

  get blockCount(): number {
    return this.count;
  }

  addBlock(
    first: ClusteringPrefix,
    last: ClusteringPrefix,
    offset: number,
    width: number,
    openAtEnd: DeletionTime,
  ): void {
    if (this.count === this.offsets.length) {
      const grown = new Int32Array(this.count * 2);
      grown.set(this.offsets);
      this.offsets = grown;
    }
    this.offsets[this.count++] = this.blocks.position;
    this.clustering.prefix(first, this.blocks);
    this.clustering.prefix(last, this.blocks);
    this.blocks.unsignedVint(offset);
    this.blocks.signedVint(width - WIDTH_BASE);
    this.blocks.boolean(!openAtEnd.isLive());
    if (!openAtEnd.isLive()) writeDeletionTime(this.blocks, openAtEnd, this.version);
  }

  /** The entry's place in the file. One block adds nothing and is left out. */
  finishPartition(
    key: Uint8Array,
    start: number,
    end: number,
    dataPosition: number,
    headerLength: number,
    deletion: DeletionTime,
  ): number {
    const { sink } = this.out;
    const position = this.out.position;
    sink.u16(end - start);
    sink.append(key, start, end);
    sink.unsignedVint(dataPosition);
    if (this.count > 1) {
      this.header.clear();
      this.header.unsignedVint(headerLength);
      writeDeletionTime(this.header, deletion, this.version);
      this.header.unsignedVint(this.count);
      sink.unsignedVint(this.header.position + this.blocks.position + this.count * 4);
      sink.append(this.header.view());
      sink.append(this.blocks.view());
      for (let i = 0; i < this.count; i++) sink.i32(this.offsets[i]);
    } else {
      sink.u8(0);
    }
    this.out.flushIfLarge();
    return position;
  }
}
