import { type Expression, isPredicate } from '../../parser/ast/index.ts';
import type { BindScope } from '../expressions/bind-scope.ts';
import { predicateText } from '../expressions/expression-text.ts';
import { selectableText } from '../expressions/selectable-text.ts';

/** How a column of the answer is called when it has no alias. */
export function expressionName(expression: Expression, scope: BindScope): string {
  if (isPredicate(expression)) return predicateText(expression);
  if (expression.kind !== 'call') return selectableText(expression, scope);
  // Functions that Cassandra lacks are not called by its keyspace.
  if (scope.context.functions.isExploreOnly(expression.name.name.text)) {
    const distinct = expression.distinct ? 'distinct ' : '';
    const args = expression.arguments.map((argument) => expressionName(argument, scope));
    return `${expression.name.name.text}(${distinct}${args.join(', ')})`;
  }
  return selectableText(expression, scope).replace('(', expression.distinct ? '(distinct ' : '(');
}
