import { CqlError } from '../../errors/index.ts';
import { type ArgumentView, assignability, type FunctionFactory, type NativeFunction } from '../../planner/index.ts';
import { type CqlType, cqlTypeName, isNumeric, type NativeTypeName } from '../../types/index.ts';
import { asType } from './define-function.ts';

/** One parameter of a function that is made for the types of its call (`FunctionParameter`, 5.0.8). */
export interface Parameter {
  /** As messages print it. */
  readonly text: string;
  readonly optional?: boolean;
  infer(argument: ArgumentView, receiver: CqlType | null, others: readonly (CqlType | null)[] | null): CqlType | null;
  /** Throws when the type does not fit. */
  check(functionName: string, argument: ArgumentView, type: CqlType): void;
}

const compatible = (argument: ArgumentView): CqlType | null => argument.compatibleType;

export function anyType(inferFromReceiver: boolean): Parameter {
  return {
    text: 'any',
    infer: (argument, receiver) => argument.compatibleType ?? (inferFromReceiver ? receiver : null),
    check: () => {},
  };
}

export function fixedType(...names: readonly NativeTypeName[]): Parameter {
  const text = names.length === 1 ? names[0] : `[${names.join('|')}]`;
  return {
    text,
    infer: (argument) => argument.compatibleType ?? asType(names[0]),
    check(name, argument, type) {
      if (names.every((wanted) => assignability(type, asType(wanted)) === 'no')) {
        throw mismatch(name, `an argument of type ${this.text}`, argument, type);
      }
    },
  };
}

export function optional(parameter: Parameter): Parameter {
  return { ...parameter, text: `[${parameter.text}]`, optional: true };
}

export function sameAs(index: number, prefersOther: boolean, parameter: Parameter): Parameter {
  return {
    ...parameter,
    infer: (argument, receiver, others) => {
      const other = others?.[index] ?? null;
      if (prefersOther) return other ?? parameter.infer(argument, receiver, others);
      return parameter.infer(argument, receiver, others) ?? other;
    },
  };
}

export const anyCollection: Parameter = {
  text: 'collection',
  infer: compatible,
  check: (name, argument, type) => {
    if (argument.isReversed || (type.kind !== 'list' && type.kind !== 'set' && type.kind !== 'map')) {
      throw mismatch(name, 'a collection argument', argument, type);
    }
  },
};

export const setOrList: Parameter = {
  text: 'numeric_set_or_list',
  infer: compatible,
  check: (name, argument, type) => {
    if (argument.isReversed || (type.kind !== 'list' && type.kind !== 'set')) {
      throw mismatch(name, 'a set or list argument', argument, type);
    }
  },
};

export const numericSetOrList: Parameter = {
  text: 'numeric_set_or_list',
  infer: compatible,
  check: (name, argument, type) => {
    const element = type.kind === 'list' || type.kind === 'set' ? type.element : null;
    if (argument.isReversed || element?.kind !== 'native' || !isNumeric(element.name)) {
      throw mismatch(name, 'a numeric set/list argument', argument, type);
    }
  },
};

export const anyMap: Parameter = {
  text: 'map',
  infer: compatible,
  check: (name, argument, type) => {
    if (argument.isReversed || type.kind !== 'map') throw mismatch(name, 'a map argument', argument, type);
  },
};

export const floatVector: Parameter = {
  text: 'vector<float, n>',
  infer: (argument, receiver) => {
    if (argument.arraySize !== null)
      return { kind: 'vector', element: asType('float'), dimensions: argument.arraySize };
    return argument.compatibleType ?? receiver;
  },
  check: (name, argument, type) => {
    if (
      !argument.isReversed &&
      type.kind === 'vector' &&
      type.element.kind === 'native' &&
      type.element.name === 'float'
    )
      return;
    throw mismatch(name, 'a float vector argument', argument, type);
  },
};

function mismatch(name: string, wanted: string, argument: ArgumentView, type: CqlType): CqlError {
  return CqlError.invalidRequest(
    `Function system.${name} requires ${wanted}, but found argument ${argument.text} of type ${cqlTypeName(type)}`,
  );
}

/** A factory that infers the types of a call's arguments, checks them, and makes the function (`FunctionFactory`). */
export function factory(
  name: string,
  parameters: readonly Parameter[],
  make: (types: readonly CqlType[], name: string, args: readonly ArgumentView[]) => NativeFunction,
): FunctionFactory {
  const mandatory = parameters.filter((parameter) => parameter.optional !== true).length;
  const signature = `system.${name}(${parameters.map((parameter) => parameter.text).join(', ')})`;
  return {
    keyspace: 'system',
    name,
    create: (args, receiver) => {
      if (args.length < mandatory || args.length > parameters.length) {
        throw CqlError.invalidRequest(`Invalid number of arguments for function ${signature}`);
      }
      const inferred: (CqlType | null)[] = args.map((argument, i) => parameters[i].infer(argument, receiver, null));
      const types = args.map((argument, i) => {
        const type = parameters[i].infer(argument, receiver, inferred);
        if (type === null) {
          throw CqlError.invalidRequest(
            `Cannot infer type of argument ${argument.text} in call to function ${signature}: use type casts to disambiguate`,
          );
        }
        parameters[i].check(name, argument, type);
        inferred[i] = type;
        return type;
      });
      return { ...make(types, name, args), fromFactory: true };
    },
  };
}
