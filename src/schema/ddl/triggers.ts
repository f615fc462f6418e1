import type { CreateTriggerStatement, DropTriggerStatement } from '../../parser/ast/index.ts';
import { redefineTable, type Schema, withKeyspace, without, withTable } from '../model/index.ts';
import { didYouMean } from '../nearest-name.ts';
import { requireSuperuser } from './authorization.ts';
import { changed, type DdlContext, type DdlOutcome, unchanged } from './context.ts';
import { checkUserKeyspaceName, existingKeyspace, keyspaceOf } from './names.ts';
import { invalid } from './refusal.ts';

/**
 * CREATE TRIGGER (`CreateTriggerStatement`, 5.0.8). Cassandra loads the class from its own triggers directory; there is
 * none here, so only a schema from elsewhere can have triggers.
 */
export function createTrigger(schema: Schema, statement: CreateTriggerStatement, context: DdlContext): DdlOutcome {
  const keyspaceName = keyspaceOf(statement.table, context);
  const tableName = statement.table.name.text;
  const name = statement.name.text;
  requireSuperuser(schema, context, 'Only superusers are allowed to perform CREATE TRIGGER queries');
  checkUserKeyspaceName(keyspaceName);
  const keyspace = existingKeyspace(schema, keyspaceName);
  const table = keyspace.tables.get(tableName) ?? keyspace.views.get(tableName);
  if (table === undefined) {
    throw invalid(`Table '${tableName}' doesn't exist`, {
      position: statement.table.position,
      suggestion: didYouMean(tableName, keyspace.tables.keys()),
    });
  }
  if (table.view !== undefined) throw invalid('Cannot CREATE TRIGGER for a materialized view');
  if (table.triggers.has(name)) {
    if (statement.ifNotExists) return unchanged(schema);
    throw invalid(`Trigger '${name}' already exists`);
  }
  if (!context.trusted) throw invalid(`Trigger class '${statement.using}' couldn't be loaded`);
  const triggers = [...table.triggers.values(), { name, className: statement.using }];
  return changed(withKeyspace(schema, withTable(keyspace, redefineTable(table, { triggers }))), {
    change: 'UPDATED',
    target: 'TABLE',
    keyspace: keyspaceName,
    name: tableName,
  });
}

/** DROP TRIGGER (`DropTriggerStatement`, 5.0.8). */
export function dropTrigger(schema: Schema, statement: DropTriggerStatement, context: DdlContext): DdlOutcome {
  const keyspaceName = keyspaceOf(statement.table, context);
  const tableName = statement.table.name.text;
  const name = statement.name.text;
  requireSuperuser(schema, context, 'Only superusers are allowed to perfrom DROP TRIGGER queries');
  checkUserKeyspaceName(keyspaceName);
  const keyspace = schema.keyspaces.get(keyspaceName);
  const table = keyspace?.tables.get(tableName);
  if (keyspace === undefined || table === undefined || !table.triggers.has(name)) {
    if (statement.ifExists) return unchanged(schema);
    throw invalid(`Trigger '${name}' on '${keyspaceName}.${tableName}' doesn't exist`);
  }
  const triggers = without(table.triggers, name).values();
  return changed(withKeyspace(schema, withTable(keyspace, redefineTable(table, { triggers }))), {
    change: 'UPDATED',
    target: 'TABLE',
    keyspace: keyspaceName,
    name: tableName,
  });
}
