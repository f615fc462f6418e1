import { emptyKeyspace, type KeyspaceMetadata, type TableMetadata } from '../model/index.ts';
import { systemSchemaTables } from './system-schema-tables.ts';
import { systemTables } from './system-tables.ts';
import { systemViewsTables } from './system-views-tables.ts';
import { virtualSchemaTables } from './virtual-tables.ts';

const LOCAL = new Map([['class', 'org.apache.cassandra.locator.LocalStrategy']]);

function keyspace(name: string, tables: ReadonlyMap<string, TableMetadata>): KeyspaceMetadata {
  return { ...emptyKeyspace(name, LOCAL), tables, virtual: true };
}

/** The keyspaces that are a node's own: what every session knows of, and what DESCRIBE lists. */
export const systemKeyspaces: readonly KeyspaceMetadata[] = [
  keyspace('system', systemTables),
  keyspace('system_schema', systemSchemaTables),
  keyspace('system_views', systemViewsTables),
  keyspace('system_virtual_schema', virtualSchemaTables),
];
