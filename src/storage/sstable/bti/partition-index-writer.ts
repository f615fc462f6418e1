import { ByteSink } from '../../../bytes/index.ts';
import type { ComponentFile } from '../write/component-file.ts';
import { appendComparableKey } from './comparable-keys.ts';
import { type PartitionPayload, partitionPayloadFormat } from './partition-payload.ts';
import { TrieWriter } from './trie-writer.ts';

/**
 * Partitions.db (`PartitionIndexBuilder`, 5.0.8): a trie of the shortest prefixes that tell the keys apart, then
 *
 *   u16 length, first key; u16 length, last key
 *   i64 position of the first key, i64 number of keys, i64 position of the trie's root
 */
export class PartitionIndexWriter {
  private readonly out: ComponentFile;
  private readonly trie: TrieWriter<PartitionPayload>;
  /** Byte-comparable forms of the last key and of the one that is added. */
  private last = new ByteSink(64);
  private current = new ByteSink(64);
  private lastPayload: PartitionPayload | null = null;
  /** Bytes that tell the last key from the one before it. */
  private lastDifference = 0;

  constructor(out: ComponentFile) {
    this.out = out;
    this.trie = new TrieWriter(out, partitionPayloadFormat);
  }

  /** `position` is the entry's in Rows.db, or ~ of the partition's in Data.db; `hash` the low byte of h2. */
  add(
    tokenHi: number,
    tokenLo: number,
    key: Uint8Array,
    start: number,
    end: number,
    position: number,
    hash: number,
  ): void {
    this.current.clear();
    appendComparableKey(tokenHi, tokenLo, key, start, end, this.current);
    if (this.lastPayload !== null) {
      const difference = differenceLength(this.last, this.current);
      this.trie.add(this.last.bytes, Math.max(difference, this.lastDifference), this.lastPayload);
      this.lastDifference = difference;
    }
    [this.last, this.current] = [this.current, this.last];
    this.lastPayload = { position, hash };
  }

  finish(firstKey: Uint8Array, lastKey: Uint8Array): void {
    if (this.lastPayload !== null) this.trie.add(this.last.bytes, this.lastDifference, this.lastPayload);
    const root = this.trie.complete();
    const keysAt = this.out.position;
    const { sink } = this.out;
    for (const key of [firstKey, lastKey]) {
      sink.u16(key.length);
      sink.append(key);
    }
    sink.i64Number(keysAt);
    sink.i64Number(this.trie.count);
    sink.i64Number(root);
    this.out.flush();
  }
}

/** Bytes up to and with the first that differs. */
function differenceLength(a: ByteSink, b: ByteSink): number {
  let i = 0;
  while (a.bytes[i] === b.bytes[i]) i++;
  return i + 1;
}
