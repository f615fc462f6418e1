import type { Expression } from '../../parser/ast/index.ts';
import { operatorOf } from '../functions/operators.ts';
import type { BindScope } from './bind-scope.ts';
import { type CallNames, expressionText, termCallName } from './expression-text.ts';

/** The name of an expression in a selection: calls show as `system.name(…)`, operators as operators. */
export function selectableText(expression: Expression, scope: BindScope): string {
  return expressionText(expression, scope.columns === null ? termCallName : selectorCallName);
}

const selectorCallName: CallNames = (name, args) => {
  const operator = operatorOf(name);
  if (operator !== null) return `${args[0]} ${operator} ${args[1]}`;
  if (name === '_negate') return `-${args[0]}`;
  const shown = name.includes('.') ? name : `system.${name}`;
  return shown === 'system.count' && args.length === 0 ? 'count' : `${shown}(${args.join(', ')})`;
};
