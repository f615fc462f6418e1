import type { Schema, TableMetadata } from '../schema/model/index.ts';
import type { Engine } from '../storage/engine.ts';
import type { StorageReader } from '../storage/scan/index.ts';
import type { SessionDescription } from './session.ts';

/**
 * What an embedded session runs on: a Cassette database, or files that Cassandra wrote. `engine` is null where nothing can
 * be written; its schema changes as DDL runs, so always ask `schema` anew.
 */
export interface EmbeddedStorage {
  readonly reader: StorageReader;
  readonly engine: Engine | null;
  readonly schema: Schema;
  readonly description: SessionDescription;
  /** The keyspace that all files are of; null where they are of several, absent where that says nothing. */
  readonly onlyKeyspace?: string | null;
  /** Columns that files have and the schema does not: they are left out of every read. Absent where there are none. */
  unknownColumns?(table: TableMetadata): readonly string[];
  close(): Promise<void>;
}
