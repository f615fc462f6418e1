import { float32At, float64At, int16At, int32At } from '../../bytes/index.ts';
import type { AggregateFunction, AggregateState } from '../../planner/index.ts';
import { Decimal, doubleToString, type NumericTypeName } from '../../types/index.ts';
import { add, divideToScale, subtract } from './decimal-arithmetic.ts';
import { defineAggregate } from './define-aggregate.ts';
import { doubleBytes, readNumber, writeNumber } from './numbers.ts';

type Bytes = Uint8Array | null;

/** avg keeps its argument's type and accumulates wide (`AggregateFcts`, 5.0.8). Of no rows it is 0. */
export function averageFunction(type: NumericTypeName): AggregateFunction {
  return defineAggregate('avg', type, type, () => averageState(type));
}

function averageState(type: NumericTypeName): AggregateState {
  switch (type) {
    case 'tinyint':
    case 'smallint':
    case 'int':
      return new SmallAverage(type);
    case 'bigint':
    case 'counter':
      return new LongAverage(type);
    case 'float':
    case 'double':
      return new FloatAverage(type);
    case 'varint':
      return new VarintAverage();
    case 'decimal':
      return new DecimalAverage();
  }
}

/** Sums stay exact in a double up to 2^53; beyond that they go on in a bigint. */
class SmallAverage implements AggregateState {
  private readonly type: 'tinyint' | 'smallint' | 'int';
  private sum = 0;
  private carried = 0n;
  private count = 0;

  constructor(type: 'tinyint' | 'smallint' | 'int') {
    this.type = type;
  }

  add([bytes]: readonly Bytes[]): void {
    if (bytes !== null) this.addRange(bytes, 0, bytes.length);
  }

  addRange(source: Uint8Array, start: number, end: number): void {
    if (end <= start) return;
    const length = end - start;
    this.sum +=
      length === 4 ? int32At(source, start) : length === 2 ? int16At(source, start) : (source[start] << 24) >> 24;
    this.count++;
    if (this.sum > SAFE || this.sum < -SAFE) this.carry();
  }

  private carry(): void {
    this.carried += BigInt(this.sum);
    this.sum = 0;
  }

  result(): Uint8Array {
    if (this.count === 0) return writeNumber(this.type, 0);
    this.carry();
    return writeNumber(this.type, Number(this.carried / BigInt(this.count)));
  }
}

const SAFE = 2 ** 52;

class LongAverage implements AggregateState {
  private readonly type: 'bigint' | 'counter';
  private sum = 0n;
  private high = 0;
  private low = 0;
  private count = 0;

  constructor(type: 'bigint' | 'counter') {
    this.type = type;
  }

  add([bytes]: readonly Bytes[]): void {
    if (bytes !== null) this.addRange(bytes, 0, bytes.length);
  }

  /** Halves are summed as doubles, which stay exact for 2^20 rows, and then carried over. */
  addRange(source: Uint8Array, start: number, end: number): void {
    if (end <= start) return;
    this.high += int32At(source, start);
    this.low += int32At(source, start + 4) >>> 0;
    if ((++this.count & 0xf_ffff) === 0) this.carry();
  }

  private carry(): void {
    this.sum += (BigInt(this.high) << 32n) + BigInt(this.low);
    this.high = 0;
    this.low = 0;
  }

  result(): Uint8Array {
    if (this.count === 0) return writeNumber(this.type, 0n);
    this.carry();
    return writeNumber(this.type, this.sum / BigInt(this.count));
  }
}

/** Kahan's sum; when it overflows, an exact decimal one goes on (`FloatAvgAggregate`). */
class FloatAverage implements AggregateState {
  private readonly type: 'float' | 'double';
  private sum = 0;
  private compensation = 0;
  private simple = 0;
  private count = 0;
  private bigSum: Decimal | null = null;

  constructor(type: 'float' | 'double') {
    this.type = type;
  }

  add([bytes]: readonly Bytes[]): void {
    if (bytes !== null) this.addRange(bytes, 0, bytes.length);
  }

  addRange(source: Uint8Array, start: number, end: number): void {
    if (end <= start) return;
    const value = end - start === 8 ? float64At(source, start) : float32At(source, start);
    this.count++;
    if (this.bigSum !== null) {
      this.bigSum = add(this.bigSum, decimalOf(value));
      return;
    }
    this.simple += value;
    const before = this.sum;
    const corrected = value - this.compensation;
    const rounded = this.sum + corrected;
    this.compensation = rounded - this.sum - corrected;
    this.sum = rounded;
    if (!isInfinite(this.sum) || isInfinite(value)) return;
    this.bigSum = add(decimalOf(before), decimalOf(value));
  }

  result(): Uint8Array {
    const value = this.value();
    return this.type === 'double' ? doubleBytes(value) : writeNumber('float', value);
  }

  private value(): number {
    if (this.count === 0) return 0;
    if (this.bigSum !== null) {
      return divideToScale(this.bigSum, new Decimal(BigInt(this.count), 0), this.bigSum.scale, 'halfEven').toNumber();
    }
    const total = this.sum + this.compensation;
    return (Number.isNaN(total) && isInfinite(this.simple) ? this.simple : total) / this.count;
  }
}

function isInfinite(value: number): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}

function decimalOf(value: number): Decimal {
  return Decimal.from(doubleToString(value));
}

class VarintAverage implements AggregateState {
  private sum = 0n;
  private count = 0n;

  add([bytes]: readonly Bytes[]): void {
    const value = readNumber('varint', bytes);
    if (typeof value !== 'bigint') return;
    this.sum += value;
    this.count++;
  }

  result(): Uint8Array {
    return writeNumber('varint', this.count === 0n ? 0n : this.sum / this.count);
  }
}

/** `avg += (value − avg) / count`, halves to even, at the scale of the difference. */
class DecimalAverage implements AggregateState {
  private average = new Decimal(0n, 0);
  private count = 0n;

  add([bytes]: readonly Bytes[]): void {
    const value = readNumber('decimal', bytes);
    if (!(value instanceof Decimal)) return;
    this.count++;
    const difference = subtract(value, this.average);
    const step = divideToScale(difference, new Decimal(this.count, 0), difference.scale, 'halfEven');
    this.average = add(this.average, step);
  }

  result(): Uint8Array {
    return writeNumber('decimal', this.average);
  }
}
