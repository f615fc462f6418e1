import type { AggregateFunction, AggregateState, FunctionFactory } from '../../planner/index.ts';
import { type CqlType, codecOf, type TypeCodec } from '../../types/index.ts';
import { defineAggregate } from './define-aggregate.ts';
import { anyType, factory } from './parameters.ts';

/**
 * min and max of any type, by its order (`AggregateFcts.makeMinFunction`, 5.0.8). Of no values they are null. Of timeuuids
 * Cassandra says that the result is of a class that CQL has no name for (`TimeUUIDType.udfType`): so does `likeCassandra`.
 */
export function extremeFactories(likeCassandra: boolean): FunctionFactory[] {
  const shown = (made: AggregateFunction, type: CqlType): AggregateFunction =>
    likeCassandra && type.kind === 'native' && type.name === 'timeuuid'
      ? { ...made, returnType: LEGACY_TIMEUUID }
      : made;
  return [
    factory('max', [anyType(true)], ([type]) => shown(maxFunction(type), type)),
    factory('min', [anyType(true)], ([type]) => shown(minFunction(type), type)),
  ];
}

const LEGACY_TIMEUUID: CqlType = { kind: 'custom', className: 'org.apache.cassandra.db.marshal.LegacyTimeUUIDType' };

export function maxFunction(type: CqlType): AggregateFunction {
  return defineAggregate('max', type, type, () => new Extreme(comparable(type), 1));
}

export function minFunction(type: CqlType): AggregateFunction {
  return defineAggregate('min', type, type, () => new Extreme(comparable(type), -1));
}

/** Counters' values are compared as the bigints that they are. */
function comparable(type: CqlType): TypeCodec {
  return codecOf(type.kind === 'native' && type.name === 'counter' ? { kind: 'native', name: 'bigint' } : type);
}

class Extreme implements AggregateState {
  private readonly codec: TypeCodec;
  private readonly sign: number;
  private best: Uint8Array | null = null;
  private length = 0;

  constructor(codec: TypeCodec, sign: 1 | -1) {
    this.codec = codec;
    this.sign = sign;
  }

  add([bytes]: readonly (Uint8Array | null)[]): void {
    if (bytes !== null) this.addRange(bytes, 0, bytes.length);
  }

  addRange(source: Uint8Array, start: number, end: number): void {
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
