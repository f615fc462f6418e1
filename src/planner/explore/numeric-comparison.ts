import type { CqlType, NativeTypeName } from '../../types/index.ts';
import { isNumeric } from '../../types/index.ts';
import type { BindScope } from '../expressions/bind-scope.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import { nativeType } from '../types/native-types.ts';
import { sameType } from '../types/same-type.ts';

const INTEGERS: readonly NativeTypeName[] = ['tinyint', 'smallint', 'int', 'bigint', 'varint'];

/** A type in which two numbers of different types can be compared without loss; null when they are no numbers. */
export function commonNumericType(a: CqlType, b: CqlType): CqlType | null {
  if (a.kind !== 'native' || b.kind !== 'native') return null;
  if (!isNumeric(a.name) || !isNumeric(b.name)) return null;
  if (sameType(a, b)) return a;
  const left = a.name === 'counter' ? 'bigint' : a.name;
  const right = b.name === 'counter' ? 'bigint' : b.name;
  if (INTEGERS.includes(left) && INTEGERS.includes(right)) {
    return nativeType(INTEGERS[Math.max(INTEGERS.indexOf(left), INTEGERS.indexOf(right))]);
  }
  if (left === 'decimal' || right === 'decimal' || left === 'varint' || right === 'varint')
    return nativeType('decimal');
  return nativeType('double');
}

/** The value cast to a wider type. */
export function widened(expression: TypedExpression, type: CqlType, scope: BindScope): TypedExpression {
  if (sameType(expression.type, type) || type.kind !== 'native') return expression;
  const casts = scope.context.functions.functions(`cast_as_${type.name}`);
  const cast = casts.find((candidate) => sameType(candidate.argumentTypes[0], expression.type));
  return cast?.kind === 'scalar' ? { kind: 'call', type, function: cast, args: [expression] } : expression;
}
