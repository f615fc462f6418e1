import { defineTable, type TableDefinition } from './define-table.ts';
import type { KeyspaceMetadata } from './keyspace.ts';
import type { RoleMetadata } from './role.ts';
import type { Schema } from './schema.ts';
import type { TableMetadata } from './table.ts';

/** The definition that gives the same table again; spread it and change what is to change. */
export function definitionOf(table: TableMetadata): TableDefinition {
  return {
    keyspace: table.keyspace,
    name: table.name,
    id: table.id,
    columns: [...table.partitionKey, ...table.clustering, ...table.statics, ...table.regulars],
    dropped: table.dropped.values(),
    flags: table.flags,
    options: table.options,
    indexes: table.indexes.values(),
    triggers: table.triggers.values(),
    view: table.view,
    inferred: table.inferred,
  };
}

export function redefineTable(table: TableMetadata, changes: Partial<TableDefinition>): TableMetadata {
  return defineTable({ ...definitionOf(table), ...changes });
}

export function emptyKeyspace(
  name: string,
  replication: ReadonlyMap<string, string>,
  durableWrites = true,
): KeyspaceMetadata {
  return {
    name,
    replication,
    durableWrites,
    tables: new Map(),
    views: new Map(),
    types: new Map(),
    functions: [],
    aggregates: [],
  };
}

export function withKeyspace(schema: Schema, keyspace: KeyspaceMetadata): Schema {
  return { ...schema, keyspaces: new Map(schema.keyspaces).set(keyspace.name, keyspace) };
}

export function withoutKeyspace(schema: Schema, name: string): Schema {
  return { ...schema, keyspaces: without(schema.keyspaces, name) };
}

/** Adds or replaces a table, or a view when it is one. As in Cassandra, what was altered last comes last. */
export function withTable(keyspace: KeyspaceMetadata, table: TableMetadata): KeyspaceMetadata {
  return table.view === undefined
    ? { ...keyspace, tables: without(keyspace.tables, table.name).set(table.name, table) }
    : { ...keyspace, views: without(keyspace.views, table.name).set(table.name, table) };
}

export function withRole(schema: Schema, role: RoleMetadata): Schema {
  return { ...schema, roles: new Map(schema.roles).set(role.name, role) };
}

/** A copy of the map without that key. */
export function without<V>(map: ReadonlyMap<string, V>, key: string): Map<string, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

/** Views whose base is that table. */
export function viewsOf(keyspace: KeyspaceMetadata, table: TableMetadata): TableMetadata[] {
  return [...keyspace.views.values()].filter((view) => view.view?.baseTableId === table.id);
}

/** The table that has an index of that name. */
export function findIndexedTable(keyspace: KeyspaceMetadata, index: string): TableMetadata | undefined {
  for (const table of keyspace.tables.values()) if (table.indexes.has(index)) return table;
  return undefined;
}
