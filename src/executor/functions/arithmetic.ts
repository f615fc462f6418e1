import { CqlError } from '../../errors/index.ts';
import { type ArithmeticName, OPERATORS, operatorFunctionName, type ScalarFunction } from '../../planner/index.ts';
import { Decimal, type NativeTypeName, NUMERIC_TYPES, type NumericTypeName } from '../../types/index.ts';
import * as decimals from './decimal-arithmetic.ts';
import { scalar } from './define-function.ts';
import { addDuration } from './duration-arithmetic.ts';
import { type NumericValue, operationNan, readNumber, toBigInt, toDecimal, toDouble, writeNumber } from './numbers.ts';

/** The operators on numbers, on dates with durations, and `+` on texts (`OperationFcts`, 5.0.8). */
export function arithmeticFunctions(): ScalarFunction[] {
  const functions: ScalarFunction[] = [];
  const numeric = NUMERIC_TYPES;
  for (const operator of OPERATORS) {
    for (const left of numeric) for (const right of numeric) functions.push(numericOperation(operator, left, right));
  }
  for (const type of numeric) functions.push(negation(type));
  for (const operator of ['+', '-'] as const) {
    functions.push(temporalOperation(operator, 'timestamp'), temporalOperation(operator, 'date'));
  }
  functions.push(
    concatenation('text', 'text'),
    concatenation('ascii', 'ascii'),
    concatenation('ascii', 'text'),
    concatenation('text', 'ascii'),
  );
  return functions;
}

function operation(
  operator: ArithmeticName,
  left: NativeTypeName,
  right: NativeTypeName,
  returnType: NativeTypeName,
  run: (left: Uint8Array, right: Uint8Array) => Uint8Array | null,
): ScalarFunction {
  return scalar({
    name: operatorFunctionName(operator),
    argumentTypes: [left, right],
    returnType,
    columnName: ([a, b]) => `${a} ${operator} ${b}`,
    evaluate: ([a, b]) => {
      if (a === null || b === null) return null;
      try {
        return run(a, b);
      } catch (error) {
        if (!(error instanceof RangeError || error instanceof CqlError)) throw error;
        throw new CqlError('FunctionFailure', `the operation '${left} ${operator} ${right}' failed: ${error.message}`);
      }
    },
  });
}

function numericOperation(operator: ArithmeticName, left: NumericTypeName, right: NumericTypeName): ScalarFunction {
  const result = resultType(left, right);
  return operation(operator, left, right, result, (a, b) => {
    const x = readNumber(left, a);
    const y = readNumber(right, b);
    if (x === null || y === null) return null;
    const value = compute(operator, result, x, y, left === 'varint', right === 'varint');
    const isNew = Number.isNaN(value) && !Number.isNaN(x) && !Number.isNaN(y);
    return isNew ? operationNan(result) : writeNumber(result, value);
  });
}

/** The wider of the two; floating if one is (`OperationFcts.returnType`). */
function resultType(left: NumericTypeName, right: NumericTypeName): NumericTypeName {
  const floating = FLOATING.has(left) || FLOATING.has(right);
  const size = Math.max(SIZE[left], SIZE[right]);
  if (floating) return size <= 4 ? 'float' : size === 8 ? 'double' : 'decimal';
  return size === 1 ? 'tinyint' : size === 2 ? 'smallint' : size === 4 ? 'int' : size === 8 ? 'bigint' : 'varint';
}

const FLOATING: ReadonlySet<NumericTypeName> = new Set(['float', 'double', 'decimal']);
const SIZE: Readonly<Record<NumericTypeName, number>> = {
  tinyint: 1,
  smallint: 2,
  int: 4,
  bigint: 8,
  counter: 8,
  float: 4,
  double: 8,
  varint: Number.POSITIVE_INFINITY,
  decimal: Number.POSITIVE_INFINITY,
};

function compute(
  operator: ArithmeticName,
  result: NumericTypeName,
  x: NumericValue,
  y: NumericValue,
  xIsVarint: boolean,
  yIsVarint: boolean,
): NumericValue {
  switch (result) {
    case 'tinyint':
    case 'smallint':
    case 'int':
      return wrapped(result, onIntegers(operator, BigInt(Number(x)), BigInt(Number(y)), '/ by zero'));
    case 'bigint':
    case 'counter':
      return BigInt.asIntN(64, onIntegers(operator, toBigInt(x), toBigInt(y), '/ by zero'));
    case 'varint':
      return onIntegers(operator, toBigInt(x), toBigInt(y), 'BigInteger divide by zero');
    case 'float':
      return Math.fround(onDoubles(operator, Math.fround(toDouble(x)), Math.fround(toDouble(y))));
    case 'double':
      return onDoubles(operator, toDouble(x), toDouble(y));
    case 'decimal':
      return onDecimals(operator, toDecimal(x, xIsVarint), toDecimal(y, yIsVarint));
  }
}

function wrapped(type: 'tinyint' | 'smallint' | 'int', value: bigint): number {
  return Number(BigInt.asIntN(SIZE[type] * 8, value));
}

function onIntegers(operator: ArithmeticName, x: bigint, y: bigint, onZero: string): bigint {
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      if (y === 0n) throw new RangeError(onZero);
      return x / y;
    case '%':
      if (y === 0n) throw new RangeError(onZero);
      return x % y;
  }
}

function onDoubles(operator: ArithmeticName, x: number, y: number): number {
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return x / y;
    case '%':
      return x % y;
  }
}

function onDecimals(operator: ArithmeticName, x: Decimal, y: Decimal): Decimal {
  switch (operator) {
    case '+':
      return decimals.add(x, y);
    case '-':
      return decimals.subtract(x, y);
    case '*':
      return decimals.multiply(x, y);
    case '/':
      return decimals.divide(x, y);
    case '%':
      return decimals.remainder(x, y);
  }
}

function negation(type: NumericTypeName): ScalarFunction {
  return scalar({
    name: '_negate',
    argumentTypes: [type],
    returnType: type,
    columnName: ([name]) => `-${name}`,
    evaluate: ([bytes]) => {
      const value = readNumber(type, bytes);
      if (value === null) return null;
      if (value instanceof Decimal) return writeNumber(type, decimals.negate(value));
      return writeNumber(type, typeof value === 'bigint' ? -value : -value);
    },
  });
}

function temporalOperation(operator: '+' | '-', type: 'timestamp' | 'date'): ScalarFunction {
  return operation(operator, type, 'duration', type, (temporal, duration) => {
    if (temporal.length === 0 || duration.length === 0) return null;
    return addDuration(type, temporal, duration, operator === '-');
  });
}

function concatenation(left: 'text' | 'ascii', right: 'text' | 'ascii'): ScalarFunction {
  const result = left === 'ascii' && right === 'ascii' ? 'ascii' : 'text';
  return operation('+', left, right, result, (a, b) => Buffer.concat([a, b]));
}
