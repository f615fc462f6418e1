import { CqlError, UsageError } from '../errors/index.ts';
import type { Schema } from '../schema/model/index.ts';
import { openSession } from '../session/open-session.ts';
import type {
  BatchEntry,
  BatchKind,
  BoundValue,
  DatabaseStatistics,
  Dialect,
  ExecuteOptions,
  ExportReport,
  FlushedSSTable,
  MaintenanceCommands,
  MaintenanceReport,
  PreparedStatement,
  ResultColumn,
  Session,
} from '../session/session.ts';
import { type CqlValue, codecOf } from '../types/index.ts';
import { collect, decodeRows, type QueryOptions, type ResultSet, type Row } from './result-set.ts';

export interface OpenOptions {
  /** A file of CQL with the schema of a foreign directory. */
  readonly schema?: string;
  readonly readOnly?: boolean;
  /** Writes go to this directory, laid over the one that is opened. */
  readonly writeDir?: string;
  /** When a write is acknowledged: on disk (`sync`), within 10 ms (`periodic`), or at once (`none`). */
  readonly durability?: 'sync' | 'periodic' | 'none';
  readonly mode?: Dialect;
  readonly memtableBytes?: number;
  readonly keyspace?: string;
}

/** Values of bind markers: in order, or by name. `undefined` leaves a value unset. */
export type Parameters = readonly (CqlValue | undefined)[] | Readonly<Record<string, CqlValue | undefined>>;

export interface ExportSettings {
  readonly keyspace: string;
  readonly table: string;
  /** `nb` loads into Cassandra 4.0, 4.1 and 5.0. */
  readonly format?: 'nb' | 'oa' | 'da';
  readonly generation?: number;
  /** One reconciled SSTable (the default), or the sources as they are. */
  readonly compact?: boolean;
  /** Read the files back and compare. */
  readonly validate?: boolean;
}

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

/** An open database. Every method may be called concurrently; `close` waits for nothing to be left. */
export class Database {
  private readonly session: Session;
  private closing: Promise<void> | null = null;

  constructor(session: Session) {
    this.session = session;
  }

  static open(path?: string | readonly string[], options?: OpenOptions): Promise<Database> {
    return open(path, options);
  }

  get schema(): Schema {
    return this.session.schema;
  }

  /** What opening found: ignored directories, commit logs, a lock held elsewhere. */
  get notes(): readonly string[] {
    return this.session.description.notes;
  }

  async execute(cql: string, params?: Parameters, options: QueryOptions = {}): Promise<ResultSet> {
    if (params === undefined) return collect(await this.session.execute(cql, executeOptions(options)));
    const statement = await this.session.prepare(cql);
    return collect(await this.run(statement, params, options));
  }

  /** Rows one by one, without holding the result. */
  async *stream(cql: string, params?: Parameters, options: QueryOptions = {}): AsyncGenerator<Row> {
    const result =
      params === undefined
        ? await this.session.execute(cql, executeOptions(options))
        : await this.run(await this.session.prepare(cql), params, options);
    if (result.kind === 'rows') yield* decodeRows(result);
  }

  /** A statement planned once; `execute` binds and runs it. */
  prepare(cql: string): Statement {
    return new Statement(this.session, cql);
  }

  async batch(queries: readonly BatchQuery[], options: QueryOptions & { kind?: BatchKind } = {}): Promise<ResultSet> {
    const entries: BatchEntry[] = [];
    for (const { query, params } of queries) {
      const statement = await this.session.prepare(typeof query === 'string' ? query : query.cql);
      entries.push({ query: statement, values: encodeParameters(params ?? [], statement.parameters) });
    }
    return collect(await this.session.batch(entries, { ...executeOptions(options), kind: options.kind }));
  }

  /** Writes all unflushed data to SSTables and describes them. */
  flush(): Promise<readonly FlushedSSTable[]> {
    return this.commands.flush();
  }

  /** CQLite's name. */
  flushRun(): Promise<readonly FlushedSSTable[]> {
    return this.flush();
  }

  /** Compacts for about `budgetMs`, at least one partition; goes on where the last call stopped. */
  maintenance(options: { budgetMs: number }): Promise<MaintenanceReport> {
    return this.commands.maintenance(options);
  }

  /** CQLite's name. */
  maintenanceStep(options: { budgetMs: number }): Promise<MaintenanceReport> {
    return this.maintenance(options);
  }

  compact(keyspace?: string, table?: string): Promise<MaintenanceReport> {
    return this.commands.compact(keyspace === undefined || table === undefined ? null : { keyspace, name: table });
  }

  /** SSTables that Cassandra loads, in `directory/KEYSPACE/TABLE/`. */
  exportSSTables(directory: string, options: ExportSettings): Promise<ExportReport> {
    return this.commands.exportSSTables(directory, {
      format: 'nb',
      compact: true,
      validate: true,
      ...options,
    });
  }

  /** CQLite's name. */
  exportSstable(directory: string, options: ExportSettings): Promise<ExportReport> {
    return this.exportSSTables(directory, options);
  }

  /** One JSON mutation, as `--mutation` takes it. */
  write(mutation: unknown): Promise<void> {
    return this.commands.write(mutation);
  }

  stats(): Promise<DatabaseStatistics> {
    return this.commands.stats();
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

  /** Idempotent. */
  close(): Promise<void> {
    this.closing ??= this.session.close();
    return this.closing;
  }

  private run(statement: PreparedStatement, params: Parameters, options: QueryOptions) {
    return this.session.executePrepared(statement, {
      ...executeOptions(options),
      values: encodeParameters(params, statement.parameters),
    });
  }

  private get commands(): MaintenanceCommands {
    const { maintenance } = this.session;
    if (maintenance === undefined) throw new UsageError('this works on directories only');
    return maintenance;
  }
}

/** A prepared statement; parsed and planned at its first use. */
export class Statement {
  readonly cql: string;
  private readonly session: Session;
  private prepared: Promise<PreparedStatement> | null = null;

  constructor(session: Session, cql: string) {
    this.session = session;
    this.cql = cql;
  }

  async execute(params: Parameters = [], options: QueryOptions = {}): Promise<ResultSet> {
    this.prepared ??= this.session.prepare(this.cql);
    const statement = await this.prepared;
    const result = await this.session.executePrepared(statement, {
      ...executeOptions(options),
      values: encodeParameters(params, statement.parameters),
    });
    return collect(result);
  }
}

function executeOptions(options: QueryOptions): ExecuteOptions {
  return {
    pageSize: options.pageSize,
    pagingState: options.pagingState ?? undefined,
    timestampMicros: options.timestamp === undefined ? undefined : BigInt(options.timestamp),
    consistency: options.consistency,
    signal: options.signal,
  };
}

function encodeParameters(params: Parameters, columns: readonly ResultColumn[]): readonly BoundValue[] {
  if (isList(params)) {
    if (params.length !== columns.length) {
      throw CqlError.invalidRequest(
        `Invalid amount of bind variables: ${params.length} given, ${columns.length} expected`,
      );
    }
    return columns.map((column, i) => encode(params[i], column));
  }
  return columns.map((column) => {
    if (!(column.name in params)) throw CqlError.invalidRequest(`no value for bind marker '${column.name}'`);
    return encode(params[column.name], column);
  });
}

function isList(params: Parameters): params is readonly (CqlValue | undefined)[] {
  return Array.isArray(params);
}

function encode(value: CqlValue | undefined, column: ResultColumn): BoundValue {
  if (value === undefined || value === null) return value;
  try {
    return codecOf(column.type).encode(value);
  } catch (error) {
    if (error instanceof TypeError) throw CqlError.invalidRequest(`${column.name}: ${error.message}`);
    throw error;
  }
}
