import type { Server } from 'node:net';
import { basename } from 'node:path';
import { CqlError, UsageError } from '../errors/index.ts';
import { emptySchema, findTable, type Schema, type TableMetadata } from '../schema/model/index.ts';
import type { Compactor, MaintenanceReport, MergePolicy, StoredSSTable } from './compaction/index.ts';
import { AssignedTimestamps } from './engine/assigned-timestamps.ts';
import { DatabaseDirectory, type DatabaseSettings } from './engine/database-directory.ts';
import type { DatabaseLock } from './engine/database-lock.ts';
import { type EngineOptions, type EngineSettings, settle } from './engine/engine-options.ts';
import { type EngineStats, engineStats } from './engine/engine-stats.ts';
import {
  askHolder,
  listenForMaintenance,
  type MaintenanceRequest,
  maintenanceSocket,
} from './engine/maintenance-socket.ts';
import { HiddenBases } from './engine/overlay-base.ts';
import { ReaderBesideWriter } from './engine/reader-beside-writer.ts';
import { Stores } from './engine/stores.ts';
import type { WritePath } from './engine/write-path.ts';
import type { Writer } from './engine/writer.ts';
import type { ExportedTable, ExportRequest } from './export/index.ts';
import type { Mutation } from './mutation/index.ts';
import { enforcesStrictLiveness, PinnedTable } from './read/index.ts';
import type { FragmentSource, StorageReader, TableSource } from './scan/index.ts';
import type { SSTableDescription } from './sstable/write/sstable-writer.ts';

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
  private readonly bases: HiddenBases;
  private readonly stores: Stores;
  /** Of this database and of its base. */
  readonly assigned = new AssignedTimestamps();
  private settings: DatabaseSettings | null = null;
  private lock: DatabaseLock | null = null;
  /** Null while there is no database, and in a process that only reads. */
  private writer: Writer | null = null;
  private creating: Promise<Writer> | null = null;
  private server: Server | null = null;
  private readonly reader: ReaderBesideWriter;
  private isClosed = false;

  private constructor(path: string, options: EngineSettings) {
    this.path = path;
    this.options = options;
    this.directory = new DatabaseDirectory(options.files, path);
    this.bases = new HiddenBases(options.base, this.directory);
    this.assigned.recover(options.base?.assignedMicros ?? 0);
    this.stores = new Stores(options.files, this.directory, this.bases, options.base?.schema ?? emptySchema);
    this.reader = new ReaderBesideWriter(this.stores, () => this.readSchema());
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
      engine.stores.close();
      engine.lock?.release();
      throw error;
    }
    return engine;
  }

  /** False also when another process has the database open for writing. */
  get isWritable(): boolean {
    return !this.options.readOnly && (this.writer !== null || this.settings === null);
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
    const under = this.bases.open(store.table);
    const version = store.versions.pin();
    // An empty memtable would only keep scans from taking SSTables as they are.
    const written = store.memtables().filter((memtable) => !memtable.isEmpty);
    if (under?.isCurrent && written.length === 0 && version.sstables.length === 0) {
      version.release();
      return under.source;
    }
    const snapshots = written.map((memtable) => memtable.snapshot());
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
        under?.source.release();
      },
    });
  }

  /**
   * For a reader beside a writer: looks again, and returns whether there is anything new. What was opened before stays as
   * it was. Does nothing in the writer itself.
   */
  async refresh(): Promise<boolean> {
    if (this.writer !== null || this.settings === null || this.isClosed) return false;
    if (!this.reader.isStale) return false;
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

  /** Bytes that writes put into the log since the database was opened. */
  get loggedBytes(): number {
    return this.writer?.writes.wal.appendedBytes ?? 0;
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
    const wal = this.writer?.writes.wal;
    if (wal?.durability === 'sync') await wal.durable();
  }

  /** Resolves when all that was applied is on disk. */
  durable(): Promise<void> {
    return this.writer === null ? Promise.resolve() : this.writer.writes.wal.durable();
  }

  get isSaturated(): boolean {
    return this.writer?.writes.isSaturated ?? false;
  }

  async ready(): Promise<void> {
    await this.writer?.writes.ready();
  }

  /** Makes `next` the schema, durably; the first time it makes the database. Data of dropped tables goes. */
  async changeSchema(next: Schema): Promise<void> {
    this.mustBeWritable();
    if (this.writer === null) {
      this.creating ??= this.create().finally(() => {
        this.creating = null;
      });
      await this.creating;
    }
    await this.openWriter().changeSchema(next);
  }

  /** Removes all data of a table, and hides what lies below it. */
  truncate(table: TableMetadata): Promise<void> {
    return this.openWriter().truncate(table);
  }

  /** Makes SSTables of all unflushed data. */
  flush(): Promise<readonly SSTableDescription[]> {
    if (this.isHeldElsewhere) return this.askHolder<SSTableDescription[]>({ command: 'flush' });
    return this.writer === null ? Promise.resolve([]) : this.writer.flush();
  }

  /**
   * Compacts as the tables' strategies want it, for `budgetMs` and at least one partition; goes on where the last call
   * stopped.
   */
  maintenance({ budgetMs }: { readonly budgetMs: number }): Promise<MaintenanceReport> {
    if (this.isHeldElsewhere) return this.askHolder<MaintenanceReport>({ command: 'maintenance', budgetMs });
    this.mustBeWritable();
    return this.writer === null ? Promise.resolve(NOTHING_TO_DO) : this.writer.maintenance(budgetMs);
  }

  /** Merges all data of a table, flushed before, into as few SSTables as its strategy allows. */
  async compact(table: TableMetadata): Promise<MaintenanceReport> {
    if (this.isHeldElsewhere) {
      return this.askHolder<MaintenanceReport>({ command: 'compact', keyspace: table.keyspace, table: table.name });
    }
    return this.openWriter().compact(table);
  }

  /**
   * Writes a table, unflushed data included, as SSTables in `directory/KEYSPACE/TABLE/`; nothing of the database changes
   * but that memtables are flushed.
   */
  async exportTable(table: TableMetadata, directory: string, options: ExportOptions): Promise<ExportedTable> {
    await this.writer?.flush([this.stores.of(table.id)]);
    const { exportTable } = await import('./export/index.ts');
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

  /** Brings SSTables (Data.db files, or directories of them) into a table; returns them as they are here. */
  async importSSTables(table: TableMetadata, paths: readonly string[]): Promise<readonly StoredSSTable[]> {
    return this.openWriter().importSSTables(table, paths);
  }

  /** Replaces a table's compaction strategy until the database is closed; null gives it back its own. */
  setMergePolicy(table: TableMetadata, policy: MergePolicy | null): void {
    this.openWriter().compactor.setPolicy(table.id, policy);
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

  /** The compaction that runs now, with its table. */
  get compacting(): Compactor['progress'] {
    return this.writer?.compactor.progress ?? null;
  }

  stats(): EngineStats {
    this.stores.openAll();
    const { writer } = this;
    return engineStats(this.schema, this.stores.byId, writer?.writes ?? null, writer?.compactor ?? null);
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.server?.close();
    try {
      await this.writer?.close();
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

  private async create(): Promise<Writer> {
    try {
      await this.directory.makeDirectory(this.path);
      this.takeLock();
      if (this.lock === null || this.directory.isOfAnother) {
        throw new CqlError('ServerError', `${this.path} was made by another process meanwhile; open it again`);
      }
      this.settings = await this.directory.create(this.options.compatibility);
      return await this.startWriting(this.settings);
    } catch (error) {
      this.lock?.release();
      this.lock = null;
      this.settings = null;
      throw error;
    }
  }

  private async startWriting(settings: DatabaseSettings): Promise<Writer> {
    const { options, directory, stores, bases, assigned } = this;
    this.readSchema();
    // What only reads needs none of it; what writes has it all from here on.
    const { Writer } = await import('./engine/writer.ts');
    const { writer, notes } = await Writer.open({ options, directory, settings, stores, bases, assigned });
    this.notes.push(...notes);
    const behind = assigned.behindNote(options.now());
    if (behind !== null) this.notes.push(behind);
    this.writer = writer;
    return writer;
  }

  private async readAsOfNow(): Promise<void> {
    const { notes, assignedMicros } = await this.reader.read();
    this.assigned.recover(assignedMicros);
    this.notes.push(...notes);
  }

  private readSchema(): void {
    const text = this.directory.readSchema();
    if (text !== '') this.stores.schema = this.options.parseSchema(text);
  }

  /** Another process writes, and this one was not asked to only read. */
  private get isHeldElsewhere(): boolean {
    return !this.options.readOnly && this.settings !== null && this.writer === null && !this.isClosed;
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
    return this.openWriter().writes;
  }

  private openWriter(): Writer {
    this.mustBeWritable();
    if (this.writer === null) throw CqlError.invalidRequest('there is no table yet');
    return this.writer;
  }

  private mustBeWritable(): void {
    if (this.isClosed) throw new CqlError('ServerError', 'the database is closed');
    if (!this.isWritable) throw new CqlError('InvalidRequest', `${this.path} is open read-only`);
  }
}

/** How a table is exported; see `ExportRequest`. */
export type ExportOptions = Pick<ExportRequest, 'version' | 'generation' | 'compact' | 'validate'>;

const NOTHING_TO_DO: MaintenanceReport = {
  partitions: 0,
  rows: 0,
  bytesRead: 0,
  bytesWritten: 0,
  elapsedMs: 0,
  pending: 0,
};
