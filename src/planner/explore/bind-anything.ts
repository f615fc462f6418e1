import { type Expression, isPredicate } from '../../parser/ast/index.ts';
import { bindExpression } from '../expressions/bind-expression.ts';
import type { BindScope } from '../expressions/bind-scope.ts';
import { compatibleType } from '../expressions/infer-type.ts';
import type { Receiver } from '../expressions/literals.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import { nativeType } from '../types/native-types.ts';
import { bindCondition } from './bind-condition.ts';

/** Any expression as a value: conditions are booleans, constants have the type that they look like. */
export function bindAnything(expression: Expression, receiver: Receiver | null, scope: BindScope): TypedExpression {
  if (isPredicate(expression)) {
    return { kind: 'test', type: nativeType('boolean'), condition: bindCondition(expression, scope) };
  }
  if (expression.kind === 'tuple' && expression.elements.length === 1 && receiver?.type.kind !== 'tuple') {
    return bindAnything(expression.elements[0], receiver, scope);
  }
  return bindExpression(expression, receiver ?? guessedReceiver(expression, scope), scope);
}

/** Constants alone say nothing of their type to Cassandra. */
function guessedReceiver(expression: Expression, scope: BindScope): Receiver | null {
  if (expression.kind === 'literal' && expression.type === 'hex') return { name: 'value', type: nativeType('blob') };
  if (expression.kind === 'literal' && expression.type === 'string') return { name: 'value', type: nativeType('text') };
  if (expression.kind === 'literal' && expression.type === 'null') return { name: 'value', type: nativeType('text') };
  if (expression.kind === 'bindMarker') return { name: '[selection]', type: nativeType('text') };
  if (expression.kind !== 'literal' && expression.kind !== 'list' && expression.kind !== 'set') return null;
  const type = compatibleType(expression, scope);
  return type === null ? null : { name: 'value', type };
}
