import { conjuncts } from '../../parser/ast/expression.ts';
import type { Expression } from '../../parser/ast/index.ts';
import { quoteIdentifier } from '../../types/index.ts';
import { hashMapOrder, identifierHash } from '../java-order.ts';
import { type TableMetadata, visibleColumn } from '../model/index.ts';
import { didYouMean } from '../nearest-name.ts';
import { qualifiedName } from '../qualified-name.ts';
import { invalid } from './refusal.ts';

/** Checks of a view's WHERE clause against its base table (`CreateViewStatement`, 5.0.8). */
export function checkViewWhere(
  where: Expression | undefined,
  base: TableMetadata,
  viewName: string,
  viewKey: readonly string[],
): void {
  const relations = conjuncts(where);
  if (relations.some((relation) => relation.kind === 'comparison' && relation.left.kind === 'token')) {
    throw invalid('Cannot use token relation when defining a materialized view');
  }
  if (relations.some((relation) => relation.kind === 'indexExpression')) {
    throw invalid(`WHERE clause for materialized view '${viewName}' cannot contain custom index expressions`);
  }
  const notNull = new Set<string>();
  const restricted = new Set<string>();
  for (const relation of relations) {
    const into = relation.kind === 'isNull' ? notNull : restricted;
    for (const name of restrictedColumns(relation, base)) into.add(name);
  }
  const unrestricted = viewKey.filter((name) => !notNull.has(name) && !restricted.has(name));
  if (unrestricted.length > 0) {
    const names = hashMapOrder(unrestricted, identifierHash).join(', ');
    throw invalid(`Primary key columns ${names} must be restricted with 'IS NOT NULL' or otherwise`);
  }
  const baseKey = new Set([...base.partitionKey, ...base.clustering].map((column) => column.name));
  const illegal = [...restricted].filter((name) => !baseKey.has(name));
  if (illegal.length > 0) {
    throw invalid(
      `Non-primary key columns can only be restricted with 'IS NOT NULL' (got: ${illegal.join(',')} restricted illegally)`,
    );
  }
}

/** Whether the expression has a bind marker anywhere. */
export function hasBindMarker(where: Expression | undefined): boolean {
  return where !== undefined && JSON.stringify(where).includes('"kind":"bindMarker"');
}

function restrictedColumns(relation: Expression, base: TableMetadata): string[] {
  switch (relation.kind) {
    case 'comparison':
    case 'in':
    case 'contains':
    case 'like':
      return columnsOf(relation.left, base);
    case 'isNull':
      if (!relation.negated) throw invalid('IS NULL is not supported when defining a materialized view');
      return columnsOf(relation.operand, base);
    default:
      throw invalid('A materialized view can only be restricted by relations of its columns', {
        position: relation.position,
      });
  }
}

function columnsOf(entity: Expression, base: TableMetadata): string[] {
  switch (entity.kind) {
    case 'column': {
      const name = entity.name.text;
      if (visibleColumn(base, name) !== undefined) return [name];
      throw invalid(
        `Undefined column name ${quoteIdentifier(name)} in table ${qualifiedName(base.keyspace, base.name)}`,
        {
          position: entity.position,
          suggestion: didYouMean(name, base.columns.keys()),
        },
      );
    }
    case 'tuple':
      return entity.elements.flatMap((element) => columnsOf(element, base));
    case 'element':
      return columnsOf(entity.operand, base);
    default:
      throw invalid('A materialized view can only be restricted by relations of its columns', {
        position: entity.position,
      });
  }
}
