import { CqlError, UsageError } from '../errors/index.ts';
import type { Schema } from '../schema/model/index.ts';
import { openSession } from '../session/open-session.ts';
import type {
  BatchEntry,
  BatchKind,
  DatabaseStatistics,
  Dialect,
  ExportReport,
  FlushedSSTable,
  MaintenanceCommands,
  MaintenanceReport,
  Session,
} from '../session/session.ts';
import type { MergePolicy } from '../storage/compaction/merge-policy.ts';
import { OpenCalls } from './open-calls.ts';
import { encodeParameters, type Parameters } from './parameters.ts';
import { collect, executeOptions, type QueryOptions, type ResultSet } from './result-set.ts';
import { RowStream } from './row-stream.ts';
import { Statement } from './statement.ts';

/** How `open` opens a database. */
export interface OpenOptions {
  /** A file of CQL with the schema of a foreign directory. */
  readonly schema?: string;
  /** Nothing is written, and no lock is taken. */
  readonly readOnly?: boolean;
  /** Writes go to this directory, laid over the one that is opened. */
  readonly writeDir?: string;
  /** When a write is acknowledged: on disk (`sync`), within 10 ms (`periodic`), or at once (`none`). */
  readonly durability?: 'sync' | 'periodic' | 'none';
  /** `strict` (the default) is Cassandra; `explore` answers more, and says so in `warnings`. */
  readonly mode?: Dialect;
  /** Unflushed bytes at which a flush begins. */
  readonly memtableBytes?: number;
  /** Accepted: no reads are cached between statements, beyond what the operating system keeps of files. */
  readonly cacheBytes?: number;
  /** As `USE` sets it. */
  readonly keyspace?: string;
}

/** What `Database.exportSSTables` writes. */
export interface ExportSettings {
  readonly keyspace: string;
  readonly table: string;
  /** `nb` loads into Cassandra 4.0, 4.1 and 5.0. */
  readonly format?: 'nb' | 'oa' | 'da';
  /** The number in the first SSTable's name (`nb-1-big-Data.db`); the first free one when absent. */
  readonly generation?: number;
  /** One reconciled SSTable (the default), or the sources as they are. */
  readonly compact?: boolean;
  /** Read the files back and compare. */
  readonly validate?: boolean;
}

/** One write of `Database.batch`, with the values of its markers. */
export interface BatchQuery {
  readonly query: string | Statement;
  readonly params?: Parameters;
}

/**
 * Opens a database directory (made by the first write), or any Cassandra data, keyspace, table or snapshot directory or
 * Data.db file, read-only. Without a path: a temporary database. Throws UsageError where there is neither.
 */
export async function open(path?: string | readonly string[], options: OpenOptions = {}): Promise<Database> {
  const session = await openSession({
    paths: path === undefined ? [] : typeof path === 'string' ? [path] : path,
    schemaFile: options.schema,
    readOnly: options.readOnly,
    writeDirectory: options.writeDir,
    durability: options.durability,
    memtableBytes: options.memtableBytes,
    dialect: options.mode ?? 'strict',
    keyspace: options.keyspace,
  });
  return new Database(session);
}

/**
 * An open database. Every method may be called while others run: statements see the writes that were acknowledged before
 * they began. After `close` each throws a UsageError.
 */
export class Database implements AsyncDisposable {
  private readonly session: Session;
  private readonly calls = new OpenCalls();
  private closing: Promise<void> | null = null;

  constructor(session: Session) {
    this.session = session;
  }

  static open(path?: string | readonly string[], options?: OpenOptions): Promise<Database> {
    return open(path, options);
  }

  /** Keyspaces, tables and types as plain values; another object after each change. */
  get schema(): Schema {
    return this.session.schema;
  }

  /** What opening found: ignored directories, commit logs, a lock held elsewhere. */
  get notes(): readonly string[] {
    return this.session.description.notes;
  }

  /** One statement to its end, or to the end of the page asked for. */
  execute(cql: string, params?: Parameters, options: QueryOptions = {}): Promise<ResultSet> {
    return this.calls.run(async () => {
      if (params !== undefined) return this.prepare(cql).execute(params, options);
      return collect(await this.session.execute(cql, executeOptions(options)));
    });
  }

  /** Rows one by one, without holding the result. */
  stream(cql: string, params?: Parameters, options: QueryOptions = {}): RowStream {
    if (params !== undefined) return this.prepare(cql).stream(params, options);
    const start = async (signal: AbortSignal) => this.session.execute(cql, executeOptions(options, signal));
    return new RowStream(start, this.calls, options.signal);
  }

  /** A statement planned once; `execute` binds and runs it. */
  prepare(cql: string): Statement {
    return new Statement(this.session, cql, this.calls);
  }

  /** All or nothing, with one timestamp. */
  batch(queries: readonly BatchQuery[], options: QueryOptions & { kind?: BatchKind } = {}): Promise<ResultSet> {
    return this.calls.run(async () => {
      const entries: BatchEntry[] = [];
      for (const { query, params } of queries) {
        const statement = await (typeof query === 'string' ? this.prepare(query) : query).prepare();
        entries.push({ query: statement, values: encodeParameters(params ?? [], statement.parameters) });
      }
      return collect(await this.session.batch(entries, { ...executeOptions(options), kind: options.kind }));
    });
  }

  /** Writes all unflushed data to SSTables and describes them. */
  flush(): Promise<readonly FlushedSSTable[]> {
    return this.maintain((commands) => commands.flush());
  }

  /** CQLite's name. */
  flushRun(): Promise<readonly FlushedSSTable[]> {
    return this.flush();
  }

  /** Compacts for about `budgetMs`, at least one partition; goes on where the last call stopped. */
  maintenance(options: { budgetMs: number }): Promise<MaintenanceReport> {
    return this.maintain((commands) => commands.maintenance(options));
  }

  /** CQLite's name. */
  maintenanceStep(options: { budgetMs: number }): Promise<MaintenanceReport> {
    return this.maintenance(options);
  }

  /** Full compaction of one table, or of all. */
  compact(keyspace?: string, table?: string): Promise<MaintenanceReport> {
    if ((keyspace === undefined) !== (table === undefined)) {
      return Promise.reject(new UsageError('compact takes a keyspace and a table, or neither'));
    }
    const one = keyspace === undefined || table === undefined ? null : { keyspace, name: table };
    return this.maintain((commands) => commands.compact(one));
  }

  /** SSTables that Cassandra loads, in `directory/KEYSPACE/TABLE/`. */
  exportSSTables(directory: string, options: ExportSettings): Promise<ExportReport> {
    return this.maintain((commands) =>
      commands.exportSSTables(directory, {
        keyspace: options.keyspace,
        table: options.table,
        format: options.format ?? 'nb',
        generation: options.generation,
        compact: options.compact ?? true,
        validate: options.validate ?? true,
      }),
    );
  }

  /** CQLite's name. */
  exportSstable(directory: string, options: ExportSettings): Promise<ExportReport> {
    return this.exportSSTables(directory, options);
  }

  /**
   * Chooses what to merge of a table instead of its compaction strategy, until the database is closed; null gives it back its
   * own. `SizeTieredPolicy`, `LeveledPolicy`, `TimeWindowPolicy` and `UnifiedPolicy` are Cassandra's.
   */
  setMergePolicy(keyspace: string, table: string, policy: MergePolicy | null): Promise<void> {
    return this.maintain((commands) => commands.setMergePolicy({ keyspace, name: table }, policy));
  }

  /** The highest number that an SSTable of a table has had; 0 before the first flush. CQLite's name. */
  async generation(keyspace: string, table: string): Promise<number> {
    const { tables } = await this.stats();
    const found = tables.find((one) => one.keyspace === keyspace && one.table === table);
    if (found === undefined) throw CqlError.invalidRequest(`table ${keyspace}.${table} does not exist`);
    return found.generation;
  }

  /** One JSON mutation, as `--mutation` takes it. */
  write(mutation: unknown): Promise<void> {
    return this.maintain((commands) => commands.write(mutation));
  }

  stats(): Promise<DatabaseStatistics> {
    return this.maintain((commands) => commands.stats());
  }

  /** CQLite's name. */
  async maintenanceStats(): Promise<DatabaseStatistics['compactions']> {
    return (await this.stats()).compactions;
  }

  /** Bytes of unflushed data. */
  async memtableSize(): Promise<number> {
    return (await this.stats()).memtableBytes;
  }

  async memtableRowCount(): Promise<number> {
    return (await this.stats()).memtableRows;
  }

  /** Waits for calls under way, stops streams, releases files and the lock. Idempotent. */
  close(): Promise<void> {
    this.closing ??= this.calls.close().then(() => this.session.close());
    return this.closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private maintain<T>(command: (commands: MaintenanceCommands) => Promise<T>): Promise<T> {
    return this.calls.run(async () => {
      const { maintenance } = this.session;
      if (maintenance === undefined) throw new UsageError('this works on directories only');
      return command(maintenance);
    });
  }
}
