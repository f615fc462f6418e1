import { CqlError } from '../../errors/index.ts';
import type { QualifiedName } from '../../parser/ast/index.ts';
import { findTable, type TableMetadata } from '../../schema/model/index.ts';
import { didYouMean } from '../../schema/nearest-name.ts';
import type { PlanContext } from '../plan-context.ts';

/** The table or view of a statement (`Schema.validateTable`, 5.0.8), with a suggestion where it is not there. */
export function resolveTable(name: QualifiedName, context: PlanContext): TableMetadata {
  const keyspace = name.keyspace?.text ?? context.keyspace;
  if (keyspace === null || keyspace === undefined) {
    throw CqlError.invalidRequest(
      'No keyspace has been specified. USE a keyspace, or explicitly specify keyspace.tablename',
      { position: name.position, suggestion: keyspaceOf(name.name.text, context) },
    );
  }
  const found = context.schema.keyspaces.get(keyspace);
  if (found === undefined) {
    throw CqlError.invalidRequest(`keyspace ${keyspace} does not exist`, {
      position: name.position,
      suggestion: didYouMean(keyspace, context.schema.keyspaces.keys()),
    });
  }
  if (name.name.text === '') throw CqlError.invalidRequest('non-empty table is required', name);
  const table = findTable(context.schema, keyspace, name.name.text);
  if (table !== undefined) return table;
  throw CqlError.invalidRequest(`table ${name.name.text} does not exist`, {
    position: name.name.position,
    suggestion: didYouMean(name.name.text, [...found.tables.keys(), ...found.views.keys()]),
  });
}

function keyspaceOf(table: string, { schema }: PlanContext): string | undefined {
  for (const { name } of schema.keyspaces.values()) {
    if (findTable(schema, name, table) !== undefined) return `did you mean ${name}.${table}?`;
  }
  return undefined;
}
