import { CqlError, NotYetError } from '../../errors/index.ts';
import { checkLimits, executeSelect, PlanProfile, type StatementContext } from '../../executor/index.ts';
import type { Name } from '../../parser/ast/index.ts';
import type { SplitStatement } from '../../parser/splitter.ts';
import { type CheckedBatch, type CheckedWrite, resolveTable, shiftMarkers } from '../../planner/index.ts';
import { describeStatement } from '../../schema/describe/index.ts';
import { findTable, type Schema } from '../../schema/model/index.ts';
import { didYouMean } from '../../schema/nearest-name.ts';
import type { EmbeddedStorage } from '../embedded-storage.ts';
import type {
  AppendOptions,
  BatchEntry,
  BatchKind,
  Dialect,
  ExecuteOptions,
  MaintenanceCommands,
  PreparedStatement,
  Result,
  RowAppender,
  RowsResult,
  Session,
  SessionDescription,
} from '../session.ts';
import { aggregationWarnings } from './aggregation-warnings.ts';
import { boundValues } from './bound-values.ts';
import { CLUSTER } from './cluster-names.ts';
import { explainResult, explainWriteResult } from './explain-result.ts';
import type { EngineWriteContext } from './maintenance.ts';
import { describePrepared, type PlannedStatement, resultColumns } from './planned-statement.ts';
import { ListResult, SelectResult } from './select-result.ts';
import { SessionClock } from './session-clock.ts';
import type { SessionWrites } from './session-writes.ts';
import { showTables } from './show-tables.ts';
import { type StatementPlace, StatementPlans } from './statement-plans.ts';
import { accessActivity, type StatementTrace, startTrace, writeActivity } from './statement-trace.ts';
import { UnknownColumnNotes } from './unknown-column-notes.ts';
import { VirtualKeyspaces } from './virtual-keyspaces.ts';

export interface EmbeddedSessionOptions {
  readonly dialect: Dialect;
  readonly keyspace?: string | null;
  /** Milliseconds since 1970; tests inject it. */
  readonly clock?: () => number;
  readonly maintenance?: MaintenanceCommands;
  /** Bytes that a sort or a hash may hold before it spills to disk. */
  readonly memoryLimitBytes?: number;
}

const DEFAULT_MEMORY_LIMIT = 256 * 1024 * 1024;

/** A session over a directory on this machine: a Cassette database, or Cassandra's own files. */
export class EmbeddedSession implements Session {
  readonly dialect: Dialect;
  readonly maintenance?: MaintenanceCommands;
  keyspace: string | null;
  private readonly storage: EmbeddedStorage;
  private readonly clock: SessionClock;
  private readonly memoryLimitBytes: number;
  private readonly plans: StatementPlans;
  /** The keyspace that a statement was prepared for. */
  private readonly preparedIn = new WeakMap<PreparedStatement, string>();
  private readonly virtual: VirtualKeyspaces;
  /** Null until the first write. */
  private writes: SessionWrites | null = null;
  private readonly unknownColumns: UnknownColumnNotes;

  constructor(storage: EmbeddedStorage, options: EmbeddedSessionOptions) {
    this.storage = storage;
    this.dialect = options.dialect;
    this.keyspace = options.keyspace ?? null;
    const assigned = storage.engine?.assigned;
    this.clock = new SessionClock(options.clock, assigned?.latestMicros);
    assigned?.follow(() => this.clock.latestMicros);
    this.memoryLimitBytes = options.memoryLimitBytes ?? DEFAULT_MEMORY_LIMIT;
    if (options.maintenance !== undefined) this.maintenance = options.maintenance;
    this.virtual = new VirtualKeyspaces(storage, () => this.clock.nowMillis());
    this.plans = new StatementPlans(storage, this.virtual);
    this.unknownColumns = new UnknownColumnNotes(storage);
  }

  get schema(): Schema {
    return this.storage.schema;
  }

  get description(): SessionDescription {
    return this.storage.description;
  }

  async execute(cql: string | SplitStatement, options: ExecuteOptions = {}): Promise<Result> {
    const trace = startTrace(options.trace);
    // A plan that statements of one shape share would tell the literals of the first.
    if (trace !== null && typeof cql !== 'string')
      return this.run(this.plan(cql.text, options, trace), options, null, trace);
    const planned = this.plan(cql, options, trace);
    if (typeof cql === 'string' || !planned.isShareable) return this.run(planned, options, null, trace);
    try {
      return await this.run(planned, options, cql.literals, trace);
    } catch (error) {
      // In explore mode a literal that the shape's plan cannot take may have a plan of its own.
      if (!(error instanceof CqlError)) throw error;
      if (planned.select === null || this.isStrict(options)) throw this.atLiteral(error, cql, options);
      return this.run(this.plan(cql.text, options), options, null, trace);
    }
  }

  executeNow(statement: SplitStatement, options: ExecuteOptions = {}): boolean {
    if (this.writes === null || statement.shape === undefined || !beginsWrite(statement.text)) return false;
    const planned = this.plan(statement, options);
    const { write } = planned;
    if (write === null || write.kind === 'batch') return false;
    const literals = planned.isShareable ? statement.literals : null;
    const context = this.context(boundValues(planned.markers, options.values), literals, options);
    try {
      return this.writes.runNow(write, context, options.timestampMicros ?? this.clock.nextMicros());
    } catch (error) {
      throw error instanceof CqlError && literals !== null ? this.atLiteral(error, statement, options) : error;
    }
  }

  /** The error of a shared plan, which knows no places of literals, as a plan of the statement alone tells it. */
  private atLiteral(error: CqlError, statement: SplitStatement, options: ExecuteOptions): CqlError {
    if (error.position !== undefined) return error;
    try {
      const { select, write, markers } = this.plan(statement.text, options);
      const context = this.context(boundValues(markers, options.values), null, options);
      if (select !== null) checkLimits(select.checked, context);
      if (write !== null) this.writes?.checkAttributes(write, context);
    } catch (own) {
      if (own instanceof CqlError && own.message === error.message) return own;
    }
    return error;
  }

  private isStrict({ dialect }: Pick<ExecuteOptions, 'dialect'>): boolean {
    return (dialect ?? this.dialect) === 'strict';
  }

  async prepare(cql: string, options: { keyspace?: string } = {}): Promise<PreparedStatement> {
    const prepared = describePrepared(cql, this.plan(cql, options));
    if (options.keyspace !== undefined) this.preparedIn.set(prepared, options.keyspace);
    return prepared;
  }

  async executePrepared(statement: PreparedStatement, options: ExecuteOptions = {}): Promise<Result> {
    const keyspace = options.keyspace ?? this.preparedIn.get(statement);
    const inKeyspace = keyspace === undefined ? options : { ...options, keyspace };
    const trace = startTrace(options.trace);
    return this.run(this.plan(statement.cql, inKeyspace, trace), inKeyspace, null, trace);
  }

  async batch(statements: readonly BatchEntry[], options: ExecuteOptions & { kind?: BatchKind } = {}): Promise<Result> {
    const trace = startTrace(options.trace);
    const writes: CheckedWrite[] = [];
    const values: StatementContext['values'][number][] = [];
    for (const { query, values: given } of statements) {
      const planned = this.plan(typeof query === 'string' ? query : query.cql, options);
      const { write } = planned;
      if (write === null || write.kind === 'batch') {
        throw CqlError.invalidRequest(
          'Invalid statement in batch: only UPDATE, INSERT and DELETE statements are allowed.',
        );
      }
      writes.push(shiftMarkers(write, values.length));
      values.push(...boundValues(planned.markers, given));
    }
    if (writes.length === 0) return { kind: 'void', warnings: [], notes: [] };
    return (await this.loadWrites()).runBatch(
      {
        kind: 'batch',
        type: options.kind ?? 'logged',
        timestamp: null,
        writes,
        hasConditions: writes.some((write) => write.conditions.kind !== 'none'),
      },
      this.context(values, null, options),
      options.timestampMicros ?? this.clock.nextMicros(),
      options,
      trace,
      this.isStrict(options),
    );
  }

  async appender(
    name: { keyspace: string; name: string },
    columns: readonly string[],
    options: AppendOptions = {},
  ): Promise<RowAppender> {
    const table = findTable(this.storage.schema, name.keyspace, name.name);
    if (table === undefined) throw CqlError.invalidRequest(`table ${name.keyspace}.${name.name} does not exist`);
    const { timestampMicros } = options;
    return (await this.loadWrites()).appender(
      table,
      columns,
      this.context([], null, {}),
      timestampMicros === undefined ? () => this.clock.nextMicros() : () => timestampMicros,
      options.ttlSeconds,
    );
  }

  /** For writes that are no statements (JSON mutations). Throws where nothing can be written. */
  async writeContext(): Promise<EngineWriteContext> {
    const writes = await this.loadWrites();
    const engine = writes.writableEngine();
    return { engine, context: writes.contextOf(engine, this.context([], null, {}), this.clock.nextMicros()) };
  }

  async durable(): Promise<void> {
    await this.storage.engine?.acknowledged();
  }

  async close(): Promise<void> {
    await this.storage.close();
  }

  private async loadWrites(): Promise<SessionWrites> {
    const { SessionWrites } = await import('./session-writes.ts');
    this.writes ??= new SessionWrites(this.storage, this.virtual, this.clock);
    return this.writes;
  }

  private plan(
    cql: string | SplitStatement,
    options: Pick<ExecuteOptions, 'keyspace' | 'dialect'>,
    trace: StatementTrace | null = null,
  ): PlannedStatement {
    return this.plans.plan(cql, this.placeOf(options), trace);
  }

  private placeOf({ keyspace, dialect }: Pick<ExecuteOptions, 'keyspace' | 'dialect'>): StatementPlace {
    return { keyspace: keyspace ?? this.keyspace, dialect: dialect ?? this.dialect };
  }

  private async run(
    planned: PlannedStatement,
    options: ExecuteOptions,
    literals: StatementContext['literals'],
    trace: StatementTrace | null,
  ): Promise<Result> {
    const { statement } = planned;
    switch (statement.kind) {
      case 'select':
        return this.select(planned, options, literals, trace);
      case 'explain':
        return this.explain(planned, statement.analyze, options);
      case 'use':
        return this.use(statement.keyspace);
      case 'showTables':
        return showTables(this.virtual.schema, statement.keyspace?.text ?? options.keyspace ?? this.keyspace);
      case 'describe': {
        const keyspace = options.keyspace ?? this.keyspace;
        const { columns, rows } = describeStatement(
          { schema: this.virtual.schema, keyspace, cluster: CLUSTER, rangeOwnership: new Map() },
          statement,
        );
        return new ListResult(
          columns.map((column) => ({ keyspace: 'system', table: 'describe', ...column })),
          rows,
        );
      }
      case 'insert':
      case 'update':
      case 'delete':
      case 'batch': {
        if (planned.write === null) throw new NotYetError(statement.kind.toUpperCase());
        const context = this.context(boundValues(planned.markers, options.values), literals, options);
        const timestampMicros = options.timestampMicros ?? this.clock.nextMicros();
        trace?.(writeActivity(planned.write));
        const strict = this.isStrict(options);
        const writes = this.writes ?? (await this.loadWrites());
        return writes.run(planned.write, context, timestampMicros, options, trace, strict);
      }
      case 'truncate':
        return (await this.loadWrites()).truncate(
          resolveTable(statement.name, this.plans.context(this.placeOf(options))),
        );
      default: {
        const { runSchemaStatement } = await import('./schema-statements.ts');
        const nowMillis = this.clock.nowMillis();
        return runSchemaStatement(this.storage, statement, planned.notes, {
          keyspace: options.keyspace ?? this.keyspace,
          isStrict: this.isStrict(options),
          nowMicros: this.clock.nextMicros(),
          newTableId: () => Buffer.from(this.clock.nextTimeUuid(nowMillis)).toString('hex'),
        });
      }
    }
  }

  private select(
    planned: PlannedStatement,
    options: ExecuteOptions,
    literals: StatementContext['literals'],
    trace: StatementTrace | null,
  ): RowsResult {
    const { select, markers, notes } = planned;
    if (select === null) throw new NotYetError('a SELECT without a plan');
    trace?.(accessActivity(select));
    const execution = executeSelect({
      ...select,
      storage: this.virtual,
      context: this.context(boundValues(markers, options.values), literals, options),
      pageSize: options.pageSize ?? null,
      pagingState: options.pagingState ?? null,
    });
    const startedMillis = this.clock.nowMillis();
    const remember = (rows: number): void => {
      const { table } = select.checked;
      if (table === null) return;
      const milliseconds = this.clock.nowMillis() - startedMillis;
      this.virtual.remember({ keyspace: table.keyspace, table: table.name, query: planned.text, rows, milliseconds });
    };
    const warnings = this.isStrict(options) ? aggregationWarnings(select.checked) : [];
    const told = [...notes, ...select.checked.notes, ...this.unknownColumns.notes(select.checked.table)];
    return new SelectResult(resultColumns(select), execution, warnings, told, remember, trace);
  }

  private async explain(planned: PlannedStatement, analyze: boolean, options: ExecuteOptions): Promise<Result> {
    const { select, write, markers } = planned;
    if (write !== null) return analyze ? this.analyzeWrite(planned, write, options) : explainWriteResult(write);
    if (select === null) throw CqlError.invalidRequest('Only SELECT, INSERT, UPDATE, DELETE and BATCH have a plan');
    if (!analyze) return explainResult(select);
    const profile = new PlanProfile(() => performance.now());
    const execution = executeSelect({
      ...select,
      storage: this.virtual,
      context: this.context(boundValues(markers, options.values), null, options),
      pageSize: null,
      pagingState: null,
      profile,
    });
    while ((await execution.next()) !== null);
    execution.close();
    return explainResult(select, profile);
  }

  /** Does the write, and tells what it did. */
  private async analyzeWrite(
    { markers }: PlannedStatement,
    write: CheckedWrite | CheckedBatch,
    options: ExecuteOptions,
  ): Promise<Result> {
    const { WriteProfile } = await import('../../executor/write/write-profile.ts');
    const writes = await this.loadWrites();
    const profile = new WriteProfile();
    const context = this.context(boundValues(markers, options.values), null, options);
    const timestampMicros = options.timestampMicros ?? this.clock.nextMicros();
    const started = performance.now();
    const deferred = { ...options, deferDurability: true };
    const result = await writes.run(write, context, timestampMicros, deferred, null, false, profile);
    const applied = performance.now();
    await this.durable();
    const milliseconds = { applied: applied - started, durable: performance.now() - applied };
    return explainWriteResult(write, { profile, milliseconds, held: await conditionHeld(result) });
  }

  private context(
    values: StatementContext['values'],
    literals: StatementContext['literals'],
    options: ExecuteOptions,
  ): StatementContext {
    const nowMillis = this.clock.nowMillis();
    return {
      nowMillis,
      nowSeconds: Math.floor(nowMillis / 1000),
      nextTimeUuid: () => this.clock.nextTimeUuid(nowMillis),
      values,
      literals,
      signal: options.signal ?? null,
      memoryLimitBytes: this.memoryLimitBytes,
    };
  }

  private use({ text: keyspace, position }: Name): Result {
    const { keyspaces } = this.virtual.schema;
    if (!keyspaces.has(keyspace)) {
      throw CqlError.invalidRequest(`Keyspace '${keyspace}' does not exist`, {
        position,
        suggestion: didYouMean(keyspace, keyspaces.keys()),
      });
    }
    this.keyspace = keyspace;
    return { kind: 'keyspace', keyspace, warnings: [], notes: [] };
  }
}

const LOWER_CASE = 0x20;
const LETTER_B = 0x62;
const LETTER_S = 0x73;

/** Of a text that has a shape: neither BEGIN nor SELECT. */
function beginsWrite(text: string): boolean {
  const first = text.charCodeAt(0) | LOWER_CASE;
  return first !== LETTER_B && first !== LETTER_S;
}

/** What `[applied]` says; null for a write without conditions. */
async function conditionHeld(result: Result): Promise<boolean | null> {
  if (result.kind !== 'rows') return null;
  const chunk = await result.next();
  return chunk?.cells[0]?.[0] === 1;
}
