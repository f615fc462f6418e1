import type { QualifiedName } from '../../parser/ast/index.ts';
import { checkKeyspaceName, isLocalSystemKeyspace, isReplicatedSystemKeyspace } from '../keyspace-names.ts';
import type { KeyspaceMetadata, Schema } from '../model/index.ts';
import { didYouMean } from '../nearest-name.ts';
import type { DdlContext } from './context.ts';
import { invalid, unauthorized } from './refusal.ts';

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

/** `ClientState.preventSystemKSSchemaModification`: done before a statement is looked at any further. */
export function forbidSystemKeyspace(
  keyspace: string,
  permission: 'CREATE' | 'ALTER' | 'DROP',
  resource: string,
): void {
  if (isLocalSystemKeyspace(keyspace)) throw unauthorized(`${keyspace} keyspace is not user-modifiable.`);
  if (!isReplicatedSystemKeyspace(keyspace)) return;
  if (permission === 'ALTER' && resource.startsWith('<keyspace ')) return;
  throw unauthorized(`Cannot ${permission} ${resource}`);
}

/** The checks of `AlterSchemaStatement.execute`. */
export function checkUserKeyspaceName(keyspace: string): void {
  if (isLocalSystemKeyspace(keyspace)) throw invalid(`System keyspace '${keyspace}' is not user-modifiable`);
  checkKeyspaceName(keyspace);
}

export function existingKeyspace(schema: Schema, name: string): KeyspaceMetadata {
  const keyspace = schema.keyspaces.get(name);
  if (keyspace === undefined) {
    throw invalid(`Keyspace '${name}' doesn't exist`, { suggestion: didYouMean(name, schema.keyspaces.keys()) });
  }
  return keyspace;
}
