import { CqlError } from '../errors/index.ts';
import { type Expression, type ParsedStatement, parse, printQualified, type Statement } from '../parser/index.ts';
import { findTable } from '../schema/model/index.ts';
import type { NameScope } from './highlight/style-input.ts';

/** What a statement would destroy, in words, if that is worth a question; null otherwise. */
export function destructionOf(text: string, scope: NameScope): string | null {
  if (!/^\s*(?:--.*\n|\/\/.*\n|\s)*(drop|truncate|delete|begin)\b/i.test(text)) return null;
  let parsed: ParsedStatement;
  try {
    parsed = parse(text);
  } catch (error) {
    // What does not parse will not run either.
    if (error instanceof CqlError) return null;
    throw error;
  }
  return describe(parsed.statement, text, scope);
}

function describe(statement: Statement, text: string, scope: NameScope): string | null {
  if (statement.kind === 'batch') {
    for (const part of statement.statements) {
      const loss = part.kind === 'delete' ? describe(part, text, scope) : null;
      if (loss !== null) return loss;
    }
    return null;
  }
  if (statement.kind === 'delete') {
    if (statement.targets.length > 0 || statement.conditions.length > 0) return null;
    const { table } = statement;
    const keyspace = table.keyspace?.text ?? scope.keyspace;
    const metadata = keyspace === null ? undefined : findTable(scope.schema, keyspace, table.name.text);
    const restricted = restrictedColumns(statement.where);
    if (metadata === undefined || metadata.clustering.length === 0) return null;
    if (metadata.clustering.some((column) => restricted.has(column.name))) return null;
    return `DELETE whole partitions of ${printQualified(table)}`;
  }
  const words = /\b(drop|truncate)\s+([\s\S]*?)\s*;?\s*$/i.exec(text);
  return words === null ? null : `${words[1].toUpperCase()} ${words[2].replace(/\s+/g, ' ')}`;
}

/** Names of the columns that a WHERE speaks of. */
function restrictedColumns(where: Expression): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const item of node) visit(item);
    else if (typeof node === 'object' && node !== null) {
      if ('kind' in node && node.kind === 'column' && 'name' in node) names.add(textOf(node.name));
      for (const value of Object.values(node)) visit(value);
    }
  };
  visit(where);
  return names;
}

function textOf(name: unknown): string {
  if (typeof name === 'string') return name;
  return typeof name === 'object' && name !== null && 'text' in name ? String(name.text) : '';
}
