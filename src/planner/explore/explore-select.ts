import { CqlError } from '../../errors/index.ts';
import type { Expression, Ordering, SelectStatement } from '../../parser/ast/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import { columnsInSelectOrder } from '../../schema/model/index.ts';
import { type BindScope, type MarkerSpecification, termScope } from '../expressions/bind-scope.ts';
import { InputColumns } from '../expressions/input-columns.ts';
import {
  type Condition,
  conditionOperands,
  containsAggregate,
  operandsOf,
  type TypedExpression,
} from '../expressions/typed-expression.ts';
import { sameExpression } from '../plan/same-expression.ts';
import type { PlanContext } from '../plan-context.ts';
import { rowConditions } from '../restrictions/row-conditions.ts';
import { checkRestrictions, type StatementRestrictions } from '../restrictions/statement-restrictions.ts';
import { SELECT_TYPE } from '../restrictions/statement-type.ts';
import { boundLimit, boundLimits } from '../select/check-select.ts';
import type { CheckedSelect, Grouping, SelectedExpression, SortKey } from '../select/checked-select.ts';
import { primaryKeyGrouping, requireMonotonic } from '../select/group-by.ts';
import { annRestriction, isReversed, nearestOrder, orderingColumns } from '../select/order-by.ts';
import { resolveTable } from '../select/select-table.ts';
import { isAggregated, selectedColumn } from '../select/selection.ts';
import { bindAnything } from './bind-anything.ts';
import { bindCondition } from './bind-condition.ts';
import { expressionName } from './expression-name.ts';

/**
 * A SELECT by explore's rules: any condition, grouping, order. Throws only for what has no meaning at all: names that are
 * not there, types that do not fit. `notes` say what Cassandra lacks or would refuse.
 */
export function exploreSelect(
  statement: SelectStatement,
  context: PlanContext,
  notes: readonly string[],
): CheckedSelect {
  const table = statement.from === undefined ? null : resolveTable(statement.from, context);
  const inputs = new InputColumns();
  const markers: MarkerSpecification[] = [];
  const scope: BindScope = {
    context,
    keyspace: table?.keyspace ?? context.keyspace ?? '',
    table,
    columns: inputs,
    markers,
  };
  const restrictions = table === null ? null : tolerantRestrictions(statement, table, scope);
  const free = restrictions === null ? conditionsWithoutTable(statement) : restrictions.conditions;
  const selectors = exploreSelection(statement, table, inputs, scope);
  const named: BindScope = { ...scope, aliases: aliasesOf(statement, selectors) };
  const having = statement.having === undefined ? null : bindCondition(statement.having, named);
  const order = exploreOrder(statement.orderBy, selectors, restrictions, named);
  const aggregates =
    having !== null ||
    isAggregated(selectors) ||
    order.sortKeys.some(({ expression }) => containsAggregate(expression));
  const ungrouped: Grouping | null = aggregates ? { kind: 'all' } : null;
  const grouping =
    statement.groupBy.length === 0 ? ungrouped : exploreGrouping(statement, selectors, restrictions, inputs, named);
  checkAggregates(statement, selectors, having, order.sortKeys, grouping);
  const plain = order.sortKeys.length === 0 && grouping === null;
  const isPartitionDistinct = statement.distinct && plain && readsPartitionsOnly(inputs, restrictions, free.length);
  const conditions = [
    ...(restrictions === null ? [] : rowConditions(restrictions, inputs)),
    ...free.map((condition) => conditionOnRows(condition, scope)),
  ];
  return {
    table,
    restrictions,
    conditions,
    selectors,
    json: statement.json,
    distinct: !statement.distinct ? 'none' : isPartitionDistinct ? 'partitions' : 'rows',
    grouping,
    having,
    ...order,
    refusesPaging: false,
    inputs: inputs.columns,
    ...boundLimits(statement, scope),
    offset: boundLimit(statement.offset, '[offset]', termScope(scope)),
    markers,
    notes,
  };
}

function aliasesOf(
  { selection }: SelectStatement,
  selectors: readonly SelectedExpression[],
): ReadonlyMap<string, TypedExpression> {
  const aliases = new Map<string, TypedExpression>();
  if (selection.kind === 'allColumns') return aliases;
  selection.selectors.forEach(({ alias }, i) => {
    if (alias !== undefined) aliases.set(alias.text, selectors[i].expression);
  });
  return aliases;
}

function conditionOnRows(condition: Expression, scope: BindScope): Condition {
  const bound = bindCondition(condition, scope);
  if (!conditionOperands(bound).some(containsAggregate)) return bound;
  throw CqlError.invalidRequest('WHERE tests rows before they are aggregated: HAVING tests groups', condition);
}

/** Refuses aggregates where they have no value: in each other, and in what rows are grouped by. */
function checkAggregates(
  { selection, groupBy, having: havingClause, orderBy }: SelectStatement,
  selectors: readonly SelectedExpression[],
  having: Condition | null,
  sortKeys: readonly SortKey[],
  grouping: Grouping | null,
): void {
  const refuseNested = (expressions: readonly TypedExpression[], node: Expression | undefined): void => {
    if (!expressions.some(nestsAggregates)) return;
    throw CqlError.invalidRequest('aggregate functions cannot be used as arguments of aggregate functions', node);
  };
  if (selection.kind !== 'allColumns') {
    for (const [i, { expression }] of selection.selectors.entries()) {
      refuseNested([selectors[i].expression], expression);
    }
  }
  if (having !== null) refuseNested(conditionOperands(having), havingClause);
  for (const [i, { expression }] of sortKeys.entries()) refuseNested([expression], orderBy[i].expression);
  if (grouping?.kind === 'hash' && grouping.keys.some(containsAggregate)) {
    throw CqlError.invalidRequest('GROUP BY comes before aggregates: they are no keys of groups', groupBy[0]);
  }
  if (havingClause === undefined || groupBy.length > 0) return;
  const after = [...selectors, ...sortKeys].map(({ expression }) => expression);
  if (having !== null) after.push(...conditionOperands(having));
  if (after.some(containsAggregate)) return;
  throw CqlError.invalidRequest(
    'HAVING tests groups: it needs GROUP BY or an aggregate. WHERE tests rows',
    havingClause,
  );
}

function nestsAggregates(expression: TypedExpression): boolean {
  if (expression.kind === 'aggregate') return expression.args.some(containsAggregate);
  return operandsOf(expression).some(nestsAggregates);
}

function tolerantRestrictions(
  statement: SelectStatement,
  table: TableMetadata,
  scope: BindScope,
): StatementRestrictions {
  return checkRestrictions(
    {
      type: SELECT_TYPE,
      table,
      where: statement.where,
      ann: null,
      selectsOnlyStatics: false,
      allowFiltering: true,
      tolerant: true,
    },
    termScope(scope),
  );
}

function conditionsWithoutTable({ where }: SelectStatement): readonly Expression[] {
  return where === undefined ? [] : [where];
}

function exploreSelection(
  { selection }: SelectStatement,
  table: TableMetadata | null,
  inputs: InputColumns,
  scope: BindScope,
): SelectedExpression[] {
  if (selection.kind === 'allColumns') {
    if (table === null) throw CqlError.invalidRequest('SELECT * needs a table', selection);
    return columnsInSelectOrder(table).map((column) => selectedColumn(column, inputs));
  }
  return selection.selectors.map(({ expression, alias }) => {
    const bound = bindAnything(expression, null, scope);
    const name = alias?.text ?? expressionName(expression, scope);
    if (expression.kind !== 'column' || bound.kind !== 'input') return { name, expression: bound };
    return { name, expression: bound, columnKind: inputs.columns[bound.slot].column.kind };
  });
}

/** Orders that partitions have need no sort; all others do. An alias or the number of a selector may stand for it. */
function exploreOrder(
  orderings: readonly Ordering[],
  selectors: readonly SelectedExpression[],
  restrictions: StatementRestrictions | null,
  scope: BindScope,
): Pick<CheckedSelect, 'reversed' | 'sortKeys' | 'nearest'> {
  if (orderings.length === 0) return { reversed: false, sortKeys: [], nearest: null };
  if (restrictions !== null && orderings.some(({ annOf }) => annOf !== undefined)) {
    const ann = annRestriction(orderingColumns(orderings, restrictions.table), scope);
    if (ann !== null) {
      return { reversed: false, sortKeys: [], nearest: nearestOrder(ann, restrictions.table, scope) };
    }
  }
  const natural = naturalOrder(orderings, restrictions);
  if (natural !== null) return { reversed: natural, sortKeys: [], nearest: null };
  const sortKeys = orderings.map(({ expression, direction }): SortKey => {
    return { expression: orderedExpression(expression, selectors, scope), descending: direction === 'desc' };
  });
  return { reversed: false, sortKeys, nearest: null };
}

/** Whether one partition's own order is what is asked, and then which way; null when it is not. */
function naturalOrder(orderings: readonly Ordering[], restrictions: StatementRestrictions | null): boolean | null {
  if (restrictions === null || restrictions.isKeyRange || restrictions.partitionKey.hasIn()) return null;
  try {
    return isReversed(orderingColumns(orderings, restrictions.table), restrictions);
  } catch (error) {
    if (error instanceof CqlError) return null;
    throw error;
  }
}

function orderedExpression(
  expression: Expression,
  selectors: readonly SelectedExpression[],
  scope: BindScope,
): TypedExpression {
  if (expression.kind === 'literal' && expression.type === 'integer') {
    const selected = selectors[Number(expression.text) - 1];
    if (selected !== undefined) return selected.expression;
    throw CqlError.invalidRequest(
      `There is no column ${expression.text} in the selection, which has ${selectors.length}`,
      expression,
    );
  }
  if (expression.kind === 'column') {
    const isColumn = scope.table?.columns.has(expression.name.text) ?? false;
    const alias = selectors.find(({ name }) => name === expression.name.text);
    if (alias !== undefined && !isColumn) return alias.expression;
  }
  return bindAnything(expression, null, scope);
}

/** GROUP BY: by the primary key where Cassandra allows it, since such groups come one after the other; else by any values. */
function exploreGrouping(
  statement: SelectStatement,
  selectors: readonly SelectedExpression[],
  restrictions: StatementRestrictions | null,
  inputs: InputColumns,
  scope: BindScope,
): Grouping {
  if (restrictions !== null && !statement.distinct) {
    try {
      const grouping = primaryKeyGrouping(statement.groupBy, restrictions, false, inputs, scope);
      requireMonotonic(grouping);
      return grouping;
    } catch (error) {
      if (!(error instanceof CqlError)) throw error;
    }
  }
  const keys = statement.groupBy.map((expression) => orderedExpression(expression, selectors, scope));
  return { kind: 'hash', keys: keys.filter((key, i) => keys.findIndex((other) => sameExpression(other, key)) === i) };
}

/** DISTINCT of whole partition keys and static columns, which a scan finds by skipping rows. */
function readsPartitionsOnly(inputs: InputColumns, restrictions: StatementRestrictions | null, free: number): boolean {
  if (restrictions === null || free > 0 || !restrictions.clustering.isEmpty) return false;
  const columns = inputs.columns.map(({ column }) => column);
  const onlyShared = columns.every((column) => column.kind === 'partition_key' || column.kind === 'static');
  const wholeKey = restrictions.table.partitionKey.every((column) => columns.includes(column));
  return onlyShared && wholeKey && restrictions.other.columns.every((column) => column.kind === 'static');
}
