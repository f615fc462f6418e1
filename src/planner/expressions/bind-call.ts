import { CqlError } from '../../errors/index.ts';
import type { Expression } from '../../parser/ast/index.ts';
import { didYouMean } from '../../schema/nearest-name.ts';
import { cqlTypeName } from '../../types/index.ts';
import type { NativeFunction } from '../functions/function.ts';
import { operatorOf } from '../functions/operators.ts';
import { assignability } from '../types/assignability.ts';
import { bindExpression, cannotInfer } from './bind-expression.ts';
import { type BindScope, isOpaque } from './bind-scope.ts';
import { type CallExpression, callOf, castsToOwnType, type FunctionCallNode, resolveCall } from './calls.ts';
import { hintedType } from './hinted-type.ts';
import type { Receiver } from './literals.ts';
import { selectableText } from './selectable-text.ts';
import type { TypedExpression } from './typed-expression.ts';

/** A call of a scalar or an aggregate function, an operator included. */
export function bindCall(expression: CallExpression, receiver: Receiver | null, scope: BindScope): TypedExpression {
  const call = callOf(expression, scope);
  const inTerm = scope.columns === null;
  const target = inTerm ? receiver : null;
  const resolved = resolveCall(call, target?.type ?? null, scope, target !== null && isOpaque(target, scope.context));
  const shown = call.keyspace === null ? call.name : `${call.keyspace}.${call.name}`;
  if (resolved === null) {
    const message = inTerm ? `Unknown function ${shown} called` : `Unknown function '${shown}'`;
    const suggestion = didYouMean(call.name, scope.context.functions.names());
    throw CqlError.invalidRequest(message, { position: expression.position, suggestion });
  }
  if (inTerm && receiver !== null) checkTermResult(resolved, receiver);
  const args = bindArguments(call, resolved, scope);
  return resolved.kind === 'aggregate'
    ? { kind: 'aggregate', type: resolved.returnType, function: resolved, args, distinct: call.distinct }
    : { kind: 'call', type: resolved.returnType, function: resolved, args };
}

function checkTermResult(resolved: NativeFunction, receiver: Receiver): void {
  if (resolved.kind === 'aggregate') {
    throw CqlError.invalidRequest('Aggregation function are not supported in the where clause');
  }
  if (assignability(resolved.returnType, receiver.type) !== 'no') return;
  const operator = operatorOf(resolved.name);
  const what = operator === null ? `function ${resolved.keyspace}.${resolved.name}` : `operation ${operator}`;
  throw CqlError.invalidRequest(
    `Type error: cannot assign result of ${what} (type ${cqlTypeName(resolved.returnType)}) to ${receiver.name} (type ${cqlTypeName(receiver.type)})`,
  );
}

function bindArguments(call: FunctionCallNode, resolved: NativeFunction, scope: BindScope): TypedExpression[] {
  return call.args.map((argument, i) => {
    const name = `arg${i}(${resolved.keyspace}.${resolved.name.toLowerCase()})`;
    return bindExpression(argument, { name, type: resolved.argumentTypes[i] }, scope);
  });
}

/** CAST(x AS type); a cast of a value to its own type is the value itself. */
export function bindCast(
  expression: Extract<Expression, { kind: 'cast' }>,
  receiver: Receiver | null,
  scope: BindScope,
): TypedExpression {
  if (scope.columns === null) return bindCall(expression, receiver, scope);
  const target = hintedType(expression.type, scope);
  const { operand } = expression;
  if (operand.kind === 'tuple' && operand.elements.length === 1 && scope.context.dialect === 'strict') {
    cannotInfer(operand, scope);
  }
  if (castsToOwnType(expression, scope)) return bindExpression(expression.operand, null, scope);
  const call = callOf(expression, scope);
  const resolved = resolveCall({ ...call, keyspace: 'system' }, null, scope);
  if (resolved === null || resolved.kind !== 'scalar') {
    // Of all that is selected so far Cassandra names the first column, whatever is cast.
    bindExpression(operand, null, scope);
    const first = scope.context.dialect === 'strict' ? scope.columns.columns[0]?.column.name : undefined;
    throw CqlError.invalidRequest(
      `${first ?? selectableText(operand, scope)} cannot be cast to ${cqlTypeName(target)}`,
      expression,
    );
  }
  return { kind: 'call', type: resolved.returnType, function: resolved, args: bindArguments(call, resolved, scope) };
}
