import { basename } from 'node:path';
import { isSystemKeyspace } from '../schema/keyspace-names.ts';
import type { KeyspaceMetadata, Schema, TableMetadata } from '../schema/model/index.ts';
import { nodeFileSystem } from '../storage/files/index.ts';
import { DirectoryReader, type DiscoveredTable, type Discovery, discover } from '../storage/read/index.ts';
import { chooseSchema } from './choose-schema.ts';
import type { EmbeddedStorage } from './embedded-storage.ts';

/** Opens Cassandra's own directories, read-only. Throws a UsageError where there is no Cassandra data. */
export async function openForeign(paths: readonly string[], schemaFile: string | undefined): Promise<EmbeddedStorage> {
  const discovery = discover(paths, nodeFileSystem);
  const chosen = await chooseSchema(paths, discovery, schemaFile);
  const adopted = adoptNames(discovery, chosen.schema);
  const reader = new DirectoryReader(adopted, nodeFileSystem);
  reader.schema = chosen.schema;
  const keyspaces = new Set(adopted.tables.map(({ keyspace }) => keyspace).filter((name) => !isSystemKeyspace(name)));
  return {
    reader,
    engine: null,
    schema: chosen.schema,
    description: {
      kind: 'foreign',
      name: paths.map((path) => basename(path)).join(', '),
      readOnly: true,
      notes: [...discovery.notes, ...chosen.notes],
    },
    onlyKeyspace: keyspaces.size === 1 ? [...keyspaces][0] : null,
    unknownColumns: (table) => reader.unknownColumns(table),
    async close() {
      reader.close();
    },
  };
}

/**
 * A table directory outside its keyspace's (copied somewhere, or a bare Data.db) has the keyspace of the one table in the
 * schema with its name, or of the schema's only table.
 */
function adoptNames(discovery: Discovery, schema: Schema): Discovery {
  const all = [...schema.keyspaces.values()].filter((keyspace) => !keyspace.virtual).flatMap(tablesOf);
  const tables = discovery.tables.map((found): DiscoveredTable => {
    const known = schema.keyspaces.get(found.keyspace);
    if (known?.tables.has(found.table) || known?.views.has(found.table)) return found;
    const byId = all.filter((table) => table.id === found.id);
    const byName = all.filter((table) => table.name === found.table);
    const match = byId.length === 1 ? byId[0] : byName.length === 1 ? byName[0] : undefined;
    return match === undefined ? found : { ...found, keyspace: match.keyspace, table: match.name };
  });
  return { ...discovery, tables };
}

function tablesOf(keyspace: KeyspaceMetadata): readonly TableMetadata[] {
  return [...keyspace.tables.values(), ...keyspace.views.values()];
}
