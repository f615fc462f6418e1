import type { Token } from '../../bytes/index.ts';
import type { ClusteringPrefix } from './clustering-prefix.ts';

/** A partition key with its token. */
export interface DecoratedKey {
  readonly token: Token;
  readonly key: Uint8Array;
}

/** One end of a token range. With `key` the bound is that partition itself (paging); without, the whole token. */
export interface TokenBound {
  readonly token: Token;
  readonly key?: Uint8Array;
  readonly inclusive: boolean;
}

/** Which partitions to read. Keys are distinct and sorted by token, then by unsigned bytes. */
export type PartitionRange =
  | { readonly kind: 'all' }
  | { readonly kind: 'keys'; readonly keys: readonly DecoratedKey[] }
  | {
      readonly kind: 'tokens';
      readonly lower: TokenBound | null;
      readonly upper: TokenBound | null;
      /** The statement's lower bound on a later page, for tables that do not come in the order of tokens. */
      readonly floor?: TokenBound | null;
    };

/**
 * A piece of a partition between two bounds. `start` is an INCLUSIVE_START or EXCLUSIVE_START bound and `end` an
 * INCLUSIVE_END or EXCLUSIVE_END bound; a bound without values is no bound. One row is a slice whose inclusive bounds
 * both have all its values.
 */
export interface Slice {
  readonly start: ClusteringPrefix;
  readonly end: ClusteringPrefix;
}

/** Which rows of each partition: null is all of them; else disjoint slices in clustering order. Static rows always come. */
export type Slices = readonly Slice[] | null;

export interface ReadRange {
  readonly partitions: PartitionRange;
  readonly slices: Slices;
  /** Rows of each partition last to first. Partitions always go in token order. */
  readonly reversed: boolean;
}

export const readAll: ReadRange = Object.freeze({
  partitions: Object.freeze({ kind: 'all' } as const),
  slices: null,
  reversed: false,
});
