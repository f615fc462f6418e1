import { compareUnsigned } from '../../bytes/index.ts';
import { RowDecoder } from '../mutation/index.ts';
import { type ClusteringComparator, ClusteringPrefix, PrefixKind } from '../rows/index.ts';
import { SlabArena } from './slab-arena.ts';

/** Places within a partition, in order. */
export const Rank = { DELETIONS: 0, STATIC: 1, ROW: 2, AFTER: 3 } as const;

/**
 * Where to look in the tree: a partition, and a place in it. `keyAddress` is learnt while searching: the record of the
 * key when the partition is there, else -1.
 */
export class SearchTarget {
  tokenHi = 0;
  tokenLo = 0;
  key: Uint8Array = new Uint8Array(0);
  keyStart = 0;
  keyEnd = 0;
  keyAddress = -1;
  rank: number = Rank.DELETIONS;
  /** With Rank.ROW. */
  clustering = new ClusteringPrefix();

  setPartition(tokenHi: number, tokenLo: number, key: Uint8Array, keyStart: number, keyEnd: number): void {
    this.tokenHi = tokenHi;
    this.tokenLo = tokenLo;
    this.key = key;
    this.keyStart = keyStart;
    this.keyEnd = keyEnd;
    this.keyAddress = -1;
  }
}

const KEY_LENGTH = 0;
const KEY_BYTES = 4;
const ROW_CAPACITY = 0;
const ROW_EPOCH = 1;
const ROW_LENGTH = 2;
const ROW_BYTES = 12;

/**
 * The records of a memtable.
 *
 *   key   length i32, bytes                                 row   capacity i32, epoch i32, length i32, row-encoding
 *
 * A tree entry's reference is a row's address, or the complement of an index into the list of partition deletions.
 */
export class Records {
  readonly arena = new SlabArena();
  readonly comparator: ClusteringComparator;
  private readonly decoder = new RowDecoder();
  private readonly clustering = new ClusteringPrefix();

  constructor(comparator: ClusteringComparator) {
    this.comparator = comparator;
  }

  addKey(key: Uint8Array, start: number, end: number): number {
    const length = end - start;
    const address = this.arena.allocate(KEY_BYTES + length);
    this.arena.setWord(address, KEY_LENGTH, length);
    const bytes = this.arena.bytesOf(address);
    let at = this.arena.offsetOf(address) + KEY_BYTES;
    for (let p = start; p < end; p++) bytes[at++] = key[p];
    return address;
  }

  keyStart(address: number): number {
    return this.arena.offsetOf(address) + KEY_BYTES;
  }

  keyEnd(address: number): number {
    return this.arena.offsetOf(address) + KEY_BYTES + this.arena.word(address, KEY_LENGTH);
  }

  /** Copies an encoded row into a record with room for `capacity` bytes. */
  addRow(epoch: number, capacity: number, source: Uint8Array, start: number, end: number): number {
    const address = this.arena.allocate(ROW_BYTES + capacity);
    this.arena.setWord(address, ROW_CAPACITY, capacity);
    this.putRow(address, epoch, source, start, end);
    return address;
  }

  putRow(address: number, epoch: number, source: Uint8Array, start: number, end: number): void {
    this.arena.setWord(address, ROW_EPOCH, epoch);
    this.arena.setWord(address, ROW_LENGTH, end - start);
    const bytes = this.arena.bytesOf(address);
    let at = this.arena.offsetOf(address) + ROW_BYTES;
    if (end - start > 64) bytes.set(source.subarray(start, end), at);
    else for (let p = start; p < end; p++) bytes[at++] = source[p];
  }

  rowCapacity(address: number): number {
    return this.arena.word(address, ROW_CAPACITY);
  }

  rowEpoch(address: number): number {
    return this.arena.word(address, ROW_EPOCH);
  }

  rowStart(address: number): number {
    return this.arena.offsetOf(address) + ROW_BYTES;
  }

  rowEnd(address: number): number {
    return this.arena.offsetOf(address) + ROW_BYTES + this.arena.word(address, ROW_LENGTH);
  }

  clusteringOf(reference: number): ClusteringPrefix {
    this.decoder.decodeClustering(
      this.arena.bytesOf(reference),
      this.rowStart(reference),
      this.rowEnd(reference),
      this.clustering,
    );
    return this.clustering;
  }

  rankOf(reference: number): number {
    if (reference < 0) return Rank.DELETIONS;
    return this.clusteringOf(reference).kind === PrefixKind.STATIC_CLUSTERING ? Rank.STATIC : Rank.ROW;
  }

  /** Order of an entry against a target whose token is equal. */
  compareInToken(keyAddress: number, reference: number, target: SearchTarget): number {
    if (keyAddress !== target.keyAddress) {
      const bytes = this.arena.bytesOf(keyAddress);
      const byKey = compareUnsigned(
        bytes,
        this.keyStart(keyAddress),
        this.keyEnd(keyAddress),
        target.key,
        target.keyStart,
        target.keyEnd,
      );
      if (byKey !== 0) return byKey;
      target.keyAddress = keyAddress;
    }
    const byRank = this.rankOf(reference) - target.rank;
    if (byRank !== 0 || target.rank !== Rank.ROW) return byRank;
    return this.comparator.compare(this.clustering, target.clustering);
  }
}
