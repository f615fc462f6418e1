import { CqlError } from '../../errors/index.ts';
import type { Expression, Selection } from '../../parser/ast/index.ts';
import {
  type ColumnMetadata,
  columnsInSelectOrder,
  isStaticCompactTable,
  type TableMetadata,
} from '../../schema/model/index.ts';
import { didYouMean } from '../../schema/nearest-name.ts';
import { bindExpression } from '../expressions/bind-expression.ts';
import { type BindScope, existingColumn } from '../expressions/bind-scope.ts';
import { exactType } from '../expressions/infer-type.ts';
import type { InputColumns } from '../expressions/input-columns.ts';
import { selectableText } from '../expressions/selectable-text.ts';
import { containsAggregate, operandsOf, type TypedExpression } from '../expressions/typed-expression.ts';
import type { SelectedExpression } from './checked-select.ts';

/** Resolves names and functions: columns must exist and calls must resolve; literals, maps and UDTs are looked at later. */
function prepareExpression(expression: Expression, scope: BindScope): void {
  if (expression.kind === 'map' || expression.kind === 'udt') return;
  if (expression.kind === 'column' && scope.table !== null) existingColumn(scope.table, expression.name);
  for (const part of partsOf(expression)) prepareExpression(part, scope);
  if (expression.kind === 'call') requireFunction(expression, scope);
  else if (expression.kind === 'arithmetic' || expression.kind === 'negation' || expression.kind === 'token') {
    exactType(expression, scope);
  }
}

function requireFunction(expression: Extract<Expression, { kind: 'call' }>, scope: BindScope): void {
  // Types of calls are what resolution gives; no type means that there is no such function.
  if (exactType(expression, scope) !== null) return;
  const written = expression.name.keyspace === undefined ? '' : `${expression.name.keyspace.text}.`;
  throw CqlError.invalidRequest(`Unknown function '${written}${expression.name.name.text}'`, {
    position: expression.position,
    suggestion: didYouMean(expression.name.name.text, scope.context.functions.names()),
  });
}

/** The columns of the answer, with their names. */
export function bindSelection(
  selection: Selection,
  table: TableMetadata | null,
  inputs: InputColumns,
  scope: BindScope,
): SelectedExpression[] {
  if (selection.kind === 'allColumns') {
    if (table === null) throw CqlError.invalidRequest('SELECT * needs a table', selection);
    return columnsInSelectOrder(table).map((column) => selectedColumn(column, inputs));
  }
  return selection.selectors.map(({ expression, alias }) => {
    prepareExpression(expression, scope);
    const bound = bindExpression(expression, null, scope);
    checkNesting(bound, false);
    const name = alias?.text ?? selectableText(expression, scope);
    if (expression.kind === 'column' && table !== null) {
      return { name, expression: bound, columnKind: existingColumn(table, expression.name).kind };
    }
    return { name, expression: bound };
  });
}

export function selectedColumn(column: ColumnMetadata, inputs: InputColumns): SelectedExpression {
  return { name: column.name, expression: inputs.value(column), columnKind: column.kind };
}

function checkNesting(expression: TypedExpression, inside: boolean): void {
  if (expression.kind === 'aggregate' && inside) {
    throw CqlError.invalidRequest('aggregate functions cannot be used as arguments of aggregate functions');
  }
  for (const operand of operandsOf(expression)) checkNesting(operand, inside || expression.kind === 'aggregate');
}

export function isAggregated(selectors: readonly SelectedExpression[]): boolean {
  return selectors.some(({ expression }) => containsAggregate(expression));
}

/**
 * Only partition key and static columns are selected, and at least one static one. Selectors are prepared no further than
 * the answer needs: Cassandra's list of them is lazy, and so the faults of others are told after those of WHERE.
 */
export function selectsOnlyStatics(selection: Selection, table: TableMetadata, scope: BindScope): boolean {
  if (isStaticCompactTable(table) || table.statics.length === 0 || selection.kind === 'allColumns') return false;
  const anySelects = (isWanted: (column: ColumnMetadata) => boolean): boolean =>
    selection.selectors.some(({ expression }) => {
      prepareExpression(expression, scope);
      return selectsColumn(expression, table, scope, isWanted);
    });
  return (
    anySelects((column) => column.kind === 'static') &&
    !anySelects((column) => column.kind !== 'static' && column.kind !== 'partition_key')
  );
}

/**
 * Whether an expression names such a column. A map's values are asked the wrong way round (`WithMapOrUdt.selectColumns`,
 * 5.0.8): one that does not name such a column counts as if it did.
 */
function selectsColumn(
  expression: Expression,
  table: TableMetadata,
  scope: BindScope,
  isWanted: (column: ColumnMetadata) => boolean,
): boolean {
  const selects = (part: Expression): boolean => selectsColumn(part, table, scope, isWanted);
  const selectsNot = (part: Expression): boolean => {
    prepareExpression(part, scope);
    return scope.context.dialect === 'strict' ? !selects(part) : selects(part);
  };
  switch (expression.kind) {
    case 'column':
      return isWanted(existingColumn(table, expression.name));
    case 'map':
      return expression.entries.some(({ key, value }) => (key.kind !== 'column' && selects(key)) || selectsNot(value));
    case 'udt':
      return expression.fields.some(({ value }) => selectsNot(value));
    default:
      return partsOf(expression).some(selects);
  }
}

/** Every column that an expression names. */
export function columnsIn(expression: Expression, table: TableMetadata): ColumnMetadata[] {
  if (expression.kind === 'column') return [existingColumn(table, expression.name)];
  return partsOf(expression).flatMap((part) => columnsIn(part, table));
}

/** The expressions of which one is made, those that can name no column (keys of elements, bounds of slices) left out. */
function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'call':
    case 'token':
      return expression.arguments;
    case 'list':
    case 'set':
    case 'tuple':
      return expression.elements;
    case 'map':
      return expression.entries.flatMap(({ key, value }) => [key, value]);
    case 'udt':
      return expression.fields.map(({ value }) => value);
    case 'arithmetic':
      return [expression.left, expression.right];
    case 'field':
    case 'element':
    case 'slice':
    case 'cellAttribute':
    case 'cast':
    case 'typeHint':
    case 'negation':
      return [expression.operand];
    default:
      return [];
  }
}
