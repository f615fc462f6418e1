import { invariant } from '../../errors/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import type { FileSystem } from '../files/index.ts';
import type { Memtable } from '../memtable/index.ts';
import type { WriteVersion } from '../sstable/write/write-version.ts';
import type { SSTableVersion, VersionSet } from '../version-set/index.ts';
import { CompactionRun } from './compaction-run.ts';
import type { CompactionProgress } from './input-merge.ts';
import type { CompactionTask, MergePolicy, PolicyTime } from './merge-policy.ts';
import { policyOf } from './policy-of.ts';
import { StoredSSTable } from './stored-sstable.ts';

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
  readonly hasBase: boolean;
  readonly tables: () => Iterable<CompactedTable>;
  readonly strictLiveness: (table: TableMetadata) => boolean;
  readonly newTransactionId: () => string;
  readonly now: () => number;
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

/** Time that the end of a run takes until one was measured: the syncs of eight files. */
const EXPECTED_COMMIT_MILLIS = 20;
/** Weight of the newest measurement. */
const COMMIT_SMOOTHING = 0.3;

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
  private commitMillis = EXPECTED_COMMIT_MILLIS;

  constructor(options: CompactorOptions) {
    this.options = options;
  }

  /** Replaces a table's policy; null gives it back the one of its options. */
  setPolicy(tableId: string, policy: MergePolicy | null): void {
    if (policy === null) this.ownPolicies.delete(tableId);
    else this.ownPolicies.set(tableId, policy);
  }

  /**
   * Merges what the policies pick, until the time is up or nothing is left; at least one partition, if there is one. What
   * is begun in a worker goes on after that.
   */
  async maintain(budgetMs: number, mayUseWorker = false): Promise<MaintenanceReport> {
    const started = performance.now();
    const deadline = started + budgetMs;
    const before = this.sums();
    let hasWorked = false;
    for (;;) {
      if (this.running === null && !(await this.startNext(mayUseWorker))) break;
      hasWorked = (await this.advance(deadline, hasWorked)) || hasWorked;
      if (performance.now() >= deadline || this.mustWaitToCommit(deadline, hasWorked)) break;
    }
    return this.reportSince(before, started);
  }

  /** What was done since the sums `before` were taken, at `started` of performance.now(). */
  reportSince(before: CompactionSums, started: number): MaintenanceReport {
    const after = this.sums();
    return {
      partitions: after.partitions - before.partitions,
      rows: after.rows - before.rows,
      bytesRead: after.bytesRead - before.bytesRead,
      bytesWritten: after.bytesWritten - before.bytesWritten,
      elapsedMs: performance.now() - started,
      pending: this.pending(),
    };
  }

  /** One slice of a compaction of all SSTables of a table; true when it is done. Begun by `beginFull`. */
  async continueFull(owner: CompactedTable, deadline: number): Promise<boolean> {
    if (this.running?.owner !== owner) return true;
    await this.advance(deadline, false);
    return this.running?.owner !== owner;
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
  }

  /** Gives up what is running; its files go. */
  async abort(): Promise<void> {
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
    let pending = this.running === null ? 0 : 1;
    for (const owner of this.options.tables()) {
      if (owner !== this.running?.owner && this.pick(owner) !== null) pending++;
    }
    return pending;
  }

  private async startNext(mayUseWorker: boolean): Promise<boolean> {
    for (const owner of this.options.tables()) {
      const task = this.pick(owner);
      if (task === null) continue;
      await this.begin(owner, task, mayUseWorker ? this.workerFor(task) : null);
      return true;
    }
    return false;
  }

  private pick(owner: CompactedTable): CompactionTask<StoredSSTable> | null {
    const { sstables } = owner.versions;
    if (owner.isDropped || sstables.length === 0) return null;
    const policy = this.ownPolicies.get(owner.table.id) ?? this.policyOf(owner.table);
    return policy?.pick(sstables, this.timeFor(owner.table)) ?? null;
  }

  private policyOf(table: TableMetadata): MergePolicy | null {
    const known = this.policies.get(table);
    if (known !== undefined) return known;
    const policy = policyOf(table);
    if (policy !== null) this.policies.set(table, policy);
    return policy;
  }

  private timeFor(table: TableMetadata): PolicyTime {
    const nowMillis = this.options.now();
    return { nowMillis, gcBeforeSeconds: Math.floor(nowMillis / 1000) - table.options.gc_grace_seconds };
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
            hasBase: options.hasBase,
          },
          strictLiveness: options.strictLiveness(owner.table),
          nowSeconds: Math.floor(options.now() / 1000),
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

  /** Does a piece of the run; true when partitions were merged. Commits when there is time, or nothing else was done. */
  private async advance(deadline: number, hasWorked: boolean): Promise<boolean> {
    const { running } = this;
    if (running === null) return false;
    const { run, owner } = running;
    const current = new Set(owner.versions.sstables);
    if (owner.isDropped || run.task.inputs.some((input) => !current.has(input))) {
      await this.abort();
      return false;
    }
    const before = run.progress.partitions;
    try {
      const isCopied = run.isNearlyDone || (await run.step(deadline));
      const hasMerged = run.progress.partitions > before;
      if (isCopied && !this.mustWaitToCommit(deadline, hasWorked || hasMerged)) await this.commit(running);
      return hasMerged;
    } catch (error) {
      await this.abort().catch(() => undefined);
      if (!run.isInWorker || run.isNearlyDone) throw error;
      // What a thread cannot do for want of memory, or where none can start, this one does; any other error comes again.
      await this.begin(owner, run.task, null);
      return false;
    }
  }

  /** The end of a run cannot be cut: it waits for the next call unless there is time, or the call did nothing else. */
  private mustWaitToCommit(deadline: number, hasWorked: boolean): boolean {
    if (this.running?.run.isNearlyDone !== true || !hasWorked) return false;
    return performance.now() + this.commitMillis > deadline;
  }

  private async commit({ run, owner, pin }: Running): Promise<void> {
    const started = performance.now();
    const transaction = await run.commit();
    const added = run.outputs.map((output) =>
      StoredSSTable.open(this.options.files, output.dataPath, owner.table, this.options.now()),
    );
    const { progress } = run;
    this.running = null;
    let cleaned: Promise<void> | null = null;
    owner.versions.replace(run.task.inputs, added, () => {
      // What cannot be removed now, the log removes at the next open.
      cleaned = transaction.clean().catch(() => undefined);
    });
    pin.release();
    await cleaned;
    this.totals.compactions++;
    this.totals.partitions += progress.partitions;
    this.totals.rows += progress.rows;
    this.totals.bytesRead += progress.bytesRead;
    this.totals.bytesWritten += progress.bytesWritten;
    this.commitMillis += COMMIT_SMOOTHING * (performance.now() - started - this.commitMillis);
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

const MIB = 1024 * 1024;

/** All into one; of a leveled table into one level that has room for it. */
function fullTask(table: TableMetadata, inputs: readonly StoredSSTable[]): CompactionTask<StoredSSTable> {
  const options = table.options.compaction;
  if (!options.get('class')?.endsWith('LeveledCompactionStrategy')) {
    return { inputs, level: 0, maxOutputBytes: Number.POSITIVE_INFINITY, shards: 1, reason: 'all' };
  }
  const tableBytes = Number(options.get('sstable_size_in_mb') ?? 160) * MIB;
  const fanout = Number(options.get('fanout_size') ?? 10);
  const bytes = inputs.reduce((sum, input) => sum + input.bytes, 0);
  const level = Math.max(1, Math.ceil(Math.log(bytes / tableBytes) / Math.log(fanout)));
  return { inputs, level, maxOutputBytes: tableBytes, shards: 1, reason: 'all' };
}
