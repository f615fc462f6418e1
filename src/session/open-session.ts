import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { UsageError } from '../errors/index.ts';
import { durableSchemaText } from '../schema/describe/index.ts';
import { isLocalSystemKeyspace } from '../schema/keyspace-names.ts';
import { didYouMean } from '../schema/nearest-name.ts';
import { nodeFileSystem } from '../storage/files/index.ts';
import { EmbeddedSession } from './embedded/embedded-session.ts';
import { EngineMaintenance, ForeignMaintenance } from './embedded/maintenance.ts';
import type { EmbeddedStorage } from './embedded-storage.ts';
import { openForeign } from './open-foreign.ts';
import { SchemaTexts } from './schema-cache.ts';
import type { Dialect, SessionDescription } from './session.ts';

export interface OpenSessionOptions {
  /** Empty: a temporary database, removed at the end. Several: the data directories of one node. */
  readonly paths: readonly string[];
  readonly schemaFile?: string;
  readonly readOnly?: boolean;
  /** This session will not write: it takes no lock, and leaves the files as they are. The description is as without. */
  readonly leavesFiles?: boolean;
  readonly writeDirectory?: string;
  readonly durability?: 'sync' | 'periodic' | 'none';
  readonly keyspace?: string;
  readonly dialect: Dialect;
  readonly memtableBytes?: number;
  /** What a new database writes. */
  readonly compatibility?: 'nb' | 'oa' | 'da';
  /** A PATH that is not there is an error, and not a database that the first write makes. */
  readonly mustExist?: boolean;
  /** Milliseconds since 1970; tests inject it. */
  readonly clock?: () => number;
}

/** Opens a Cassette database, or Cassandra's own files, as a session. Throws a UsageError where there is neither. */
export async function openSession(options: OpenSessionOptions): Promise<EmbeddedSession> {
  const storage = await openStorage(options);
  const { engine } = storage;
  const session: EmbeddedSession = new EmbeddedSession(storage, {
    dialect: options.dialect,
    clock: options.clock,
    maintenance:
      engine === null
        ? new ForeignMaintenance(storage, options.clock)
        : new EngineMaintenance(storage, engine, () => session.writeContext()),
  });
  if (options.keyspace !== undefined) {
    const known = session.schema.keyspaces;
    if (!known.has(options.keyspace) && !isLocalSystemKeyspace(options.keyspace)) {
      await session.close();
      const suggestion = didYouMean(options.keyspace, known.keys());
      throw new UsageError(
        `keyspace '${options.keyspace}' does not exist${suggestion === undefined ? '' : `: ${suggestion}`}`,
      );
    }
    session.keyspace = options.keyspace;
  } else if (options.dialect === 'explore') {
    // Who opens the files of one keyspace means that one.
    const keyspace = storage.onlyKeyspace ?? null;
    if (keyspace !== null && session.schema.keyspaces.has(keyspace)) session.keyspace = keyspace;
  }
  return session;
}

async function openStorage(options: OpenSessionOptions): Promise<EmbeddedStorage> {
  const { paths, writeDirectory } = options;
  if (writeDirectory !== undefined) {
    return paths.length === 0 ? openDatabase(writeDirectory, options, null) : openOverlay(writeDirectory, options);
  }
  if (paths.length === 0) return openTemporary(options);
  const [path] = paths;
  if (paths.length === 1 && mayBeDatabase(path)) {
    if (options.mustExist && !isDatabase(path)) {
      throw new UsageError(existsSync(path) ? `${path} is an empty directory` : `${path}: no such file or directory`);
    }
    return openDatabase(path, options, null);
  }
  return openForeign(paths, options.schemaFile);
}

/** A database, or a place where one may be made. */
function mayBeDatabase(path: string): boolean {
  return !existsSync(path) || isDatabase(path) || isEmptyDirectory(path);
}

function isDatabase(path: string): boolean {
  return existsSync(join(path, 'cassette.json'));
}

function isEmptyDirectory(path: string): boolean {
  try {
    return nodeFileSystem.listSync(path).length === 0;
  } catch {
    return false;
  }
}

async function openTemporary(options: OpenSessionOptions): Promise<EmbeddedStorage> {
  const directory = mkdtempSync(join(tmpdir(), 'cassette-'));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  const storage = await openDatabase(join(directory, 'temporary'), options, null).catch((error: unknown) => {
    remove();
    throw error;
  });
  return delegate(
    storage,
    {
      ...storage.description,
      notes: ['a temporary database: it is gone at the end (cassette PATH keeps one)', ...storage.description.notes],
    },
    async () => {
      try {
        await storage.close();
      } finally {
        remove();
      }
    },
  );
}

/** `--write-dir` over PATH: reads both, writes one. A new one begins with the schema below, since that takes writes at once. */
async function openOverlay(writeDirectory: string, options: OpenSessionOptions): Promise<EmbeddedStorage> {
  const base = await openStorage({ ...options, writeDirectory: undefined, readOnly: true });
  const storage = await openDatabase(writeDirectory, options, base).catch(async (error: unknown) => {
    await base.close();
    throw error;
  });
  const { engine } = storage;
  const close = async (): Promise<void> => {
    try {
      await storage.close();
    } finally {
      await base.close();
    }
  };
  if (!options.readOnly && engine?.isWritable && engine.hostId === null) {
    await engine.changeSchema(engine.schema).catch(async (error: unknown) => {
      await close();
      throw error;
    });
  }
  return delegate(
    storage,
    {
      ...storage.description,
      name: `${storage.description.name} over ${base.description.name}`,
      notes: [...base.description.notes, ...storage.description.notes],
    },
    close,
  );
}

async function openDatabase(
  path: string,
  options: OpenSessionOptions,
  base: EmbeddedStorage | null,
): Promise<EmbeddedStorage> {
  const texts = await SchemaTexts.load(join(path, 'schema.cql'));
  // Files that are only read need none of it.
  const { Engine } = await import('../storage/engine.ts');
  const engine = await Engine.open(path, {
    parseSchema: (text) => texts.parse(text),
    schemaToCql: durableSchemaText,
    readOnly: (options.readOnly || options.leavesFiles) && existsSync(path),
    durability: options.durability,
    memtableBytes: options.memtableBytes,
    compatibility: options.compatibility,
    base:
      base === null
        ? undefined
        : { reader: base.reader, schema: base.schema, assignedMicros: base.engine?.assigned.latestMicros },
    now: options.clock,
  });
  const description: SessionDescription = {
    kind: 'database',
    name: basename(path),
    // What the user may do, and not how the files were opened for what only reads.
    readOnly: options.leavesFiles ? options.readOnly === true : !engine.isWritable,
    notes: engine.notes,
  };
  return {
    reader: engine,
    engine,
    get schema() {
      return engine.schema;
    },
    description,
    unknownColumns: base?.unknownColumns,
    close: () => engine.close(),
  };
}

/** The same storage under another description; its schema stays the engine's of the moment. */
function delegate(
  storage: EmbeddedStorage,
  description: SessionDescription,
  close: () => Promise<void>,
): EmbeddedStorage {
  return {
    reader: storage.reader,
    engine: storage.engine,
    get schema() {
      return storage.schema;
    },
    description,
    unknownColumns: storage.unknownColumns,
    close,
  };
}
