import type { TableMetadata } from '../../schema/model/index.ts';
import type { PushedFilter, ScanColumn } from '../../storage/scan/index.ts';
import type { CqlType } from '../../types/index.ts';
import type { Condition, TypedExpression } from '../expressions/typed-expression.ts';
import type { Grouping, NearestOrder, SelectedExpression, SortKey } from '../select/checked-select.ts';
import type { AccessPath } from './access-path.ts';

/**
 * How a SELECT is done: a chain of operators, each over its input, innermost first to run. What EXPLAIN prints. Invariant:
 * only a scan or `oneRow` has no input.
 */
export type PhysicalPlan =
  | OneRow
  | TableScan
  | Filter
  | CountRows
  | GroupRows
  | Having
  | Project
  | DistinctRows
  | Sort
  | Nearest
  | Limit
  | JsonRows;

/** One row without columns, for SELECT without FROM. */
export interface OneRow {
  readonly kind: 'oneRow';
}

export interface TableScan {
  readonly kind: 'scan';
  readonly table: TableMetadata;
  readonly access: AccessPath;
  readonly columns: readonly ScanColumn[];
  /** Conditions that the scan tests on encoded bytes before it delivers a row. */
  readonly pushed: readonly PushedCondition[];
  /** The scan may stop after this many rows, since no operator above drops any. */
  readonly limit: TypedExpression | null;
  readonly perPartitionLimit: TypedExpression | null;
  readonly distinctPartitions: boolean;
  readonly staticOnlyRows: boolean;
}

/** `column operator operands`: a `PushedFilter` whose operands are not known yet. */
export interface PushedCondition {
  readonly slot: number;
  readonly operator: PushedFilter['operator'];
  readonly operands: readonly TypedExpression[];
  /** IN only: choices after the first null one are ignored, as in Cassandra. */
  readonly endsAtNull: boolean;
}

export interface Filter {
  readonly kind: 'filter';
  readonly input: PhysicalPlan;
  readonly conditions: readonly Condition[];
  /** PER PARTITION LIMIT. */
  readonly perPartitionLimit: TypedExpression | null;
}

/** `count(*)` of a bare scan: rows are counted without being decoded. */
export interface CountRows {
  readonly kind: 'countRows';
  readonly input: TableScan;
}

/**
 * Rows put together into groups. A group's row has first the inputs of its first row, then the result of each aggregate.
 */
export interface GroupRows {
  readonly kind: 'group';
  readonly input: PhysicalPlan;
  readonly grouping: Grouping;
  readonly inputCount: number;
  /** Inputs whose value in a group's first row is kept for the operators above; all others are null there. */
  readonly firstSlots: readonly number[];
  readonly aggregates: readonly Extract<TypedExpression, { kind: 'aggregate' }>[];
  /** PER PARTITION LIMIT, which here counts the groups of a partition, not its rows. */
  readonly perPartitionLimit: TypedExpression | null;
}

/** explore */
export interface Having {
  readonly kind: 'having';
  readonly input: PhysicalPlan;
  readonly condition: Condition;
}

/** The selected values of each row, then the values of the sort keys. */
export interface Project {
  readonly kind: 'project';
  readonly input: PhysicalPlan;
  readonly selectors: readonly SelectedExpression[];
  readonly sortKeys: readonly SortKey[];
}

/** explore */
export interface DistinctRows {
  readonly kind: 'distinct';
  readonly input: PhysicalPlan;
  /** Of the values by which rows are told apart: the first of each row. */
  readonly types: readonly CqlType[];
}

/** By the sort keys that stand behind the first `width` values of each row; keeps the first rows only where `top` says. */
export interface Sort {
  readonly kind: 'sort';
  readonly input: PhysicalPlan;
  readonly width: number;
  readonly keys: readonly SortKey[];
  readonly top: { readonly limit: TypedExpression; readonly offset: TypedExpression | null } | null;
}

/** The rows nearest to a vector, nearest first: exactly, by looking at all of them. */
export interface Nearest {
  readonly kind: 'nearest';
  readonly input: PhysicalPlan;
  readonly order: NearestOrder;
  readonly limit: TypedExpression | null;
}

export interface Limit {
  readonly kind: 'limit';
  readonly input: PhysicalPlan;
  readonly limit: TypedExpression | null;
  readonly offset: TypedExpression | null;
}

export interface JsonRows {
  readonly kind: 'json';
  readonly input: PhysicalPlan;
  readonly selectors: readonly SelectedExpression[];
}
