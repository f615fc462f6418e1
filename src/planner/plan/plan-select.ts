import { unreachable } from '../../errors/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import {
  type Aggregate,
  type Condition,
  conditionOperands,
  operandsOf,
  type TypedExpression,
} from '../expressions/typed-expression.ts';
import { splitClusteringRestrictions } from '../restrictions/clustering-restrictions.ts';
import type { Restriction } from '../restrictions/restriction.ts';
import type { StatementRestrictions } from '../restrictions/statement-restrictions.ts';
import type { CheckedSelect, Grouping, SelectedExpression, SortKey } from '../select/checked-select.ts';
import type { AccessPath, KeyComponent, PartitionAccess } from './access-path.ts';
import { mapCondition } from './map-expression.ts';
import { collectAggregates, overGroups } from './over-groups.ts';
import type { PhysicalPlan, PushedCondition, TableScan } from './physical-plan.ts';

/** The physical plan of a checked SELECT. */
export function planSelect(select: CheckedSelect): PhysicalPlan {
  const rows = planRows(select);
  if (select.grouping !== null) return planGroups(select, rows);
  return finish(select, rows, select.selectors, select.sortKeys);
}

/** The scan with the conditions that it can test itself, under a filter with all others. */
function planRows(select: CheckedSelect): PhysicalPlan {
  const { table, restrictions } = select;
  if (table === null || restrictions === null) return filtered({ kind: 'oneRow' }, select.conditions, null);
  const { pushed, residual } = splitConditions(select);
  const isWhole = residual.length === 0;
  const perPartition = limitsGroups(select.grouping) ? null : select.perPartitionLimit;
  const stopsEarly =
    isWhole &&
    select.grouping === null &&
    select.sortKeys.length === 0 &&
    select.nearest === null &&
    select.distinct !== 'rows' &&
    select.offset === null;
  const scan: TableScan = {
    kind: 'scan',
    table,
    access: accessPath(restrictions, select.reversed),
    columns: select.inputs,
    pushed,
    limit: stopsEarly ? select.limit : null,
    perPartitionLimit: isWhole ? perPartition : null,
    distinctPartitions: select.distinct === 'partitions',
    staticOnlyRows: restrictions.staticOnlyRows,
  };
  return filtered(scan, residual, isWhole ? null : perPartition);
}

/** PER PARTITION LIMIT is of groups where these lie within partitions, of rows before all other grouping. */
function limitsGroups(grouping: Grouping | null): boolean {
  return grouping?.kind === 'prefix';
}

function filtered(
  input: PhysicalPlan,
  conditions: readonly Condition[],
  perPartitionLimit: TypedExpression | null,
): PhysicalPlan {
  if (conditions.length === 0 && perPartitionLimit === null) return input;
  return { kind: 'filter', input, conditions, perPartitionLimit };
}

/** Grouping, and above it the selected expressions, computed from each group's row. */
function planGroups(select: CheckedSelect, input: PhysicalPlan): PhysicalPlan {
  const { grouping } = select;
  if (grouping === null) return input;
  const aggregates: Aggregate[] = [];
  for (const { expression } of [...select.selectors, ...select.sortKeys]) collectAggregates(expression, aggregates);
  if (select.having !== null)
    for (const operand of conditionOperands(select.having)) collectAggregates(operand, aggregates);
  const inputCount = select.inputs.length;
  const rewrite = (expression: TypedExpression): TypedExpression =>
    overGroups(expression, aggregates, inputCount, grouping);
  const selectors = select.selectors.map((selector) => ({ ...selector, expression: rewrite(selector.expression) }));
  const sortKeys = select.sortKeys.map((key) => ({ ...key, expression: rewrite(key.expression) }));
  if (countsRowsOnly(select, input, aggregates)) {
    return finish(select, { kind: 'countRows', input }, selectors, []);
  }
  const having = select.having === null ? null : mapCondition(select.having, rewrite);
  const after = [...selectors, ...sortKeys].map(({ expression }) => expression);
  if (having !== null) after.push(...conditionOperands(having));
  const slots = new Set(after.flatMap(inputSlots));
  const groups: PhysicalPlan = {
    kind: 'group',
    input,
    grouping,
    inputCount,
    firstSlots: [...slots].filter((slot) => slot < inputCount),
    aggregates,
    perPartitionLimit: limitsGroups(grouping) ? select.perPartitionLimit : null,
  };
  const kept: PhysicalPlan = having === null ? groups : { kind: 'having', input: groups, condition: having };
  return finish(select, kept, selectors, sortKeys);
}

/** `SELECT count(*)` of a bare scan. */
function countsRowsOnly(
  select: CheckedSelect,
  input: PhysicalPlan,
  aggregates: readonly Aggregate[],
): input is TableScan {
  return (
    input.kind === 'scan' &&
    input.pushed.length === 0 &&
    !input.distinctPartitions &&
    input.perPartitionLimit === null &&
    select.grouping?.kind === 'all' &&
    select.having === null &&
    select.inputs.length === 0 &&
    select.sortKeys.length === 0 &&
    aggregates.length > 0 &&
    aggregates.every(({ function: { name } }) => name === 'count_rows' || name === 'countRows')
  );
}

function finish(
  select: CheckedSelect,
  input: PhysicalPlan,
  selectors: readonly SelectedExpression[],
  sortKeys: readonly SortKey[],
): PhysicalPlan {
  const { nearest, limit, offset } = select;
  const rows: PhysicalPlan = nearest === null ? input : { kind: 'nearest', input, order: nearest, limit };
  let plan: PhysicalPlan = { kind: 'project', input: rows, selectors, sortKeys };
  if (select.distinct === 'rows') {
    plan = { kind: 'distinct', input: plan, types: selectors.map(({ expression }) => expression.type) };
  }
  if (sortKeys.length > 0) {
    const top = limit === null ? null : { limit, offset };
    plan = { kind: 'sort', input: plan, width: selectors.length, keys: sortKeys, top };
  }
  if (limit !== null || offset !== null) plan = { kind: 'limit', input: plan, limit, offset };
  return select.json ? { kind: 'json', input: plan, selectors } : plan;
}

function splitConditions(select: CheckedSelect): { pushed: PushedCondition[]; residual: Condition[] } {
  const pushed: PushedCondition[] = [];
  const residual: Condition[] = [];
  for (const condition of select.conditions) {
    const simple = pushable(condition);
    if (simple === null) residual.push(condition);
    else pushed.push(simple);
  }
  return { pushed, residual };
}

/** The condition in the form that a scan tests on encoded bytes; null when it has no such form. */
function pushable(condition: Condition): PushedCondition | null {
  switch (condition.kind) {
    case 'compare': {
      const { left, right, operator } = condition;
      if (left.kind !== 'input' || readsRows(right)) return null;
      return { slot: left.slot, operator, operands: [right], endsAtNull: false };
    }
    case 'in': {
      const { left, values, endsAtNull = false } = condition;
      if (left.kind !== 'input' || values.some(readsRows)) return null;
      return { slot: left.slot, operator: 'IN', operands: values, endsAtNull };
    }
    case 'isNull':
      if (condition.operand.kind !== 'input') return null;
      return { slot: condition.operand.slot, operator: 'IS_NULL', operands: [], endsAtNull: false };
    case 'not': {
      const { operand } = condition;
      if (operand.kind !== 'isNull' || operand.operand.kind !== 'input') return null;
      return { slot: operand.operand.slot, operator: 'IS_NOT_NULL', operands: [], endsAtNull: false };
    }
    default:
      return null;
  }
}

function inputSlots(expression: TypedExpression): number[] {
  return expression.kind === 'input' ? [expression.slot] : operandsOf(expression).flatMap(inputSlots);
}

function readsRows(expression: TypedExpression): boolean {
  return expression.kind === 'input' || expression.kind === 'aggregate' || operandsOf(expression).some(readsRows);
}

/** How to reach the rows that the restrictions leave: by keys, slices, tokens, or all. */
export function accessPath(restrictions: StatementRestrictions, reversed: boolean): AccessPath {
  const { table, token } = restrictions;
  const partitions: PartitionAccess =
    restrictions.isKeyRange || restrictions.partitionKey.size < table.partitionKey.length
      ? { kind: 'range', token }
      : { kind: 'keys', components: table.partitionKey.map((_, i) => keyComponent(restrictions, table, i)), token };
  return { partitions, clustering: splitClusteringRestrictions(restrictions.clustering).sliced, reversed };
}

function keyComponent({ partitionKey }: StatementRestrictions, table: TableMetadata, i: number): KeyComponent {
  const column = table.partitionKey[i];
  const restriction: Restriction | undefined = partitionKey.of(column);
  if (restriction?.kind === 'eq') return { kind: 'values', name: column.name, values: restriction.values };
  if (restriction?.kind !== 'in') return { kind: 'values', name: column.name, values: [] };
  const { choices } = restriction;
  if ('kind' in choices) return { kind: 'list', name: column.name, list: choices };
  return { kind: 'values', name: column.name, values: choices.map(([value]) => value) };
}

/** The operator's own input; null for those that have none. */
export function inputOf(plan: PhysicalPlan): PhysicalPlan | null {
  switch (plan.kind) {
    case 'oneRow':
    case 'scan':
      return null;
    case 'filter':
    case 'countRows':
    case 'group':
    case 'having':
    case 'project':
    case 'distinct':
    case 'sort':
    case 'nearest':
    case 'limit':
    case 'json':
      return plan.input;
    default:
      return unreachable(plan);
  }
}
