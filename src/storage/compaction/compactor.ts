import { int64 } from '../../bytes/index.ts';
import { CqlError, invariant } from '../../errors/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import type { FileSystem } from '../files/index.ts';
import type { Memtable } from '../memtable/index.ts';
import type { WriteVersion } from '../sstable/write/write-version.ts';
import type { SSTableVersion, VersionSet } from '../version-set/index.ts';
import { CompactionRun } from './compaction-run.ts';
import { type Clock, ExpectedTime } from './expected-time.ts';
import type { CompactionProgress, PieceTimes } from './input-merge.ts';
import { LeveledPolicy } from './leveled.ts';
import type { CompactionTask, MergePolicy, PolicyTime } from './merge-policy.ts';
import { policyOf } from './policy-of.ts';
import { removeSSTables } from './remove-sstables.ts';
import { wholeTask } from './size-tiered.ts';
import type { StoredSSTable } from './stored-sstable.ts';

/** A table as the compactor sees it. */
export interface CompactedTable {
  readonly table: TableMetadata;
  readonly directory: string;
  readonly versions: VersionSet<StoredSSTable>;
  readonly isDropped: boolean;
  memtables(): readonly Memtable[];
  nextGeneration(): number;
}

export interface CompactorOptions {
  readonly files: FileSystem;
  readonly version: WriteVersion;
  readonly hostId: string;
  /** Whether data below an overlay is seen through the table. */
  readonly hasBase: (table: TableMetadata) => boolean;
  readonly tables: () => Iterable<CompactedTable>;
  readonly strictLiveness: (table: TableMetadata) => boolean;
  readonly newTransactionId: () => string;
  readonly now: () => number;
  /** Of budgets and deadlines. */
  readonly clock: Clock;
  /** For large merges, where other threads reach the files; null for none. */
  readonly worker: CompactionWorker | null;
}

/** A thread for merges of at least `minBytes` (of Data.db files). */
export interface CompactionWorker {
  readonly path: string;
  readonly minBytes: number;
}

/** What `maintenance` did, and what is left to do. */
export interface MaintenanceReport {
  readonly partitions: number;
  readonly rows: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly elapsedMs: number;
  /** Compactions begun and not ended, and tables that have another one to do. */
  readonly pending: number;
}

export interface CompactionTotals {
  compactions: number;
  partitions: number;
  rows: number;
  bytesRead: number;
  bytesWritten: number;
}

type CompactionSums = Omit<CompactionTotals, 'compactions'>;

interface Running {
  readonly run: CompactionRun;
  readonly owner: CompactedTable;
  readonly pin: SSTableVersion<StoredSSTable>;
}

/** Until they were measured: pieces of work, and the beginning of a compaction. */
const SYNC_MILLIS = 5;
const LOAD_MILLIS = 1;
const START_MILLIS = 10;

/**
 * Keeps one compaction of a database going, and picks the next. Every call must have the engine's work queue for itself.
 * A run whose inputs are gone by the next step (DROP, TRUNCATE, ALTER) is given up.
 */
export class Compactor {
  readonly totals: CompactionTotals = { compactions: 0, partitions: 0, rows: 0, bytesRead: 0, bytesWritten: 0 };
  private readonly options: CompactorOptions;
  private readonly policies = new WeakMap<TableMetadata, MergePolicy>();
  private readonly ownPolicies = new Map<string, MergePolicy>();
  private running: Running | null = null;
  private readonly pieces: PieceTimes;
  private readonly starts: ExpectedTime;
  /** Files of replaced SSTables on their way out. */
  private readonly cleanings = new Set<Promise<void>>();

  constructor(options: CompactorOptions) {
    this.options = options;
    const { clock } = options;
    this.pieces = { sync: new ExpectedTime(clock, SYNC_MILLIS), load: new ExpectedTime(clock, LOAD_MILLIS) };
    this.starts = new ExpectedTime(clock, START_MILLIS);
  }

  /** Replaces a table's policy; null gives it back the one of its options. */
  setPolicy(tableId: string, policy: MergePolicy | null): void {
    if (policy === null) this.ownPolicies.delete(tableId);
    else this.ownPolicies.set(tableId, policy);
  }

  /**
   * Merges what the policies pick, until the time is up or nothing is left; at least one partition, or one piece of the end
   * of an SSTable or a run, if there is one. What is begun in a worker goes on after that.
   */
  async maintain(budgetMs: number, mayUseWorker = false): Promise<MaintenanceReport> {
    const started = this.options.clock();
    const deadline = started + budgetMs;
    const before = this.sums();
    let hasWorked = false;
    for (;;) {
      if (this.running === null) {
        if (hasWorked && !this.starts.fits(deadline)) break;
        if (!(await this.starts.measure(() => this.startNext(mayUseWorker)))) {
          await this.cleanedBy(deadline);
          break;
        }
      }
      const didWork = await this.advance(deadline, hasWorked);
      if (this.options.clock() >= deadline) break;
      // Nothing that is left would be over in time.
      if (hasWorked && !didWork && this.running !== null) break;
      hasWorked ||= didWork;
      if (hasWorked && this.running?.run.isMerged === true && !this.pieces.sync.fits(deadline)) break;
    }
    return this.reportSince(before, started);
  }

  /** What was done since the sums `before` were taken, at `started`. */
  reportSince(before: CompactionSums, started: number): MaintenanceReport {
    const after = this.sums();
    return {
      partitions: after.partitions - before.partitions,
      rows: after.rows - before.rows,
      bytesRead: after.bytesRead - before.bytesRead,
      bytesWritten: after.bytesWritten - before.bytesWritten,
      elapsedMs: this.options.clock() - started,
      pending: this.pending(),
    };
  }

  /** One slice of a compaction of all SSTables of a table; true when it is done. Begun by `beginFull`. */
  async continueFull(owner: CompactedTable, deadline: number): Promise<boolean> {
    if (this.running?.owner === owner) await this.advance(deadline, false);
    if (this.running?.owner === owner) return false;
    await this.cleaned();
    return true;
  }

  /** Gives up what is running, and begins to merge all SSTables of the table. False when it has none. */
  async beginFull(owner: CompactedTable): Promise<boolean> {
    await this.abort();
    const inputs = owner.versions.sstables;
    if (inputs.length === 0) return false;
    const task = fullTask(owner.table, inputs);
    await this.begin(owner, task, this.workerFor(task));
    return true;
  }

  /** Gives up what is running of a table: a worker must not write into a directory that goes. */
  async abandon(owner: CompactedTable): Promise<void> {
    if (this.running?.owner === owner) await this.abort();
    await this.cleaned();
  }

  /** Gives up what is running; its files go. */
  async abort(): Promise<void> {
    await this.cleaned();
    const { running } = this;
    this.running = null;
    if (running === null) return;
    try {
      await running.run.abort();
    } finally {
      running.pin.release();
    }
  }

  /** What is being merged now. */
  get progress(): (CompactionProgress & { readonly table: TableMetadata; readonly reason: string }) | null {
    const { running } = this;
    if (running === null) return null;
    return { ...running.run.progress, table: running.owner.table, reason: running.run.task.reason };
  }

  pending(): number {
    let pending = this.running === null && this.cleanings.size === 0 ? 0 : 1;
    for (const owner of this.options.tables()) {
      if (owner !== this.running?.owner && this.pick(owner) !== null) pending++;
    }
    return pending;
  }

  private async startNext(mayUseWorker: boolean): Promise<boolean> {
    for (const owner of this.options.tables()) {
      const task = this.pick(owner);
      if (task === null) continue;
      if (this.isExpired(owner, task)) await this.dropExpired(owner, task.inputs);
      else await this.begin(owner, task, mayUseWorker ? this.workerFor(task) : null);
      return true;
    }
    return false;
  }

  private pick(owner: CompactedTable): CompactionTask<StoredSSTable> | null {
    const { sstables } = owner.versions;
    if (owner.isDropped || sstables.length === 0) return null;
    const policy = this.ownPolicies.get(owner.table.id) ?? this.policyOf(owner.table);
    const task = policy?.pick(sstables, this.timeFor(owner)) ?? null;
    if (task !== null && (task.inputs.length === 0 || task.inputs.some((input) => !sstables.includes(input)))) {
      const { keyspace, name } = owner.table;
      throw CqlError.invalidRequest(`the merge policy of ${keyspace}.${name} picked what is not one of its SSTables`);
    }
    return task;
  }

  private policyOf(table: TableMetadata): MergePolicy | null {
    const known = this.policies.get(table);
    if (known !== undefined) return known;
    const policy = policyOf(table);
    if (policy !== null) this.policies.set(table, policy);
    return policy;
  }

  private timeFor(owner: CompactedTable): PolicyTime {
    const nowMillis = this.options.now();
    const gcBeforeSeconds = Math.floor(nowMillis / 1000) - owner.table.options.gc_grace_seconds;
    return { nowMillis, gcBeforeSeconds, outsideSinceMicros: this.outsideSinceMicros(owner) };
  }

  /** The least timestamp of data that is in no SSTable. */
  private outsideSinceMicros(owner: CompactedTable): number {
    if (this.options.hasBase(owner.table)) return Number.NEGATIVE_INFINITY;
    let least = Number.POSITIVE_INFINITY;
    for (const { leastTime } of owner.memtables()) {
      if (leastTime !== null) least = Math.min(least, int64.toNumber(leastTime.hi, leastTime.lo));
    }
    return least;
  }

  /** Nothing is left to merge. A policy that is not ours may say so wrongly. */
  private isExpired(owner: CompactedTable, { reason, inputs }: CompactionTask<StoredSSTable>): boolean {
    const { gcBeforeSeconds } = this.timeFor(owner);
    return reason === 'expired' && inputs.every((input) => input.maxLocalSeconds < gcBeforeSeconds);
  }

  private async dropExpired(owner: CompactedTable, sstables: readonly StoredSSTable[]): Promise<void> {
    const { files, version, newTransactionId } = this.options;
    await removeSSTables({ files, version, transactionId: newTransactionId() }, owner, sstables);
    this.totals.compactions++;
  }

  private workerFor(task: CompactionTask<StoredSSTable>): string | null {
    const { worker } = this.options;
    // For tombstones each partition's unflushed writes must be asked: keeping too many would choose the task again.
    if (worker === null || task.reason === 'tombstones') return null;
    return task.inputs.reduce((sum, input) => sum + input.bytes, 0) < worker.minBytes ? null : worker.path;
  }

  private async begin(
    owner: CompactedTable,
    task: CompactionTask<StoredSSTable>,
    workerPath: string | null,
  ): Promise<void> {
    invariant(this.running === null, 'two compactions at once');
    const { options } = this;
    const pin = owner.versions.pin();
    try {
      const run = await CompactionRun.start(
        {
          files: options.files,
          table: owner.table,
          directory: owner.directory,
          version: options.version,
          hostId: options.hostId,
          transactionId: options.newTransactionId(),
          nextGeneration: () => owner.nextGeneration(),
          outside: {
            sstables: () => owner.versions.sstables,
            memtables: () => owner.memtables(),
            unflushedSince: null,
            hasBase: options.hasBase(owner.table),
          },
          strictLiveness: options.strictLiveness(owner.table),
          nowSeconds: Math.floor(options.now() / 1000),
          nowMillis: options.now,
          clock: options.clock,
          pieces: this.pieces,
          workerPath,
        },
        task,
      );
      this.running = { run, owner, pin };
    } catch (error) {
      pin.release();
      throw error;
    }
  }

  /** Does a piece of the run, whatever time it takes unless the call `hasWorked`; false when nothing of it was done. */
  private async advance(deadline: number, hasWorked: boolean): Promise<boolean> {
    const { running } = this;
    if (running === null) return false;
    const { run, owner } = running;
    const current = new Set(owner.versions.sstables);
    if (owner.isDropped || run.task.inputs.some((input) => !current.has(input))) {
      await this.abort();
      return false;
    }
    try {
      if (run.isMerged) {
        await this.pieces.sync.measure(() => this.commitStep(running));
        return true;
      }
      return await run.step(deadline, hasWorked);
    } catch (error) {
      await this.abort();
      if (!run.isInWorker || run.isMerged) throw error;
      // What a thread cannot do for want of memory, or where none can start, this one does; any other error comes again.
      await this.begin(owner, run.task, null);
      return false;
    }
  }

  private async commitStep({ run, owner, pin }: Running): Promise<void> {
    const transaction = await run.commitStep();
    if (transaction === null) return;
    const { progress } = run;
    this.running = null;
    owner.versions.replace(run.task.inputs, run.outputs, () => {
      const cleaning: Promise<void> = transaction.clean().finally(() => this.cleanings.delete(cleaning));
      this.cleanings.add(cleaning);
    });
    pin.release();
    this.totals.compactions++;
    this.totals.partitions += progress.partitions;
    this.totals.rows += progress.rows;
    this.totals.bytesRead += progress.bytesRead;
    this.totals.bytesWritten += progress.bytesWritten;
  }

  private async cleaned(): Promise<void> {
    await Promise.all(this.cleanings);
  }

  /** Waits for files to go, but not longer than to the deadline. */
  private async cleanedBy(deadline: number): Promise<void> {
    if (this.cleanings.size === 0) return;
    let timer: NodeJS.Timeout | null = null;
    const isOver = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.max(1, deadline - this.options.clock()));
    });
    await Promise.race([this.cleaned(), isOver]);
    if (timer !== null) clearTimeout(timer);
  }

  private sums(): CompactionSums {
    const { partitions, rows, bytesRead, bytesWritten } = this.totals;
    const now = this.running?.run.progress;
    return {
      partitions: partitions + (now?.partitions ?? 0),
      rows: rows + (now?.rows ?? 0),
      bytesRead: bytesRead + (now?.bytesRead ?? 0),
      bytesWritten: bytesWritten + (now?.bytesWritten ?? 0),
    };
  }
}

/** All into one; of a leveled table into one level that has room for it. */
function fullTask(table: TableMetadata, inputs: readonly StoredSSTable[]): CompactionTask<StoredSSTable> {
  const options = table.options.compaction;
  if (options.get('class')?.endsWith('LeveledCompactionStrategy') === true)
    return new LeveledPolicy(options).all(inputs);
  return wholeTask(inputs, 'all');
}
