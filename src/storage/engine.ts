import type { Server } from 'node:net';
import { basename } from 'node:path';
import { CqlError, UsageError } from '../errors/index.ts';
import { emptySchema, findTable, type Schema, type TableMetadata } from '../schema/model/index.ts';
import { Compactor, type MaintenanceReport, type MergePolicy, StoredSSTable } from './compaction/index.ts';
import { BackgroundCompaction } from './engine/background-compaction.ts';
import { DatabaseDirectory, type DatabaseSettings } from './engine/database-directory.ts';
import type { DatabaseLock } from './engine/database-lock.ts';
import { type EngineOptions, type EngineSettings, settle } from './engine/engine-options.ts';
import { type EngineStats, engineStats } from './engine/engine-stats.ts';
import { newTransactionId } from './engine/flush-memtable.ts';
import { liveSSTables } from './engine/live-sstables.ts';
import {
  askHolder,
  listenForMaintenance,
  type MaintenanceRequest,
  maintenanceSocket,
} from './engine/maintenance-socket.ts';
import { removeIfEmpty, removeSSTables } from './engine/remove-sstables.ts';
import { SerialQueue } from './engine/serial-queue.ts';
import { Stores } from './engine/stores.ts';
import { changedTables, storedTables } from './engine/table-changes.ts';
import { WritePath } from './engine/write-path.ts';
import { type ExportedTable, type ExportRequest, exportTable, importSSTables } from './export/index.ts';
import type { Mutation } from './mutation/index.ts';
import { enforcesStrictLiveness, PinnedTable } from './read/index.ts';
import type { FragmentSource, StorageReader, TableSource } from './scan/index.ts';
import type { SSTableDescription } from './sstable/write/sstable-writer.ts';
import { recoverTransactions } from './sstable/write/transaction-log.ts';
import { WalWriter } from './wal/index.ts';

/** A reader beside a live writer starts over when a file went while it opened; the writer is not that fast forever. */
const MAX_READ_ATTEMPTS = 50;

/**
 * A database directory, open. One process writes, and any number read; what a reader sees is the moment when it opened
 * (or `refresh`ed). See docs/storage-engine.md.
 */
export class Engine implements StorageReader {
  readonly path: string;
  /** What the user should know about what was found: torn tails, damage, a lock held by another process. */
  readonly notes: string[] = [];
  private readonly options: EngineSettings;
  private readonly directory: DatabaseDirectory;
  private readonly queue = new SerialQueue();
  private readonly stores: Stores;
  private lock: DatabaseLock | null = null;
  private writes: WritePath | null = null;
  private compactor: Compactor | null = null;
  private background: BackgroundCompaction | null = null;
  private settings: DatabaseSettings | null = null;
  private server: Server | null = null;
  /** A reader's signature of what it has read. */
  private seen = '';
  private isClosed = false;

  private constructor(path: string, options: EngineSettings) {
    this.path = path;
    this.options = options;
    this.directory = new DatabaseDirectory(options.files, path);
    this.stores = new Stores(options.files, this.directory, options.base?.schema ?? emptySchema);
  }

  /** As the last change left it; immutable. */
  get schema(): Schema {
    return this.stores.schema;
  }

  /**
   * Opens the database at `path`. Where nothing is yet, the first schema change makes it. Throws a UsageError when `path`
   * is something else, or is not there and `readOnly` was asked for.
   */
  static async open(path: string, options: EngineOptions): Promise<Engine> {
    const engine = new Engine(path, settle(options));
    try {
      await engine.start();
    } catch (error) {
      engine.lock?.release();
      throw error;
    }
    return engine;
  }

  /** False also when another process has the database open for writing. */
  get isWritable(): boolean {
    return !this.options.readOnly && (this.writes !== null || this.settings === null);
  }

  /** What SSTables are written as, and with it the end of TTLs; of the options until there is a database. */
  get compatibility(): DatabaseSettings['compatibility'] {
    return this.settings?.compatibility ?? this.options.compatibility;
  }

  /** This database's identity, of which its counter shards are; null until there is a database. */
  get hostId(): string | null {
    return this.settings?.hostId ?? null;
  }

  open(table: TableMetadata): TableSource {
    const store = this.stores.of(table.id);
    const version = store.versions.pin();
    // An empty memtable would only keep scans from taking SSTables as they are.
    const written = store.memtables().filter((memtable) => !memtable.isEmpty);
    const snapshots = written.map((memtable) => memtable.snapshot());
    const under = this.options.base?.reader.open(table) ?? null;
    if (under !== null && snapshots.length === 0 && version.sstables.length === 0) {
      version.release();
      return under;
    }
    const memtables: FragmentSource[] = snapshots.map((snapshot) => ({
      name: 'memtable',
      stream: (range) => Promise.resolve(snapshot.stream(range, store.table)),
    }));
    if (under !== null) memtables.unshift({ name: 'base', stream: (range) => under.stream(range) });
    return new PinnedTable({
      table: store.table,
      sstables: version.sstables,
      memtables,
      strictLiveness: enforcesStrictLiveness(store.table, this.schema),
      onRelease: () => {
        for (const snapshot of snapshots) snapshot.release();
        version.release();
        under?.release();
      },
    });
  }

  /**
   * For a reader beside a writer: looks again, and returns whether there is anything new. What was opened before stays as
   * it was. Does nothing in the writer itself.
   */
  async refresh(): Promise<boolean> {
    if (this.writes !== null || this.settings === null || this.isClosed) return false;
    if (this.stores.signature() === this.seen) return false;
    this.stores.close();
    await this.readAsOfNow();
    return true;
  }

  /**
   * Applies mutations, all or none of them, without waiting: they are visible at once, and durable when `durable`
   * resolves. Check `isSaturated` from time to time and await `ready`.
   */
  applyNow(mutations: readonly Mutation[]): void {
    this.writePath().apply(mutations, (id) => this.stores.of(id));
  }

  /** Applies mutations, all or none; resolves when they are acknowledged under the database's durability. */
  async apply(mutations: readonly Mutation[]): Promise<void> {
    const writes = this.writePath();
    if (writes.isSaturated) await writes.ready();
    writes.apply(mutations, (id) => this.stores.of(id));
    if (writes.wal.durability === 'sync') await writes.wal.durable();
  }

  /** Resolves when all that was applied is acknowledged under the database's durability: on disk for `sync`. */
  async acknowledged(): Promise<void> {
    const { writes } = this;
    if (writes !== null && writes.wal.durability === 'sync') await writes.wal.durable();
  }

  /** Resolves when all that was applied is on disk. */
  durable(): Promise<void> {
    return this.writes === null ? Promise.resolve() : this.writes.wal.durable();
  }

  get isSaturated(): boolean {
    return this.writes?.isSaturated ?? false;
  }

  async ready(): Promise<void> {
    await this.writes?.ready();
  }

  /** Makes `next` the schema, durably. Data of dropped tables goes. */
  changeSchema(next: Schema): Promise<void> {
    return this.queue.run(async () => {
      this.mustBeWritable();
      if (this.settings === null) await this.create();
      const { dropped, altered } = changedTables(this.schema, next);
      if (dropped.length > 0) await this.directory.announceDrops(dropped);
      await this.directory.writeSchema(this.options.schemaToCql(next));
      this.stores.schema = next;
      for (const table of dropped) await this.drop(table);
      if (dropped.length > 0) await this.directory.forgetDrops(dropped);
      for (const table of altered) {
        if ((this.stores.alter(table)?.frozen.length ?? 0) > 0) this.writes?.startFlushing();
      }
    });
  }

  /** Removes all data of a table. */
  async truncate(table: TableMetadata): Promise<void> {
    const writes = this.writePath();
    if (this.options.base !== null) {
      throw CqlError.invalidRequest(
        `TRUNCATE cannot reach the data under --write-dir; ${table.name} was left as it is`,
      );
    }
    await this.queue.run(async () => {
      const store = this.stores.of(table.id);
      writes.wal.appendTruncate(table.id, store.generation);
      store.clearMemtables();
      // From here on the data is gone whatever happens: replay voids what the next step does not get to.
      await writes.wal.durable();
      await removeSSTables(this.options.files, store, store.versions.sstables, this.compatibility);
    });
  }

  /** Makes SSTables of all unflushed data. */
  flush(): Promise<readonly SSTableDescription[]> {
    if (this.isHeldElsewhere) return this.askHolder<SSTableDescription[]>({ command: 'flush' });
    return this.writes === null ? Promise.resolve([]) : this.writes.flush([...this.stores.byId.values()]);
  }

  /**
   * Compacts as the tables' strategies want it, for `budgetMs` and at least one partition; goes on where the last call
   * stopped.
   */
  maintenance({ budgetMs }: { readonly budgetMs: number }): Promise<MaintenanceReport> {
    if (this.isHeldElsewhere) return this.askHolder<MaintenanceReport>({ command: 'maintenance', budgetMs });
    this.mustBeWritable();
    const { compactor } = this;
    if (compactor === null) return Promise.resolve(NOTHING_TO_DO);
    this.stores.openAll();
    return this.queue.run(() => compactor.maintain(budgetMs));
  }

  /** Merges all data of a table, flushed before, into as few SSTables as its strategy allows. */
  async compact(table: TableMetadata): Promise<MaintenanceReport> {
    if (this.isHeldElsewhere) {
      return this.askHolder<MaintenanceReport>({ command: 'compact', keyspace: table.keyspace, table: table.name });
    }
    const writes = this.writePath();
    const { compactor } = this;
    if (compactor === null) return NOTHING_TO_DO;
    const started = performance.now();
    const store = this.stores.of(table.id);
    await writes.flush([store]);
    const before = { ...compactor.totals };
    let isDone = !(await this.queue.run(() => compactor.beginFull(store)));
    while (!isDone) {
      isDone = await this.queue.run(() => compactor.continueFull(store, performance.now() + SLICE_MILLIS));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return compactor.reportSince(before, started);
  }

  /**
   * Writes a table, unflushed data included, as SSTables in `directory/KEYSPACE/TABLE/`; nothing of the database changes
   * but that memtables are flushed.
   */
  async exportTable(table: TableMetadata, directory: string, options: ExportOptions): Promise<ExportedTable> {
    if (this.writes !== null) await this.writes.flush([this.stores.of(table.id)]);
    const source = this.open(table);
    try {
      return await exportTable({
        files: this.options.files,
        source,
        directory,
        ...options,
        strictLiveness: enforcesStrictLiveness(table, this.schema),
        nowSeconds: Math.floor(this.options.now() / 1000),
      });
    } finally {
      source.release();
    }
  }

  /** Brings SSTables (Data.db files, or directories of them) into a table; returns the paths that they have here. */
  importSSTables(table: TableMetadata, paths: readonly string[]): Promise<readonly StoredSSTable[]> {
    this.writePath();
    return this.queue.run(async () => {
      const { files } = this.options;
      const store = this.stores.of(table.id);
      await this.directory.makeDirectory(store.directory);
      const imported = await importSSTables(
        {
          files,
          table: store.table,
          directory: store.directory,
          version: this.compatibility,
          nextGeneration: () => store.nextGeneration(),
          transactionId: newTransactionId(),
        },
        paths,
      );
      const added = imported.map((path) => StoredSSTable.open(files, path, store.table, this.options.now()));
      store.versions.replace([], added, () => {});
      return added;
    });
  }

  /** Replaces a table's compaction strategy until the database is closed; null gives it back its own. */
  setMergePolicy(table: TableMetadata, policy: MergePolicy | null): void {
    this.compactor?.setPolicy(table.id, policy);
  }

  /** Lets other processes have this one flush and compact, through a socket in the directory, until `close`. */
  async acceptMaintenance(): Promise<void> {
    this.mustBeWritable();
    this.server ??= await listenForMaintenance(maintenanceSocket(this.path), async (request) => {
      switch (request.command) {
        case 'flush':
          return (await this.flush()).map(({ firstKey: _, lastKey: __, ...description }) => description);
        case 'maintenance':
          return this.maintenance({ budgetMs: request.budgetMs ?? 0 });
        case 'compact': {
          const table = findTable(this.schema, request.keyspace ?? '', request.table ?? '');
          if (table === undefined) throw CqlError.invalidRequest(`no table ${request.keyspace}.${request.table}`);
          return this.compact(table);
        }
      }
    });
  }

  stats(): EngineStats {
    this.stores.openAll();
    return engineStats(this.schema, this.stores.byId, this.writes, this.compactor);
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.background?.stop();
    this.server?.close();
    try {
      if (this.writes !== null) {
        await this.writes.settled();
        if (this.writes.memtableBytes > CLOSE_FLUSH_BYTES && !this.writes.wal.isFailed) await this.flush();
        await this.queue.run(async () => this.compactor?.abort());
        await this.writes.wal.close();
      }
    } finally {
      this.stores.close();
      this.lock?.release();
    }
  }

  private async start(): Promise<void> {
    const { directory, options } = this;
    if (!directory.exists) {
      if (options.readOnly) throw new UsageError(`${this.path}: no database here`);
      if (!directory.isFree) throw new UsageError(`${this.path} is not a Cassette database, and not empty`);
      return;
    }
    this.settings = directory.readSettings();
    if (!options.readOnly) this.takeLock();
    if (this.lock === null) await this.readAsOfNow();
    else await this.startWriting(this.settings);
  }

  private takeLock(): void {
    this.lock = this.options.takeLock(this.directory.lock);
    if (this.lock === null) this.notes.push(`${basename(this.path)} is open for writing elsewhere; this is read-only`);
  }

  private async create(): Promise<void> {
    await this.directory.makeDirectory(this.path);
    this.takeLock();
    if (this.lock === null || this.directory.exists) {
      throw new CqlError('ServerError', `${this.path} was made by another process meanwhile; open it again`);
    }
    this.settings = await this.directory.create(this.options.compatibility);
    await this.startWriting(this.settings);
  }

  private async startWriting(settings: DatabaseSettings): Promise<void> {
    const { files } = this.options;
    await this.directory.removeUnfinished();
    // A copy of a database need not have its empty directories.
    await this.directory.makeDirectory(this.directory.wal);
    this.readSchema();
    await this.directory.finishDrops(new Set(storedTables(this.schema).map((table) => table.id)));
    for (const table of storedTables(this.schema)) {
      const directory = this.directory.table(table);
      if (liveSSTables(files, directory).hasTransactions) await recoverTransactions(files, directory);
    }
    const { notes, lastSegment, voided } = await this.stores.recover();
    this.notes.push(...notes);
    const wal = new WalWriter({
      files,
      directory: this.directory.wal,
      firstSegment: lastSegment + 1,
      durability: this.options.durability,
    });
    const { queue, directory } = this;
    const stores = this.stores.byId;
    const { memtableBytes } = this.options;
    this.writes = new WritePath({ files, directory, settings, memtableBytes, wal, queue, stores });
    this.compactor = new Compactor({
      files,
      version: settings.compatibility,
      hostId: settings.hostId,
      hasBase: this.options.base !== null,
      tables: () => stores.values(),
      strictLiveness: (table) => enforcesStrictLiveness(table, this.schema),
      newTransactionId,
      now: this.options.now,
      worker: this.options.compactionWorker,
    });
    if (this.options.backgroundCompaction) this.startBackground(this.writes, this.compactor);
    for (const { store, sstables } of voided) await removeSSTables(files, store, sstables, settings.compatibility);
    await this.writes.dropSegments();
  }

  private startBackground(writes: WritePath, compactor: Compactor): void {
    const background = new BackgroundCompaction({
      compactor,
      queue: this.queue,
      stores: this.stores.byId,
      mutations: () => writes.totals.mutations,
    });
    this.background = background;
    writes.onFlush = () => background.start();
  }

  private async readAsOfNow(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        this.readSchema();
        this.seen = this.stores.signature();
        this.notes.push(...(await this.stores.readAsOfNow()));
        return;
      } catch (error) {
        this.stores.close();
        if (!isMissingFile(error) || attempt === MAX_READ_ATTEMPTS) throw error;
      }
    }
  }

  private readSchema(): void {
    const text = this.directory.readSchema();
    if (text !== '') this.stores.schema = this.options.parseSchema(text);
  }

  private async drop(table: TableMetadata): Promise<void> {
    const store = this.stores.find(table.id) ?? this.stores.add(table);
    store.isDropped = true;
    store.clearMemtables();
    await this.compactor?.abandon(store);
    this.stores.byId.delete(table.id);
    await removeSSTables(this.options.files, store, store.versions.sstables, this.compatibility);
    store.versions.close();
    await removeIfEmpty(this.options.files, store);
  }

  /** Another process writes, and this one was not asked to only read. */
  private get isHeldElsewhere(): boolean {
    return !this.options.readOnly && this.settings !== null && this.writes === null && !this.isClosed;
  }

  /** Has the process that holds the database do something; its answer is what the same method here gives. */
  private async askHolder<T>(request: MaintenanceRequest): Promise<T> {
    const answer = await askHolder(maintenanceSocket(this.path), request);
    if (answer === null) {
      throw new CqlError(
        'InvalidRequest',
        `${this.path} is open for writing elsewhere, and nothing there takes requests`,
      );
    }
    // The other side is this same class.
    return answer.ok as T;
  }

  private writePath(): WritePath {
    this.mustBeWritable();
    if (this.writes === null) throw CqlError.invalidRequest('there is no table yet');
    return this.writes;
  }

  private mustBeWritable(): void {
    if (this.isClosed) throw new CqlError('ServerError', 'the database is closed');
    if (!this.isWritable) throw new CqlError('InvalidRequest', `${this.path} is open read-only`);
  }
}

/** How a table is exported; see `ExportRequest`. */
export type ExportOptions = Pick<ExportRequest, 'version' | 'generation' | 'compact' | 'validate'>;

/** More unflushed data than this is flushed by `close`: the next open would take long to replay it. */
const CLOSE_FLUSH_BYTES = 8 * 1024 * 1024;

/** How long a full compaction holds the thread at a time. */
const SLICE_MILLIS = 2;

const NOTHING_TO_DO: MaintenanceReport = {
  partitions: 0,
  rows: 0,
  bytesRead: 0,
  bytesWritten: 0,
  elapsedMs: 0,
  pending: 0,
};

function isMissingFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
