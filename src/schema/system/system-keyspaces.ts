import { emptyKeyspace, type KeyspaceMetadata, type TableMetadata } from '../model/index.ts';
import { systemSchemaTables } from './system-schema-tables.ts';
import { systemTables } from './system-tables.ts';
import { virtualSchemaTables } from './virtual-tables.ts';

const LOCAL = new Map([['class', 'org.apache.cassandra.locator.LocalStrategy']]);

function keyspace(name: string, tables: ReadonlyMap<string, TableMetadata>): KeyspaceMetadata {
  return { ...emptyKeyspace(name, LOCAL), tables, virtual: true };
}

/** `system`, `system_schema` and `system_virtual_schema`: what every session answers, and what DESCRIBE lists. */
export const systemKeyspaces: readonly KeyspaceMetadata[] = [
  keyspace('system', systemTables),
  keyspace('system_schema', systemSchemaTables),
  keyspace('system_virtual_schema', virtualSchemaTables),
];
