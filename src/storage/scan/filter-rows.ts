import { compareUnsigned } from '../../bytes/index.ts';
import { type CqlType, codecOf, roughNumber } from '../../types/index.ts';
import { accepts, type ComparisonOperator } from './comparison.ts';
import { type ColumnVector, NULL_VALUE, type ScanColumn } from './row-batch.ts';
import type { PushedFilter } from './scan-request.ts';

/** Whether a value that is not null passes. */
export type ValueTest = (source: Uint8Array, start: number, end: number) => boolean;

/** Whether row `i` of the vectors passes. */
export type RowTest = (columns: readonly ColumnVector[], i: number) => boolean;

/** A pushed filter, ready to run. */
export interface ValueFilter {
  /** Index into the scan's columns. */
  readonly column: number;
  /**
   * null      nulls pass, and nothing else
   * notNull   all values pass, and no null
   * value     values that pass `test`; no null
   * number …  as `value`, but most values differ from the operand by a number that is cheap to read: below `operand` they
   *           pass if `less`, above it if `greater`, else `test` says. The name of the type follows: one form, one function
   */
  readonly form: 'null' | 'notNull' | 'value' | `number ${string}`;
  readonly test: ValueTest;
  readonly numberOf: (bytes: Uint8Array, start: number, end: number) => number;
  readonly operand: number;
  readonly less: boolean;
  readonly greater: boolean;
}

/** One test for all filters; null when there are none. */
export function testOfRow(filters: readonly ValueFilter[]): RowTest | null {
  if (filters.length === 0) return null;
  return (vectors, i) => {
    for (let f = 0; f < filters.length; f++) if (!passes(filters[f], vectors, i)) return false;
    return true;
  };
}

function passes(filter: ValueFilter, vectors: readonly ColumnVector[], i: number): boolean {
  const vector = vectors[filter.column];
  const end = vector.end[i];
  if (filter.form === 'null') return end === NULL_VALUE;
  if (end === NULL_VALUE) return false;
  const source = vector.source[i];
  const start = vector.start[i];
  const value = filter.numberOf(source, start, end);
  if (value < filter.operand) return filter.less;
  if (value > filter.operand) return filter.greater;
  return filter.test(source, start, end);
}

export function compileFilters(columns: readonly ScanColumn[], filters: readonly PushedFilter[]): ValueFilter[] {
  return filters.map((filter) => compileFilter(filter, columns[filter.column]));
}

function compileFilter({ column, operator, operands }: PushedFilter, scanned: ScanColumn): ValueFilter {
  if (operator === 'IS_NULL') return { ...unnumbered(column, () => false), form: 'null' };
  if (operator === 'IS_NOT_NULL') return { ...unnumbered(column, () => true), form: 'notNull' };
  const type = valueType(scanned);
  if (operator === 'IN') return unnumbered(column, isOneOf(operands.map((operand) => comparison(type, operand, '='))));
  const [operand] = operands;
  const test = comparison(type, operand, operator);
  const numberOf = roughNumber(type);
  // What is equal byte by byte is found by its length and bytes sooner than by a number.
  if (numberOf === null || (operator === '=' && codecOf(type).byteComparable)) return unnumbered(column, test);
  const accept = accepts(operator);
  return {
    column,
    form: `number ${type.kind === 'native' ? type.name : type.kind}`,
    test,
    numberOf,
    operand: numberOf(operand, 0, operand.length),
    less: accept(-1),
    greater: accept(1),
  };
}

function unnumbered(column: number, test: ValueTest): ValueFilter {
  return { column, form: 'value', test, numberOf: () => 0, operand: 0, less: false, greater: false };
}

function isOneOf(tests: readonly ValueTest[]): ValueTest {
  return (source, start, end) => {
    for (let t = 0; t < tests.length; t++) if (tests[t](source, start, end)) return true;
    return false;
  };
}

function comparison(type: CqlType, operand: Uint8Array, operator: ComparisonOperator): ValueTest {
  const codec = codecOf(type);
  if (codec.byteComparable && operator === '=') return equality(operand);
  const accept = accepts(operator);
  const length = operand.length;
  const compare = codec.byteComparable ? compareUnsigned : codec.compare.bind(codec);
  return (source, start, end) => accept(compare(source, start, end, operand, 0, length));
}

function equality(operand: Uint8Array): ValueTest {
  const length = operand.length;
  return (source, start, end) => {
    if (end - start !== length) return false;
    for (let k = 0; k < length; k++) if (source[start + k] !== operand[k]) return false;
    return true;
  };
}

function valueType(column: ScanColumn): CqlType {
  if (column.wanted === 'value') return column.column.type;
  return { kind: 'native', name: column.wanted === 'writetime' ? 'bigint' : 'int' };
}
