import type { CqlType } from '../../types/index.ts';
import { type ColumnMask, isCounterType, referencesDuration, type TableOptions } from '../model/index.ts';
import { invalid } from './refusal.ts';

/** A column as CREATE TABLE has it, with its type resolved. */
export interface NewColumn {
  readonly name: string;
  readonly type: CqlType;
  readonly static: boolean;
  readonly mask: ColumnMask | undefined;
  /** As messages print the type: user types with their keyspace. */
  readonly typeText: string;
}

export function checkKeyType(type: CqlType, name: string): void {
  if (isCounterType(type)) throw invalid(`counter type is not supported for PRIMARY KEY column '${name}'`);
  if (referencesDuration(type)) throw invalid(`duration type is not supported for PRIMARY KEY column '${name}'`);
}

export function uselessStatic(): Error {
  return invalid('Static columns are only useful (and thus allowed) if the table has at least one clustering column');
}

export function checkCounters(hasCounters: boolean, others: readonly NewColumn[], options: TableOptions): void {
  if (!hasCounters) return;
  if (others.some((column) => !isCounterType(column.type))) {
    throw invalid('Cannot mix counter and non counter columns in the same table');
  }
  if (options.default_time_to_live > 0) throw invalid('Cannot set default_time_to_live on a table with counters');
}
