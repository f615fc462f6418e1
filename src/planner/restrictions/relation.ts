import { CqlError } from '../../errors/index.ts';
import type { BindMarker, Expression, Predicate } from '../../parser/ast/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';
import { type BindScope, existingColumn } from '../expressions/bind-scope.ts';
import { predicateText } from '../expressions/expression-text.ts';
import { columnRestriction } from './column-relation.ts';
import { multiColumnRestriction } from './multi-column-relation.ts';
import type { Restriction, TokenRestriction } from './restriction.ts';
import { tokenRestriction } from './token-relation.ts';

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

export type RestrictionOfRelation =
  | { readonly on: 'columns'; readonly restriction: Restriction }
  | { readonly on: 'token'; readonly restriction: TokenRestriction };

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

/** What a relation restricts (`Relation.toRestriction`, 5.0.8). */
export function restrictionOf(relation: Relation, table: TableMetadata, scope: BindScope): RestrictionOfRelation {
  const { left, operator } = relation;
  if (operator === '!=') throw CqlError.invalidRequest(`Unsupported "!=" relation: ${relation.text}`, left);
  if (left.kind === 'token') return { on: 'token', restriction: tokenRestriction(left, relation, table, scope) };
  if (left.kind === 'tuple') {
    return { on: 'columns', restriction: multiColumnRestriction(columnsOf(left.elements, table), relation, scope) };
  }
  if (left.kind === 'element' && left.operand.kind === 'column') {
    const column = existingColumn(table, left.operand.name);
    return { on: 'columns', restriction: columnRestriction(column, relation, left.key, scope) };
  }
  if (left.kind === 'column') {
    const column = existingColumn(table, left.name);
    return { on: 'columns', restriction: columnRestriction(column, relation, null, scope) };
  }
  throw CqlError.invalidRequest(`Cassandra restricts columns and their token only: ${relation.text}`, left);
}

export function columnsOf(expressions: readonly Expression[], table: TableMetadata): ColumnMetadata[] {
  return expressions.map((expression) => {
    if (expression.kind !== 'column') throw CqlError.invalidRequest('Only columns may stand here', expression);
    return existingColumn(table, expression.name);
  });
}
