import { CqlError } from '../../errors/index.ts';
import type { Expression } from '../../parser/ast/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';
import { cqlTypeName, quoteIdentifier } from '../../types/index.ts';
import { bindExpression } from '../expressions/bind-expression.ts';
import { type BindScope, existingColumn } from '../expressions/bind-scope.ts';
import { expressionText } from '../expressions/expression-text.ts';
import type { InputColumns } from '../expressions/input-columns.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import type { StatementRestrictions } from '../restrictions/statement-restrictions.ts';
import type { Grouping } from './checked-select.ts';
import { columnsIn } from './selection.ts';

const OUT_OF_ORDER =
  'Group by currently only support groups of columns following their declared order in the PRIMARY KEY';

/** GROUP BY as Cassandra has it: columns of the primary key from its start, at the end perhaps a function. */
export function primaryKeyGrouping(
  groupBy: readonly Expression[],
  restrictions: StatementRestrictions,
  distinct: boolean,
  inputs: InputColumns,
  scope: BindScope,
): Grouping {
  const { table } = restrictions;
  const key = [...table.partitionKey, ...table.clustering];
  let next = 0;
  let clusteringCount = 0;
  let lastFunction: TypedExpression | null = null;
  for (const expression of groupBy) {
    if (expression.kind === 'call') lastFunction = boundFunction(expression, scope);
    const column = groupingColumn(expression, table);
    if (expression.kind !== 'call' && lastFunction !== null) {
      throw CqlError.invalidRequest('Functions are only supported on the last element of the GROUP BY clause');
    }
    for (;;) {
      if (next === key.length) throw CqlError.invalidRequest(OUT_OF_ORDER);
      const candidate = key[next++];
      if (candidate.kind === 'clustering') clusteringCount++;
      if (candidate === column) break;
      if (!isEqualityRestricted(candidate, restrictions)) throw CqlError.invalidRequest(OUT_OF_ORDER);
    }
  }
  if (next < table.partitionKey.length) {
    throw CqlError.invalidRequest('Group by is not supported on only a part of the partition key');
  }
  if (clusteringCount > 0 && distinct) {
    throw CqlError.invalidRequest('Grouping on clustering columns is not allowed for SELECT DISTINCT queries');
  }
  const columns = table.clustering.slice(0, clusteringCount).map((column) => inputs.value(column));
  return { kind: 'prefix', clusteringCount, columns, lastFunction };
}

function groupingColumn(expression: Expression, table: TableMetadata): ColumnMetadata {
  if (expression.kind === 'column') {
    const column = existingColumn(table, expression.name);
    if (column.kind === 'partition_key' || column.kind === 'clustering') return column;
    throw CqlError.invalidRequest(
      `Group by is currently only supported on the columns of the PRIMARY KEY, got ${column.name}`,
      expression,
    );
  }
  if (expression.kind !== 'call') {
    throw CqlError.invalidRequest(
      `Cassandra groups by columns and functions only, not ${expressionText(expression)}`,
      expression,
    );
  }
  const columns = [...new Set(columnsIn(expression, table))];
  if (columns.length === 0) {
    throw CqlError.invalidRequest('GROUP BY functions must have one clustering column name as parameter');
  }
  if (columns.length > 1) {
    throw CqlError.invalidRequest(
      `GROUP BY functions accept only one clustering column as parameter, got: ${columns.map((c) => quoteIdentifier(c.name)).join(',')}`,
    );
  }
  if (columns[0].kind !== 'clustering') {
    throw CqlError.invalidRequest(
      `Group by functions are only supported on clustering columns, got ${columns[0].name}`,
    );
  }
  return columns[0];
}

function boundFunction(expression: Expression, scope: BindScope): TypedExpression {
  const bound = bindExpression(expression, null, scope);
  if (bound.kind === 'aggregate') {
    throw CqlError.invalidRequest(
      `Aggregate functions are not supported within the GROUP BY clause, got: ${bound.function.keyspace}.${bound.function.name}`,
    );
  }
  return bound;
}

/** Told after all else that can be wrong with a SELECT's text: Cassandra looks when it makes the groups. */
export function requireMonotonic(grouping: Grouping | null): void {
  const bound = grouping?.kind === 'prefix' ? grouping.lastFunction : null;
  if (bound?.kind === 'call' && !MONOTONIC.has(bound.function.name)) {
    const { keyspace, name, argumentTypes, returnType } = bound.function;
    throw CqlError.invalidRequest(
      `Only monotonic functions are supported in the GROUP BY clause. Got: ${keyspace}.${name} : (${argumentTypes.map(cqlTypeName).join(', ')}) -> ${cqlTypeName(returnType)} `,
    );
  }
}

/** Functions whose results never go back as their argument goes on (`Function.isMonotonic`, 5.0.8). */
const MONOTONIC: ReadonlySet<string> = new Set([
  'floor',
  'to_date',
  'todate',
  'to_timestamp',
  'totimestamp',
  'to_unix_timestamp',
  'tounixtimestamp',
]);

function isEqualityRestricted(column: ColumnMetadata, restrictions: StatementRestrictions): boolean {
  const set = column.kind === 'partition_key' ? restrictions.partitionKey : restrictions.clustering;
  return set.of(column)?.kind === 'eq';
}
