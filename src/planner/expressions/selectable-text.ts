import { CqlError } from '../../errors/index.ts';
import type { Expression } from '../../parser/ast/index.ts';
import { operatorOf } from '../functions/operators.ts';
import type { BindScope } from './bind-scope.ts';
import { castsToOwnType, countsRows } from './calls.ts';
import { type CallNames, expressionText, termCallName, typeNodeText } from './expression-text.ts';

/** The name of an expression in a selection: calls show as `system.name(…)`, operators as operators. */
export function selectableText(expression: Expression, scope: BindScope): string {
  if (scope.columns === null) return expressionText(expression, termCallName, (part) => hintText(part, scope));
  return expressionText(expression, selectorCallName, (part) => specialText(part, scope));
}

const selectorCallName: CallNames = (name, args) => {
  const operator = operatorOf(name);
  if (operator !== null) return `${args[0]} ${operator} ${args[1]}`;
  if (name === '_negate') return `-${args[0]}`;
  return `${name.includes('.') ? name : `system.${name}`}(${args.join(', ')})`;
};

function specialText(expression: Expression, scope: BindScope): string | null {
  if (expression.kind === 'call' && countsRows(expression)) return 'count';
  // A cast of a value to its own type is the value itself, in name too.
  if (expression.kind === 'cast' && isValueItself(expression, scope)) return selectableText(expression.operand, scope);
  return hintText(expression, scope);
}

/** A hint is printed when its type is known: a user type then has a keyspace. */
function hintText(expression: Expression, scope: BindScope): string | null {
  if (expression.kind !== 'typeHint') return null;
  return `(${typeNodeText(expression.type, scope.keyspace)})${selectableText(expression.operand, scope)}`;
}

function isValueItself(expression: Extract<Expression, { kind: 'cast' }>, scope: BindScope): boolean {
  try {
    return castsToOwnType(expression, scope);
  } catch (error) {
    // What is wrong with the cast is told where it is bound.
    if (error instanceof CqlError) return false;
    throw error;
  }
}
