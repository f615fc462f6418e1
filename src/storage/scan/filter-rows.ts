import { compareUnsigned } from '../../bytes/index.ts';
import { type CqlType, codecOf, roughNumber } from '../../types/index.ts';
import { accepts, type ComparisonOperator } from './comparison.ts';
import { type ColumnVector, NULL_VALUE, type ScanColumn } from './row-batch.ts';
import type { PushedFilter } from './scan-request.ts';

/** Whether row `i` of the vectors passes. */
export type RowTest = (columns: readonly ColumnVector[], i: number) => boolean;

/** One test for all pushed filters; null when there are none. */
export function compileFilters(columns: readonly ScanColumn[], filters: readonly PushedFilter[]): RowTest | null {
  if (filters.length === 0) return null;
  const tests = filters.map((filter) => compileFilter(filter, columns[filter.column]));
  if (tests.length === 1) return tests[0];
  return (vectors, i) => {
    for (let t = 0; t < tests.length; t++) if (!tests[t](vectors, i)) return false;
    return true;
  };
}

function compileFilter(filter: PushedFilter, column: ScanColumn): RowTest {
  const index = filter.column;
  if (filter.operator === 'IS_NULL') return (vectors, i) => vectors[index].end[i] === NULL_VALUE;
  if (filter.operator === 'IS_NOT_NULL') return (vectors, i) => vectors[index].end[i] !== NULL_VALUE;
  const type = valueType(column);
  if (filter.operator === 'IN') {
    const tests = filter.operands.map((operand) => comparison(index, type, operand, '='));
    return (vectors, i) => tests.some((test) => test(vectors, i));
  }
  return comparison(index, type, filter.operands[0], filter.operator);
}

function comparison(index: number, type: CqlType, operand: Uint8Array, operator: ComparisonOperator): RowTest {
  const codec = codecOf(type);
  if (codec.byteComparable && operator === '=') return equality(index, operand);
  const accept = accepts(operator);
  const length = operand.length;
  const compare = codec.byteComparable ? compareUnsigned : codec.compare.bind(codec);
  const inFull: RowTest = (vectors, i) => {
    const vector = vectors[index];
    const end = vector.end[i];
    return end !== NULL_VALUE && accept(compare(vector.source[i], vector.start[i], end, operand, 0, length));
  };
  const rough = roughNumber(type);
  return rough === null ? inFull : byNumber(index, rough, rough(operand, 0, length), accept, inFull);
}

function equality(index: number, operand: Uint8Array): RowTest {
  const length = operand.length;
  return (vectors, i) => {
    const vector = vectors[index];
    const start = vector.start[i];
    const end = vector.end[i];
    if (end === NULL_VALUE || end - start !== length) return false;
    const source = vector.source[i];
    for (let k = 0; k < length; k++) if (source[start + k] !== operand[k]) return false;
    return true;
  };
}

/** Most values differ from the operand by a number that is cheap to read; the others are compared in full. */
function byNumber(
  index: number,
  rough: (bytes: Uint8Array, start: number, end: number) => number,
  number: number,
  accept: (order: number) => boolean,
  inFull: RowTest,
): RowTest {
  const less = accept(-1);
  const greater = accept(1);
  return (vectors, i) => {
    const vector = vectors[index];
    const end = vector.end[i];
    if (end === NULL_VALUE) return false;
    const value = rough(vector.source[i], vector.start[i], end);
    if (value < number) return less;
    if (value > number) return greater;
    return inFull(vectors, i);
  };
}

function valueType(column: ScanColumn): CqlType {
  if (column.wanted === 'value') return column.column.type;
  return { kind: 'native', name: column.wanted === 'writetime' ? 'bigint' : 'int' };
}
