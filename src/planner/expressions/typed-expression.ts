import type { SourcePosition } from '../../errors/index.ts';
import type { CqlType } from '../../types/index.ts';
import type { AggregateFunction, ScalarFunction } from '../functions/function.ts';

/** An expression whose names are resolved and whose types are known. Evaluates to serialized bytes or null. */
export type TypedExpression =
  | Constant
  | Marker
  | Input
  | Call
  | Aggregate
  | Elements
  | Entries
  | Field
  | Element
  | Slice
  | PartTimes
  | Test;

/** A value known when the statement is planned. */
export interface Constant {
  readonly kind: 'constant';
  readonly type: CqlType;
  readonly bytes: Uint8Array | null;
  /** Set for a literal that another statement of the same shape may replace; the name is its receiver's. */
  readonly literal?: { readonly slot: number; readonly name: string };
  /** In the text that was planned, which of a shared plan is another statement's. */
  readonly position?: SourcePosition;
}

export interface Marker {
  readonly kind: 'marker';
  readonly type: CqlType;
  readonly index: number;
  /** Name of where the value goes, for messages. */
  readonly name: string;
}

/** A column that the scan delivers (`InputColumns`). */
export interface Input {
  readonly kind: 'input';
  readonly type: CqlType;
  readonly slot: number;
}

export interface Call {
  readonly kind: 'call';
  readonly type: CqlType;
  readonly function: ScalarFunction;
  readonly args: readonly TypedExpression[];
}

export interface Aggregate {
  readonly kind: 'aggregate';
  readonly type: CqlType;
  readonly function: AggregateFunction;
  readonly args: readonly TypedExpression[];
  /** explore: count(DISTINCT x) */
  readonly distinct: boolean;
}

/** A list, set, vector, tuple or UDT made of its parts; null for a UDT field that was left out. */
export interface Elements {
  readonly kind: 'elements';
  readonly type: CqlType;
  readonly elements: readonly (TypedExpression | null)[];
}

export interface Entries {
  readonly kind: 'entries';
  readonly type: CqlType;
  readonly entries: readonly (readonly [key: TypedExpression, value: TypedExpression])[];
}

export interface Field {
  readonly kind: 'field';
  readonly type: CqlType;
  readonly operand: TypedExpression;
  readonly index: number;
}

/** The value of a map's entry, or an element of a set; null where the collection has none such. */
export interface Element {
  readonly kind: 'element';
  readonly type: CqlType;
  readonly operand: TypedExpression;
  /** As messages have it. */
  readonly operandName: string;
  readonly key: TypedExpression;
}

export interface Slice {
  readonly kind: 'slice';
  readonly type: CqlType;
  readonly operand: TypedExpression;
  readonly operandName: string;
  readonly from: TypedExpression | null;
  readonly to: TypedExpression | null;
  /** Strict mode: everything selected of the same column by part, in the statement's order; see `shareColumn`. */
  readonly siblings?: readonly (Slice | Element)[];
}

/**
 * Write times or TTLs of a part of a multi-cell column: `times` is a list with an entry a cell (a UDT's field). With no
 * part, the largest of all.
 */
export interface PartTimes {
  readonly kind: 'partTimes';
  readonly type: CqlType;
  readonly part: Field | Element | Slice | null;
  readonly times: TypedExpression;
}

/** A condition as a value, in SQL's three-valued logic: a boolean, or null when an operand is null. */
export interface Test {
  readonly kind: 'test';
  readonly type: CqlType;
  readonly condition: Condition;
}

export type ConditionOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Condition[] }
  | { readonly kind: 'not'; readonly operand: Condition }
  | {
      readonly kind: 'compare';
      readonly operator: ConditionOperator;
      readonly left: TypedExpression;
      readonly right: TypedExpression;
    }
  | {
      readonly kind: 'in';
      readonly left: TypedExpression;
      readonly values: readonly TypedExpression[];
      /** Choices after the first null one are ignored, because Cassandra stops there when it reads the packed list. */
      readonly endsAtNull?: boolean;
    }
  /** `left IN ?`: the marker is a list of values. */
  | {
      readonly kind: 'inList';
      readonly left: TypedExpression;
      readonly list: TypedExpression;
      readonly endsAtNull?: boolean;
    }
  | {
      readonly kind: 'contains';
      readonly left: TypedExpression;
      readonly right: TypedExpression;
      readonly key: boolean;
    }
  /** A map's entry equals a value. */
  | {
      readonly kind: 'entry';
      readonly map: TypedExpression;
      readonly key: TypedExpression;
      readonly value: TypedExpression;
    }
  | {
      readonly kind: 'like';
      readonly left: TypedExpression;
      readonly right: TypedExpression;
      /** Only a `%` at an end of the pattern stands for any text, as in Cassandra. */
      readonly onlyEnds?: boolean;
    }
  | { readonly kind: 'isNull'; readonly operand: TypedExpression }
  | { readonly kind: 'truth'; readonly operand: TypedExpression };

/** The direct operands of an expression. */
export function operandsOf(expression: TypedExpression): readonly TypedExpression[] {
  switch (expression.kind) {
    case 'constant':
    case 'marker':
    case 'input':
      return [];
    case 'call':
    case 'aggregate':
      return expression.args;
    case 'elements':
      return expression.elements.filter((element) => element !== null);
    case 'entries':
      return expression.entries.flat();
    case 'field':
      return [expression.operand];
    case 'element':
      return [expression.operand, expression.key];
    case 'slice':
      return [expression.operand, expression.from, expression.to].filter((part) => part !== null);
    case 'partTimes':
      return expression.part === null ? [expression.times] : [expression.part, expression.times];
    case 'test':
      return conditionOperands(expression.condition);
  }
}

export function conditionOperands(condition: Condition): readonly TypedExpression[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.operands.flatMap(conditionOperands);
    case 'not':
      return conditionOperands(condition.operand);
    case 'compare':
    case 'contains':
    case 'like':
      return [condition.left, condition.right];
    case 'in':
      return [condition.left, ...condition.values];
    case 'inList':
      return [condition.left, condition.list];
    case 'entry':
      return [condition.map, condition.key, condition.value];
    case 'isNull':
    case 'truth':
      return [condition.operand];
  }
}

export function containsAggregate(expression: TypedExpression): boolean {
  return expression.kind === 'aggregate' || operandsOf(expression).some(containsAggregate);
}
