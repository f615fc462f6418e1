import type { KeyspaceMetadata } from './keyspace.ts';
import type { RoleMetadata } from './role.ts';
import type { TableMetadata } from './table.ts';

/** An immutable snapshot of all that DDL has made. `version` changes with every change. */
export interface Schema {
  readonly version: string;
  readonly keyspaces: ReadonlyMap<string, KeyspaceMetadata>;
  readonly roles: ReadonlyMap<string, RoleMetadata>;
}

export const emptySchema: Schema = Object.freeze({
  version: '00000000-0000-0000-0000-000000000000',
  keyspaces: new Map(),
  roles: new Map(),
});

/** The table or view of that name. */
export function findTable(schema: Schema, keyspace: string, name: string): TableMetadata | undefined {
  const found = schema.keyspaces.get(keyspace);
  return found?.tables.get(name) ?? found?.views.get(name);
}

export function findTableById(schema: Schema, id: string): TableMetadata | undefined {
  for (const keyspace of schema.keyspaces.values()) {
    for (const table of keyspace.tables.values()) if (table.id === id) return table;
    for (const view of keyspace.views.values()) if (view.id === id) return view;
  }
  return undefined;
}
