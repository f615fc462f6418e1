import type { TypedExpression } from '../expressions/typed-expression.ts';
import type { Restriction, TokenRestriction } from '../restrictions/restriction.ts';

/** How the rows of a table are reached; its values are filled in when the statement runs. */
export interface AccessPath {
  readonly partitions: PartitionAccess;
  /** Restrictions of clustering columns, in key order, that become slices; empty for whole partitions. */
  readonly clustering: readonly Restriction[];
  readonly reversed: boolean;
}

export type PartitionAccess =
  /** Partitions by their whole key: for each key column its value or its choices. */
  | {
      readonly kind: 'keys';
      readonly components: readonly KeyComponent[];
      /** Keys outside are left out. */
      readonly token: TokenRestriction | null;
    }
  /** A range of tokens; null for all partitions. */
  | { readonly kind: 'range'; readonly token: TokenRestriction | null };

/** `IN ?` has one marker for the list of all its values. */
export type KeyComponent =
  | { readonly kind: 'values'; readonly name: string; readonly values: readonly TypedExpression[] }
  | { readonly kind: 'list'; readonly name: string; readonly list: TypedExpression };
