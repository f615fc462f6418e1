import type { StatementContext } from '../statement-context.ts';
import type { BatchGuards } from './batch-guards.ts';
import type { WriteProfile } from './write-profile.ts';

/** What a write needs besides a statement's context: all that differs between two runs is passed in here. */
export interface WriteContext extends StatementContext {
  /** Of all cells that have no USING TIMESTAMP: later than every one before. */
  readonly timestampMicros: bigint;
  /** This database's shard of counters: 16 bytes. */
  readonly counterId: Uint8Array;
  /** The latest second that a TTL may end in: 2038 in `nb`, 2106 in `oa` and `da`. */
  readonly maxExpirySeconds: number;
  /** Paths of list cells, each call later (or, to prepend, earlier) than all calls before. */
  readonly listPaths: ListPaths;
  /** Set where somebody wants to know what the write does: EXPLAIN ANALYZE. */
  readonly profile?: WriteProfile;
  /** Counts what a batch writes, where Cassandra would warn of it. */
  readonly guards?: BatchGuards;
}

export interface ListPaths {
  /** A version 1 UUID of now. */
  append(): Uint8Array;
  /** `count` paths in ascending order, all before every path given so far. */
  prepend(count: number): readonly Uint8Array[];
}
