import type { Token } from '../../bytes/index.ts';

/** What a policy knows of an SSTable. */
export interface CompactionCandidate {
  /** For messages: the base name. */
  readonly name: string;
  /** Bytes of Data.db. */
  readonly bytes: number;
  readonly firstToken: Token;
  readonly lastToken: Token;
  readonly estimatedKeys: number;
  /** Level of the leveled strategy. */
  readonly level: number;
  readonly oldestMicros: number;
  readonly newestMicros: number;
  /** When all its data has expired, seconds; NO_DELETION_TIME when some of it never does. */
  readonly maxLocalSeconds: number;
  readonly createdMillis: number;
  /** The part of its cells that are tombstones droppable before a time, as estimated by its histogram. */
  droppableRatio(gcBeforeSeconds: number): number;
}

/** What to merge, and into what. */
export interface CompactionTask<T> {
  readonly inputs: readonly T[];
  /** Level that the output is marked with. */
  readonly level: number;
  /** A new output begins with the first partition after this many bytes; infinite for one output. */
  readonly maxOutputBytes: number;
  /** Output is also split at these many even shares of the token range; 1 for none. */
  readonly shards: number;
  readonly reason: 'size tiers' | 'levels' | 'time window' | 'density' | 'tombstones' | 'expired' | 'all';
}

/** The moment for which a policy decides. */
export interface PolicyTime {
  readonly nowMillis: number;
  /** Tombstones before this may be dropped: now less gc_grace_seconds. */
  readonly gcBeforeSeconds: number;
  /**
   * The least timestamp of data that is in none of the tables, microseconds: of unflushed writes, or −∞ where something
   * unknown lies below them all; ∞ when there is none. What is as old or older may be hidden by the tables' tombstones.
   */
  readonly outsideSinceMicros: number;
}

/** Chooses what to merge next. Asking changes nothing: the same tables at the same time have the same answer. */
export interface MergePolicy {
  /** The next task over a table's SSTables that are not being compacted, or null when there is nothing to gain. */
  pick<T extends CompactionCandidate>(tables: readonly T[], time: PolicyTime): CompactionTask<T> | null;
}
