import { compareUnsigned, float64At, int32At } from '../../bytes/index.ts';
import type { AggregateFunction, AggregateState, ArgumentView, FunctionFactory } from '../../planner/index.ts';
import { type CqlType, codecOf, type TypeCodec } from '../../types/index.ts';
import { defineAggregate } from './define-aggregate.ts';
import { anyType, factory } from './parameters.ts';

/**
 * min and max of any type, by its order (`AggregateFcts.makeMinFunction`, 5.0.8). Of no values they are null. Of timeuuids,
 * but not of a column with descending order, Cassandra says that the result is of a class that CQL has no name for
 * (`TimeUUIDType.udfType`): so does `likeCassandra`.
 */
export function extremeFactories(likeCassandra: boolean): FunctionFactory[] {
  const shown = (made: AggregateFunction, type: CqlType, argument: ArgumentView): AggregateFunction =>
    likeCassandra && !argument.isReversed && type.kind === 'native' && type.name === 'timeuuid'
      ? { ...made, returnType: LEGACY_TIMEUUID }
      : made;
  return [
    factory('max', [anyType(true)], ([type], _, [argument]) => shown(maxFunction(type), type, argument)),
    factory('min', [anyType(true)], ([type], _, [argument]) => shown(minFunction(type), type, argument)),
  ];
}

const LEGACY_TIMEUUID: CqlType = { kind: 'custom', className: 'org.apache.cassandra.db.marshal.LegacyTimeUUIDType' };

export function maxFunction(type: CqlType): AggregateFunction {
  return defineAggregate('max', type, type, () => extremeState(comparable(type), 1));
}

export function minFunction(type: CqlType): AggregateFunction {
  return defineAggregate('min', type, type, () => extremeState(comparable(type), -1));
}

/** Counters' values are compared as the bigints that they are. */
function comparable(type: CqlType): TypeCodec {
  return codecOf(type.kind === 'native' && type.name === 'counter' ? { kind: 'native', name: 'bigint' } : type);
}

/** A class a form of value, so that what reads the value is compiled into the loop over a column. */
function extremeState(codec: TypeCodec, sign: 1 | -1): AggregateState {
  if (codec.byteComparable) return new ExtremeOfBytes(codec, sign);
  switch (codec.type.kind === 'native' ? codec.type.name : null) {
    case 'int':
    case 'bigint':
    case 'timestamp':
      return new ExtremeOfInteger(codec, sign);
    case 'double':
      return new ExtremeOfDouble(codec, sign);
    default:
      return new Extreme(codec, sign);
  }
}

class Extreme implements AggregateState {
  protected readonly sign: number;
  protected best: Uint8Array | null = null;
  protected length = 0;
  private readonly codec: TypeCodec;

  constructor(codec: TypeCodec, sign: 1 | -1) {
    this.codec = codec;
    this.sign = sign;
  }

  add([bytes]: readonly (Uint8Array | null)[]): void {
    if (bytes !== null) this.addRange(bytes, 0, bytes.length);
  }

  addRange(source: Uint8Array, start: number, end: number): void {
    this.offer(source, start, end);
  }

  protected offer(source: Uint8Array, start: number, end: number): void {
    if (end < start) return;
    if (this.best !== null) {
      const order = this.codec.compare(source, start, end, this.best, 0, this.length);
      if (order * this.sign <= 0) return;
    }
    const length = end - start;
    if (this.best === null || this.best.length < length) this.best = new Uint8Array(length);
    for (let i = 0; i < length; i++) this.best[i] = source[start + i];
    this.length = length;
  }

  result(): Uint8Array | null {
    return this.best === null ? null : this.best.slice(0, this.length);
  }
}

/** Most values are not the greatest so far: what tells that soonest comes first. */
class ExtremeOfBytes extends Extreme {
  override addRange(source: Uint8Array, start: number, end: number): void {
    const { best } = this;
    if (best !== null && end >= start) {
      const order = compareUnsigned(source, start, end, best, 0, this.length);
      if (order * this.sign <= 0) return;
    }
    this.offer(source, start, end);
  }
}

/** Big-endian integers with a sign, of four bytes or more: by the upper four. */
class ExtremeOfInteger extends Extreme {
  private upper = 0;

  override addRange(source: Uint8Array, start: number, end: number): void {
    if (end - start >= 4 && this.length >= 4) {
      const upper = int32At(source, start);
      if (this.sign > 0 ? upper < this.upper : upper > this.upper) return;
    }
    this.offer(source, start, end);
    if (this.best !== null && this.length >= 4) this.upper = int32At(this.best, 0);
  }
}

class ExtremeOfDouble extends Extreme {
  private value = Number.NaN;

  override addRange(source: Uint8Array, start: number, end: number): void {
    if (end - start === 8) {
      const value = float64At(source, start);
      if (this.sign > 0 ? value < this.value : value > this.value) return;
    }
    this.offer(source, start, end);
    // NaN and empty values, which no number is less than, are compared in full.
    this.value = this.best !== null && this.length === 8 ? float64At(this.best, 0) : Number.NaN;
  }
}
