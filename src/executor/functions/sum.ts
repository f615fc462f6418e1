import { float32At, float64At, int16At, int32At } from '../../bytes/index.ts';
import type { AggregateFunction, AggregateState } from '../../planner/index.ts';
import { Decimal, type NumericTypeName } from '../../types/index.ts';
import { add } from './decimal-arithmetic.ts';
import { defineAggregate } from './define-aggregate.ts';
import { doubleBytes, int64Bytes, readNumber, writeNumber } from './numbers.ts';

type Bytes = Uint8Array | null;

/** sum keeps its argument's type and wraps (`AggregateFcts`, 5.0.8). Of no rows it is 0. */
export function sumFunction(type: NumericTypeName): AggregateFunction {
  return defineAggregate('sum', type, type, () => sumState(type));
}

function sumState(type: NumericTypeName): AggregateState {
  switch (type) {
    case 'tinyint':
    case 'smallint':
    case 'int':
      return new IntSum(type);
    case 'bigint':
    case 'counter':
      return new LongSum();
    case 'float':
    case 'double':
      return new FloatSum(type);
    case 'varint':
      return new VarintSum();
    case 'decimal':
      return new DecimalSum();
  }
}

abstract class RangeState implements AggregateState {
  add([bytes]: readonly Bytes[]): void {
    if (bytes !== null && bytes !== undefined) this.addRange(bytes, 0, bytes.length);
  }

  abstract addRange(source: Uint8Array, start: number, end: number): void;
  abstract result(): Bytes;
}

class IntSum extends RangeState {
  private readonly type: 'tinyint' | 'smallint' | 'int';
  private sum = 0;

  constructor(type: 'tinyint' | 'smallint' | 'int') {
    super();
    this.type = type;
  }

  addRange(source: Uint8Array, start: number, end: number): void {
    if (end <= start) return;
    const length = end - start;
    const value =
      length === 4 ? int32At(source, start) : length === 2 ? int16At(source, start) : (source[start] << 24) >> 24;
    this.sum = (this.sum + value) | 0;
  }

  result(): Uint8Array {
    return writeNumber(this.type, this.sum);
  }
}

/** Modulo 2^64, in two halves. */
class LongSum extends RangeState {
  private hi = 0;
  private lo = 0;

  addRange(source: Uint8Array, start: number, end: number): void {
    if (end <= start) return;
    const lo = this.lo + (int32At(source, start + 4) >>> 0);
    this.lo = lo >>> 0;
    this.hi = (this.hi + int32At(source, start) + (lo > 0xffff_ffff ? 1 : 0)) | 0;
  }

  result(): Uint8Array {
    return int64Bytes((BigInt(this.hi) << 32n) | BigInt(this.lo));
  }
}

/** Kahan's sum, with a plain one beside it for infinities (`FloatSumAggregate`). */
class FloatSum extends RangeState {
  private readonly type: 'float' | 'double';
  private sum = 0;
  private compensation = 0;
  private simple = 0;

  constructor(type: 'float' | 'double') {
    super();
    this.type = type;
  }

  addRange(source: Uint8Array, start: number, end: number): void {
    if (end <= start) return;
    const value = end - start === 8 ? float64At(source, start) : float32At(source, start);
    this.simple += value;
    const corrected = value - this.compensation;
    const rounded = this.sum + corrected;
    this.compensation = rounded - this.sum - corrected;
    this.sum = rounded;
  }

  result(): Uint8Array {
    const total = this.sum + this.compensation;
    const value = Number.isNaN(total) && Math.abs(this.simple) === Number.POSITIVE_INFINITY ? this.simple : total;
    return this.type === 'double' ? doubleBytes(value) : writeNumber('float', value);
  }
}

class VarintSum implements AggregateState {
  private sum = 0n;

  add([bytes]: readonly Bytes[]): void {
    const value = readNumber('varint', bytes);
    if (value !== null) this.sum += BigInt(value.toString());
  }

  result(): Uint8Array {
    return writeNumber('varint', this.sum);
  }
}

class DecimalSum implements AggregateState {
  private sum = new Decimal(0n, 0);

  add([bytes]: readonly Bytes[]): void {
    const value = readNumber('decimal', bytes);
    if (value instanceof Decimal) this.sum = add(this.sum, value);
  }

  result(): Uint8Array {
    return writeNumber('decimal', this.sum);
  }
}
