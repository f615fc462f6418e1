import { CqlError } from '../../errors/index.ts';
import type { ScalarFunction } from '../../planner/index.ts';
import { Decimal, NUMERIC_TYPES, type NumericTypeName } from '../../types/index.ts';
import * as decimals from './decimal-arithmetic.ts';
import * as transcendental from './decimal-transcendentals.ts';
import { scalar } from './define-function.ts';
import { doubleToInt, type NumericValue, operationNan, readNumber, toBigInt, writeNumber } from './numbers.ts';

/** abs, exp, log, log10 and round: each gives the type of its argument (`MathFcts`, 5.0.8). */
export function mathFunctions(): ScalarFunction[] {
  return NUMERIC_TYPES.flatMap((type) => [
    mathFunction('abs', type, (value) => absolute(type, value)),
    mathFunction('exp', type, (value) => transcend(type, value, Math.exp, transcendental.exp)),
    mathFunction('log', type, (value) => transcend(type, value, Math.log, transcendental.log)),
    mathFunction('log10', type, (value) => transcend(type, value, Math.log10, transcendental.log10)),
    mathFunction('round', type, (value) => roundedValue(type, value)),
  ]);
}

function mathFunction(
  name: string,
  type: NumericTypeName,
  compute: (value: NumericValue) => NumericValue,
): ScalarFunction {
  return scalar({
    name,
    argumentTypes: [type],
    returnType: type,
    evaluate: ([bytes]) => {
      const value = readNumber(type, bytes);
      if (value === null) return null;
      try {
        const result = compute(value);
        return Number.isNaN(result) && !Number.isNaN(value) ? operationNan(type) : writeNumber(type, result);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw new CqlError('ServerError', `java.lang.ArithmeticException: ${error.message}`);
      }
    },
  });
}

function absolute(type: NumericTypeName, value: NumericValue): NumericValue {
  if (value instanceof Decimal) return decimals.abs(value);
  if (typeof value === 'bigint') return value < 0n ? -value : value;
  return type === 'float' || type === 'double' ? Math.abs(value) : Math.abs(value) | 0;
}

/** Integers get the result's integer part, as Java's casts of a double cut it. */
function transcend(
  type: NumericTypeName,
  value: NumericValue,
  onDouble: (x: number) => number,
  onDecimal: (x: Decimal) => Decimal,
): NumericValue {
  if (value instanceof Decimal) return onDecimal(value);
  if (type === 'varint') return toBigInt(onDecimal(new Decimal(toBigInt(value), 0)));
  const result = onDouble(Number(value));
  if (type === 'float' || type === 'double') return result;
  return type === 'bigint' || type === 'counter' ? toBigInt(result) : doubleToInt(result);
}

/** Halves go up, as `Math.round`; beyond the range of int (of floats) or long the nearest of these. */
function roundedValue(type: NumericTypeName, value: NumericValue): NumericValue {
  if (value instanceof Decimal) return decimals.round(value);
  if (type === 'float') return doubleToInt(Math.floor(Number(value) + 0.5));
  if (type === 'double') return Number(toBigInt(roundHalfUp(Number(value))));
  return value;
}

/** `Math.round(double)` without the error that adding one half has next to it. */
function roundHalfUp(value: number): number {
  const floor = Math.floor(value);
  return value - floor >= 0.5 ? floor + 1 : floor;
}
