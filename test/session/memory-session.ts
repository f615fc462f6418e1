import { durableSchemaText } from '../../src/schema/describe/index.ts';
import { schemaFromCql } from '../../src/schema/sources/cql-source.ts';
import { EmbeddedSession } from '../../src/session/embedded/embedded-session.ts';
import { EngineMaintenance } from '../../src/session/embedded/maintenance.ts';
import type { EmbeddedStorage } from '../../src/session/embedded-storage.ts';
import { Engine } from '../../src/storage/engine.ts';
import type { MemoryFileSystem } from '../storage/files/memory-file-system.ts';

export interface MemorySessionOptions {
  readonly path?: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly durability?: 'sync' | 'periodic' | 'none';
  /** A database that this one lies over. */
  readonly base?: string;
}

/** A session as `openSession` makes it, over files in memory. Closing it closes the base too. */
export async function openMemorySession(
  files: MemoryFileSystem,
  options: MemorySessionOptions = {},
): Promise<{ session: EmbeddedSession; engine: Engine }> {
  const common = {
    files,
    parseSchema: (text: string) => schemaFromCql(text).schema,
    schemaToCql: durableSchemaText,
    takeLock: () => ({ release: () => undefined }),
    backgroundCompaction: false,
    now: options.clock,
  };
  const below = options.base === undefined ? null : await Engine.open(options.base, { ...common, readOnly: true });
  const engine = await Engine.open(options.path ?? '/db', {
    ...common,
    durability: options.durability,
    base:
      below === null ? undefined : { reader: below, schema: below.schema, assignedMicros: below.assigned.latestMicros },
  });
  if (below !== null && engine.hostId === null) await engine.changeSchema(engine.schema);
  const storage: EmbeddedStorage = {
    reader: engine,
    engine,
    get schema() {
      return engine.schema;
    },
    description: { kind: 'database', name: 'db', readOnly: false, notes: engine.notes },
    close: async () => {
      await engine.close();
      await below?.close();
    },
  };
  const session: EmbeddedSession = new EmbeddedSession(storage, {
    dialect: 'strict',
    clock: options.clock,
    maintenance: new EngineMaintenance(storage, engine, () => session.writeContext()),
  });
  return { session, engine };
}
