import { compareUnsigned, int64, murmur3Token } from '../../bytes/index.ts';
import type { Memtable } from '../memtable/index.ts';
import type { Partition } from '../rows/index.ts';
import type { StoredSSTable } from './stored-sstable.ts';
import { compareTokens } from './token-overlap.ts';

/** What a table has beside the inputs of a compaction. */
export interface OutsideData {
  readonly sstables: () => readonly StoredSSTable[];
  readonly memtables: () => readonly Memtable[];
  /** Unflushed writes out of reach, which may be of any partition: the least of their timestamps. Null for none. */
  readonly unflushedSince: LeastTime | null;
  /** Data under an overlay: it can never be seen through. */
  readonly hasBase: boolean;
}

/** A timestamp in halves. */
export interface LeastTime {
  readonly hi: number;
  readonly lo: number;
}

export function compareTimes(a: LeastTime, b: LeastTime): number {
  return int64.compare(a.hi, a.lo, b.hi, b.lo);
}

/**
 * Says which deletions may go from a partition (`CompactionController.getPurgeEvaluator`, 5.0.8): none that may still
 * hide something older outside of the compaction. Of SSTables and memtables that may have the partition counts the least
 * timestamp of all that they hold, since none is known by key.
 */
export class PurgeRule {
  private readonly inputs: ReadonlySet<StoredSSTable>;
  private readonly outside: OutsideData;
  /** What is known of the partition that was asked for last. */
  private key: Uint8Array = new Uint8Array(0);
  private blockers: StoredSSTable[] = [];
  private unflushed: LeastTime[] = [];

  constructor(inputs: readonly StoredSSTable[], outside: OutsideData) {
    this.inputs = new Set(inputs);
    this.outside = outside;
  }

  mayPurge(partition: Partition, timestampHi: number, timestampLo: number): boolean {
    const { hasBase, unflushedSince } = this.outside;
    if (hasBase) return false;
    if (unflushedSince !== null && int64.compare(unflushedSince.hi, unflushedSince.lo, timestampHi, timestampLo) <= 0) {
      return false;
    }
    const { key, keyStart, keyEnd } = partition;
    if (this.key.length === 0 || compareUnsigned(this.key, 0, this.key.length, key, keyStart, keyEnd) !== 0) {
      this.lookAround(key.slice(keyStart, keyEnd));
    }
    for (const { hi, lo } of this.unflushed) if (int64.compare(hi, lo, timestampHi, timestampLo) <= 0) return false;
    return !this.blockers.some((sstable) => sstable.hasAtOrBefore(timestampHi, timestampLo));
  }

  private lookAround(shared: Uint8Array): void {
    // A Buffer's slice shares memory, and the partition moves on.
    const key = Uint8Array.from(shared);
    this.key = key;
    const token = murmur3Token(key);
    const decorated = { token, key };
    this.unflushed = this.outside.memtables().flatMap((memtable) => {
      const { leastTime } = memtable;
      return leastTime !== null && memtable.contains(token.hi, token.lo, key, 0, key.length) ? [leastTime] : [];
    });
    this.blockers = this.outside
      .sstables()
      .filter(
        (sstable) =>
          !this.inputs.has(sstable) &&
          compareTokens(sstable.firstToken, token) <= 0 &&
          compareTokens(sstable.lastToken, token) >= 0 &&
          sstable.mayContain(decorated),
      );
  }
}
