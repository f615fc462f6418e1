import { CqlError } from '../../errors/index.ts';
import type { Ordering } from '../../parser/ast/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';
import { bindExpression } from '../expressions/bind-expression.ts';
import { type BindScope, existingColumn, termScope } from '../expressions/bind-scope.ts';
import { indexesOf } from '../restrictions/indexes.ts';
import type { AnnRestriction } from '../restrictions/restriction.ts';
import type { StatementRestrictions } from '../restrictions/statement-restrictions.ts';
import type { NearestOrder } from './checked-select.ts';

/** ORDER BY of columns, as Cassandra knows it. The later of two orderings of one column counts. */
export type OrderingColumns = ReadonlyMap<ColumnMetadata, Ordering>;

export function orderingColumns(orderings: readonly Ordering[], table: TableMetadata): OrderingColumns {
  const columns = new Map<ColumnMetadata, Ordering>();
  for (const ordering of orderings) {
    const { expression } = ordering;
    if (expression.kind !== 'column') {
      throw CqlError.invalidRequest('Cassandra orders by clustering columns only', expression);
    }
    columns.set(existingColumn(table, expression.name), ordering);
  }
  return columns;
}

/** The ordering by nearness, if that is what is asked. */
export function annRestriction(orderings: OrderingColumns, scope: BindScope): AnnRestriction | null {
  const nearest = [...orderings].filter(([, { annOf }]) => annOf !== undefined);
  if (nearest.length === 0) return null;
  if (nearest.length > 1) throw CqlError.invalidRequest('Cannot specify more than one ANN ordering');
  if (orderings.size > 1) throw CqlError.invalidRequest('ANN ordering does not support any other ordering');
  const [[column, ordering]] = nearest;
  if (ordering.direction !== 'asc') throw CqlError.invalidRequest('Descending ANN ordering is not supported');
  if (ordering.annOf === undefined) return null;
  const vector = bindExpression(ordering.annOf, column, termScope(scope));
  return { kind: 'ann', columns: [column], multiColumn: false, vector };
}

/** The similarity of the column's SAI index; cosine is its default. */
export function nearestOrder(ann: AnnRestriction, table: TableMetadata, scope: BindScope): NearestOrder {
  const [column] = ann.columns;
  const index = indexesOf(table).find((candidate) => candidate.column === column && candidate.family === 'sai');
  const named = index?.metadata.options.get('similarity_function')?.toLowerCase();
  const similarity = named === 'euclidean' || named === 'dot_product' ? named : 'cosine';
  if (scope.columns === null) throw CqlError.invalidRequest('ANN ordering needs a table');
  return { column: scope.columns.value(column), vector: ann.vector, similarity };
}

export function checkOrderingAllowed(restrictions: StatementRestrictions): void {
  if (restrictions.usesIndex) {
    throw CqlError.invalidRequest('ORDER BY with 2ndary indexes is not supported, except for ANN queries.');
  }
  if (restrictions.isKeyRange) {
    throw CqlError.invalidRequest('ORDER BY is only supported when the partition key is restricted by an EQ or an IN.');
  }
}

/** Whether rows come last to first; checks that the ordering is one that partitions have. */
export function isReversed(orderings: OrderingColumns, restrictions: StatementRestrictions): boolean {
  const { clustering } = restrictions.table;
  const flips: boolean[] = [];
  let next = 0;
  for (const [column, { direction, expression }] of orderings) {
    if (column.kind !== 'clustering') {
      throw CqlError.invalidRequest(
        `Order by is currently only supported on the clustered columns of the PRIMARY KEY, got ${column.name}`,
        expression,
      );
    }
    while (next !== column.position) {
      const skipped = clustering[next++];
      if (skipped !== undefined && restrictions.clustering.of(skipped)?.kind === 'eq') continue;
      throw CqlError.invalidRequest(
        'Order by currently only supports the ordering of columns following their declared order in the PRIMARY KEY',
        expression,
      );
    }
    next++;
    flips.push((direction === 'desc') !== column.reversed);
  }
  if (flips.some((flip) => flip !== flips[0])) throw CqlError.invalidRequest('Unsupported order by relation');
  return flips[0] ?? false;
}
