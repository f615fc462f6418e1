import { CqlError } from '../../errors/index.ts';
import type { InRestriction, TypedExpression } from '../../planner/index.ts';
import { collectionParts, termValue } from '../evaluate/index.ts';
import type { StatementContext } from '../statement-context.ts';

/** A key column, by its name in messages. */
interface Named {
  readonly name: string;
}

/** The value of `column = term`. */
export function columnValue(term: TypedExpression, column: Named, context: StatementContext): Uint8Array {
  const value = termValue(term, context);
  if (value === null) throw nullValue(column);
  if (value === undefined) throw unsetValue(column);
  return value;
}

/** The values of `column IN (…)` or `column IN ?`. A null value is reported before an unset one, as in Cassandra. */
export function columnChoices(
  choices: readonly TypedExpression[] | TypedExpression,
  column: Named,
  context: StatementContext,
): Uint8Array[] {
  const values =
    'kind' in choices ? boundChoices(choices, column, context) : choices.map((term) => termValue(term, context));
  const present: Uint8Array[] = [];
  for (const value of values) {
    if (value === null) throw nullValue(column);
    if (value !== undefined) present.push(value);
  }
  if (present.length < values.length) throw unsetValue(column);
  return present;
}

/** The choices of a bound list (`IN ?`); that there is one is checked. */
export function boundChoices(
  marker: TypedExpression,
  column: Named,
  context: StatementContext,
): readonly (Uint8Array | null)[] {
  const list = termValue(marker, context);
  if (list === null) throw CqlError.invalidRequest(`Invalid null value for column ${column.name}`);
  if (list === undefined) throw unsetValue(column);
  return collectionParts(list, false);
}

/** The values of a tuple of columns; a marker's tuple may be shorter, and then says nothing of the last columns. */
export function tupleValues(
  terms: readonly TypedExpression[],
  columns: readonly Named[],
  context: StatementContext,
): readonly (Uint8Array | null)[] {
  const [first] = terms;
  if (first.kind === 'field') {
    const tuple = termValue(first.operand, context);
    const name = `(${columns.map((column) => column.name).join(',')})`;
    if (tuple === undefined) throw CqlError.invalidRequest(`Invalid unset value for tuple ${name}`);
    if (tuple === null) throw CqlError.invalidRequest(`Invalid null value for tuple ${name}`);
    return partsOfTuple(tuple);
  }
  return terms.map((term, i) => {
    const value = termValue(term, context);
    if (value === undefined) throw CqlError.invalidRequest(`Invalid unset value for tuple field number ${i}`);
    return value;
  });
}

/** The tuples of `(a, b) IN (…)` or `(a, b) IN ?`. */
export function tupleChoices(
  choices: InRestriction['choices'],
  columns: readonly Named[],
  context: StatementContext,
): (readonly (Uint8Array | null)[])[] {
  if (!('kind' in choices)) return choices.map((terms) => tupleValues(terms, columns, context));
  const list = termValue(choices, context);
  const names = columns.map((column) => column.name).join(',');
  if (list === null) throw CqlError.invalidRequest('Invalid null value for IN restriction');
  if (list === undefined) throw CqlError.invalidRequest(`Invalid unset value for in(${names})`);
  return collectionParts(list, false).map((tuple) => {
    if (tuple === null) throw CqlError.invalidRequest(`Invalid null value for tuple (${names})`);
    return partsOfTuple(tuple);
  });
}

/** The parts of a tuple that was checked against its type. */
function partsOfTuple(tuple: Uint8Array): (Uint8Array | null)[] {
  const parts: (Uint8Array | null)[] = [];
  const view = new DataView(tuple.buffer, tuple.byteOffset, tuple.length);
  for (let p = 0; p + 4 <= tuple.length; ) {
    const length = view.getInt32(p);
    p += 4;
    parts.push(length < 0 ? null : tuple.subarray(p, p + length));
    p += Math.max(0, length);
  }
  return parts;
}

export function nullValue(column: Named): CqlError {
  return CqlError.invalidRequest(`Invalid null value in condition for column ${column.name}`);
}

export function unsetValue(column: Named): CqlError {
  return CqlError.invalidRequest(`Invalid unset value for column ${column.name}`);
}
