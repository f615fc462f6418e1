import type { QualifiedName } from '../../parser/ast/index.ts';
import { checkKeyspaceName, isLocalSystemKeyspace } from '../keyspace-names.ts';
import type { KeyspaceMetadata, Schema, TableMetadata } from '../model/index.ts';
import { didYouMean } from '../nearest-name.ts';
import type { DdlContext } from './context.ts';
import { invalid } from './refusal.ts';

/** The name's keyspace, else the one in use (`ClientState.getKeyspace`). */
export function keyspaceOf(name: QualifiedName, context: DdlContext): string {
  return name.keyspace?.text ?? keyspaceInUse(context);
}

export function keyspaceInUse(context: DdlContext): string {
  if (context.keyspace === null) {
    throw invalid('No keyspace has been specified. USE a keyspace, or explicitly specify keyspace.tablename');
  }
  return context.keyspace;
}

/** `keyspace.name`, or the name alone when it was written so (`QualifiedName.toString`). */
export function writtenName(name: QualifiedName): string {
  return name.keyspace === undefined ? name.name.text : `${name.keyspace.text}.${name.name.text}`;
}

/** The checks of `AlterSchemaStatement.execute`. */
export function checkUserKeyspaceName(keyspace: string): void {
  if (isLocalSystemKeyspace(keyspace)) throw invalid(`System keyspace '${keyspace}' is not user-modifiable`);
  checkKeyspaceName(keyspace);
}

/**
 * The table or view that a statement is about; undefined when there is none and the statement says IF EXISTS. Throws
 * CqlError otherwise.
 */
export function tableOrView(
  schema: Schema,
  statement: { readonly name: QualifiedName; readonly ifExists: boolean },
  keyspaceName: string,
): { readonly keyspace: KeyspaceMetadata; readonly table: TableMetadata } | undefined {
  const name = statement.name.name.text;
  const keyspace = schema.keyspaces.get(keyspaceName);
  const table = keyspace?.tables.get(name) ?? keyspace?.views.get(name);
  if (keyspace !== undefined && table !== undefined) return { keyspace, table };
  if (statement.ifExists) return undefined;
  throw invalid(`Table '${keyspaceName}.${name}' doesn't exist`, {
    position: statement.name.position,
    suggestion: didYouMean(name, keyspace?.tables.keys() ?? []),
  });
}

export function existingKeyspace(schema: Schema, name: string): KeyspaceMetadata {
  const keyspace = schema.keyspaces.get(name);
  if (keyspace === undefined) {
    throw invalid(`Keyspace '${name}' doesn't exist`, { suggestion: didYouMean(name, schema.keyspaces.keys()) });
  }
  return keyspace;
}
