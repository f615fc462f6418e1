import { unreachable } from '../../errors/index.ts';
import type { Expression } from '../../parser/ast/index.ts';
import type { CqlType } from '../../types/index.ts';
import type { NativeFunction } from '../functions/function.ts';
import { NEGATION, operatorFunction } from '../functions/operators.ts';
import { resolveFunction } from '../functions/resolve-function.ts';
import { sameType } from '../types/same-type.ts';
import { type BindScope, existingColumn, isOpaque } from './bind-scope.ts';
import { typeText } from './expression-text.ts';
import { hintedType } from './hinted-type.ts';
import { argumentView, exactType } from './infer-type.ts';

/** A function call, whether it was written by name, as an operator or as a cast. */
export interface FunctionCallNode {
  readonly keyspace: string | null;
  readonly name: string;
  readonly args: readonly Expression[];
  readonly distinct: boolean;
}

/** The expressions that call a function, however they are written. */
export type CallExpression = Extract<
  Expression,
  { kind: 'call' | 'countRows' | 'token' | 'arithmetic' | 'negation' | 'cast' }
>;

export function callOf(expression: CallExpression, scope: BindScope): FunctionCallNode {
  switch (expression.kind) {
    case 'call':
      return namedCall(expression);
    case 'countRows':
      return { keyspace: null, name: 'count_rows', args: [], distinct: false };
    case 'token':
      return { keyspace: null, name: 'token', args: expression.arguments, distinct: false };
    case 'arithmetic':
      return {
        keyspace: 'system',
        name: operatorFunction(expression.operator),
        args: [expression.left, expression.right],
        distinct: false,
      };
    case 'negation':
      return { keyspace: 'system', name: NEGATION, args: [expression.operand], distinct: false };
    case 'cast':
      return { keyspace: 'system', name: castFunction(expression, scope), args: [expression.operand], distinct: false };
    default:
      return unreachable(expression);
  }
}

/** `count(1)` counts rows, as `count(*)` does: the argument is a literal other than null. */
export function countsRows({ name, arguments: args, distinct }: Extract<Expression, { kind: 'call' }>): boolean {
  if (name.name.text !== 'count' || distinct || args.length !== 1) return false;
  const [first] = args;
  return (name.keyspace?.text ?? 'system') === 'system' && first.kind === 'literal' && first.type !== 'null';
}

function namedCall(expression: Extract<Expression, { kind: 'call' }>): FunctionCallNode {
  if (countsRows(expression)) return { keyspace: null, name: 'count_rows', args: [], distinct: false };
  const { name, arguments: args, distinct } = expression;
  return { keyspace: name.keyspace?.text ?? null, name: name.name.text, args, distinct };
}

/**
 * A cast of a value to its own type, which is the value itself. Cassandra does not see it in a clustering column with
 * descending order, whose type is another to it: there it finds no such cast.
 */
export function castsToOwnType({ operand, type }: Extract<Expression, { kind: 'cast' }>, scope: BindScope): boolean {
  if (isReversedColumn(operand, scope)) return false;
  const known = exactType(operand, scope);
  return known !== null && sameType(known, hintedType(type, scope));
}

/** A clustering column with descending order, where its type is another to Cassandra; nowhere in explore mode. */
export function isReversedColumn(expression: Expression, { table, columns, context }: BindScope): boolean {
  if (expression.kind !== 'column' || table === null || columns === null) return false;
  return isOpaque(existingColumn(table, expression.name), context);
}

/** The overload that a call resolves to; null when no function has the name. */
export function resolveCall(
  call: FunctionCallNode,
  receiver: CqlType | null,
  scope: BindScope,
  receiverIsOpaque = false,
): NativeFunction | null {
  const userKeyspace = call.keyspace ?? scope.keyspace;
  const user = scope.context.schema.keyspaces.get(userKeyspace);
  const named = [...(user?.functions ?? []), ...(user?.aggregates ?? [])].filter(({ name }) => name === call.name);
  return resolveFunction(scope.context.functions, {
    keyspace: call.keyspace,
    name: call.name,
    args: call.args.map((argument) => argumentView(argument, scope)),
    receiver,
    receiverIsOpaque,
    table:
      scope.table === null
        ? null
        : {
            keyspace: scope.table.keyspace,
            name: scope.table.name,
            partitionKeyTypes: scope.table.partitionKey.map((column) => column.type),
          },
    hasUserFunction: named.length > 0,
  });
}

/** `cast_as_text`, by the type that is cast to. */
function castFunction(expression: Extract<Expression, { kind: 'cast' }>, scope: BindScope): string {
  return `cast_as_${typeText(hintedType(expression.type, scope)).toLowerCase()}`;
}
