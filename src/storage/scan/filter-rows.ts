import { compareUnsigned } from '../../bytes/index.ts';
import { codecOf, type TypeCodec } from '../../types/index.ts';
import { accepts } from './comparison.ts';
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
  const codec = codecOf(valueType(column));
  if (filter.operator === 'IN') {
    const tests = filter.operands.map((operand) => comparison(index, codec, operand, accepts('=')));
    return (vectors, i) => tests.some((test) => test(vectors, i));
  }
  return comparison(index, codec, filter.operands[0], accepts(filter.operator));
}

function comparison(index: number, codec: TypeCodec, operand: Uint8Array, accept: (order: number) => boolean): RowTest {
  const length = operand.length;
  const compare = codec.byteComparable ? compareUnsigned : codec.compare.bind(codec);
  return (vectors, i) => {
    const vector = vectors[index];
    const end = vector.end[i];
    return end !== NULL_VALUE && accept(compare(vector.source[i], vector.start[i], end, operand, 0, length));
  };
}

function valueType(column: ScanColumn): ScanColumn['column']['type'] {
  if (column.wanted === 'value') return column.column.type;
  return { kind: 'native', name: column.wanted === 'writetime' ? 'bigint' : 'int' };
}
