import type { ColumnKind, TableMetadata } from '../../schema/model/index.ts';
import type { ScanColumn } from '../../storage/scan/row-batch.ts';
import type { MarkerSpecification } from '../expressions/bind-scope.ts';
import type { Condition, Input, TypedExpression } from '../expressions/typed-expression.ts';
import type { StatementRestrictions } from '../restrictions/statement-restrictions.ts';

/** A SELECT whose names and types are resolved and whose rules are checked: what is asked, not yet how it is done. */
export interface CheckedSelect {
  /** Null for a SELECT without FROM (explore mode). */
  readonly table: TableMetadata | null;
  readonly inputs: readonly ScanColumn[];
  /** Null without a table. */
  readonly restrictions: StatementRestrictions | null;
  /** Conditions that the access path does not guarantee: every row is tested for them. */
  readonly conditions: readonly Condition[];
  readonly selectors: readonly SelectedExpression[];
  readonly json: boolean;
  /** `partitions`: one row a partition, found by skipping; `rows`: explore's DISTINCT of whole rows. */
  readonly distinct: 'none' | 'partitions' | 'rows';
  /** Null without GROUP BY and aggregates. */
  readonly grouping: Grouping | null;
  /** explore */
  readonly having: Condition | null;
  /** Rows of each partition come last to first. */
  readonly reversed: boolean;
  /** Rows are sorted after they were read; empty when they come in order. */
  readonly sortKeys: readonly SortKey[];
  readonly nearest: NearestOrder | null;
  readonly perPartitionLimit: TypedExpression | null;
  readonly limit: TypedExpression | null;
  /** explore */
  readonly offset: TypedExpression | null;
  /** ORDER BY over several partitions by IN: Cassandra cannot page it. */
  readonly refusesPaging: boolean;
  readonly markers: readonly MarkerSpecification[];
  /** explore: what Cassandra would refuse, a line each. */
  readonly notes: readonly string[];
}

export interface SelectedExpression {
  readonly name: string;
  readonly expression: TypedExpression;
  /** Set when the selector is a plain column. */
  readonly columnKind?: ColumnKind;
}

export type Grouping =
  /** All rows are one group, which exists even without rows: `count(*)` of nothing is 0. */
  | { readonly kind: 'all' }
  /** Rows that follow each other with the same partition and the same first clustering columns. */
  | {
      readonly kind: 'prefix';
      readonly clusteringCount: number;
      /** Those clustering columns. */
      readonly columns: readonly Input[];
      /** In place of the last column: a function of it. */
      readonly lastFunction: TypedExpression | null;
    }
  /** explore: whatever expressions. */
  | { readonly kind: 'hash'; readonly keys: readonly TypedExpression[] };

export interface SortKey {
  readonly expression: TypedExpression;
  readonly descending: boolean;
}

/** ORDER BY column ANN OF vector: the nearest `limit` rows by the index's similarity. */
export interface NearestOrder {
  readonly column: TypedExpression;
  readonly vector: TypedExpression;
  readonly similarity: 'cosine' | 'euclidean' | 'dot_product';
}
