import { CqlError } from '../../errors/index.ts';
import type { AggregateFunction, AggregateState } from '../../planner/index.ts';
import { codecOf, NUMERIC_TYPES, type NumericTypeName } from '../../types/index.ts';
import { defineAggregate } from './define-aggregate.ts';
import { asType } from './define-function.ts';
import { DistinctSketch } from './distinct-sketch.ts';
import { doubleBytes, int64Bytes, readNumber, toDouble } from './numbers.ts';

type Bytes = Uint8Array | null;

/** explore's aggregates: median, percentile, stddev, variance, histogram, approx_count_distinct. Nulls count for none. */
export function statisticsFunctions(): AggregateFunction[] {
  return [
    ...NUMERIC_TYPES.flatMap((type) => [
      defineAggregate('median', type, 'double', () => new Percentile(type, 0.5), false),
      ofTwo('percentile', type, 'double', 'double', () => new Percentile(type, null)),
      defineAggregate('variance', type, 'double', () => new Spread(type, false), false),
      defineAggregate('stddev', type, 'double', () => new Spread(type, true), false),
      ofTwo('histogram', type, 'int', HISTOGRAM, () => new Histogram(type)),
    ]),
    defineAggregate('approx_count_distinct', 'blob', 'bigint', () => new ApproximateCount(), false),
  ];
}

const HISTOGRAM = { kind: 'map', key: asType('double'), value: asType('bigint'), frozen: true } as const;

function ofTwo(
  name: string,
  type: NumericTypeName,
  second: 'double' | 'int',
  returnType: 'double' | typeof HISTOGRAM,
  createState: () => AggregateState,
): AggregateFunction {
  const one = defineAggregate(name, type, returnType, createState, false);
  return { ...one, argumentTypes: [...one.argumentTypes, asType(second)] };
}

/** Of a state that keeps its values, while they are few. */
const KEEPER_BYTES = 400;

/** Values as doubles, in an array that grows. */
class Doubles {
  private values = new Float64Array(4);
  count = 0;

  push(value: number): void {
    if (this.count === this.values.length) {
      const grown = new Float64Array(this.count * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.count++] = value;
  }

  sorted(): Float64Array {
    return this.values.subarray(0, this.count).sort();
  }
}

/** The value below which a fraction of the values lies, between neighbours by their distance (as PERCENTILE_CONT). */
class Percentile implements AggregateState {
  readonly byteSize = KEEPER_BYTES;
  private readonly type: NumericTypeName;
  private readonly values = new Doubles();
  private fraction: number | null;

  constructor(type: NumericTypeName, fraction: number | null) {
    this.type = type;
    this.fraction = fraction;
  }

  add([bytes, fraction]: readonly Bytes[]): void {
    if (this.fraction === null && fraction !== undefined) this.fraction = fractionOf(fraction);
    const value = readNumber(this.type, bytes);
    if (value !== null) this.values.push(toDouble(value));
  }

  result(): Bytes {
    if (this.values.count === 0 || this.fraction === null) return null;
    const sorted = this.values.sorted();
    const place = this.fraction * (sorted.length - 1);
    const below = sorted[Math.floor(place)];
    const above = sorted[Math.ceil(place)];
    return doubleBytes(below + (above - below) * (place - Math.floor(place)));
  }
}

function fractionOf(bytes: Bytes): number {
  const value = readNumber('double', bytes);
  const fraction = value === null ? Number.NaN : toDouble(value);
  if (fraction >= 0 && fraction <= 1) return fraction;
  throw CqlError.invalidRequest('percentile takes a fraction from 0 to 1: percentile(latency, 0.99)');
}

/** Sample variance by Welford's method. */
class Spread implements AggregateState {
  private readonly type: NumericTypeName;
  private readonly asDeviation: boolean;
  private count = 0;
  private mean = 0;
  private squares = 0;

  constructor(type: NumericTypeName, asDeviation: boolean) {
    this.type = type;
    this.asDeviation = asDeviation;
  }

  add([bytes]: readonly Bytes[]): void {
    const number = readNumber(this.type, bytes);
    if (number === null) return;
    const value = toDouble(number);
    const difference = value - this.mean;
    this.mean += difference / ++this.count;
    this.squares += difference * (value - this.mean);
  }

  result(): Bytes {
    if (this.count < 2) return null;
    const variance = this.squares / (this.count - 1);
    return doubleBytes(this.asDeviation ? Math.sqrt(variance) : variance);
  }
}

const MOST_BUCKETS = 1000;

/** `histogram(x, n)`: how many values lie in each of n equal parts of their range, by each part's lower end. */
class Histogram implements AggregateState {
  readonly byteSize = KEEPER_BYTES;
  private readonly type: NumericTypeName;
  private readonly values = new Doubles();
  private buckets: number | null = null;

  constructor(type: NumericTypeName) {
    this.type = type;
  }

  add([bytes, buckets]: readonly Bytes[]): void {
    this.buckets ??= bucketsOf(buckets ?? null);
    const value = readNumber(this.type, bytes);
    if (value !== null && !Number.isNaN(toDouble(value))) this.values.push(toDouble(value));
  }

  result(): Bytes {
    if (this.values.count === 0 || this.buckets === null) return null;
    const sorted = this.values.sorted();
    const low = sorted[0];
    const width = (sorted[sorted.length - 1] - low) / this.buckets || 1;
    const counts = new Map<number, bigint>();
    for (const value of sorted) {
      const bucket = Math.min(this.buckets - 1, Math.floor((value - low) / width));
      const edge = low + bucket * width;
      counts.set(edge, (counts.get(edge) ?? 0n) + 1n);
    }
    return codecOf(HISTOGRAM).encode(counts);
  }
}

function bucketsOf(bytes: Bytes): number {
  const value = readNumber('int', bytes);
  const buckets = value === null ? 0 : Number(value);
  if (buckets >= 1 && buckets <= MOST_BUCKETS) return buckets;
  throw CqlError.invalidRequest(`histogram takes 1 to ${MOST_BUCKETS} buckets: histogram(latency, 10)`);
}

class ApproximateCount implements AggregateState {
  readonly byteSize = DistinctSketch.BYTES;
  private readonly sketch = new DistinctSketch();

  add([bytes]: readonly Bytes[]): void {
    if (bytes !== null) this.sketch.add(bytes, 0, bytes.length);
  }

  addRange(source: Uint8Array, start: number, end: number): void {
    if (end >= start) this.sketch.add(source, start, end);
  }

  result(): Uint8Array {
    return int64Bytes(BigInt(this.sketch.estimate()));
  }
}
