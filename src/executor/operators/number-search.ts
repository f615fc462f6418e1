import type { ColumnVector } from '../../storage/scan/index.ts';
import { type CqlType, roughNumber } from '../../types/index.ts';

/**
 * The first of rows [from, to) whose value's number is not beyond `worst`: greater (`sign` 1) or less (-1); `to` when
 * there is none. Nulls come before all values.
 */
export type NumberSearch = (
  vector: ColumnVector,
  rows: Int32Array | null,
  from: number,
  to: number,
  worst: number,
) => number;

type Search = (
  ...args: [...Parameters<NumberSearch>, numberOf: NonNullable<ReturnType<typeof roughNumber>>, sign: number]
) => number;

const searches = new Map<string, Search>();

/** The search for a type that has numbers (`roughNumber`), else null. Each type has a loop of its own: see `loopsOf`. */
export function numberSearch(type: CqlType, sign: number): NumberSearch | null {
  const numberOf = roughNumber(type);
  if (numberOf === null || type.kind !== 'native') return null;
  let search = searches.get(type.name);
  if (search === undefined) {
    // The parameters are those of `Search`; equal texts would be one function to the engine.
    search = new Function(
      'vector',
      'rows',
      'from',
      'to',
      'worst',
      'numberOf',
      'sign',
      `${TEXT} // ${type.name}`,
    ) as Search;
    searches.set(type.name, search);
  }
  const made = search;
  return (vector, rows, from, to, worst) => made(vector, rows, from, to, worst, numberOf, sign);
}

const TEXT = `
const { source, start, end } = vector;
for (let i = from; i < to; i++) {
  const row = rows === null ? i : rows[i];
  if (end[row] < 0) {
    if (sign < 0) continue;
    return i;
  }
  const number = numberOf(source[row], start[row], end[row]);
  if (sign > 0 ? number > worst : number < worst) continue;
  return i;
}
return to;`;
