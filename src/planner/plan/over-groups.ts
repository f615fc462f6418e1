import type { Aggregate, TypedExpression } from '../expressions/typed-expression.ts';
import { operandsOf } from '../expressions/typed-expression.ts';
import type { Grouping } from '../select/checked-select.ts';
import { mapOperands } from './map-expression.ts';
import { sameExpression } from './same-expression.ts';

/** Gathers the aggregates of an expression; equal ones are computed once. */
export function collectAggregates(expression: TypedExpression, into: Aggregate[]): void {
  if (expression.kind === 'aggregate') {
    if (!into.some((known) => sameExpression(known, expression))) into.push(expression);
    return;
  }
  for (const operand of operandsOf(expression)) collectAggregates(operand, into);
}

/**
 * The expression over rows of groups: aggregates, and the keys of a hash grouping, become inputs that stand behind the
 * `inputCount` values of the group's first row.
 */
export function overGroups(
  expression: TypedExpression,
  aggregates: readonly Aggregate[],
  inputCount: number,
  grouping: Grouping,
): TypedExpression {
  const rewrite = (part: TypedExpression): TypedExpression => {
    if (part.kind === 'aggregate') {
      const index = aggregates.findIndex((known) => sameExpression(known, part));
      return { kind: 'input', type: part.type, slot: inputCount + index };
    }
    if (grouping.kind === 'hash') {
      const key = grouping.keys.findIndex((candidate) => sameExpression(candidate, part));
      if (key >= 0) return { kind: 'input', type: part.type, slot: inputCount + aggregates.length + key };
    }
    return mapOperands(part, rewrite);
  };
  return rewrite(expression);
}
