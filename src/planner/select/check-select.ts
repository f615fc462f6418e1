import { CqlError } from '../../errors/index.ts';
import type { Expression, SelectStatement } from '../../parser/ast/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';
import { bindExpression } from '../expressions/bind-expression.ts';
import { type BindScope, type MarkerSpecification, termScope } from '../expressions/bind-scope.ts';
import { InputColumns } from '../expressions/input-columns.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import type { PlanContext } from '../plan-context.ts';
import { rowConditions } from '../restrictions/row-conditions.ts';
import {
  checkRestrictions,
  needsFiltering,
  type StatementRestrictions,
} from '../restrictions/statement-restrictions.ts';
import { SELECT_TYPE } from '../restrictions/statement-type.ts';
import { nativeType } from '../types/native-types.ts';
import type { CheckedSelect, Grouping, SelectedExpression, SortKey } from './checked-select.ts';
import { primaryKeyGrouping } from './group-by.ts';
import {
  annRestriction,
  checkOrderingAllowed,
  isReversed,
  nearestOrder,
  type OrderingColumns,
  orderingColumns,
} from './order-by.ts';
import { resolveTable } from './select-table.ts';
import { bindSelection, isAggregated, selectsOnlyStatics } from './selection.ts';
import { shareColumns } from './sub-selections.ts';

/**
 * Checks a SELECT by Cassandra's rules, in Cassandra's order, so that of several faults the same one is told
 * (`SelectStatement.RawStatement.prepare`, 5.0.8).
 */
export function checkSelect(statement: SelectStatement, context: PlanContext): CheckedSelect {
  if (statement.from === undefined) throw CqlError.invalidRequest('Cassandra has no SELECT without FROM', statement);
  const table = resolveTable(statement.from, context);
  const inputs = new InputColumns();
  const markers: MarkerSpecification[] = [];
  const scope: BindScope = { context, keyspace: table.keyspace, table, columns: inputs, markers };
  const staticsOnly = selectsOnlyStatics(statement.selection, table, scope);
  const orderings = orderingColumns(statement.orderBy, table);
  const ann = annRestriction(orderings, scope);
  const restrictions = checkRestrictions(
    {
      type: SELECT_TYPE,
      table,
      where: statement.where,
      ann,
      selectsOnlyStatics: staticsOnly,
      allowFiltering: statement.allowFiltering || FILTERED_IMPLICITLY.has(table.keyspace),
      tolerant: false,
    },
    termScope(scope),
  );
  const bound = bindSelection(statement.selection, table, inputs, scope);
  const selectors = context.dialect === 'strict' ? shareColumns(bound, inputs, restrictions) : bound;
  const sorted = restrictions.partitionKey.hasIn() ? [...orderings.keys()] : [];
  if (statement.distinct) checkDistinct(statement, table, selectors, inputs, sorted, restrictions);
  const grouping = groupingOf(statement, selectors, restrictions, inputs, scope);
  if (grouping?.kind === 'all' && statement.perPartitionLimit !== undefined) {
    throw CqlError.invalidRequest('PER PARTITION LIMIT is not allowed with aggregate queries.');
  }
  const order = orderOf(orderings, ann !== null, restrictions, inputs);
  checkFiltering(statement, restrictions);
  return {
    table,
    restrictions,
    conditions: rowConditions(restrictions, inputs),
    selectors,
    json: statement.json,
    distinct: statement.distinct ? 'partitions' : 'none',
    grouping,
    having: null,
    ...order,
    nearest: ann === null ? null : nearestOrder(ann, table, scope),
    inputs: inputs.columns,
    ...boundLimits(statement, scope),
    offset: null,
    markers,
    notes: [],
  };
}

/** Virtual tables filter without being asked to (`VirtualTable.allowFilteringImplicitly`). */
const FILTERED_IMPLICITLY: ReadonlySet<string> = new Set(['system_views', 'system_virtual_schema', 'cassette']);

interface CheckedOrder {
  readonly reversed: boolean;
  readonly sortKeys: readonly SortKey[];
  readonly refusesPaging: boolean;
}

function orderOf(
  orderings: OrderingColumns,
  isNearest: boolean,
  restrictions: StatementRestrictions,
  inputs: InputColumns,
): CheckedOrder {
  if (orderings.size === 0 || isNearest) return { reversed: false, sortKeys: [], refusesPaging: false };
  checkOrderingAllowed(restrictions);
  const reversed = isReversed(orderings, restrictions);
  if (!restrictions.partitionKey.hasIn()) return { reversed, sortKeys: [], refusesPaging: false };
  const sortKeys = [...orderings].map(([column, { direction }]) => ({
    expression: inputs.value(column),
    descending: direction === 'desc',
  }));
  return { reversed, sortKeys, refusesPaging: true };
}

function groupingOf(
  statement: SelectStatement,
  selectors: readonly SelectedExpression[],
  restrictions: StatementRestrictions,
  inputs: InputColumns,
  scope: BindScope,
): Grouping | null {
  if (statement.groupBy.length === 0) return isAggregated(selectors) ? { kind: 'all' } : null;
  return primaryKeyGrouping(statement.groupBy, restrictions, statement.distinct, inputs, scope);
}

function checkDistinct(
  statement: SelectStatement,
  table: TableMetadata,
  selectors: readonly SelectedExpression[],
  inputs: InputColumns,
  sorted: readonly ColumnMetadata[],
  restrictions: StatementRestrictions,
): void {
  if (statement.perPartitionLimit !== undefined) {
    throw CqlError.invalidRequest('PER PARTITION LIMIT is not allowed with SELECT DISTINCT queries');
  }
  const restrictsRows = restrictions.other.columns.some((column) => column.kind !== 'static');
  if (!restrictions.clustering.isEmpty || restrictsRows) {
    throw CqlError.invalidRequest(
      'SELECT DISTINCT with WHERE clause only supports restriction by partition key and/or static columns.',
    );
  }
  const selected = selectors.length === 0 ? [] : inputs.columns.map(({ column }) => column);
  // Columns that rows of several partitions are sorted by are read too.
  const requested = [...selected, ...sorted];
  for (const column of requested) {
    if (column.kind === 'partition_key' || column.kind === 'static') continue;
    throw CqlError.invalidRequest(
      `SELECT DISTINCT queries must only request partition key columns and/or static columns (not ${column.name})`,
    );
  }
  if (!restrictions.isKeyRange) return;
  const missing = table.partitionKey.find((column) => !requested.includes(column));
  if (missing !== undefined) {
    throw CqlError.invalidRequest(
      `SELECT DISTINCT queries must request all the partition key columns (missing ${missing.name})`,
    );
  }
}

function checkFiltering(statement: SelectStatement, restrictions: StatementRestrictions): void {
  if (FILTERED_IMPLICITLY.has(restrictions.table.keyspace)) return;
  if (statement.allowFiltering || !(restrictions.isKeyRange || restrictions.usesIndex)) return;
  if (!restrictions.needsFiltering) return;
  const refusal = needsFiltering(restrictions.table, restrictions.partitionKey);
  throw statement.where === undefined ? refusal : refusal.at(statement.where.position);
}

export function boundLimits(
  statement: SelectStatement,
  scope: BindScope,
): { limit: TypedExpression | null; perPartitionLimit: TypedExpression | null } {
  const terms = termScope(scope);
  return {
    limit: boundLimit(statement.limit, '[limit]', terms),
    perPartitionLimit: boundLimit(statement.perPartitionLimit, '[per_partition_limit]', terms),
  };
}

export function boundLimit(expression: Expression | undefined, name: string, scope: BindScope): TypedExpression | null {
  return expression === undefined ? null : bindExpression(expression, { name, type: nativeType('int') }, scope);
}
