import { CqlError } from '../../errors/index.ts';
import type { FunctionFactory, ScalarFunction } from '../../planner/index.ts';
import type { NativeTypeName } from '../../types/index.ts';
import { asType, scalar } from './define-function.ts';

/** A function of any number of arguments of one type. */
export function scalarFactory(
  name: string,
  type: NativeTypeName,
  evaluate: ScalarFunction['evaluate'],
): FunctionFactory {
  return {
    keyspace: 'system',
    name,
    create: (args) => {
      if (args.length === 0)
        throw CqlError.invalidRequest(`Invalid number of arguments for function ${name}(${type}…)`);
      const made = scalar({ name, argumentTypes: args.map(() => asType(type)), returnType: type, evaluate });
      return { ...made, fromFactory: true };
    },
  };
}
