import { CqlError } from '../../errors/index.ts';
import type { Restriction, RestrictionBound, TypedExpression } from '../../planner/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';
import {
  ClusteringComparator,
  ClusteringPrefix,
  PrefixKind,
  type Slice,
  type Slices,
} from '../../storage/rows/index.ts';
import { codecOf } from '../../types/index.ts';
import { collectionParts, evaluateConstant } from '../evaluate/index.ts';
import type { StatementContext } from '../statement-context.ts';

const { INCLUSIVE_START_BOUND, EXCLUSIVE_START_BOUND, INCLUSIVE_END_BOUND, EXCLUSIVE_END_BOUND } = PrefixKind;

/** The first values of clustering columns that rows must have. */
type Prefix = readonly Uint8Array[];

/**
 * The slices of each partition that restrictions of clustering columns stand for, in clustering order and disjoint; null
 * for whole partitions. The restrictions follow each other from the first column on, equalities first. Cassandra takes a
 * null bound of one column as less than all values of a SELECT; a DELETE fails there, and is refused here.
 */
export function clusteringSlices(
  restrictions: readonly Restriction[],
  table: TableMetadata,
  context: StatementContext,
  nullBounds: 'first' | 'refused' = 'first',
): Slices {
  if (restrictions.length === 0) return null;
  let prefixes: Prefix[] = [[]];
  for (const restriction of restrictions) {
    if (restriction.kind === 'slice') {
      return sorted(sliceAll(prefixes, restriction, table, context, nullBounds === 'first'), table);
    }
    const choices = equalityChoices(restriction, context);
    prefixes = prefixes.flatMap((prefix) => choices.map((choice) => [...prefix, ...choice]));
  }
  return sorted(
    prefixes.map((prefix) => slice(bound(INCLUSIVE_START_BOUND, prefix), bound(INCLUSIVE_END_BOUND, prefix))),
    table,
  );
}

function equalityChoices(restriction: Restriction, context: StatementContext): Prefix[] {
  const { columns, multiColumn } = restriction;
  if (restriction.kind === 'eq') return [valuesOf(restriction.values, columns, multiColumn, context)];
  if (restriction.kind !== 'in') return [];
  const { choices } = restriction;
  if (!('kind' in choices)) return choices.map((values) => valuesOf(values, columns, multiColumn, context));
  const list = evaluateConstant(choices, context);
  if (list === null) throw CqlError.invalidRequest(`Invalid null value for column ${columns[0].name}`);
  return collectionParts(list, false).map((part) => {
    const value = present(part, columns[0]);
    return multiColumn ? tupleParts(value, columns) : [value];
  });
}

function tupleParts(tuple: Uint8Array, columns: readonly ColumnMetadata[]): Uint8Array[] {
  const codec = codecOf({ kind: 'tuple', elements: columns.map((column) => column.type) });
  codec.validate(tuple, 0, tuple.length);
  const parts: Uint8Array[] = [];
  const view = new DataView(tuple.buffer, tuple.byteOffset, tuple.length);
  for (let p = 0; p + 4 <= tuple.length; ) {
    const length = view.getInt32(p);
    p += 4;
    parts.push(present(length < 0 ? null : tuple.subarray(p, p + length), columns[parts.length]));
    p += Math.max(0, length);
  }
  return parts;
}

function valuesOf(
  values: readonly TypedExpression[],
  columns: readonly ColumnMetadata[],
  multiColumn: boolean,
  context: StatementContext,
): Uint8Array[] {
  return values.map((value, i) => {
    const bytes = evaluateConstant(value, context);
    if (bytes === null && multiColumn)
      throw CqlError.invalidRequest(`Invalid null value for column ${columns[i].name}`);
    return present(bytes, columns[i]);
  });
}

function present(value: Uint8Array | null, column: ColumnMetadata): Uint8Array {
  if (value === null) throw CqlError.invalidRequest(`Invalid null value in condition for column ${column.name}`);
  return value;
}

/** Slices of each prefix between the two ends, which may be of several columns in mixed orders. */
function sliceAll(
  prefixes: readonly Prefix[],
  restriction: Extract<Restriction, { kind: 'slice' }>,
  table: TableMetadata,
  context: StatementContext,
  takesNull: boolean,
): Slice[] {
  const comparator = new ClusteringComparator(table.clustering);
  const { columns } = restriction;
  const mayBeNull = takesNull && !restriction.multiColumn;
  const start = boundValues(restriction.start, columns, context, mayBeNull);
  const end = boundValues(restriction.end, columns, context, mayBeNull);
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

function boundValues(
  bound: RestrictionBound | null,
  columns: readonly ColumnMetadata[],
  context: StatementContext,
  mayBeNull: boolean,
): Prefix | null {
  const values = (bound?.values ?? []).map((value) => evaluateConstant(value, context));
  if (mayBeNull && values.length === 1 && values[0] === null) return null;
  return values.map((value, i) => present(value, columns[i]));
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

/** What two slices share; null when that is nothing. */
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
