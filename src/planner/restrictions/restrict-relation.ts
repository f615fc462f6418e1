import { CqlError } from '../../errors/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import { type BindScope, existingColumn } from '../expressions/bind-scope.ts';
import { columnRestriction } from './column-relation.ts';
import { multiColumnRestriction } from './multi-column-relation.ts';
import { columnsOf, type Relation } from './relation.ts';
import type { Restriction, TokenRestriction } from './restriction.ts';
import { tokenRestriction } from './token-relation.ts';

export type RestrictionOfRelation =
  | { readonly on: 'columns'; readonly restriction: Restriction }
  | { readonly on: 'token'; readonly restriction: TokenRestriction };

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
