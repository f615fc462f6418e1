import { ByteSink } from '../../../bytes/index.ts';
import { invariant } from '../../../errors/index.ts';
import type { TableMetadata } from '../../../schema/model/index.ts';
import { type ClusteringPrefix, DeletionTime } from '../../rows/index.ts';
import type { ComponentFile } from '../write/component-file.ts';
import { writeDeletionTime } from '../write/write-version.ts';
import { ComparableClusterings } from './comparable-keys.ts';
import { signedSize } from './trie-format.ts';
import { type PayloadFormat, TrieWriter, writeUnsigned } from './trie-writer.ts';

export const HAS_OPEN_DELETION = 8;

interface BlockPayload {
  readonly offset: number;
  readonly openDeletion: DeletionTime;
}

/**
 * Payloads of row tries (`RowIndexReader.getSerializer`, 5.0.8)
 *
 *   flags   bytes of the offset (1–7), and 8 when a range deletion is open where the block begins
 *   signed offset of the block from the partition's beginning, [deletion: i64 timestamp, u32 local seconds]
 */
const blockPayloadFormat: PayloadFormat<BlockPayload> = {
  size: (payload) => signedSize(payload.offset) + (payload.openDeletion.isLive() ? 0 : 12),
  flags: (payload) => signedSize(payload.offset) | (payload.openDeletion.isLive() ? 0 : HAS_OPEN_DELETION),
  write(payload, sink) {
    writeUnsigned(sink, payload.offset, signedSize(payload.offset));
    if (!payload.openDeletion.isLive()) writeDeletionTime(sink, payload.openDeletion, 'da');
  },
};

const LIVE = new DeletionTime();

/**
 * Rows.db (`RowIndexWriter` and `TrieIndexEntry`, 5.0.8): for each partition of several blocks a trie of separators, each
 * the shortest that is above the block before and not above the block's own first element, then the entry that
 * Partitions.db points to:
 *
 *   u16 length, key, vint position in Data.db, signed vint root of the trie (from here - after the key), vint blocks,
 *   deletion
 */
export class RowIndexWriter {
  private readonly out: ComponentFile;
  private readonly comparable: ComparableClusterings;
  private readonly trie: TrieWriter<BlockPayload>;
  private readonly first = new ByteSink(64);
  private previousMax = new ByteSink(64);
  private separator = new ByteSink(64);
  private blocks = 0;

  constructor(out: ComponentFile, table: TableMetadata) {
    this.out = out;
    this.comparable = new ComparableClusterings(table.clustering);
    this.trie = new TrieWriter(out, blockPayloadFormat);
  }

  reset(): void {
    this.trie.reset();
    this.blocks = 0;
  }

  get blockCount(): number {
    return this.blocks;
  }

  addBlock(first: ClusteringPrefix, last: ClusteringPrefix, offset: number, openDeletion: DeletionTime): void {
    this.separator.clear();
    if (this.blocks > 0) {
      this.first.clear();
      this.comparable.append(first, this.first);
      separate(this.previousMax, this.first, this.separator);
    }
    this.trie.add(this.separator.bytes, this.separator.position, {
      offset,
      openDeletion: DeletionTime.of(openDeletion.hi, openDeletion.lo, openDeletion.localSeconds),
    });
    this.previousMax.clear();
    this.comparable.append(last, this.previousMax);
    this.blocks++;
  }

  /** Ends a partition of more than one block; the place of its entry. */
  finishPartition(
    key: Uint8Array,
    start: number,
    end: number,
    dataPosition: number,
    endOffset: number,
    deletion: DeletionTime,
  ): number {
    this.addEnd(endOffset);
    const root = this.trie.complete();
    const { out } = this;
    const position = out.position;
    out.sink.u16(end - start);
    out.sink.append(key, start, end);
    const base = out.position;
    out.sink.unsignedVint(dataPosition);
    out.sink.signedVint(root - base);
    out.sink.unsignedVint(this.blocks);
    writeDeletionTime(out.sink, deletion, 'da');
    out.flushIfLarge();
    return position;
  }

  /** A separator just above the last element, so that what lies beyond is known to be nowhere. */
  private addEnd(endOffset: number): void {
    const max = this.previousMax;
    let at = 0;
    while (at < this.separator.position && at < max.position && this.separator.bytes[at] === max.bytes[at]) at++;
    invariant(at < max.position, 'row index separators out of order');
    // A byte that cannot be raised is kept, and one after it raised.
    while (at < max.position && max.bytes[at] === 0xff) at++;
    const end = this.separator;
    end.clear();
    end.append(max.bytes, 0, Math.min(at + 1, max.position));
    if (at < max.position) end.bytes[at]++;
    this.trie.add(end.bytes, end.position, { offset: endOffset, openDeletion: LIVE });
  }
}

/** The bytes that both share, and then the lower one's next byte plus one. */
function separate(below: ByteSink, above: ByteSink, into: ByteSink): void {
  let at = 0;
  while (at < below.position && at < above.position && below.bytes[at] === above.bytes[at]) at++;
  invariant(at < below.position && at < above.position, 'row index blocks out of order');
  into.append(below.bytes, 0, at);
  into.u8(below.bytes[at] + 1);
}
