import type { AggregateFunction, AggregateState, FunctionContext } from '../../planner/index.ts';
import type { CqlType, NativeTypeName } from '../../types/index.ts';
import { asType } from './define-function.ts';

/** An aggregate of one argument. */
export function defineAggregate(
  name: string,
  argumentType: CqlType | NativeTypeName,
  returnType: CqlType | NativeTypeName,
  createState: (context: FunctionContext) => AggregateState,
  native = true,
): AggregateFunction {
  return {
    kind: 'aggregate',
    keyspace: 'system',
    name,
    argumentTypes: [asType(argumentType)],
    returnType: asType(returnType),
    native,
    createState,
  };
}
