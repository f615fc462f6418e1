import type { BindMarker, Expression, Literal } from './expression.ts';
import type { Name, Node, QualifiedName } from './node.ts';

export type ModificationStatement = InsertStatement | UpdateStatement | DeleteStatement;

/** `USING TIMESTAMP … AND TTL …`: each an integer or a marker */
export interface UsingClause extends Node<'using'> {
  readonly timestamp: Expression | undefined;
  readonly ttl: Expression | undefined;
}

export interface InsertStatement extends Node<'insert'> {
  readonly table: QualifiedName;
  readonly body: InsertValues | InsertJson;
  readonly ifNotExists: boolean;
  readonly using: UsingClause | undefined;
}

export interface InsertValues extends Node<'insertValues'> {
  /** Absent in explore's `INSERT INTO t VALUES (…)`. */
  readonly columns: readonly Name[] | undefined;
  readonly values: readonly Expression[];
}

export interface InsertJson extends Node<'insertJson'> {
  readonly value: Literal | BindMarker;
  /** What columns that the JSON does not name become; `null` when not written. */
  readonly default: 'null' | 'unset';
}

export interface UpdateStatement extends Node<'update'> {
  readonly table: QualifiedName;
  readonly using: UsingClause | undefined;
  readonly assignments: readonly Assignment[];
  readonly where: Expression;
  readonly ifExists: boolean;
  /** `IF a = 1 AND b[2] != 3`: comparisons, IN and CONTAINS on a column, an element or a field */
  readonly conditions: readonly Expression[];
}

export type Assignment = AssignValue | AssignAddition | AssignSubtraction | AssignPrepend | AssignElement | AssignField;

/** `c = value` */
export interface AssignValue extends Node<'assignValue'> {
  readonly column: Name;
  readonly value: Expression;
}

/** `c = c + value` or `c += value`: append to a list, add to a set, put into a map, increment a counter or number */
export interface AssignAddition extends Node<'assignAddition'> {
  readonly column: Name;
  readonly value: Expression;
}

/** `c = c - value` or `c -= value` */
export interface AssignSubtraction extends Node<'assignSubtraction'> {
  readonly column: Name;
  readonly value: Expression;
}

/** `c = value + c` */
export interface AssignPrepend extends Node<'assignPrepend'> {
  readonly column: Name;
  readonly value: Expression;
}

/** `c[key] = value` */
export interface AssignElement extends Node<'assignElement'> {
  readonly column: Name;
  readonly key: Expression;
  readonly value: Expression;
}

/** `c.field = value` */
export interface AssignField extends Node<'assignField'> {
  readonly column: Name;
  readonly field: Name;
  readonly value: Expression;
}

export interface DeleteStatement extends Node<'delete'> {
  readonly table: QualifiedName;
  /** Empty: whole rows, a range of them or partitions. */
  readonly targets: readonly DeleteTarget[];
  /** An integer or a marker. */
  readonly timestamp: Expression | undefined;
  readonly where: Expression;
  readonly ifExists: boolean;
  readonly conditions: readonly Expression[];
}

export type DeleteTarget = DeleteColumn | DeleteElement | DeleteField;

export interface DeleteColumn extends Node<'deleteColumn'> {
  readonly column: Name;
}

export interface DeleteElement extends Node<'deleteElement'> {
  readonly column: Name;
  readonly key: Expression;
}

export interface DeleteField extends Node<'deleteField'> {
  readonly column: Name;
  readonly field: Name;
}

export interface BatchStatement extends Node<'batch'> {
  readonly type: 'logged' | 'unlogged' | 'counter';
  readonly using: UsingClause | undefined;
  readonly statements: readonly ModificationStatement[];
}
