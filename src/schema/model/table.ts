import type { ColumnMetadata, DroppedColumn } from './column.ts';
import type { IndexMetadata } from './index-metadata.ts';
import type { TableOptions } from './table-options.ts';
import type { TriggerMetadata } from './trigger.ts';

export type TableFlag = 'compound' | 'dense' | 'super' | 'counter';

/**
 * A table or a materialized view (`schema/TableMetadata`, 5.0.8). Immutable; make it with `defineTable`, which checks
 * the invariants below.
 *
 * Invariants: `partitionKey` is not empty; positions count from 0 without gaps; `statics` and `regulars` are in storage
 * order: simple (single-cell) columns before complex (multi-cell) ones, each by the unsigned bytes of their names.
 */
export interface TableMetadata {
  readonly keyspace: string;
  readonly name: string;
  /** 32 hex digits without dashes, as in directory names; the dashed form is `formatTableId`. */
  readonly id: string;
  readonly partitionKey: readonly ColumnMetadata[];
  readonly clustering: readonly ColumnMetadata[];
  readonly statics: readonly ColumnMetadata[];
  readonly regulars: readonly ColumnMetadata[];
  readonly dropped: ReadonlyMap<string, DroppedColumn>;
  readonly flags: ReadonlySet<TableFlag>;
  readonly options: TableOptions;
  readonly indexes: ReadonlyMap<string, IndexMetadata>;
  readonly triggers: ReadonlyMap<string, TriggerMetadata>;
  /** Set when this is a materialized view. */
  readonly view?: ViewDefinition;
  /** All columns by name. */
  readonly columns: ReadonlyMap<string, ColumnMetadata>;
  /** The schema was inferred from SSTable headers: key columns have made-up names. */
  readonly inferred?: boolean;
}

export interface ViewDefinition {
  readonly baseTableId: string;
  readonly baseTable: string;
  readonly includeAllColumns: boolean;
  /** The WHERE clause as CQL text. */
  readonly whereClause: string;
}
