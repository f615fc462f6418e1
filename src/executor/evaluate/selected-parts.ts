import { CqlError } from '../../errors/index.ts';
import { operandsOf, type TypedExpression } from '../../planner/index.ts';
import type { StatementContext } from '../statement-context.ts';
import { termValue } from './compile-expression.ts';

type Element = Extract<TypedExpression, { kind: 'element' }>;
type Slice = Extract<TypedExpression, { kind: 'slice' }>;

/** The key of `m[key]`. */
export function elementKey({ key, operandName }: Element, context: StatementContext): Uint8Array {
  const value = termValue(key, context);
  if (value === null) throw CqlError.invalidRequest(`Invalid null value for element selection on ${operandName}`);
  if (value === undefined) {
    throw CqlError.invalidRequest(`Invalid unset value for element selection on ${operandName}`);
  }
  return value;
}

/** Both ends of `m[from..to]`, included; null for none, which a marker that is not set stands for too. */
export interface KeyRange {
  readonly from: Uint8Array | null;
  readonly to: Uint8Array | null;
}

export function sliceRange({ from, to, operandName }: Slice, context: StatementContext): KeyRange {
  const bound = (term: TypedExpression | null): Uint8Array | null => {
    const value = term === null ? undefined : termValue(term, context);
    if (value === null) throw CqlError.invalidRequest(`Invalid null value for slice selection on ${operandName}`);
    return value ?? null;
  };
  return { from: bound(from), to: bound(to) };
}

export function keyRange(part: Element | Slice, context: StatementContext): KeyRange {
  if (part.kind === 'slice') return sliceRange(part, context);
  const key = elementKey(part, context);
  return { from: key, to: key };
}

/** Throws what is wrong with a key or bound in a selection, which Cassandra tells before it looks at WHERE. */
export function checkSelectedParts(expression: TypedExpression, context: StatementContext): void {
  for (const operand of operandsOf(expression)) checkSelectedParts(operand, context);
  if (expression.kind === 'element') elementKey(expression, context);
  else if (expression.kind === 'slice') sliceRange(expression, context);
}
