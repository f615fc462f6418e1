import { invariant } from '../../errors/index.ts';
import type { KeyspaceMetadata } from '../model/index.ts';
import { encodeRow, type SystemRow } from './row.ts';
import { columnValues } from './system-schema-rows.ts';
import { virtualSchemaTables } from './virtual-tables.ts';

/** The rows of one `system_virtual_schema` table that tell of these virtual keyspaces. */
export function virtualSchemaRows(keyspaces: readonly KeyspaceMetadata[], tableName: string): SystemRow[] {
  const table = virtualSchemaTables.get(tableName);
  invariant(table !== undefined, `system_virtual_schema has no table ${tableName}`);
  return keyspaces.flatMap((keyspace): SystemRow[] => {
    const keyspaceName = { keyspace_name: keyspace.name };
    const tables = [...keyspace.tables.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    switch (tableName) {
      case 'keyspaces':
        return [encodeRow(table, keyspaceName)];
      case 'tables':
        return tables.map((each) =>
          encodeRow(table, { ...keyspaceName, table_name: each.name, comment: each.options.comment }),
        );
      default:
        return tables.flatMap((each) =>
          [...each.columns.values()]
            .sort((a, b) => (a.name < b.name ? -1 : 1))
            .map((column) => encodeRow(table, { ...keyspaceName, ...columnValues(each, column) })),
        );
    }
  });
}
