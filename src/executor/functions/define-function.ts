import type { FunctionContext, ScalarFunction } from '../../planner/index.ts';
import { nativeType } from '../../planner/index.ts';
import type { CqlType, NativeTypeName } from '../../types/index.ts';

type Bytes = Uint8Array | null;

export interface ScalarDefinition {
  readonly name: string;
  readonly argumentTypes: readonly (CqlType | NativeTypeName)[];
  readonly returnType: CqlType | NativeTypeName;
  readonly pure?: boolean;
  readonly fromFactory?: boolean;
  readonly columnName?: ScalarFunction['columnName'];
  evaluate(args: readonly Bytes[], context: FunctionContext): Bytes;
}

/** A native scalar function. */
export function scalar(definition: ScalarDefinition): ScalarFunction {
  return {
    kind: 'scalar',
    keyspace: 'system',
    name: definition.name,
    argumentTypes: definition.argumentTypes.map(asType),
    returnType: asType(definition.returnType),
    pure: definition.pure ?? true,
    fromFactory: definition.fromFactory,
    columnName: definition.columnName,
    evaluate: definition.evaluate,
  };
}

/** The same function under the name it had before 5.0. */
export function renamed(function_: ScalarFunction, name: string): ScalarFunction {
  return { ...function_, name };
}

export function asType(type: CqlType | NativeTypeName): CqlType {
  return typeof type === 'string' ? nativeType(type) : type;
}
