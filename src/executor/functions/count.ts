import type { AggregateFunction, AggregateState } from '../../planner/index.ts';
import { defineAggregate } from './define-aggregate.ts';
import { asType } from './define-function.ts';
import { int64Bytes } from './numbers.ts';

/** `count(*)`, by its own name `count_rows`. */
export function countRowsFunctions(): AggregateFunction[] {
  return ['count_rows', 'countrows'].map((name) => ({
    kind: 'aggregate',
    keyspace: 'system',
    name,
    argumentTypes: [],
    returnType: asType('bigint'),
    native: true,
    columnName: () => 'count',
    createState: () => new RowCount(),
  }));
}

/** `count(x)`: values that are not null, whatever their type. */
export function countFunction(): AggregateFunction {
  return defineAggregate('count', 'blob', 'bigint', () => new ValueCount());
}

class RowCount implements AggregateState {
  private count = 0;

  add(): void {
    this.count++;
  }

  addRows(count: number): void {
    this.count += count;
  }

  result(): Uint8Array {
    return int64Bytes(BigInt(this.count));
  }
}

class ValueCount implements AggregateState {
  private count = 0;

  add([bytes]: readonly (Uint8Array | null)[]): void {
    if (bytes !== null) this.count++;
  }

  addRange(_source: Uint8Array, start: number, end: number): void {
    if (end >= 0 && end >= start) this.count++;
  }

  result(): Uint8Array {
    return int64Bytes(BigInt(this.count));
  }
}
