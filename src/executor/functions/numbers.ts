import { float32At, float64At, int16At, int32At, int64BigIntAt } from '../../bytes/index.ts';
import { codecOf, Decimal, doubleToString, type NumericTypeName } from '../../types/index.ts';

/** A value of a numeric type: number for small integers and floating points, bigint for the others, Decimal. */
export type NumericValue = number | bigint | Decimal;

/** Null for null and for empty values. */
export function readNumber(name: NumericTypeName, bytes: Uint8Array | null): NumericValue | null {
  if (bytes === null || bytes.length === 0) return null;
  switch (name) {
    case 'tinyint':
      return (bytes[0] << 24) >> 24;
    case 'smallint':
      return int16At(bytes, 0);
    case 'int':
      return int32At(bytes, 0);
    case 'bigint':
    case 'counter':
      return int64BigIntAt(bytes, 0);
    case 'float':
      return float32At(bytes, 0);
    case 'double':
      return float64At(bytes, 0);
    case 'varint':
    case 'decimal':
      // These codecs decode to bigint and Decimal.
      return codecOf({ kind: 'native', name }).decode(bytes, 0, bytes.length) as bigint | Decimal;
  }
}

/** Bytes of a value that already fits the type; integers wrap. */
export function writeNumber(name: NumericTypeName, value: NumericValue): Uint8Array {
  switch (name) {
    case 'tinyint':
      return Uint8Array.of(Number(value));
    case 'smallint': {
      const short = Number(value);
      return Uint8Array.of(short >> 8, short);
    }
    case 'int': {
      const int = Number(value);
      return Uint8Array.of(int >> 24, int >> 16, int >> 8, int);
    }
    case 'bigint':
    case 'counter':
      return int64Bytes(toBigInt(value));
    case 'float': {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatBE(Number(value));
      return bytes;
    }
    case 'double':
      return doubleBytes(Number(value));
    case 'varint':
      return codecOf({ kind: 'native', name }).encode(toBigInt(value));
    case 'decimal':
      return codecOf({ kind: 'native', name }).encode(value);
  }
}

export function int64Bytes(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt.asIntN(64, value));
  return bytes;
}

export function doubleBytes(value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

/** What x86, and so Java, makes of an operation on numbers whose result is none: a NaN with its sign bit set. */
export function operationNan(name: NumericTypeName): Uint8Array {
  return name === 'float' ? Uint8Array.of(0xff, 0xc0, 0, 0) : Uint8Array.of(0xff, 0xf8, 0, 0, 0, 0, 0, 0);
}

export function intBytes(value: number): Uint8Array {
  return writeNumber('int', value);
}

/** `Number.doubleValue`. */
export function toDouble(value: NumericValue): number {
  return value instanceof Decimal ? value.toNumber() : Number(value);
}

/** The integer part; floating points as Java's `(long)`: NaN is 0, too large is the largest. */
export function toBigInt(value: NumericValue): bigint {
  if (typeof value === 'bigint') return value;
  if (value instanceof Decimal) {
    if (value.scale <= 0) return value.unscaled * 10n ** BigInt(-value.scale);
    return value.unscaled / 10n ** BigInt(value.scale);
  }
  if (Number.isNaN(value)) return 0n;
  if (value >= 2 ** 63) return 2n ** 63n - 1n;
  if (value <= -(2 ** 63)) return -(2n ** 63n);
  return BigInt(Math.trunc(value));
}

/** `(int) double`. */
export function doubleToInt(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(value)));
}

/** `DecimalType.toBigDecimal`: all but decimals and varints go through a double. Throws for NaN and infinities. */
export function toDecimal(value: NumericValue, isVarint: boolean): Decimal {
  if (value instanceof Decimal) return value;
  if (isVarint && typeof value === 'bigint') return new Decimal(value, 0);
  const double = Number(value);
  if (Number.isNaN(double)) throw new RangeError('A NaN cannot be converted into a decimal');
  if (!Number.isFinite(double)) throw new RangeError('An infinite number cannot be converted into a decimal');
  return Decimal.from(doubleToString(double));
}
