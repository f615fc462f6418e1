import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import type { AccessPath } from '../plan/access-path.ts';

/** INSERT, UPDATE or DELETE, checked: which rows of which partitions, and what is done to them. */
export interface CheckedWrite {
  readonly kind: 'insert' | 'update' | 'delete';
  readonly table: TableMetadata;
  /** Null for INSERT JSON, whose key is in the JSON. */
  readonly access: AccessPath | null;
  /** IN on key columns, which conditional writes refuse. */
  readonly keyHasIn: boolean;
  readonly clusteringHasIn: boolean;
  /** The WHERE clause names clustering columns, so that rows (and not only static columns) are meant. */
  readonly restrictsClustering: boolean;
  readonly operations: readonly Operation[];
  /** Those of `operations` on regular columns, and those on static ones. */
  readonly regularOperations: readonly Operation[];
  readonly staticOperations: readonly Operation[];
  readonly json: JsonInsert | null;
  readonly conditions: Conditions;
  readonly timestamp: TypedExpression | null;
  readonly ttl: TypedExpression | null;
}

export interface JsonInsert {
  readonly value: TypedExpression;
  /** What columns that the JSON does not name become. */
  readonly otherwise: 'null' | 'unset';
}

/** What is done to one column (`cql3/Operation`, 5.0.8). */
export type Operation =
  /** `c = v`: a cell, or all elements of a collection or fields of a UDT. */
  | { readonly kind: 'set'; readonly column: ColumnMetadata; readonly value: TypedExpression }
  /** `map[k] = v` */
  | {
      readonly kind: 'setEntry';
      readonly column: ColumnMetadata;
      readonly key: TypedExpression;
      readonly value: TypedExpression;
    }
  /** `list[i] = v` */
  | {
      readonly kind: 'setIndex';
      readonly column: ColumnMetadata;
      readonly index: TypedExpression;
      readonly value: TypedExpression;
    }
  /** `udt.field = v` */
  | {
      readonly kind: 'setField';
      readonly column: ColumnMetadata;
      readonly field: number;
      readonly value: TypedExpression;
    }
  /** `c = c + v` of a list, a set or a map */
  | { readonly kind: 'append'; readonly column: ColumnMetadata; readonly value: TypedExpression }
  | { readonly kind: 'prepend'; readonly column: ColumnMetadata; readonly value: TypedExpression }
  /** `c = c + v` of a counter (`sign` 1 or -1), or of a number or text under a condition. */
  | {
      readonly kind: 'add';
      readonly column: ColumnMetadata;
      readonly value: TypedExpression;
      readonly sign: 1 | -1;
    }
  /** `list = list - v` */
  | { readonly kind: 'discardValues'; readonly column: ColumnMetadata; readonly value: TypedExpression }
  /** `set = set - v`, `map = map - keys` */
  | { readonly kind: 'discardKeys'; readonly column: ColumnMetadata; readonly value: TypedExpression }
  | { readonly kind: 'deleteColumn'; readonly column: ColumnMetadata }
  | { readonly kind: 'deleteIndex'; readonly column: ColumnMetadata; readonly index: TypedExpression }
  /** An element of a set or an entry of a map. */
  | { readonly kind: 'deleteKey'; readonly column: ColumnMetadata; readonly key: TypedExpression }
  | { readonly kind: 'deleteField'; readonly column: ColumnMetadata; readonly field: number };

/** Operations that need what the row holds now. */
export function requiresRead(operation: Operation): boolean {
  switch (operation.kind) {
    case 'setIndex':
    case 'deleteIndex':
    case 'discardValues':
      return true;
    case 'add':
      return true;
    default:
      return false;
  }
}

export type Conditions =
  | { readonly kind: 'none' }
  | { readonly kind: 'exists' }
  | { readonly kind: 'notExists' }
  | { readonly kind: 'columns'; readonly conditions: readonly ColumnCondition[] };

export type ConditionComparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'IN' | 'CONTAINS' | 'CONTAINS KEY';

/** `IF column op value`, also of an element or a field (`cql3/conditions/ColumnCondition`, 5.0.8). */
export interface ColumnCondition {
  readonly column: ColumnMetadata;
  readonly part:
    | { readonly kind: 'whole' }
    | { readonly kind: 'element'; readonly key: TypedExpression }
    | { readonly kind: 'field'; readonly field: number };
  readonly operator: ConditionComparison;
  /** One, or the values of IN; a marker alone is a list of them. */
  readonly values: readonly TypedExpression[] | { readonly list: TypedExpression };
}

/** BEGIN … BATCH, checked. */
export interface CheckedBatch {
  readonly kind: 'batch';
  readonly type: 'logged' | 'unlogged' | 'counter';
  readonly timestamp: TypedExpression | null;
  readonly writes: readonly CheckedWrite[];
  readonly hasConditions: boolean;
}
