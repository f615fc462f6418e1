import { CqlError } from '../../errors/index.ts';
import type { BindMarker, Expression, Predicate } from '../../parser/ast/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';
import { existingColumn } from '../expressions/bind-scope.ts';
import { predicateText } from '../expressions/expression-text.ts';

export type RelationOperator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'IN' | 'CONTAINS' | 'CONTAINS KEY' | 'LIKE';

/** A predicate in the shape of Cassandra's relations: something, an operator, one value or several. */
export interface Relation {
  readonly left: Expression;
  readonly operator: RelationOperator;
  readonly value: Expression;
  /** Of IN; else the one value. */
  readonly values: readonly Expression[] | BindMarker;
  /** As messages print it. */
  readonly text: string;
}

/** The predicate as a relation; null for what Cassandra has no relation for. */
export function relationOf(predicate: Expression): Relation | null {
  switch (predicate.kind) {
    case 'comparison': {
      const { left, operator, right } = predicate;
      return { left, operator, value: right, values: [right], text: predicateText(predicate) };
    }
    case 'in':
      return predicate.negated
        ? null
        : {
            left: predicate.left,
            operator: 'IN',
            value: predicate.left,
            values: predicate.values,
            text: predicateText(predicate),
          };
    case 'contains':
      return predicate.negated ? null : relation(predicate, predicate.key ? 'CONTAINS KEY' : 'CONTAINS');
    case 'like':
      return predicate.negated ? null : relation(predicate, 'LIKE');
    default:
      return null;
  }
}

function relation(predicate: Extract<Predicate, { kind: 'contains' | 'like' }>, operator: RelationOperator): Relation {
  const { left, right } = predicate;
  return { left, operator, value: right, values: [right], text: predicateText(predicate) };
}

/** The columns of a tuple or a token call. Throws a CqlError for anything else and for unknown columns. */
export function columnsOf(expressions: readonly Expression[], table: TableMetadata): ColumnMetadata[] {
  return expressions.map((expression) => {
    if (expression.kind !== 'column') throw CqlError.invalidRequest('Only columns may stand here', expression);
    return existingColumn(table, expression.name);
  });
}
