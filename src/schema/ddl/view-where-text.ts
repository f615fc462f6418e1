import { conjuncts } from '../../parser/ast/expression.ts';
import type { Expression } from '../../parser/ast/index.ts';
import { quoteIdentifier } from '../../types/index.ts';
import { literalText } from './literal-value.ts';

/** A view's WHERE clause as Cassandra keeps and prints it (`WhereClause.toCQLString`, 5.0.8). */
export function whereText(where: Expression | undefined): string {
  return conjuncts(where).map(relationText).join(' AND ');
}

/** The text with columns renamed. Strings are left alone; every other word of that name is the column's. */
export function renameInWhereText(text: string, renames: ReadonlyMap<string, string>): string {
  return text.replaceAll(/'[^']*'|"(?:[^"]|"")*"|[A-Za-z]\w*/g, (word) => {
    if (word.startsWith("'")) return word;
    const name = word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word.toLowerCase();
    const renamed = renames.get(name);
    return renamed === undefined ? word : quoteIdentifier(renamed);
  });
}

function relationText(relation: Expression): string {
  switch (relation.kind) {
    case 'comparison':
      return `${entityText(relation.left)} ${relation.operator} ${valueText(relation.right)}`;
    case 'in': {
      const values = Array.isArray(relation.values) ? `(${relation.values.map(valueText).join(', ')})` : '?';
      return `${entityText(relation.left)} IN ${values}`;
    }
    case 'contains':
      return `${entityText(relation.left)} CONTAINS${relation.key ? ' KEY' : ''} ${valueText(relation.right)}`;
    case 'like':
      return `${entityText(relation.left)} LIKE ${valueText(relation.right)}`;
    case 'isNull':
      return `${entityText(relation.operand)} IS ${relation.negated ? 'NOT ' : ''}NULL`;
    default:
      return literalText(relation);
  }
}

function entityText(entity: Expression): string {
  switch (entity.kind) {
    case 'column':
      return quoteIdentifier(entity.name.text);
    case 'tuple':
      return `(${entity.elements.map(entityText).join(', ')})`;
    case 'token':
      return `token(${entity.arguments.map(entityText).join(', ')})`;
    case 'element':
      return `${entityText(entity.operand)}[${valueText(entity.key)}]`;
    default:
      return valueText(entity);
  }
}

function valueText(value: Expression): string {
  return value.kind === 'literal' && value.type === 'null' ? 'NULL' : literalText(value);
}
