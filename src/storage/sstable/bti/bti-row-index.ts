import { ByteCursor, ByteSink } from '../../../bytes/index.ts';
import { type ClusteringPrefix, DeletionTime } from '../../rows/index.ts';
import type { RowIndex, RowIndexCursor } from '../partition-index.ts';
import type { ComparableClusterings } from './comparable-keys.ts';
import { HAS_OPEN_DELETION } from './row-index-writer.ts';
import { TrieCursor } from './trie-cursor.ts';
import type { TriePages } from './trie-pages.ts';

const LIVE_FLAG = 0x80;
const DELETION_BYTES = 12;

/** 80 for none, else i64 timestamp (not negative), u32 local seconds (`DeletionTime.Serializer`, `oa` and later). */
export function readDeletionTime(cursor: ByteCursor, into = new DeletionTime()): DeletionTime {
  const first = cursor.u8();
  if ((first & LIVE_FLAG) !== 0) {
    if (first !== LIVE_FLAG) cursor.fail(`flags ${first} of a deletion time`);
    into.clear();
    return into;
  }
  cursor.position--;
  cursor.i64();
  into.set(cursor.hi, cursor.lo, cursor.u32());
  return into;
}

/** The trie in Rows.db of one partition's blocks; its last entry says where the partition ends. */
export class BtiRowIndex implements RowIndex {
  readonly deletion: DeletionTime;
  readonly blockCount: number;
  private readonly pages: TriePages;
  private readonly root: number;
  private readonly comparable: ComparableClusterings;

  constructor(
    pages: TriePages,
    root: number,
    blockCount: number,
    deletion: DeletionTime,
    comparable: ComparableClusterings,
  ) {
    this.pages = pages;
    this.root = root;
    this.blockCount = blockCount;
    this.deletion = deletion;
    this.comparable = comparable;
  }

  cursor(): RowIndexCursor {
    return new BtiRowIndexCursor(this.pages, this.root, this.comparable);
  }
}

class BtiRowIndexCursor implements RowIndexCursor {
  offset = 0;
  readonly openDeletion = new DeletionTime();
  private readonly trie: TrieCursor;
  private readonly comparable: ComparableClusterings;
  private readonly sought = new ByteSink(64);
  /** The node of the end of the partition, which is no block. */
  private readonly endNode: number;

  constructor(pages: TriePages, root: number, comparable: ComparableClusterings) {
    this.trie = new TrieCursor(pages, root);
    this.comparable = comparable;
    this.trie.seekLast();
    this.endNode = this.trie.position;
    this.seekFirst();
  }

  seek(bound: ClusteringPrefix): void {
    this.sought.clear();
    this.comparable.append(bound, this.sought);
    if (!this.trie.seekFloor(this.sought.bytes, this.sought.position)) this.trie.seekFirst();
    if (this.trie.position === this.endNode) this.trie.previous();
    this.readPayload();
  }

  seekFirst(): void {
    this.trie.seekFirst();
    this.readPayload();
  }

  seekLast(): void {
    this.trie.seekLast();
    this.trie.previous();
    this.readPayload();
  }

  previous(): boolean {
    if (!this.trie.previous()) return false;
    this.readPayload();
    return true;
  }

  next(): boolean {
    if (!this.trie.next()) return false;
    if (this.trie.position === this.endNode) {
      this.trie.previous();
      return false;
    }
    this.readPayload();
    return true;
  }

  private readPayload(): void {
    const { walker } = this.trie;
    const flags = walker.payloadFlags();
    const offsetBytes = flags & (HAS_OPEN_DELETION - 1);
    const at = walker.payloadOffset();
    this.offset = walker.signedAt(at, offsetBytes);
    if (this.offset < 0) walker.fail(walker.position, `row index block at ${this.offset}`);
    if ((flags & HAS_OPEN_DELETION) === 0) {
      this.openDeletion.clear();
      return;
    }
    const start = at + offsetBytes;
    const end = Math.min(start + DELETION_BYTES, walker.block.length);
    readDeletionTime(
      new ByteCursor(walker.block, start, end, walker.pages.file.path, walker.position - walker.offset),
      this.openDeletion,
    );
  }
}
