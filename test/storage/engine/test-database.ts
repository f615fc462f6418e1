import type { KeyspaceMetadata, Schema, TableMetadata } from '../../../src/schema/model/index.ts';
import type { EngineOptions } from '../../../src/storage/engine/engine-options.ts';
import { Engine } from '../../../src/storage/engine.ts';
import type { FileSystem } from '../../../src/storage/files/index.ts';
import { type ReadRange, readAll } from '../../../src/storage/rows/index.ts';
import { streamText } from '../memtable/stream-text.ts';

/** Schemas by their text: the engine's tests have no parser. */
const known = new Map<string, Schema>();

export function schemaOf(...tables: TableMetadata[]): Schema {
  const version = `schema ${known.size}`;
  const keyspaces = new Map<string, KeyspaceMetadata>();
  for (const table of tables) {
    const keyspace = keyspaces.get(table.keyspace);
    keyspaces.set(table.keyspace, {
      name: table.keyspace,
      replication: new Map(),
      durableWrites: true,
      tables: new Map([...(keyspace?.tables ?? []), [table.name, table]]),
      views: new Map(),
      types: new Map(),
      functions: [],
      aggregates: [],
    });
  }
  const schema: Schema = { version, keyspaces, roles: new Map() };
  known.set(version, schema);
  return schema;
}

function parseSchema(text: string): Schema {
  const schema = known.get(text);
  if (schema === undefined) throw new TypeError(`no schema ${text}`);
  return schema;
}

const locked = new WeakMap<FileSystem, boolean>();

export function openDatabase(files: FileSystem, options: Partial<EngineOptions> = {}, path = '/db'): Promise<Engine> {
  return Engine.open(path, {
    parseSchema,
    schemaToCql: (schema) => schema.version,
    files,
    backgroundCompaction: false,
    takeLock: () => {
      if (locked.get(files) === true) return null;
      locked.set(files, true);
      return { release: () => locked.set(files, false) };
    },
    ...options,
  });
}

export async function textOf(engine: Engine, table: TableMetadata, range: ReadRange = readAll): Promise<string[]> {
  const source = engine.open(table);
  try {
    return await streamText(await source.stream(range));
  } finally {
    source.release();
  }
}
