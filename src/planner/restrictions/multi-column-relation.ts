import { CqlError } from '../../errors/index.ts';
import type { Expression } from '../../parser/ast/index.ts';
import type { ColumnMetadata } from '../../schema/model/index.ts';
import type { CqlType } from '../../types/index.ts';
import { bindExpression } from '../expressions/bind-expression.ts';
import type { BindScope } from '../expressions/bind-scope.ts';
import { expressionText } from '../expressions/expression-text.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import type { Relation } from './relation.ts';
import type { Restriction } from './restriction.ts';

/** `(a, b) op …` on clustering columns (`cql3/MultiColumnRelation`, 5.0.8). */
export function multiColumnRestriction(
  columns: readonly ColumnMetadata[],
  relation: Relation,
  scope: BindScope,
): Restriction {
  checkColumns(columns, relation);
  const base = { columns, multiColumn: true } as const;
  switch (relation.operator) {
    case '=':
      return { ...base, kind: 'eq', values: tupleValues(relation.value, columns, scope) };
    case 'IN': {
      if ('kind' in relation.values) {
        const element: CqlType = { kind: 'tuple', elements: columns.map((column) => column.type) };
        const name = `in(${columns.map((column) => column.name).join(',')})`;
        const type: CqlType = { kind: 'list', element, frozen: true };
        return { ...base, kind: 'in', choices: bindExpression(relation.values, { name, type }, scope) };
      }
      const choices = relation.values.map((value) => tupleValues(value, columns, scope));
      return choices.length === 1 ? { ...base, kind: 'eq', values: choices[0] } : { ...base, kind: 'in', choices };
    }
    case '<':
    case '<=': {
      const values = tupleValues(relation.value, columns, scope);
      return { ...base, kind: 'slice', start: null, end: { values, inclusive: relation.operator === '<=' } };
    }
    case '>':
    case '>=': {
      const values = tupleValues(relation.value, columns, scope);
      return { ...base, kind: 'slice', start: { values, inclusive: relation.operator === '>=' }, end: null };
    }
    default:
      throw CqlError.invalidRequest(`${relation.operator} cannot be used for multi-column relations`);
  }
}

function checkColumns(columns: readonly ColumnMetadata[], relation: Relation): void {
  let previous = -1;
  const seen = new Set<ColumnMetadata>();
  for (const column of columns) {
    if (column.kind !== 'clustering') {
      throw CqlError.invalidRequest(
        `Multi-column relations can only be applied to clustering columns but was applied to: ${column.name}`,
      );
    }
    if (seen.has(column)) {
      throw CqlError.invalidRequest(`Column "${column.name}" appeared twice in a relation: ${relation.text}`);
    }
    if (previous !== -1 && column.position !== previous + 1) {
      throw CqlError.invalidRequest(
        `Clustering columns must appear in the PRIMARY KEY order in multi-column relations: ${relation.text}`,
      );
    }
    seen.add(column);
    previous = column.position;
  }
}

/** The values of one tuple, a column each; a marker gives them all at once. */
function tupleValues(
  value: Expression,
  columns: readonly ColumnMetadata[],
  scope: BindScope,
): readonly TypedExpression[] {
  if (value.kind === 'tuple') {
    if (value.elements.length !== columns.length) {
      throw CqlError.invalidRequest(
        `Expected ${columns.length} elements in value tuple, but got ${value.elements.length}: ${expressionText(value)}`,
      );
    }
    return value.elements.map((element, i) => bindExpression(element, columns[i], scope));
  }
  const type: CqlType = { kind: 'tuple', elements: columns.map((column) => column.type) };
  const name = `(${columns.map((column) => column.name).join(',')})`;
  const tuple = bindExpression(value, { name, type }, scope);
  return columns.map((column, index) => ({ kind: 'field', type: column.type, operand: tuple, index }));
}
