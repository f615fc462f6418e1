import { CqlError } from '../../errors/index.ts';
import type { Restriction, RestrictionBound } from '../../planner/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';
import {
  ClusteringComparator,
  ClusteringPrefix,
  PrefixKind,
  type Slice,
  type Slices,
} from '../../storage/rows/index.ts';
import { termValue } from '../evaluate/index.ts';
import type { StatementContext } from '../statement-context.ts';
import { columnChoices, columnValue, nullValue, tupleChoices, tupleValues, unsetValue } from './condition-values.ts';

const { INCLUSIVE_START_BOUND, EXCLUSIVE_START_BOUND, INCLUSIVE_END_BOUND, EXCLUSIVE_END_BOUND } = PrefixKind;

/** The first values of clustering columns that rows must have. */
type Prefix = readonly Uint8Array[];

/** What to do with a null bound: a SELECT has an order to put it in, a DELETE has nothing to delete up to and throws. */
type NullBounds = 'first' | ((column: ColumnMetadata) => CqlError);

/**
 * The slices of each partition that restrictions of clustering columns stand for, in clustering order and disjoint; null
 * for whole partitions. The restrictions follow each other from the first column on, equalities first. Cassandra puts a
 * null bound of one column before all values, whatever their order.
 */
export function clusteringSlices(
  restrictions: readonly Restriction[],
  table: TableMetadata,
  context: StatementContext,
  nullBounds: NullBounds = 'first',
): Slices {
  if (restrictions.length === 0) return null;
  let prefixes: Prefix[] = [[]];
  for (const restriction of restrictions) {
    if (restriction.kind === 'slice') {
      return sorted(sliceAll(prefixes, restriction, table, context, nullBounds), table);
    }
    const choices = equalityChoices(restriction, context);
    // No choices (`IN ()`) select no row, so that later restrictions are not even evaluated.
    if (choices.length === 0) return [];
    prefixes = prefixes.flatMap((prefix) => choices.map((choice) => [...prefix, ...choice]));
  }
  return sorted(
    prefixes.map((prefix) => slice(bound(INCLUSIVE_START_BOUND, prefix), bound(INCLUSIVE_END_BOUND, prefix))),
    table,
  );
}

function equalityChoices(restriction: Restriction, context: StatementContext): Prefix[] {
  const { columns, multiColumn } = restriction;
  switch (restriction.kind) {
    case 'eq':
      if (!multiColumn) return [[columnValue(restriction.values[0], columns[0], context)]];
      return [
        tupleValues(restriction.values, columns, context).map((value, i) => {
          if (value !== null) return value;
          throw CqlError.invalidRequest(`Invalid null value for column ${columns[i].name}`);
        }),
      ];
    case 'in': {
      if (multiColumn) return tupleChoices(restriction.choices, columns, context).map((tuple) => whole(tuple, columns));
      const { choices } = restriction;
      const values = 'kind' in choices ? choices : choices.map(([value]) => value);
      return columnChoices(values, columns[0], context).map((value) => [value]);
    }
    default:
      return [];
  }
}

function whole(tuple: readonly (Uint8Array | null)[], columns: readonly ColumnMetadata[]): Prefix {
  return tuple.map((value) => {
    if (value !== null) return value;
    const names = columns.map((column) => column.name).join(', ');
    throw CqlError.invalidRequest(`Invalid null value in condition for columns: [${names}]`);
  });
}

type SliceRestriction = Extract<Restriction, { kind: 'slice' }>;

/** Slices between two bounds under each prefix. A bound may span several columns of different directions. */
function sliceAll(
  prefixes: readonly Prefix[],
  restriction: SliceRestriction,
  table: TableMetadata,
  context: StatementContext,
  nullBounds: NullBounds,
): Slice[] {
  const comparator = new ClusteringComparator(table.clustering);
  const { columns } = restriction;
  const start = boundValues(restriction, restriction.start, context);
  const end = boundValues(restriction, restriction.end, context);
  if (nullBounds !== 'first' && reachesNull(restriction, start, end)) throw nullBounds(columns[0]);
  const side = (prefix: Prefix, given: RestrictionBound | null, edge: Prefix | null, direction: '<' | '>'): Slice[] => {
    if (given === null) return [];
    if (edge !== null) return beyond(prefix, columns, edge, given.inclusive, direction);
    const isAfterNull = (direction === '>') !== columns[0].reversed;
    return isAfterNull ? [slice(bound(INCLUSIVE_START_BOUND, prefix), bound(INCLUSIVE_END_BOUND, prefix))] : [];
  };
  return prefixes.flatMap((prefix) => {
    const above = side(prefix, restriction.start, start, '>');
    const below = side(prefix, restriction.end, end, '<');
    if (restriction.start === null) return below;
    if (restriction.end === null) return above;
    return above.flatMap((one) => below.flatMap((other) => intersect(one, other, comparator) ?? []));
  });
}

/** A bound's values; null for a null bound of one column. */
function boundValues(
  { columns, multiColumn }: SliceRestriction,
  given: RestrictionBound | null,
  context: StatementContext,
): Prefix | null {
  if (given === null) return null;
  if (!multiColumn) {
    const value = termValue(given.values[0], context);
    if (value === undefined) throw unsetValue(columns[0]);
    return value === null ? null : [value];
  }
  return tupleValues(given.values, columns, context).map((value, i) => {
    if (value === null) throw nullValue(columns[i]);
    return value;
  });
}

/** Whether there is anything between the two ends of which one at least is null. */
function reachesNull(restriction: SliceRestriction, start: Prefix | null, end: Prefix | null): boolean {
  const above = { given: restriction.start, isNull: restriction.start !== null && start === null };
  const below = { given: restriction.end, isNull: restriction.end !== null && end === null };
  const [first, last] = restriction.columns[0].reversed ? [below, above] : [above, below];
  if (first.isNull && last.isNull) return first.given?.inclusive === true && last.given?.inclusive === true;
  return first.isNull || (last.isNull && first.given === null);
}

/** `(a, b) > (1, 2)`: all with a beyond 1, and those with a = 1 and b beyond 2. One slice where all columns go one way. */
function beyond(
  prefix: Prefix,
  columns: readonly ColumnMetadata[],
  values: readonly Uint8Array[],
  inclusive: boolean,
  direction: '<' | '>',
): Slice[] {
  const last = values.length - 1;
  const uniform = values.every((_, i) => columns[i].reversed === columns[0].reversed);
  if (uniform) return [oneSided(prefix, [...prefix, ...values], columns[0].reversed, inclusive, direction)];
  return values.map((_, i) => {
    const equal = [...prefix, ...values.slice(0, i)];
    return oneSided(equal, [...equal, values[i]], columns[i].reversed, inclusive && i === last, direction);
  });
}

/** Rows with the prefix on one side of a bound; in a reversed column larger values come first. */
function oneSided(prefix: Prefix, edge: Prefix, reversed: boolean, inclusive: boolean, direction: '<' | '>'): Slice {
  const after = (direction === '>') !== reversed;
  return after
    ? slice(bound(inclusive ? INCLUSIVE_START_BOUND : EXCLUSIVE_START_BOUND, edge), bound(INCLUSIVE_END_BOUND, prefix))
    : slice(bound(INCLUSIVE_START_BOUND, prefix), bound(inclusive ? INCLUSIVE_END_BOUND : EXCLUSIVE_END_BOUND, edge));
}

function bound(kind: number, values: Prefix): ClusteringPrefix {
  return ClusteringPrefix.of(kind, values);
}

function slice(start: ClusteringPrefix, end: ClusteringPrefix): Slice {
  return { start, end };
}

/** The intersection of two slices; null when it is empty. */
function intersect(a: Slice, b: Slice, comparator: ClusteringComparator): Slice | null {
  const start = comparator.compare(a.start, b.start) >= 0 ? a.start : b.start;
  const end = comparator.compare(a.end, b.end) <= 0 ? a.end : b.end;
  return comparator.compare(start, end) < 0 ? { start, end } : null;
}

/** In clustering order, equal ones once, empty ones left out. */
function sorted(slices: readonly Slice[], table: TableMetadata): Slice[] {
  const comparator = new ClusteringComparator(table.clustering);
  const order = [...slices]
    .filter((one) => comparator.compare(one.start, one.end) < 0)
    .sort((a, b) => comparator.compare(a.start, b.start) || comparator.compare(a.end, b.end));
  return order.filter((one, i) => {
    const previous = order[i - 1];
    return (
      i === 0 || comparator.compare(previous.start, one.start) !== 0 || comparator.compare(previous.end, one.end) !== 0
    );
  });
}

/** What is left of the slices after a row has been delivered. */
export function slicesAfter(slices: Slices, clustering: Prefix, reversed: boolean, table: TableMetadata): Slice[] {
  const rest: Slice = reversed
    ? slice(bound(INCLUSIVE_START_BOUND, []), bound(EXCLUSIVE_END_BOUND, clustering))
    : slice(bound(EXCLUSIVE_START_BOUND, clustering), bound(INCLUSIVE_END_BOUND, []));
  if (slices === null) return [rest];
  const comparator = new ClusteringComparator(table.clustering);
  return slices.flatMap((one) => intersect(one, rest, comparator) ?? []);
}
