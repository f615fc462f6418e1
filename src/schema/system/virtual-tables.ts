import type { TableMetadata } from '../model/index.ts';
import type { SystemTableText } from './define-system-table.ts';
import { LazyTables } from './lazy-tables.ts';

function define(name: string, comment: string, columns: string, ...clustering: string[]): SystemTableText {
  return {
    keyspace: 'system_virtual_schema',
    name,
    comment,
    columns: `keyspace_name text${columns}`,
    partitionKey: ['keyspace_name'],
    clustering,
  };
}

/** The tables of `system_virtual_schema` (`db/virtual/VirtualSchemaKeyspace`, 5.0.8), by name. */
export const virtualSchemaTables: ReadonlyMap<string, TableMetadata> = new LazyTables([
  define('keyspaces', 'virtual keyspace definitions', ''),
  define('tables', 'virtual table definitions', ', table_name text, comment text', 'table_name'),
  define(
    'columns',
    'virtual column definitions',
    ', table_name text, column_name text, clustering_order text, column_name_bytes blob, kind text, position int, ' +
      'type text',
    'table_name',
    'column_name',
  ),
]);
