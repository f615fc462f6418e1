import { CqlError } from '../../errors/index.ts';
import type { Expression } from '../../parser/ast/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import { bindExpression } from '../expressions/bind-expression.ts';
import type { BindScope } from '../expressions/bind-scope.ts';
import { nativeType } from '../types/native-types.ts';
import { columnsOf, type Relation } from './relation.ts';
import type { TokenRestriction } from './restriction.ts';

/** `token(…) op …` (`cql3/TokenRelation`, 5.0.8). */
export function tokenRestriction(
  left: Extract<Expression, { kind: 'token' }>,
  relation: Relation,
  table: TableMetadata,
  scope: BindScope,
): TokenRestriction {
  const columns = columnsOf(left.arguments, table);
  const { operator } = relation;
  if (operator === 'CONTAINS' || operator === 'CONTAINS KEY' || operator === 'LIKE' || operator === 'IN') {
    throw CqlError.invalidRequest(`${operator} cannot be used with the token function`);
  }
  checkColumns(columns, table);
  const receiver = { name: 'partition key token', type: nativeType('bigint') };
  const value = bindExpression(relation.value, receiver, scope);
  switch (operator) {
    case '=':
      return { kind: 'eq', value };
    case '>':
    case '>=':
      return { kind: 'slice', start: { value, inclusive: operator === '>=' }, end: null };
    case '<':
    case '<=':
      return { kind: 'slice', start: null, end: { value, inclusive: operator === '<=' } };
    case '!=':
      throw CqlError.invalidRequest(`Unsupported "!=" relation: ${relation.text}`);
  }
}

function checkColumns(columns: readonly { readonly name: string }[], table: TableMetadata): void {
  const key = table.partitionKey;
  if (columns.length === key.length && columns.every((column, i) => column === key[i])) return;
  if (!key.every((column) => columns.includes(column))) {
    throw CqlError.invalidRequest(
      'The token() function must be applied to all partition key components or none of them',
    );
  }
  if (new Set(columns).size < columns.length) {
    throw CqlError.invalidRequest('The token() function contains duplicate partition key components');
  }
  if (columns.length > key.length) {
    throw CqlError.invalidRequest('The token() function must contains only partition key components');
  }
  throw CqlError.invalidRequest(
    `The token function arguments must be in the partition key order: ${key.map((column) => column.name).join(', ')}`,
  );
}

/** Two relations on the token. */
export function mergeTokenRestrictions(
  existing: TokenRestriction,
  added: TokenRestriction,
  table: TableMetadata,
): TokenRestriction {
  const names = table.partitionKey.map((column) => column.name).join(', ');
  if (existing.kind === 'eq') {
    throw CqlError.invalidRequest(`${names} cannot be restricted by more than one relation if it includes an Equal`);
  }
  if (added.kind === 'eq') {
    throw CqlError.invalidRequest(
      `Columns "${names}" cannot be restricted by both an equality and an inequality relation`,
    );
  }
  if (existing.start !== null && added.start !== null) {
    throw CqlError.invalidRequest(`More than one restriction was found for the start bound on ${names}`);
  }
  if (existing.end !== null && added.end !== null) {
    throw CqlError.invalidRequest(`More than one restriction was found for the end bound on ${names}`);
  }
  return { kind: 'slice', start: existing.start ?? added.start, end: existing.end ?? added.end };
}
