import { ByteCursor } from '../../../bytes/index.ts';
import { type ClusteringComparator, ClusteringPrefix, DeletionTime } from '../../rows/index.ts';
import { type ClusteringLayout, readClusteringPrefix } from '../data/read-clustering.ts';
import { readDeletionTime } from '../data/read-deletion-time.ts';
import type { RowIndex, RowIndexCursor } from '../partition-index.ts';
import { OFFSET_BYTES, WIDTH_BASE_BYTES } from './index-format.ts';

/** What the row indexes of one file have in common. */
export interface RowIndexFormat {
  readonly comparator: ClusteringComparator;
  readonly clustering: ClusteringLayout;
  readonly hasUintDeletionTime: boolean;
  readonly file: string;
}

/** One block as the index describes it. */
export interface IndexBlock {
  readonly first: ClusteringPrefix;
  readonly last: ClusteringPrefix;
  /** From the partition's beginning. */
  readonly offset: number;
  readonly width: number;
  /** The range deletion that is open at the block's end; LIVE for none. */
  readonly openAtEnd: DeletionTime;
}

/** The promoted index of one partition; see `index-format.ts`. Blocks are parsed when looked at. */
export class BigRowIndex implements RowIndex {
  readonly deletion = new DeletionTime();
  readonly blockCount: number;
  /** Bytes of the partition in front of its first row. */
  readonly headerLength: number;
  readonly format: RowIndexFormat;
  private readonly cursorOverAll: ByteCursor;
  private readonly blocksStart: number;
  private readonly offsetsStart: number;

  /** `origin` is the place in Index.db of `bytes[0]`. */
  constructor(bytes: Uint8Array, format: RowIndexFormat, origin: number) {
    this.format = format;
    const cursor = new ByteCursor(bytes, 0, bytes.length, format.file, origin);
    this.headerLength = cursor.unsignedVint();
    readDeletionTime(cursor, format.hasUintDeletionTime, this.deletion);
    this.blockCount = cursor.unsignedVint();
    if (this.blockCount < 1 || this.blockCount * OFFSET_BYTES > cursor.remaining) {
      cursor.fail(`${this.blockCount} blocks in ${cursor.remaining} bytes of row index`);
    }
    this.blocksStart = cursor.position;
    this.offsetsStart = bytes.length - this.blockCount * OFFSET_BYTES;
    this.cursorOverAll = cursor;
  }

  cursor(): RowIndexCursor {
    return new BigRowIndexCursor(this);
  }

  readBlock(i: number, into: MutableBlock): void {
    const { cursorOverAll: cursor, format } = this;
    cursor.end = cursor.bytes.length;
    cursor.position = this.offsetsStart + i * OFFSET_BYTES;
    const offset = cursor.i32();
    if (offset < 0 || this.blocksStart + offset >= this.offsetsStart) cursor.fail(`block ${i} would be at ${offset}`);
    cursor.position = this.blocksStart + offset;
    cursor.end = this.offsetsStart;
    readClusteringPrefix(cursor, format.clustering, into.first);
    readClusteringPrefix(cursor, format.clustering, into.last);
    into.offset = cursor.unsignedVint();
    into.width = cursor.signedVint() + WIDTH_BASE_BYTES;
    if (cursor.boolean()) readDeletionTime(cursor, format.hasUintDeletionTime, into.openAtEnd);
    else into.openAtEnd.clear();
  }

  /** For verify and inspect. */
  *blocks(): Iterable<IndexBlock> {
    for (let i = 0; i < this.blockCount; i++) {
      const block = new MutableBlock();
      this.readBlock(i, block);
      yield block;
    }
  }
}

class MutableBlock implements IndexBlock {
  readonly first = new ClusteringPrefix();
  readonly last = new ClusteringPrefix();
  offset = 0;
  width = 0;
  readonly openAtEnd = new DeletionTime();
}

class BigRowIndexCursor implements RowIndexCursor {
  readonly openDeletion = new DeletionTime();
  private readonly index: BigRowIndex;
  private readonly block = new MutableBlock();
  private at = 0;

  constructor(index: BigRowIndex) {
    this.index = index;
    this.stand(0);
  }

  get offset(): number {
    return this.block.offset;
  }

  seek(bound: ClusteringPrefix): void {
    let low = 0;
    let high = this.index.blockCount - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      this.index.readBlock(middle, this.block);
      if (this.index.format.comparator.compare(this.block.first, bound) <= 0) low = middle;
      else high = middle - 1;
    }
    this.stand(low);
  }

  seekFirst(): void {
    this.stand(0);
  }

  seekLast(): void {
    this.stand(this.index.blockCount - 1);
  }

  previous(): boolean {
    if (this.at === 0) return false;
    this.stand(this.at - 1);
    return true;
  }

  next(): boolean {
    if (this.at + 1 >= this.index.blockCount) return false;
    this.stand(this.at + 1);
    return true;
  }

  /** What is open where a block begins is what is open at the end of the one before. */
  private stand(i: number): void {
    this.at = i;
    if (i === 0) this.openDeletion.clear();
    else {
      this.index.readBlock(i - 1, this.block);
      this.openDeletion.copyFrom(this.block.openAtEnd);
    }
    this.index.readBlock(i, this.block);
  }
}
