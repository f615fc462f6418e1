import { ByteCursor, ByteSink, compareUnsigned, int64, murmur3, murmur3TokenInto } from '../../../bytes/index.ts';
import { CorruptionError } from '../../../errors/index.ts';
import type { ColumnMetadata } from '../../../schema/model/index.ts';
import type { File } from '../../files/file-system.ts';
import type { DecoratedKey } from '../../rows/index.ts';
import type { IndexedPartition, KeyReader, PartitionEntry, PartitionIndex, RingPlace } from '../partition-index.ts';
import { BtiRowIndex, readDeletionTime } from './bti-row-index.ts';
import { appendComparableKey, appendComparableToken, ComparableClusterings } from './comparable-keys.ts';
import { HAS_HASH } from './partition-payload.ts';
import { TrieCursor } from './trie-cursor.ts';
import { TriePages } from './trie-pages.ts';
import { END_OF_KEY, NO_NODE, TrieWalker } from './trie-walker.ts';

const FOOTER_BYTES = 24;
/** vint position, vint root, vint blocks, deletion. */
const MAX_ENTRY_BYTES = 9 + 9 + 9 + 12;

export interface BtiIndexFiles {
  readonly partitions: string;
  readonly rows: string;
}

/**
 * Opens the index of a `da` SSTable, its files by `open`. `readKey` reads partition keys from Data.db, since the trie holds prefixes only;
 * `dataLength` is that of the uncompressed data, which positions are checked against.
 */
export function openBtiPartitionIndex(
  open: (path: string) => File,
  paths: BtiIndexFiles,
  clustering: readonly ColumnMetadata[],
  readKey: KeyReader,
  dataLength = Number.MAX_SAFE_INTEGER,
): PartitionIndex {
  const partitions = new TriePages(open(paths.partitions));
  try {
    const rows = new TriePages(open(paths.rows));
    try {
      return new BtiPartitionIndex(partitions, rows, clustering, readKey, dataLength);
    } catch (error) {
      rows.file.closeSync();
      throw error;
    }
  } catch (error) {
    partitions.file.closeSync();
    throw error;
  }
}

/** Partitions.db and Rows.db (`io/sstable/format/bti/PartitionIndex` and `BtiTableReader`, 5.0.8). */
class BtiPartitionIndex implements PartitionIndex {
  readonly firstKey: Uint8Array;
  readonly lastKey: Uint8Array;
  readonly estimatedKeys: number;
  private readonly partitions: TriePages;
  private readonly rows: TriePages;
  private readonly readKey: KeyReader;
  private readonly dataLength: number;
  private readonly walker: TrieWalker;
  private readonly comparable: ComparableClusterings;
  private readonly sought = new ByteSink(64);
  private readonly hash = new Int32Array(4);

  constructor(
    partitions: TriePages,
    rows: TriePages,
    clustering: readonly ColumnMetadata[],
    readKey: KeyReader,
    dataLength: number,
  ) {
    this.partitions = partitions;
    this.rows = rows;
    this.readKey = readKey;
    this.dataLength = dataLength;
    this.comparable = new ComparableClusterings(clustering);
    const footerAt = partitions.length - FOOTER_BYTES;
    const footer = this.partitionsCursor(footerAt, FOOTER_BYTES);
    const keysAt = footer.i64Number();
    this.estimatedKeys = footer.i64Number();
    const root = footer.i64Number();
    const keys = this.partitionsCursor(keysAt, footerAt - keysAt);
    this.firstKey = keys.slice(keys.u16()).slice();
    this.lastKey = keys.slice(keys.u16()).slice();
    if (root < 0 || root >= keysAt) footer.fail(`root of the trie at ${root}`);
    this.walker = new TrieWalker(partitions, root);
  }

  get bytesRead(): number {
    return this.partitions.bytesRead + this.rows.bytesRead;
  }

  get blocksRead(): number {
    return this.partitions.blocksRead + this.rows.blocksRead;
  }

  find(key: DecoratedKey): PartitionEntry | null {
    const { walker, sought } = this;
    sought.clear();
    appendComparableKey(key.token.hi, key.token.lo, key.key, 0, key.key.length, sought);
    const rest = walker.follow(sought.bytes, sought.position);
    if (rest !== END_OF_KEY && walker.childRange() > 0) return null;
    const flags = walker.payloadFlags();
    if (flags === 0 || (flags >= HAS_HASH && walker.block[walker.payloadOffset()] !== this.hashByte(key.key)))
      return null;
    const found = this.entryAt(this.payloadPosition(walker));
    return equal(found.key, key.key) ? found : null;
  }

  ceiling(place: RingPlace): PartitionEntry | null {
    const { walker, sought } = this;
    const { token, key, side } = place;
    sought.clear();
    if (key === undefined) appendComparableToken(token.hi, token.lo, side === 'after', sought);
    else appendComparableKey(token.hi, token.lo, key, 0, key.length, sought);
    const rest = walker.followWithGreater(sought.bytes, sought.position);
    const greater = walker.greaterBranch;
    if ((rest === END_OF_KEY || walker.childRange() === 0) && walker.payloadFlags() !== 0) {
      // A prefix of the place: the key that it is short for may be on either side.
      const candidate = this.entryAt(this.payloadPosition(walker));
      if (this.isBehind(candidate.key, place)) return candidate;
    }
    if (greater === NO_NODE) return null;
    walker.goMin(greater);
    return this.entryAt(this.payloadPosition(walker));
  }

  *entries(): Iterable<IndexedPartition> {
    const cursor = new TrieCursor(this.partitions, this.walker.root);
    let count = 0;
    for (let found = cursor.seekFirst(); found; found = cursor.next()) yield this.counted(cursor.walker, count++);
  }

  *entriesBackward(): Iterable<IndexedPartition> {
    const cursor = new TrieCursor(this.partitions, this.walker.root);
    let count = 0;
    for (let found = cursor.seekLast(); found; found = cursor.previous()) yield this.counted(cursor.walker, count++);
  }

  close(): void {
    this.partitions.file.closeSync();
    this.rows.file.closeSync();
  }

  /** Damaged pointers may lead to one node from many: the footer bounds how many keys are believed. */
  private counted(walker: TrieWalker, index: number): IndexedPartition {
    if (index >= this.estimatedKeys)
      walker.fail(walker.position, `more keys than the ${this.estimatedKeys} of the footer`);
    return this.entryAt(this.payloadPosition(walker));
  }

  private payloadPosition(walker: TrieWalker): number {
    const flags = walker.payloadFlags();
    if (flags === 0) walker.fail(walker.position, 'trie leaf without a position');
    const at = walker.payloadOffset();
    return flags >= HAS_HASH ? walker.signedAt(at + 1, flags - HAS_HASH + 1) : walker.signedAt(at, flags);
  }

  private entryAt(position: number): IndexedPartition {
    if (position < 0) {
      const dataPosition = this.checkedDataPosition(-position - 1, this.partitions);
      return { key: this.readKey(dataPosition), dataPosition, rowIndex: null };
    }
    const { rows } = this;
    if (position + 2 > rows.length) this.pointsOutside(position);
    const lengthBytes = rows.bytesAt(position, 2);
    const keyLength = (lengthBytes[0] << 8) | lengthBytes[1];
    const rest = Math.min(keyLength + MAX_ENTRY_BYTES, rows.length - position - 2);
    if (keyLength > rest) this.pointsOutside(position);
    const cursor = new ByteCursor(rows.bytesAt(position + 2, rest), 0, rest, rows.file.path, position + 2);
    const key = cursor.slice(keyLength).slice();
    const base = position + 2 + keyLength;
    const dataPosition = this.checkedDataPosition(cursor.unsignedVint(), rows);
    const root = base + cursor.signedVint();
    const blockCount = cursor.unsignedVint();
    const deletion = readDeletionTime(cursor);
    if (root < 0 || root >= base) cursor.fail(`root of the row index at ${root}`);
    return { key, dataPosition, rowIndex: new BtiRowIndex(rows, root, blockCount, deletion, this.comparable) };
  }

  private checkedDataPosition(position: number, pages: TriePages): number {
    if (position < this.dataLength) return position;
    throw new CorruptionError(`partition at ${position} of ${this.dataLength} bytes of data`, {
      file: pages.file.path,
    });
  }

  private pointsOutside(position: number): never {
    throw new CorruptionError(`row index entry at ${position} is outside of the file`, { file: this.rows.file.path });
  }

  private isBehind(key: Uint8Array, place: RingPlace): boolean {
    const { hash } = this;
    murmur3TokenInto(key, 0, key.length, hash);
    let order = int64.compare(hash[0], hash[1], place.token.hi, place.token.lo);
    if (order === 0 && place.key !== undefined) {
      order = compareUnsigned(key, 0, key.length, place.key, 0, place.key.length);
    }
    return order > 0 || (order === 0 && place.side === 'before');
  }

  private hashByte(key: Uint8Array): number {
    murmur3(key, 0, key.length, this.hash);
    return this.hash[3] & 0xff;
  }

  private partitionsCursor(position: number, length: number): ByteCursor {
    return new ByteCursor(this.partitions.read(position, length), 0, length, this.partitions.file.path, position);
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareUnsigned(a, 0, a.length, b, 0, b.length) === 0;
}
