import { basename } from 'node:path';
import { CqlError, UsageError } from '../errors/index.ts';
import { emptySchema, findTableById, type Schema, type TableMetadata } from '../schema/model/index.ts';
import { Compactor, type MaintenanceReport, type MergePolicy, StoredSSTable } from './compaction/index.ts';
import { DatabaseDirectory, type DatabaseSettings } from './engine/database-directory.ts';
import type { DatabaseLock } from './engine/database-lock.ts';
import { type EngineOptions, type EngineSettings, settle } from './engine/engine-options.ts';
import { type EngineStats, engineStats } from './engine/engine-stats.ts';
import { timeUuid } from './engine/flush-memtable.ts';
import { generationOf, liveSSTables } from './engine/live-sstables.ts';
import { replayInto } from './engine/recover.ts';
import { SerialQueue } from './engine/serial-queue.ts';
import { changedTables, storedTables } from './engine/table-changes.ts';
import { TableStore } from './engine/table-store.ts';
import { WritePath } from './engine/write-path.ts';
import { type ExportedTable, type ExportRequest, exportTable, importSSTables } from './export/index.ts';
import type { Mutation } from './mutation/index.ts';
import { enforcesStrictLiveness, PinnedTable } from './read/index.ts';
import type { FragmentSource, StorageReader, TableSource } from './scan/index.ts';
import type { SSTableDescription } from './sstable/write/sstable-writer.ts';
import { recoverTransactions, SSTableTransaction } from './sstable/write/transaction-log.ts';
import { WalWriter } from './wal/index.ts';

/** A reader beside a live writer starts over when a file went while it opened; the writer is not that fast forever. */
const MAX_READ_ATTEMPTS = 50;

/**
 * A database directory, open. One process writes, and any number read; what a reader sees is the moment when it opened
 * (or `refresh`ed). See docs/storage-engine.md.
 */
export class Engine implements StorageReader {
  readonly path: string;
  schema: Schema;
  /** What the user should know about what was found: torn tails, damage, a lock held by another process. */
  readonly notes: string[] = [];
  private readonly options: EngineSettings;
  private readonly directory: DatabaseDirectory;
  private readonly queue = new SerialQueue();
  private stores = new Map<string, TableStore>();
  private lock: DatabaseLock | null = null;
  private writes: WritePath | null = null;
  private compactor: Compactor | null = null;
  private settings: DatabaseSettings | null = null;
  private isClosed = false;

  private constructor(path: string, options: EngineSettings) {
    this.path = path;
    this.options = options;
    this.directory = new DatabaseDirectory(options.files, path);
    this.schema = options.base?.schema ?? emptySchema;
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

  open(table: TableMetadata): TableSource {
    const store = this.storeOf(table.id);
    const version = store.versions.pin();
    const snapshots = store.memtables().map((memtable) => memtable.snapshot());
    const under = this.options.base?.reader.open(table) ?? null;
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
   * Applies mutations, all or none of them, without waiting: they are visible at once, and durable when `durable`
   * resolves. Check `isSaturated` from time to time and await `ready`.
   */
  applyNow(mutations: readonly Mutation[]): void {
    this.writePath().apply(mutations, (id) => this.storeOf(id));
  }

  /** Applies mutations, all or none; resolves when they are acknowledged under the database's durability. */
  async apply(mutations: readonly Mutation[]): Promise<void> {
    const writes = this.writePath();
    if (writes.isSaturated) await writes.ready();
    writes.apply(mutations, (id) => this.storeOf(id));
    if (writes.wal.durability === 'sync') await writes.wal.durable();
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
      await this.directory.writeSchema(this.options.schemaToCql(next));
      const { dropped, altered } = changedTables(this.schema, next);
      this.schema = next;
      for (const table of dropped) await this.drop(table);
      for (const table of altered) this.alter(table);
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
      const store = this.storeOf(table.id);
      writes.wal.appendTruncate(table.id, store.generation);
      store.clearMemtables();
      // From here on the data is gone whatever happens: replay voids what the next step does not get to.
      await writes.wal.durable();
      await this.removeSSTables(store, store.versions.sstables);
    });
  }

  /** Makes SSTables of all unflushed data. */
  flush(): Promise<SSTableDescription[]> {
    return this.writes === null ? Promise.resolve([]) : this.writes.flush([...this.stores.values()]);
  }

  /**
   * Compacts as the tables' strategies want it, for `budgetMs` and at least one partition; goes on where the last call
   * stopped.
   */
  maintenance({ budgetMs }: { readonly budgetMs: number }): Promise<MaintenanceReport> {
    this.mustBeWritable();
    const { compactor } = this;
    if (compactor === null) return Promise.resolve(NOTHING_TO_DO);
    for (const table of storedTables(this.schema)) this.findStore(table.id);
    return this.queue.run(() => compactor.maintain(budgetMs));
  }

  /** Merges all data of a table, flushed before, into as few SSTables as its strategy allows. */
  async compact(table: TableMetadata): Promise<MaintenanceReport> {
    const writes = this.writePath();
    const { compactor } = this;
    if (compactor === null) return NOTHING_TO_DO;
    const started = performance.now();
    const store = this.storeOf(table.id);
    await writes.flush([store]);
    const before = { ...compactor.totals };
    let isDone = !(await this.queue.run(() => compactor.beginFull(store)));
    while (!isDone) {
      isDone = await this.queue.run(() => compactor.continueFull(performance.now() + SLICE_MILLIS));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return compactor.reportSince(before, started);
  }

  /**
   * Writes a table, unflushed data included, as SSTables in `directory/KEYSPACE/TABLE/`; nothing of the database changes
   * but that memtables are flushed.
   */
  async exportTable(table: TableMetadata, directory: string, options: ExportOptions): Promise<ExportedTable> {
    if (this.writes !== null) await this.writes.flush([this.storeOf(table.id)]);
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
      const store = this.storeOf(table.id);
      await this.directory.makeDirectory(store.directory);
      const imported = await importSSTables(
        {
          files,
          table: store.table,
          directory: store.directory,
          version: this.compatibility,
          nextGeneration: () => store.nextGeneration(),
          transactionId: timeUuid(),
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

  stats(): EngineStats {
    for (const table of storedTables(this.schema)) this.findStore(table.id);
    return engineStats(this.schema, this.stores, this.writes, this.compactor);
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    try {
      if (this.writes !== null) {
        await this.writes.settled();
        await this.queue.run(async () => this.compactor?.abort());
        await this.writes.wal.close();
      }
    } finally {
      for (const store of this.stores.values()) store.versions.close();
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
    this.readSchema();
    for (const table of storedTables(this.schema)) {
      const directory = this.directory.table(table);
      if (liveSSTables(files, directory).hasTransactions) await recoverTransactions(files, directory);
    }
    const voided: [TableStore, number][] = [];
    const report = await replayInto(files, this.directory.wal, (id) => this.findStore(id), {
      repair: true,
      voided: (store, generation) => voided.push([store, generation]),
    });
    this.notes.push(...report.notes);
    const wal = await WalWriter.open({
      files,
      directory: this.directory.wal,
      firstSegment: (report.segments.at(-1) ?? 0) + 1,
      durability: this.options.durability,
    });
    const { queue, stores, directory } = this;
    const { memtableBytes } = this.options;
    this.writes = new WritePath({ files, directory, settings, memtableBytes, wal, queue, stores });
    this.compactor = new Compactor({
      files,
      version: settings.compatibility,
      hostId: settings.hostId,
      hasBase: this.options.base !== null,
      tables: () => this.stores.values(),
      strictLiveness: (table) => enforcesStrictLiveness(table, this.schema),
      newTransactionId: timeUuid,
      now: this.options.now,
    });
    for (const [store, generation] of voided) {
      const gone = store.versions.sstables.filter((sstable) => generationOf(sstable.path) <= generation);
      if (gone.length > 0) await this.removeSSTables(store, gone);
    }
    await this.writes.dropSegments();
  }

  /** What is on disk beside a writer: the log first, then the SSTables, which then have all that left the log. */
  private async readAsOfNow(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        this.readSchema();
        const notes: string[] = [];
        const voided: [TableStore, number][] = [];
        const report = await replayInto(this.options.files, this.directory.wal, (id) => this.findStore(id, true), {
          repair: false,
          voided: (store, generation) => voided.push([store, generation]),
        });
        notes.push(...report.notes);
        for (const table of storedTables(this.schema)) this.openSSTables(table);
        for (const [store, generation] of voided) {
          const gone = store.versions.sstables.filter((sstable) => generationOf(sstable.path) <= generation);
          store.versions.replace(gone, [], () => {});
        }
        this.notes.push(...notes);
        return;
      } catch (error) {
        this.closeStores();
        if (!isMissingFile(error) || attempt === MAX_READ_ATTEMPTS) throw error;
      }
    }
  }

  private closeStores(): void {
    for (const store of this.stores.values()) store.versions.close();
    this.stores.clear();
  }

  private readSchema(): void {
    const text = this.directory.readSchema();
    if (text !== '') this.schema = this.options.parseSchema(text);
  }

  private findStore(tableId: string, withoutSSTables = false): TableStore | undefined {
    const known = this.stores.get(tableId);
    if (known !== undefined) return known;
    const table = findTableById(this.schema, tableId);
    return table === undefined ? undefined : this.addStore(table, withoutSSTables);
  }

  private storeOf(tableId: string): TableStore {
    const store = this.findStore(tableId);
    if (store === undefined) throw CqlError.invalidRequest(`unconfigured table ${tableId}`);
    return store;
  }

  private addStore(table: TableMetadata, withoutSSTables: boolean): TableStore {
    const { files } = this.options;
    const directory = this.directory.table(table);
    const { dataFiles, lastGeneration } = liveSSTables(files, directory);
    const sstables = withoutSSTables ? [] : dataFiles.map((path) => StoredSSTable.open(files, path, table));
    const store = new TableStore(table, directory, sstables, lastGeneration);
    this.stores.set(table.id, store);
    return store;
  }

  /** Opens a table's SSTables as they are now, for a store that was made without. */
  private openSSTables(table: TableMetadata): void {
    const store = this.findStore(table.id, true);
    if (store === undefined || store.versions.sstables.length > 0) return;
    const { dataFiles } = liveSSTables(this.options.files, store.directory);
    const sstables = dataFiles.map((path) => {
      const sstable = StoredSSTable.open(this.options.files, path, table);
      // All of its files, before the writer may remove them.
      sstable.reader.index();
      sstable.reader.filter();
      return sstable;
    });
    store.versions.replace([], sstables, () => {});
  }

  private alter(table: TableMetadata): void {
    const store = this.stores.get(table.id);
    if (store === undefined) return;
    store.alter(table);
    const before = store.versions.sstables;
    const after = before.map((sstable) => StoredSSTable.open(this.options.files, sstable.path, table));
    store.versions.replace(before, after, () => {});
    if (store.frozen.length > 0) this.writes?.startFlushing();
  }

  private async drop(table: TableMetadata): Promise<void> {
    const store = this.stores.get(table.id) ?? this.addStore(table, false);
    store.isDropped = true;
    store.clearMemtables();
    this.stores.delete(table.id);
    await this.removeSSTables(store, store.versions.sstables);
    store.versions.close();
    await this.removeIfEmpty(store.directory);
  }

  /** Takes SSTables out of a table; their files go when nobody reads them any more. */
  private async removeSSTables(store: TableStore, sstables: readonly StoredSSTable[]): Promise<void> {
    if (sstables.length === 0) return;
    const { files } = this.options;
    const transaction = await SSTableTransaction.begin(
      files,
      store.directory,
      'cleanup',
      this.compatibility,
      timeUuid(),
    );
    for (const sstable of sstables) await transaction.remove(sstable.baseName, REMOVED_FILES);
    await transaction.commit(true);
    await new Promise<void>((resolve, reject) => {
      store.versions.replace(sstables, [], () => {
        transaction.clean().then(resolve, reject);
      });
    });
  }

  private async removeIfEmpty(directory: string): Promise<void> {
    const { files } = this.options;
    if (files.exists(directory) && files.listSync(directory).length === 0) await files.removeDirectory(directory);
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

/** Components that an SSTable has at least, for the log's record. */
const REMOVED_FILES = 8;

function isMissingFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
