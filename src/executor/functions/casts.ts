import { CqlError } from '../../errors/index.ts';
import { nativeType, type ScalarFunction } from '../../planner/index.ts';
import {
  codecOf,
  Decimal,
  doubleToString,
  floatToString,
  type NativeTypeName,
  NUMERIC_TYPES,
  type NumericTypeName,
} from '../../types/index.ts';
import { scalar } from './define-function.ts';
import { millisToDate } from './duration-arithmetic.ts';
import { doubleToInt, int64Bytes, type NumericValue, readNumber, toBigInt, toDouble, writeNumber } from './numbers.ts';
import { toMillis } from './time.ts';

/** Counters are cast from, and nothing is cast to them. */
const TARGETS = NUMERIC_TYPES.filter((name) => name !== 'counter');

/** CAST's matrix (`CastFcts`, 5.0.8). */
export function castFunctions(): ScalarFunction[] {
  const functions: ScalarFunction[] = [];
  for (const from of NUMERIC_TYPES) {
    for (const to of TARGETS) if (to !== from) functions.push(numericCast(from, to));
    functions.push(textCast(from, 'ascii'), textCast(from, 'text'));
  }
  functions.push(cast('ascii', 'text', (bytes) => bytes, { emptyIsNull: false }));
  for (const from of ['inet', 'boolean', 'timeuuid', 'timestamp', 'date', 'time', 'uuid'] as const) {
    functions.push(textCast(from, 'ascii'), textCast(from, 'text'));
  }
  functions.push(
    cast('timeuuid', 'date', (bytes) => millisToDate(toMillis('timeuuid', bytes))),
    cast('timeuuid', 'timestamp', (bytes) => int64Bytes(toMillis('timeuuid', bytes))),
    cast('timestamp', 'date', (bytes) => millisToDate(toMillis('timestamp', bytes))),
    cast('date', 'timestamp', (bytes) => int64Bytes(toMillis('date', bytes))),
  );
  return functions;
}

function cast(
  from: NativeTypeName,
  to: NativeTypeName,
  convert: (bytes: Uint8Array) => Uint8Array | null,
  { emptyIsNull } = { emptyIsNull: true },
): ScalarFunction {
  return scalar({
    name: `cast_as_${to}`,
    argumentTypes: [from],
    returnType: to,
    columnName: ([name]) => `cast(${name} as ${to})`,
    evaluate: ([bytes]) => (bytes === null || (emptyIsNull && bytes.length === 0) ? null : convert(bytes)),
  });
}

function numericCast(from: NumericTypeName, to: NumericTypeName): ScalarFunction {
  return cast(from, to, (bytes) => {
    const value = readNumber(from, bytes);
    return value === null ? null : writeNumber(to, converted(from, to, value));
  });
}

/** Java's conversions of `Number`: integers wrap, floating points stop at the ends of int and long. */
function converted(from: NumericTypeName, to: NumericTypeName, value: NumericValue): NumericValue {
  const floating = from === 'float' || from === 'double';
  switch (to) {
    case 'tinyint':
    case 'smallint':
    case 'int': {
      const bits = to === 'tinyint' ? 8 : to === 'smallint' ? 16 : 32;
      const whole = floating ? BigInt(doubleToInt(Number(value))) : toBigInt(value);
      return Number(BigInt.asIntN(bits, whole));
    }
    case 'bigint':
    case 'counter':
    case 'varint':
      return BigInt.asIntN(64, toBigInt(value));
    case 'float':
      return Math.fround(toDouble(value));
    case 'double':
      return toDouble(value);
    case 'decimal':
      if (from === 'float') return parsedDecimal(floatToString(Number(value)));
      if (from === 'double') return parsedDecimal(doubleToString(Number(value)));
      return new Decimal(toBigInt(value), 0);
  }
}

/** `new BigDecimal(text)`, with the words in which it refuses NaN and infinities. */
function parsedDecimal(text: string): Decimal {
  const decimal = Decimal.parse(text);
  if (decimal !== null) return decimal;
  throw new CqlError(
    'ServerError',
    `java.lang.NumberFormatException: Character ${text.replace('-', '')[0]} is neither a decimal digit number, decimal point, nor "e" notation exponential mark.`,
  );
}

function textCast(from: NativeTypeName, to: 'ascii' | 'text'): ScalarFunction {
  const codec = codecOf(nativeType(from === 'counter' ? 'bigint' : from));
  return cast(from, to, (bytes) => Buffer.from(codec.toDisplayString(bytes, 0, bytes.length)));
}
