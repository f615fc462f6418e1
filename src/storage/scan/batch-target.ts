import type { ByteArena } from './byte-arena.ts';
import type { RowBatch } from './row-batch.ts';

/** A batch ends early at this many bytes of values, so that rows of megabytes do not pile up by the thousand. */
export const BATCH_BYTES = 4 * 1024 * 1024;

/** A batch that rows are put into one after the other, with the scratch space of their values. */
export interface BatchTarget extends RowBatch {
  readonly arena: ByteArena;
  /** The token halves of row `i`'s partition. */
  setToken(i: number, hi: number, lo: number): void;
  /** Begins anew; nothing that was in the batch is needed any more. */
  reset(): void;
}
