import type { DropIndexStatement, DropKeyspaceStatement, DropTableStatement } from '../../parser/ast/index.ts';
import {
  findIndexedTable,
  redefineTable,
  type Schema,
  viewsOf,
  withKeyspace,
  without,
  withoutKeyspace,
  withTable,
} from '../model/index.ts';
import { didYouMean } from '../nearest-name.ts';
import { authorize } from './authorization.ts';
import { changed, type DdlContext, type DdlOutcome, unchanged } from './context.ts';
import { checkUserKeyspaceName, existingKeyspace, keyspaceOf, tableOrView } from './names.ts';
import { invalid } from './refusal.ts';
import { keyspaceData, tableData } from './resource-chain.ts';

/** DROP KEYSPACE (`DropKeyspaceStatement`, 5.0.8). */
export function dropKeyspace(schema: Schema, statement: DropKeyspaceStatement, context: DdlContext): DdlOutcome {
  const name = statement.name.text;
  authorize(schema, context, 'drop', keyspaceData(name));
  checkUserKeyspaceName(name);
  if (!schema.keyspaces.has(name) && statement.ifExists) return unchanged(schema);
  existingKeyspace(schema, name);
  return changed(withoutKeyspace(schema, name), { change: 'DROPPED', target: 'KEYSPACE', keyspace: name });
}

/** DROP TABLE (`DropTableStatement`, 5.0.8). */
export function dropTable(schema: Schema, statement: DropTableStatement, context: DdlContext): DdlOutcome {
  const keyspaceName = keyspaceOf(statement.name, context);
  const name = statement.name.name.text;
  authorize(schema, context, 'drop', tableData(keyspaceName, name));
  checkUserKeyspaceName(keyspaceName);
  const target = tableOrView(schema, statement, keyspaceName);
  if (target === undefined) return unchanged(schema);
  const { keyspace, table } = target;
  if (table.view !== undefined) {
    throw invalid('Cannot use DROP TABLE on a materialized view. Please use DROP MATERIALIZED VIEW instead.');
  }
  if (viewsOf(keyspace, table).length > 0) {
    // Cassandra puts the keyspace where the views' names were meant to be.
    throw invalid(`Cannot drop a table when materialized views still depend on it (${keyspaceName})`);
  }
  const shrunk = { ...keyspace, tables: without(keyspace.tables, name) };
  return changed(withKeyspace(schema, shrunk), { change: 'DROPPED', target: 'TABLE', keyspace: keyspaceName, name });
}

/** DROP INDEX (`DropIndexStatement`, 5.0.8). */
export function dropIndex(schema: Schema, statement: DropIndexStatement, context: DdlContext): DdlOutcome {
  const keyspaceName = keyspaceOf(statement.name, context);
  const name = statement.name.name.text;
  const keyspace = schema.keyspaces.get(keyspaceName);
  const table = keyspace === undefined ? undefined : findIndexedTable(keyspace, name);
  if (table !== undefined) authorize(schema, context, 'alter', tableData(keyspaceName, table.name));
  checkUserKeyspaceName(keyspaceName);
  if (keyspace === undefined || table === undefined) {
    if (statement.ifExists) return unchanged(schema);
    const indexes = [...(keyspace?.tables.values() ?? [])].flatMap((each) => [...each.indexes.keys()]);
    throw invalid(`Index '${keyspaceName}.${name}' doesn't exist'`, {
      position: statement.name.position,
      suggestion: didYouMean(name, indexes),
    });
  }
  const shrunk = redefineTable(table, { indexes: without(table.indexes, name).values() });
  return changed(withKeyspace(schema, withTable(keyspace, shrunk)), {
    change: 'UPDATED',
    target: 'TABLE',
    keyspace: keyspaceName,
    name: table.name,
  });
}
