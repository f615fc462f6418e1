import { CqlError } from '../../errors/index.ts';
import type { StatementContext } from '../../executor/index.ts';
import { BatchGuards } from '../../executor/write/batch-guards.ts';
import type { ConditionalResult } from '../../executor/write/conditional-write.ts';
import { WriteExecutor } from '../../executor/write/execute-write.ts';
import { checkAttributes, checkedExpiry } from '../../executor/write/write-attributes.ts';
import type { WriteContext } from '../../executor/write/write-context.ts';
import type { WriteProfile } from '../../executor/write/write-profile.ts';
import { type CheckedBatch, type CheckedWrite, validateBatch } from '../../planner/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import type { Engine } from '../../storage/engine.ts';
import { MAX_DELETION_TIME, MAX_DELETION_TIME_NB } from '../../storage/rows/index.ts';
import type { EmbeddedStorage } from '../embedded-storage.ts';
import type { ExecuteOptions, Result, ResultColumn, RowAppender, VoidResult } from '../session.ts';
import { ListPathClock } from './list-path-clock.ts';
import { refuseViewed } from './refuse-viewed.ts';
import { EngineAppender } from './row-appender.ts';
import { ListResult } from './select-result.ts';
import type { StatementTrace } from './statement-trace.ts';
import type { VirtualKeyspaces } from './virtual-keyspaces.ts';

const APPLIED: VoidResult = Object.freeze({ kind: 'void', warnings: [], notes: [] });

/** The writes of a session: checked statements into its engine. */
export class SessionWrites {
  private readonly storage: EmbeddedStorage;
  private readonly virtual: VirtualKeyspaces;
  private readonly listPaths: ListPathClock;
  private executor: WriteExecutor | null = null;
  private counterId: Uint8Array | null = null;

  constructor(storage: EmbeddedStorage, virtual: VirtualKeyspaces, clock: { lateMillis(): number }) {
    this.storage = storage;
    this.virtual = virtual;
    this.listPaths = new ListPathClock(clock);
  }

  /** Answers once the write is as durable as promised, or at once applied where the caller awaits `durable` itself. */
  async run(
    write: CheckedWrite | CheckedBatch,
    context: StatementContext,
    timestampMicros: bigint,
    options: ExecuteOptions,
    trace: StatementTrace | null,
    strict: boolean,
    profile: WriteProfile | null = null,
  ): Promise<Result> {
    for (const table of tablesOf(write)) this.virtual.refuseChange(table, 'Modification');
    const engine = this.writableEngine();
    for (const table of tablesOf(write)) refuseViewed(table, this.storage.schema);
    if (engine.isSaturated) {
      await engine.ready();
      trace?.('Waited for a flush to free memory');
    }
    const guards = strict && write.kind === 'batch' ? new BatchGuards() : undefined;
    const plainContext = this.contextOf(engine, context, timestampMicros);
    const writeContext: WriteContext =
      guards === undefined && profile === null
        ? plainContext
        : { ...plainContext, ...(guards === undefined ? {} : { guards }), ...(profile === null ? {} : { profile }) };
    const executor = this.executorOf(engine);
    const pending =
      write.kind === 'batch' ? executor.executeBatch(write, writeContext) : executor.execute(write, writeContext);
    const conditional = pending === null ? null : await pending;
    trace?.(
      conditional?.applied === false ? 'Condition does not hold: nothing written' : 'Applied to log and memtable',
    );
    if (!options.deferDurability) {
      await engine.acknowledged();
      trace?.('Durable as promised');
    }
    if (conditional !== null) return conditionalAnswer(conditional);
    return guards === undefined || guards.warnings.length === 0 ? APPLIED : { ...APPLIED, warnings: guards.warnings };
  }

  /** As `run`, without a wait for durability; false, and nothing is done, where it would have to read or wait. */
  runNow(write: CheckedWrite, context: StatementContext, timestampMicros: bigint): boolean {
    this.virtual.refuseChange(write.table, 'Modification');
    const engine = this.writableEngine();
    refuseViewed(write.table, this.storage.schema);
    if (engine.isSaturated) return false;
    return this.executorOf(engine).executeNow(write, this.contextOf(engine, context, timestampMicros));
  }

  /** Throws what is wrong with the times that a write names, without doing it. */
  checkAttributes(write: CheckedWrite | CheckedBatch, context: StatementContext): void {
    checkAttributes(write, this.contextOf(this.writableEngine(), context, 0n));
  }

  /** A batch that a client put together. */
  runBatch(
    batch: CheckedBatch,
    context: StatementContext,
    timestampMicros: bigint,
    options: ExecuteOptions,
    trace: StatementTrace | null,
    strict: boolean,
  ): Promise<Result> {
    validateBatch(batch);
    return this.run(batch, context, timestampMicros, options, trace, strict);
  }

  appender(
    table: TableMetadata,
    columns: readonly string[],
    context: StatementContext,
    nextMicros: () => bigint,
    ttlSeconds: number | undefined,
  ): RowAppender {
    this.virtual.refuseChange(table, 'Modification');
    const engine = this.writableEngine();
    refuseViewed(table, this.storage.schema);
    if (table.view !== undefined) throw CqlError.invalidRequest('Cannot directly modify a materialized view');
    const writeContext = this.contextOf(engine, context, nextMicros());
    const ttl = checkedExpiry(
      ttlSeconds ?? table.options.default_time_to_live,
      table,
      writeContext,
      ttlSeconds === undefined,
    );
    return new EngineAppender(engine, table, columns, writeContext, nextMicros, ttl);
  }

  async truncate(table: TableMetadata): Promise<Result> {
    this.virtual.refuseChange(table, 'Truncation');
    const engine = this.writableEngine();
    if (table.view !== undefined)
      throw CqlError.invalidRequest('Cannot TRUNCATE materialized view directly; must truncate base table instead');
    refuseViewed(table, this.storage.schema);
    await engine.truncate(table);
    return APPLIED;
  }

  contextOf(engine: Engine, context: StatementContext, timestampMicros: bigint): WriteContext {
    this.counterId ??= Buffer.from((engine.hostId ?? '').replaceAll('-', '').padEnd(32, '0'), 'hex');
    // Field by field: a spread of a foreign shape costs microseconds, and every write passes here.
    return {
      nowMillis: context.nowMillis,
      nowSeconds: context.nowSeconds,
      nextTimeUuid: context.nextTimeUuid,
      values: context.values,
      literals: context.literals,
      signal: context.signal,
      memoryLimitBytes: context.memoryLimitBytes,
      timestampMicros,
      counterId: this.counterId,
      maxExpirySeconds: engine.compatibility === 'nb' ? MAX_DELETION_TIME_NB : MAX_DELETION_TIME,
      listPaths: this.listPaths,
    };
  }

  writableEngine(): Engine {
    const { engine, description } = this.storage;
    if (engine === null) {
      throw CqlError.invalidRequest(
        "Cassandra's own files are only read here; --write-dir DIR puts writes into a directory of their own",
      );
    }
    if (description.readOnly) throw CqlError.invalidRequest('The database was opened for reading only');
    return engine;
  }

  private executorOf(engine: Engine): WriteExecutor {
    this.executor ??= new WriteExecutor(engine);
    return this.executor;
  }
}

function tablesOf(write: CheckedWrite | CheckedBatch): readonly TableMetadata[] {
  return write.kind === 'batch' ? write.writes.map(({ table }) => table) : [write.table];
}

function conditionalAnswer({ applied, table, columns, rows }: ConditionalResult): Result {
  const appliedColumn: ResultColumn = {
    keyspace: table.keyspace,
    table: table.name,
    name: '[applied]',
    type: { kind: 'native', name: 'boolean' },
  };
  const resultColumns = columns.map((column): ResultColumn => {
    return { keyspace: table.keyspace, table: table.name, name: column.name, type: column.type, kind: column.kind };
  });
  const flag = Uint8Array.of(applied ? 1 : 0);
  const answer = rows.length === 0 ? [[flag]] : rows.map((row) => [flag, ...row]);
  return new ListResult([appliedColumn, ...resultColumns], answer);
}
