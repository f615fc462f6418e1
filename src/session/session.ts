import type { SplitStatement } from '../parser/splitter.ts';
import type { Schema } from '../schema/model/index.ts';
import type { MergePolicy } from '../storage/compaction/merge-policy.ts';
import type { CqlType } from '../types/index.ts';

/** The waist of the system: everything above (cli, repl, server, library) knows a database by this interface only. */
export interface Session {
  /** Runs one statement to its first page. A statement cut out of a script brings its shape, which is planned once. */
  execute(cql: string | SplitStatement, options?: ExecuteOptions): Promise<Result>;
  /**
   * Applies an INSERT, UPDATE or DELETE of a script at once, as `execute` with `deferDurability` does; false, and nothing is
   * done, for statements that must read or wait, as the first write of all does. A promise for each of a million writes costs as much as they do.
   */
  executeNow?(statement: SplitStatement, options?: ExecuteOptions): boolean;
  /** Resolves once every write answered so far is as durable as promised; see `deferDurability`. */
  durable?(): Promise<void>;
  /** Parses and plans once; `executePrepared` binds values and runs. Throws a CqlError as `execute` would. */
  prepare(cql: string, options?: { keyspace?: string }): Promise<PreparedStatement>;
  executePrepared(statement: PreparedStatement, options?: ExecuteOptions): Promise<Result>;
  /** Several writes as one, as BATCH of that kind (`logged` when absent). */
  batch(statements: readonly BatchEntry[], options?: ExecuteOptions & { kind?: BatchKind }): Promise<Result>;
  /** An immutable value; another one after each change. */
  readonly schema: Schema;
  /** What `USE` chose; null before. */
  keyspace: string | null;
  /** Of statements that name none in their options. */
  readonly dialect: Dialect;
  readonly description: SessionDescription;
  /**
   * Writes many rows of one table without a statement each (COPY, import). Absent where every write is a statement.
   * Rejects with a CqlError as an INSERT of those columns would.
   */
  appender?(
    table: { keyspace: string; name: string },
    columns: readonly string[],
    options?: AppendOptions,
  ): Promise<RowAppender>;
  /** What only an embedded database can do; absent on a cluster. */
  readonly maintenance?: MaintenanceCommands;
  /** Waits for what was written to be durable. */
  close(): Promise<void>;
}

/** How `Session.appender` writes its rows. */
export interface AppendOptions {
  /** Of all rows; otherwise the session's monotonic clock. */
  readonly timestampMicros?: bigint;
  readonly ttlSeconds?: number;
}

/** Writes rows of one table, each as an INSERT of the columns that were named. */
export interface RowAppender {
  /** Types of the columns given, in their order. */
  readonly types: readonly CqlType[];
  /** One row, as INSERT writes it; a null cell is left out. Throws CqlError for null or too long keys. */
  append(cells: readonly (Uint8Array | null)[]): void;
  /** Waits until memory allows more rows; call it every few thousand rows. */
  drain(): Promise<void>;
  /** Waits until all rows are as durable as the session promises. */
  finish(): Promise<void>;
}

/** Work on the files of an embedded database. On a read-only one each call fails with a clear error. */
export interface MaintenanceCommands {
  /** What is in memory, as SSTables. */
  flush(): Promise<readonly FlushedSSTable[]>;
  /** Full compaction of one table, or of all. */
  compact(table: { keyspace: string; name: string } | null): Promise<MaintenanceReport>;
  /** What is being compacted at the moment, whoever began it. */
  compacting(): RunningCompaction | null;
  /** Compaction for that many milliseconds; what is not done goes on with the next call. */
  maintenance(options: { budgetMs: number }): Promise<MaintenanceReport>;
  /** One table as SSTables that Cassandra loads. */
  exportSSTables(directory: string, options: ExportOptions): Promise<ExportReport>;
  /** SSTables of a directory into a table; returns what was linked or copied. */
  importSSTables(
    table: { keyspace: string; name: string },
    paths: readonly string[],
  ): Promise<readonly FlushedSSTable[]>;
  /** Replaces a table's compaction strategy while the database is open; null gives it back its own. */
  setMergePolicy(table: { keyspace: string; name: string }, policy: MergePolicy | null): Promise<void>;
  /** One CQLite-style JSON mutation. */
  write(mutation: unknown): Promise<void>;
  stats(): Promise<DatabaseStatistics>;
}

/** An SSTable that was written or imported; `path` is its Data.db. */
export interface FlushedSSTable {
  readonly keyspace: string;
  readonly table: string;
  readonly path: string;
  readonly partitions: number;
  readonly rows: number;
  readonly bytes: number;
}

/** How far a compaction is: bytes of Data.db files, rows written. */
export interface RunningCompaction {
  readonly keyspace: string;
  readonly table: string;
  readonly rows: number;
  readonly bytesRead: number;
  readonly inputBytes: number;
}

/** What compaction did: partitions and rows written, sizes of Data.db files. */
export interface MaintenanceReport {
  readonly partitions: number;
  readonly rows: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly elapsedMs: number;
  /** Compaction tasks that remain. */
  readonly pending: number;
}

/** Which table to export, and how. */
export interface ExportOptions {
  readonly keyspace: string;
  readonly table: string;
  readonly format: 'nb' | 'oa' | 'da';
  /** The number in the first SSTable's name (`nb-1-big-Data.db`); the first free one when absent. */
  readonly generation?: number;
  /** One reconciled SSTable; otherwise each source as it is. */
  readonly compact: boolean;
  /** Read the files back and compare. */
  readonly validate: boolean;
}

/** The files that were written, and what is in them. */
export interface ExportReport {
  readonly files: readonly string[];
  readonly partitions: number;
  readonly rows: number;
  readonly bytes: number;
}

/** What a database holds on disk and in memory, as `cassette stats` shows it. */
export interface DatabaseStatistics {
  readonly tables: readonly TableStatistics[];
  readonly memtableBytes: number;
  readonly memtableRows: number;
  readonly walBytes: number;
  readonly walSegments: number;
  readonly compactions: { readonly completed: number; readonly bytesRead: number; readonly bytesWritten: number };
}

/** Of one table. Partitions, rows and tombstones are those that its SSTables' own statistics count, duplicates included. */
export interface TableStatistics {
  readonly keyspace: string;
  readonly table: string;
  readonly sstables: number;
  /** The highest number that an SSTable of the table has had; 0 where there is none, or names are UUIDs. */
  readonly generation: number;
  readonly bytes: number;
  readonly estimatedPartitions: number;
  readonly rows: number;
  readonly tombstones: number;
  readonly memtableRows: number;
}

/** `strict` answers as Cassandra 5.0.8 does; `explore` also what Cassandra refuses, with a note. */
export type Dialect = 'strict' | 'explore';
export type BatchKind = 'logged' | 'unlogged' | 'counter';

/** What a session was opened on. */
export interface SessionDescription {
  /** `database`: a Cassette directory; `foreign`: Cassandra's files, read-only; `cluster`: a live one. */
  readonly kind: 'database' | 'foreign' | 'cluster';
  readonly name: string;
  readonly readOnly: boolean;
  /** What the user should know about what was opened: ignored directories, commit logs, a temporary database… */
  readonly notes: readonly string[];
}

/** A bound value: serialized bytes, null, or not set at all. */
export type BoundValue = Uint8Array | null | undefined;

/** How one statement runs; what is absent is the session's. */
export interface ExecuteOptions {
  /** Values of bind markers, in order, or by name. */
  readonly values?: readonly BoundValue[] | ReadonlyMap<string, BoundValue>;
  readonly keyspace?: string;
  readonly dialect?: Dialect;
  /** Rows a page; all rows when absent. */
  readonly pageSize?: number;
  readonly pagingState?: Uint8Array;
  /** Default write timestamp in microseconds. */
  readonly timestampMicros?: bigint;
  /** Names of consistency levels, for clusters; a directory is always consistent. */
  readonly consistency?: string;
  readonly serialConsistency?: string;
  /** Answer a write once it is applied; the caller awaits `durable` before it shows or promises anything. */
  readonly deferDurability?: boolean;
  readonly signal?: AbortSignal;
  readonly trace?: (event: TraceEvent) => void;
}

/** One write of `Session.batch`. */
export interface BatchEntry {
  readonly query: string | PreparedStatement;
  readonly values?: readonly BoundValue[] | ReadonlyMap<string, BoundValue>;
}

/** A statement that was parsed and planned once. */
export interface PreparedStatement {
  readonly cql: string;
  readonly parameters: readonly ResultColumn[];
  readonly columns: readonly ResultColumn[];
  /** Indexes of parameters that make up the partition key, in key order; empty when unknown. */
  readonly partitionKeyIndexes: readonly number[];
}

/** A step of a statement: what was done, and the time since the statement came in. */
export interface TraceEvent {
  readonly activity: string;
  readonly elapsedMicros: number;
}

/** A column of an answer, or what a bind marker is for. */
export interface ResultColumn {
  readonly keyspace: string;
  readonly table: string;
  readonly name: string;
  readonly type: CqlType;
  /** For colours and layout; absent for computed columns. */
  readonly kind?: 'partition_key' | 'clustering' | 'static' | 'regular';
}

/** The answer to a statement, told apart by `kind`. */
export type Result = RowsResult | VoidResult | KeyspaceResult | SchemaChangeResult;

/** Notes and warnings stand beside every kind of result. */
interface ResultBase {
  /** Cassandra's client warnings. */
  readonly warnings: readonly string[];
  /** Explore mode: what Cassandra would have refused, a line each. */
  readonly notes: readonly string[];
}

/**
 * Rows stream in pages of encoded cells. `next` gives the following chunk of at most some thousand rows (null at the end
 * of the page asked for); `pagingState` is set once `next` returned null, when there is more beyond `pageSize`.
 */
export interface RowsResult extends ResultBase {
  readonly kind: 'rows';
  readonly columns: readonly ResultColumn[];
  next(): Promise<RowChunk | null>;
  pagingState(): Uint8Array | null;
  /** Stops early and releases what the query holds. */
  close(): void;
  /** Counters for `--stats`, complete once `next` returned null. */
  readonly statistics: QueryStatistics;
}

/** Cells row by row: `cells[row * columns + column]`, null for null. Valid until the following `next`. */
export interface RowChunk {
  readonly rowCount: number;
  readonly cells: readonly (Uint8Array | null)[];
}

/** What a query read, and what it could leave out: whole SSTables, and keys that a bloom filter did not know. */
export interface QueryStatistics {
  rows: number;
  sstables: number;
  sstablesSkipped: number;
  partitions: number;
  tombstones: number;
  blocks: number;
  bytesRead: number;
  /** What a scan of all partitions has to read; 0 where that is not known. */
  bytesToRead: number;
  filterHits: number;
  filterMisses: number;
}

export interface VoidResult extends ResultBase {
  readonly kind: 'void';
}

export interface KeyspaceResult extends ResultBase {
  readonly kind: 'keyspace';
  readonly keyspace: string;
}

export interface SchemaChangeResult extends ResultBase {
  readonly kind: 'schema_change';
  readonly change: 'CREATED' | 'UPDATED' | 'DROPPED';
  readonly target: 'KEYSPACE' | 'TABLE' | 'TYPE' | 'FUNCTION' | 'AGGREGATE';
  readonly keyspace: string;
  readonly name?: string;
  readonly argumentTypes?: readonly string[];
}
