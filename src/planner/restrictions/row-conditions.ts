import type { ColumnMetadata } from '../../schema/model/index.ts';
import type { InputColumns } from '../expressions/input-columns.ts';
import type { Condition, ConditionOperator, TypedExpression } from '../expressions/typed-expression.ts';
import { splitClusteringRestrictions } from './clustering-restrictions.ts';
import { indexesOf } from './indexes.ts';
import type { Restriction, RestrictionBound } from './restriction.ts';
import type { StatementRestrictions } from './statement-restrictions.ts';

/** What every row must be tested for. */
export function rowConditions(restrictions: StatementRestrictions, inputs: InputColumns): Condition[] {
  return filteredRestrictions(restrictions).flatMap((restriction) =>
    conditionsOf(restriction, inputs, !restrictions.tolerant),
  );
}

/** The restrictions that rows are tested for, in the order in which their values are looked at (`getRowFilter`, 5.0.8). */
export function filteredRestrictions(restrictions: StatementRestrictions): Restriction[] {
  const filtered: Restriction[] = [];
  if (restrictions.filtersPartitionKey) filtered.push(...restrictions.partitionKey);
  if (restrictions.filtersClustering) {
    const indexes = restrictions.tolerant ? [] : indexesOf(restrictions.table);
    filtered.push(...splitClusteringRestrictions(restrictions.clustering, indexes).filtered);
  }
  filtered.push(...restrictions.other);
  return filtered;
}

/** `strict`: as Cassandra does it, also where that is a surprise. */
function conditionsOf(restriction: Restriction, inputs: InputColumns, strict: boolean): Condition[] {
  const [column] = restriction.columns;
  const left = inputs.value(column);
  switch (restriction.kind) {
    case 'eq':
      return restriction.columns.map((part, i) => compare(part, '=', restriction.values[i], inputs));
    case 'in':
      return [inCondition(restriction.columns, restriction.choices, inputs, strict)];
    case 'slice':
      return [
        ...boundCondition(restriction.columns, restriction.start, '>', inputs),
        ...boundCondition(restriction.columns, restriction.end, '<', inputs),
      ];
    case 'contains':
      return [
        ...restriction.values.map((right): Condition => ({ kind: 'contains', left, right, key: false })),
        ...restriction.keys.map((right): Condition => ({ kind: 'contains', left, right, key: true })),
        ...restriction.entries.map(([key, value]): Condition => ({ kind: 'entry', map: left, key, value })),
      ];
    case 'like':
      return [{ kind: 'like', left, right: restriction.value, onlyEnds: strict }];
    case 'ann':
      return [{ kind: 'not', operand: { kind: 'isNull', operand: left } }];
  }
}

function inCondition(
  columns: readonly ColumnMetadata[],
  choices: readonly (readonly TypedExpression[])[] | TypedExpression,
  inputs: InputColumns,
  strict: boolean,
): Condition {
  if ('kind' in choices) return { kind: 'inList', left: inputs.value(columns[0]), list: choices, endsAtNull: strict };
  if (columns.length === 1) {
    const values = choices.map(([value]) => value);
    return { kind: 'in', left: inputs.value(columns[0]), values, endsAtNull: strict };
  }
  const operands = choices.map((values): Condition => {
    return { kind: 'and', operands: values.map((value, i) => compare(columns[i], '=', value, inputs)) };
  });
  return { kind: 'or', operands };
}

/** `(a, b) > (1, 2)` is `a > 1 OR a = 1 AND b > 2`. */
function boundCondition(
  columns: readonly ColumnMetadata[],
  bound: RestrictionBound | null,
  operator: '<' | '>',
  inputs: InputColumns,
): Condition[] {
  if (bound === null) return [];
  const last = bound.values.length - 1;
  const operands = bound.values.map((value, i): Condition => {
    const equal = bound.values.slice(0, i).map((before, j) => compare(columns[j], '=', before, inputs));
    const edge: ConditionOperator = i === last && bound.inclusive ? `${operator}=` : operator;
    const beyond = compare(columns[i], edge, value, inputs);
    return equal.length === 0 ? beyond : { kind: 'and', operands: [...equal, beyond] };
  });
  return operands.length === 1 ? operands : [{ kind: 'or', operands }];
}

function compare(
  column: ColumnMetadata,
  operator: ConditionOperator,
  right: TypedExpression,
  inputs: InputColumns,
): Condition {
  return { kind: 'compare', operator, left: inputs.value(column), right };
}
