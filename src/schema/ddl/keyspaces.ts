import { CqlError } from '../../errors/index.ts';
import type { AlterKeyspaceStatement, CreateKeyspaceStatement } from '../../parser/ast/index.ts';
import { emptyKeyspace, type Schema, withKeyspace } from '../model/index.ts';
import { authorize } from './authorization.ts';
import { changed, type DdlContext, type DdlOutcome, unchanged } from './context.ts';
import { checkUserKeyspaceName, existingKeyspace } from './names.ts';
import { Properties } from './properties.ts';
import { invalid, misconfigured } from './refusal.ts';
import { checkReplication, readReplication, totalReplicas } from './replication.ts';
import { ALL_KEYSPACES, keyspaceData } from './resource-chain.ts';

const KEYSPACE_PROPERTIES = ['durable_writes', 'replication'];

/** CREATE KEYSPACE (`CreateKeyspaceStatement`, 5.0.8). */
export function createKeyspace(schema: Schema, statement: CreateKeyspaceStatement, context: DdlContext): DdlOutcome {
  const properties = new Properties(statement.properties);
  const name = statement.name.text;
  authorize(schema, context, 'create', ALL_KEYSPACES);
  checkUserKeyspaceName(name);
  const given = checkProperties(properties);
  if (!properties.has('replication')) throw invalid("Missing mandatory option 'replication'");
  if (schema.keyspaces.has(name)) {
    if (statement.ifNotExists) return unchanged(schema);
    throw new CqlError('AlreadyExists', `Cannot add existing keyspace "${name}"`, {
      position: statement.name.position,
    });
  }
  const durableWrites = properties.boolean('durable_writes') ?? true;
  if (given.size === 0) throw misconfigured('Missing replication strategy class');
  const replication = readReplication(given, new Map(), context);
  const warnings = checkReplication(name, replication, context);
  const created = withKeyspace(schema, emptyKeyspace(name, replication, durableWrites));
  return changed(created, { change: 'CREATED', target: 'KEYSPACE', keyspace: name }, warnings);
}

/** ALTER KEYSPACE (`AlterKeyspaceStatement`, 5.0.8). */
export function alterKeyspace(schema: Schema, statement: AlterKeyspaceStatement, context: DdlContext): DdlOutcome {
  const properties = new Properties(statement.properties);
  const name = statement.name.text;
  authorize(schema, context, 'alter', keyspaceData(name));
  checkUserKeyspaceName(name);
  const given = checkProperties(properties);
  if (!schema.keyspaces.has(name) && statement.ifExists) return unchanged(schema);
  const keyspace = existingKeyspace(schema, name);
  const durableWrites = properties.boolean('durable_writes') ?? keyspace.durableWrites;
  const replication = given.has('class') ? readReplication(given, keyspace.replication, context) : keyspace.replication;
  const warnings = checkReplication(name, replication, context);
  if (durableWrites === keyspace.durableWrites && sameEntries(replication, keyspace.replication)) {
    return unchanged(schema, warnings);
  }
  if (totalReplicas(keyspace.replication) < totalReplicas(replication)) {
    warnings.push('When increasing replication factor you need to run a full (-full) repair to distribute the data.');
  }
  return changed(
    withKeyspace(schema, { ...keyspace, durableWrites, replication }),
    { change: 'UPDATED', target: 'KEYSPACE', keyspace: name },
    warnings,
  );
}

/** `KeyspaceAttributes.validate`; the replication map, empty when not given. */
function checkProperties(properties: Properties): ReadonlyMap<string, string> {
  properties.checkKnown(KEYSPACE_PROPERTIES);
  const replication = properties.map('replication') ?? new Map<string, string>();
  if (replication.size > 0 && !replication.has('class')) throw misconfigured('Missing replication strategy class');
  return replication;
}

function sameEntries(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}
