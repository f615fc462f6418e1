import type { Expression } from './expression.ts';
import type { Name, Node, QualifiedName } from './node.ts';

export interface SelectStatement extends Node<'select'> {
  readonly json: boolean;
  readonly distinct: boolean;
  readonly selection: Selection;
  /** Absent only in explore's `SELECT 1 + 1`. */
  readonly from: QualifiedName | undefined;
  readonly where: Expression | undefined;
  readonly groupBy: readonly Expression[];
  /** explore */
  readonly having: Expression | undefined;
  readonly orderBy: readonly Ordering[];
  /** An integer or a marker. */
  readonly perPartitionLimit: Expression | undefined;
  /** An integer or a marker. */
  readonly limit: Expression | undefined;
  /** explore: an integer or a marker. */
  readonly offset: Expression | undefined;
  readonly allowFiltering: boolean;
}

export type Selection = AllColumns | SelectorList;

/** `*` */
export interface AllColumns extends Node<'allColumns'> {}

export interface SelectorList extends Node<'selectors'> {
  readonly selectors: readonly Selector[];
}

export interface Selector extends Node<'selector'> {
  readonly expression: Expression;
  readonly alias: Name | undefined;
}

export type Direction = 'asc' | 'desc';

export interface Ordering extends Node<'ordering'> {
  /** A column in Cassandra, anything in explore. */
  readonly expression: Expression;
  /** The vector of `ORDER BY v ANN OF [0.1, 0.2]`. */
  readonly annOf: Expression | undefined;
  /** `asc` when not written. */
  readonly direction: Direction;
}
