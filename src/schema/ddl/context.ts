import type { Schema } from '../model/index.ts';

/** What a DDL statement is applied in. */
export interface DdlContext {
  /** The keyspace in use. */
  readonly keyspace: string | null;
  /** The statement's one `now`: the time of columns dropped without USING TIMESTAMP. */
  readonly nowMicros: bigint;
  /** 32 hex digits for a new table (Cassandra takes a time-based UUID). */
  readonly newTableId: () => string;
  readonly settings: DdlSettings;
  /** The role that runs the statement; null when nobody logged in. */
  readonly user: string | null;
  /**
   * The statement comes from a schema that some Cassandra already accepted: what depends on its version, settings or
   * installed classes is not refused again, and unknown table options are let go.
   */
  readonly trusted?: boolean;
}

/** Settings of cassandra.yaml that decide what DDL is accepted. */
export interface DdlSettings {
  readonly materializedViews: boolean;
  readonly sasiIndexes: boolean;
  readonly userFunctions: boolean;
  readonly dataMasking: boolean;
  readonly dropCompactStorage: boolean;
  /** PasswordAuthenticator and CassandraAuthorizer; without them role statements are refused. */
  readonly authentication: boolean;
  /** Nodes of each data center; null when a keyspace may name any. */
  readonly datacenters: ReadonlyMap<string, number> | null;
}

/** Strict mode: the oracle's settings (DESIGN.md, "Two dialect modes"). */
export const strictSettings: DdlSettings = Object.freeze({
  materializedViews: true,
  sasiIndexes: true,
  userFunctions: true,
  dataMasking: true,
  dropCompactStorage: true,
  authentication: false,
  datacenters: new Map([['datacenter1', 1]]),
});

/** Explore mode: keyspaces of other clusters can be made here, whatever their data centers are called. */
export const exploreSettings: DdlSettings = Object.freeze({ ...strictSettings, datacenters: null });

/** What a statement made of the schema. */
export interface DdlOutcome {
  readonly schema: Schema;
  /** Empty when nothing changed (IF NOT EXISTS of what is there). */
  readonly changes: readonly SchemaChange[];
  /** Cassandra's client warnings. */
  readonly warnings: readonly string[];
}

/** As the native protocol's SCHEMA_CHANGE tells it. */
export interface SchemaChange {
  readonly change: 'CREATED' | 'UPDATED' | 'DROPPED';
  readonly target: 'KEYSPACE' | 'TABLE' | 'TYPE' | 'FUNCTION' | 'AGGREGATE';
  readonly keyspace: string;
  readonly name?: string;
  readonly argumentTypes?: readonly string[];
}

export function unchanged(schema: Schema, warnings: readonly string[] = []): DdlOutcome {
  return { schema, changes: [], warnings };
}

export function changed(schema: Schema, change: SchemaChange, warnings: readonly string[] = []): DdlOutcome {
  return { schema, changes: [change], warnings };
}
