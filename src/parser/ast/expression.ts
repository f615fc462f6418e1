import type { Name, Node, QualifiedName } from './node.ts';
import type { TypeNode } from './type.ts';

/**
 * Every expression of CQL: Cassandra's terms, selectors and relations, and what explore mode allows beyond them. One
 * union for all, since explore accepts any of them anywhere; `dialectExtensions` tells what Cassandra would refuse.
 */
export type Expression = ValueExpression | Predicate;

export type ValueExpression =
  | Literal
  | BindMarker
  | ColumnReference
  | ListLiteral
  | SetLiteral
  | MapLiteral
  | UdtLiteral
  | TupleExpression
  | FieldAccess
  | ElementAccess
  | SliceAccess
  | FunctionCall
  | CountRows
  | CellAttribute
  | TokenCall
  | Cast
  | TypeHint
  | Arithmetic
  | Negation;

export type Predicate =
  | Comparison
  | InPredicate
  | ContainsPredicate
  | LikePredicate
  | NullPredicate
  | BetweenPredicate
  | IndexExpression
  | Conjunction
  | Disjunction
  | Complement;

export type LiteralType =
  | 'string'
  | 'integer'
  | 'float'
  | 'boolean'
  | 'uuid'
  | 'hex'
  | 'duration'
  /** `NaN`, `Infinity` or `-Infinity`, in this spelling: see `specialText`. */
  | 'special'
  | 'null';

/**
 * A constant. `text` is what was written (`-1`, `1e10`, `0xCAFE`, `P1Y`, `TRUE`), of a string its contents without the
 * quotes, whether `'…'` or `$$…$$`.
 */
export interface Literal extends Node<'literal'> {
  readonly type: LiteralType;
  readonly text: string;
  /**
   * Which of the statement's literals this is, counted from 0 in its text as the splitter counts them, so that one plan
   * serves every statement of the same shape; -1 for one that belongs to the shape itself.
   */
  readonly slot: number;
}

/** `nan` and `-InfiniTY` as Cassandra's parser keeps them; NaN has no sign. */
export function specialText(written: string): string {
  if (/nan/i.test(written)) return 'NaN';
  return written.startsWith('-') ? '-Infinity' : 'Infinity';
}

/** A floating point number that is infinite as a double: one that Cassandra's parser fails on, whatever it is for. */
export function isBeyondDouble(text: string): boolean {
  // Nearly all are short and without an exponent.
  return (text.length > 308 || /e/i.test(text)) && !Number.isFinite(Number(text));
}

/** `?` or `:name`. `index` counts the statement's markers from 0 as they stand in its text. */
export interface BindMarker extends Node<'bindMarker'> {
  readonly name: Name | undefined;
  readonly index: number;
}

export interface ColumnReference extends Node<'column'> {
  readonly name: Name;
}

/** `[a, b]`: a list or a vector, as the receiver's type says. */
export interface ListLiteral extends Node<'list'> {
  readonly elements: readonly Expression[];
}

/** `{a, b}`; with no elements, `{}`, it is the empty set, map or UDT. */
export interface SetLiteral extends Node<'set'> {
  readonly elements: readonly Expression[];
}

export interface MapLiteral extends Node<'map'> {
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly key: Expression;
  readonly value: Expression;
}

/** `{street: 'x', zip: 1}`. As a selector it may also be a map with columns as its keys: the receiver's type decides. */
export interface UdtLiteral extends Node<'udt'> {
  readonly fields: readonly UdtField[];
}

export interface UdtField {
  readonly name: Name;
  readonly value: Expression;
}

/** `(a, b)`. With one element it is a tuple of one or mere parentheses: the receiver's type and the place decide. */
export interface TupleExpression extends Node<'tuple'> {
  readonly elements: readonly Expression[];
}

/** `udt.field` */
export interface FieldAccess extends Node<'field'> {
  readonly operand: Expression;
  readonly field: Name;
}

/** `map[key]`, `set[element]` or (in IF only) `list[index]` */
export interface ElementAccess extends Node<'element'> {
  readonly operand: Expression;
  readonly key: Expression;
}

/** `collection[from..to]`, either end may be open */
export interface SliceAccess extends Node<'slice'> {
  readonly operand: Expression;
  readonly from: Expression | undefined;
  readonly to: Expression | undefined;
}

/** `f(x, y)`; `distinct` is explore's `count(DISTINCT x)`. */
export interface FunctionCall extends Node<'call'> {
  readonly name: QualifiedName;
  readonly distinct: boolean;
  readonly arguments: readonly Expression[];
}

/** `count(*)` */
export interface CountRows extends Node<'countRows'> {}

/** `writetime(c)`, `maxwritetime(c)`, `ttl(c)`: of a column, an element, a slice or a field of it */
export interface CellAttribute extends Node<'cellAttribute'> {
  readonly attribute: 'writetime' | 'maxwritetime' | 'ttl';
  readonly operand: Expression;
}

/** `token(a, b)` */
export interface TokenCall extends Node<'token'> {
  readonly arguments: readonly Expression[];
}

/** `CAST(x AS type)`, to native types only */
export interface Cast extends Node<'cast'> {
  readonly operand: Expression;
  readonly type: TypeNode;
}

/** `(type) x` */
export interface TypeHint extends Node<'typeHint'> {
  readonly type: TypeNode;
  readonly operand: Expression;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

export interface Arithmetic extends Node<'arithmetic'> {
  readonly operator: ArithmeticOperator;
  readonly left: Expression;
  readonly right: Expression;
  /** `a -1`: the operator was the number's sign, which Cassandra takes for a syntax error in a SELECT. */
  readonly fromSign: boolean;
}

/** `-x` of anything but a number literal, whose sign is part of its text */
export interface Negation extends Node<'negation'> {
  readonly operand: Expression;
}

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/**
 * `left op right`. Cassandra knows these on the left: a column, a tuple of columns `(a, b)`, `token(…)`, a map entry
 * `m[k]`, and in IF conditions also an element or field; on the right a term.
 */
export interface Comparison extends Node<'comparison'> {
  readonly operator: ComparisonOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `left IN (…)` with `values`, or `left IN ?` with a marker. */
export interface InPredicate extends Node<'in'> {
  readonly left: Expression;
  readonly values: readonly Expression[] | BindMarker;
  /** explore: NOT IN */
  readonly negated: boolean;
}

/** `left CONTAINS [KEY] right` */
export interface ContainsPredicate extends Node<'contains'> {
  readonly left: Expression;
  readonly right: Expression;
  readonly key: boolean;
  /** explore: NOT CONTAINS */
  readonly negated: boolean;
}

export interface LikePredicate extends Node<'like'> {
  readonly left: Expression;
  readonly right: Expression;
  /** explore: NOT LIKE */
  readonly negated: boolean;
}

/** `operand IS NOT NULL` when negated, else explore's `operand IS NULL` */
export interface NullPredicate extends Node<'isNull'> {
  readonly operand: Expression;
  readonly negated: boolean;
}

/** explore: `operand [NOT] BETWEEN low AND high` */
export interface BetweenPredicate extends Node<'between'> {
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
  readonly negated: boolean;
}

/** `expr(index, value)`: a custom index's own expression */
export interface IndexExpression extends Node<'indexExpression'> {
  readonly index: Name;
  readonly value: Expression;
}

/** `a AND b AND …`, flat: no operand is itself a conjunction */
export interface Conjunction extends Node<'and'> {
  readonly operands: readonly Expression[];
}

/** explore: `a OR b OR …`, flat */
export interface Disjunction extends Node<'or'> {
  readonly operands: readonly Expression[];
}

/** explore: `NOT a` */
export interface Complement extends Node<'not'> {
  readonly operand: Expression;
}

const PREDICATE_KINDS: ReadonlySet<string> = new Set<Predicate['kind']>([
  'comparison',
  'in',
  'contains',
  'like',
  'isNull',
  'between',
  'indexExpression',
  'and',
  'or',
  'not',
]);

export function isPredicate(expression: Expression): expression is Predicate {
  return PREDICATE_KINDS.has(expression.kind);
}

/** The relations of a WHERE clause: the operands of a top-level AND, or the one expression itself. */
export function conjuncts(where: Expression | undefined): readonly Expression[] {
  if (where === undefined) return [];
  return where.kind === 'and' ? where.operands : [where];
}
