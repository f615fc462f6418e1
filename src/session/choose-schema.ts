import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CqlError, UsageError } from '../errors/index.ts';
import {
  emptyKeyspace,
  emptySchema,
  type KeyspaceMetadata,
  type Schema,
  type TableMetadata,
} from '../schema/model/index.ts';
import { inferTable, mergeHeaders, schemaFromSystemTables } from '../schema/sources/index.ts';
import { systemSchemaTables, systemTables } from '../schema/system/index.ts';
import { nodeFileSystem } from '../storage/files/index.ts';
import { DirectoryReader, type DiscoveredTable, type Discovery, directoryOf, discover } from '../storage/read/index.ts';
import { readAll } from '../storage/rows/index.ts';
import { openSSTableSync } from '../storage/sstable/sstable-reader.ts';
import { readSchemaText } from './schema-cache.ts';

export interface ChosenSchema {
  readonly schema: Schema;
  /** Which source was taken, and what of it could not be read. */
  readonly notes: readonly string[];
}

/** Data directory, keyspace, table, `snapshots`, snapshot, file. */
const LEVELS_TO_DATA_DIRECTORY = 5;

/** Names that one note lists. */
const MAX_NAMES = 3;

const SIMPLE_REPLICATION = new Map([
  ['class', 'org.apache.cassandra.locator.SimpleStrategy'],
  ['replication_factor', '1'],
]);

/** Tombstones of schema tables count whenever they were written, and TTLs there are none. */
const ANY_NOW_SECONDS = 0;

/**
 * The schema of a foreign directory, from the first of: `--schema FILE`; `schema.cql` beside the data; the node's own
 * `system_schema` tables; what each SSTable says of itself. Tables that the schema does not have are inferred too.
 */
export async function chooseSchema(
  paths: readonly string[],
  discovery: Discovery,
  schemaFile: string | undefined,
): Promise<ChosenSchema> {
  const given = await declaredSchema(paths, discovery, schemaFile);
  return withInferredTables(discovery, given);
}

async function declaredSchema(
  paths: readonly string[],
  discovery: Discovery,
  schemaFile: string | undefined,
): Promise<ChosenSchema> {
  if (schemaFile !== undefined) {
    if (!existsSync(schemaFile)) throw new UsageError(`--schema ${schemaFile}: no such file`);
    return fromFiles([schemaFile]);
  }
  if (discovery.schemaFiles.length > 0) return fromFiles(discovery.schemaFiles.map(preferInternals));
  const tables = systemSchemaTables.get('tables');
  if (tables !== undefined && (directoryOf(discovery, tables)?.dataFiles.length ?? 0) > 0) {
    return fromSystemTables(discovery);
  }
  const above = await schemaAbove(paths);
  return above === null ? { schema: emptySchema, notes: [] } : onlyFound(above, discovery);
}

/** A keyspace or table directory given alone may still lie in its data directory: its schema is a few levels up. */
async function schemaAbove(paths: readonly string[]): Promise<ChosenSchema | null> {
  let directory = resolve(paths[0]);
  for (let level = 0; level < LEVELS_TO_DATA_DIRECTORY; level++) {
    directory = dirname(directory);
    const text = join(directory, 'schema.cql');
    if (existsSync(text)) return fromFiles([preferInternals(text)]);
    const systemSchema = join(directory, 'system_schema');
    if (existsSync(systemSchema)) return fromSystemTables(discover([systemSchema], nodeFileSystem));
  }
  return null;
}

/** Leaves out tables whose directories were not asked for: they would read as empty, which they need not be. */
function onlyFound(chosen: ChosenSchema, discovery: Discovery): ChosenSchema {
  const isFound = (table: TableMetadata): boolean =>
    discovery.tables.some((found) => found.keyspace === table.keyspace && found.table === table.name);
  const keyspaces = new Map<string, KeyspaceMetadata>();
  for (const keyspace of chosen.schema.keyspaces.values()) {
    const tables = new Map([...keyspace.tables].filter(([, table]) => isFound(table)));
    const views = new Map([...keyspace.views].filter(([, table]) => isFound(table)));
    if (tables.size + views.size > 0) keyspaces.set(keyspace.name, { ...keyspace, tables, views });
  }
  return { ...chosen, schema: { ...chosen.schema, keyspaces } };
}

/** DESCRIBE … WITH INTERNALS also knows table ids and dropped columns; where it lies beside, it is the better source. */
function preferInternals(path: string): string {
  for (const name of ['schema-internals.cql', 'schema-internals.cql.gz']) {
    const internals = path.replace(/schema\.cql$/, name);
    if (existsSync(internals)) return internals;
  }
  return path;
}

async function fromFiles(paths: readonly string[]): Promise<ChosenSchema> {
  const notes: string[] = [];
  let text = '';
  for (const path of paths) {
    const bytes = readFileSync(path);
    text += `${(path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')}\n`;
  }
  const { schema, problems } = await readSchemaText(text);
  for (const problem of problems) notes.push(`${paths.join(', ')}: ${problem}`);
  if (schema.keyspaces.size === 0)
    throw new UsageError(`${paths.join(', ')} holds no schema: no CREATE statement was read`);
  return { schema, notes };
}

async function fromSystemTables(discovery: Discovery): Promise<ChosenSchema> {
  const reader = new DirectoryReader(discovery, nodeFileSystem);
  try {
    const { schema, problems } = await schemaFromSystemTables((table) => rowsOf(reader, table));
    return { schema, notes: problems.map((problem) => `system_schema: ${problem.message}`) };
  } finally {
    reader.close();
  }
}

async function* rowsOf(
  reader: DirectoryReader,
  table: TableMetadata,
): AsyncIterable<Record<string, Uint8Array | null>> {
  const columns = [...table.columns.values()];
  const source = reader.open(table);
  const scan = source.scan({
    table,
    range: readAll,
    columns: columns.map((column) => ({ column, wanted: 'value' })),
    filters: [],
    nowSeconds: ANY_NOW_SECONDS,
    rowLimit: null,
    perPartitionLimit: null,
    distinctPartitions: false,
    staticOnlyRows: true,
  });
  try {
    for (let batch = await scan.next(); batch !== null; batch = await scan.next()) {
      for (let row = 0; row < batch.length; row++) {
        const values: Record<string, Uint8Array | null> = {};
        columns.forEach((column, i) => {
          values[column.name] = batch.columns[i].value(row)?.slice() ?? null;
        });
        yield values;
      }
    }
  } finally {
    scan.close();
    source.release();
  }
}

/** Adds what was found on disk and the schema does not name: system tables as they are known, others from their headers. */
async function withInferredTables(discovery: Discovery, chosen: ChosenSchema): Promise<ChosenSchema> {
  const notes = [...chosen.notes];
  const guessed: string[] = [];
  const keyspaces = new Map(chosen.schema.keyspaces);
  const knownIds = new Set<string>();
  const knownNames = new Map<string, number>();
  for (const keyspace of keyspaces.values()) {
    for (const table of [...keyspace.tables.values(), ...keyspace.views.values()]) {
      knownIds.add(table.id);
      knownNames.set(table.name, (knownNames.get(table.name) ?? 0) + 1);
    }
  }
  for (const found of discovery.tables) {
    if (found.dataFiles.length === 0 || (found.id !== null && knownIds.has(found.id))) continue;
    const keyspace = keyspaces.get(found.keyspace);
    if (keyspace?.tables.has(found.table) || keyspace?.views.has(found.table)) continue;
    if (knownNames.get(found.table) === 1 && !keyspaces.has(found.keyspace)) continue;
    const table = builtInTable(found) ?? inferred(found, notes);
    if (table === null) continue;
    if (table.inferred) guessed.push(`${found.keyspace}.${found.table}`);
    const into: KeyspaceMetadata = keyspace ?? emptyKeyspace(found.keyspace, SIMPLE_REPLICATION);
    keyspaces.set(found.keyspace, { ...into, tables: new Map(into.tables).set(found.table, table) });
  }
  if (guessed.length > 0) {
    notes.push(
      `no schema for ${nameSome(guessed)}: key columns are named key… and clustering1… (--schema FILE names them)`,
    );
  }
  return { schema: { ...chosen.schema, keyspaces }, notes };
}

function nameSome(names: readonly string[]): string {
  return names.length <= MAX_NAMES
    ? names.join(', ')
    : `${names.slice(0, MAX_NAMES).join(', ')} and ${names.length - MAX_NAMES} more`;
}

function builtInTable(found: DiscoveredTable): TableMetadata | null {
  const tables =
    found.keyspace === 'system' ? systemTables : found.keyspace === 'system_schema' ? systemSchemaTables : undefined;
  return tables?.get(found.table) ?? null;
}

function inferred(found: DiscoveredTable, notes: string[]): TableMetadata | null {
  try {
    const headers = found.dataFiles.map((path) => {
      const sstable = openSSTableSync(nodeFileSystem, path);
      const { header } = sstable.statistics;
      sstable.close();
      return {
        keyType: header.keyType.type,
        clusteringTypes: header.clustering,
        statics: new Map(header.statics.map((column) => [column.name, column.type])),
        regulars: new Map(header.regulars.map((column) => [column.name, column.type])),
      };
    });
    return inferTable(mergeHeaders(headers), found.keyspace, found.table, found.id ?? '0'.repeat(32));
  } catch (error) {
    if (error instanceof CqlError) throw error;
    notes.push(`${found.keyspace}.${found.table}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}
