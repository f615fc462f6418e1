import type { Schema, TableMetadata } from '../../schema/model/index.ts';
import {
  Compactor,
  type MaintenanceReport,
  removeDropped,
  removeSSTables,
  StoredSSTable,
} from '../compaction/index.ts';
import { importSSTables } from '../export/index.ts';
import { enforcesStrictLiveness } from '../read/index.ts';
import type { SSTableDescription } from '../sstable/write/sstable-writer.ts';
import { recoverTransactions, UnknownOutcomeError } from '../sstable/write/transaction-log.ts';
import { WalWriter } from '../wal/index.ts';
import type { AssignedTimestamps } from './assigned-timestamps.ts';
import { BackgroundCompaction } from './background-compaction.ts';
import type { DatabaseDirectory, DatabaseSettings } from './database-directory.ts';
import type { EngineSettings } from './engine-options.ts';
import { newTransactionId } from './flush-memtable.ts';
import { liveSSTables } from './live-sstables.ts';
import type { HiddenBases } from './overlay-base.ts';
import { SerialQueue } from './serial-queue.ts';
import type { PreparedAlter, Stores } from './stores.ts';
import { changedTables, storedTables } from './table-changes.ts';
import type { TableStore } from './table-store.ts';
import { WritePath } from './write-path.ts';

export interface WriterContext {
  readonly options: EngineSettings;
  readonly directory: DatabaseDirectory;
  readonly settings: DatabaseSettings;
  readonly stores: Stores;
  readonly bases: HiddenBases;
  readonly assigned: AssignedTimestamps;
}

/** More unflushed data than this is flushed by `close`: the next open would take long to replay it. */
const CLOSE_FLUSH_BYTES = 8 * 1024 * 1024;
/** How long a full compaction holds the thread at a time. */
const SLICE_MILLIS = 2;

/** What the process that holds a database's lock does to it: all that changes files. */
export class Writer {
  readonly settings: DatabaseSettings;
  readonly writes: WritePath;
  readonly compactor: Compactor;
  private readonly context: WriterContext;
  private readonly queue: SerialQueue;
  private readonly background: BackgroundCompaction | null;

  private constructor(context: WriterContext, lastSegment: number) {
    const { options, directory, settings, stores, bases, assigned } = context;
    const { files, memtableBytes, durability } = options;
    this.context = context;
    this.settings = settings;
    const wal = new WalWriter({
      files,
      directory: directory.wal,
      firstSegment: lastSegment + 1,
      durability,
      assignedMicros: () => assigned.latestMicros,
    });
    const queue = new SerialQueue((error) => {
      // What is done on top of it would be undone, or come back, with the next open.
      if (error instanceof UnknownOutcomeError) wal.refuse(error);
    });
    this.queue = queue;
    this.writes = new WritePath({ files, directory, settings, memtableBytes, wal, queue, stores: stores.byId });
    this.compactor = new Compactor({
      files,
      version: settings.compatibility,
      hostId: settings.hostId,
      hasBase: (table) => bases.isSeen(table),
      tables: () => stores.byId.values(),
      strictLiveness: (table) => enforcesStrictLiveness(table, stores.schema),
      newTransactionId,
      now: options.now,
      clock: options.clock,
      worker: options.compactionWorker,
    });
    this.background = options.backgroundCompaction ? this.startBackground() : null;
  }

  /** Ends what a crash left half-done, and brings the log's writes back. `notes` tell what was found. */
  static async open(context: WriterContext): Promise<{ writer: Writer; notes: readonly string[] }> {
    const { options, directory, stores, bases } = context;
    try {
      await directory.removeUnfinished();
      // A copy of a database need not have its empty directories.
      await directory.makeDirectory(directory.wal);
      const tables = storedTables(stores.schema);
      await directory.finishDrops(new Set(tables.map((table) => table.id)));
      for (const table of tables) {
        const path = directory.table(table);
        if (liveSSTables(options.files, path).hasTransactions) await recoverTransactions(options.files, path);
      }
      bases.load();
      const { notes, lastSegment, assignedMicros, voided } = await stores.recover();
      context.assigned.recover(assignedMicros);
      await bases.save();
      const writer = new Writer(context, lastSegment);
      for (const { store, sstables } of voided) await writer.removeSSTables(store, sstables);
      return { writer, notes };
    } catch (error) {
      stores.close();
      throw error;
    }
  }

  /** Makes `next` the schema, durably. Data of dropped tables goes. */
  changeSchema(next: Schema): Promise<void> {
    const { directory, stores } = this.context;
    return this.queue.run(async () => {
      if (this.writes.wal.isFailed) await this.writes.wal.durable();
      const { dropped, altered, added } = changedTables(stores.schema, next);
      await this.beginEmpty(added);
      const prepared: PreparedAlter[] = [];
      try {
        for (const table of altered) {
          const alter = stores.prepareAlter(table);
          if (alter !== null) prepared.push(alter);
        }
        if (dropped.length > 0) await directory.announceDrops(dropped);
        // Columns are dropped as of a time that no later write may be behind.
        if (altered.length > 0) await this.writes.wal.keepClock();
        await this.writeSchema(this.context.options.schemaToCql(next));
      } catch (error) {
        for (const alter of prepared) alter.discard();
        throw error;
      }
      stores.schema = next;
      for (const alter of prepared) {
        if (alter.apply().frozen.length > 0) this.writes.startFlushing();
      }
      if (dropped.length > 0) await this.drop(dropped);
    });
  }

  /** Removes all data of a table, and hides what lies below it. */
  async truncate(table: TableMetadata): Promise<void> {
    const { stores, bases } = this.context;
    const { wal } = this.writes;
    await this.queue.run(async () => {
      const store = stores.of(table.id);
      const hidesBase = bases.isSeen(store.table);
      store.freeze();
      const truncated = [...store.frozen];
      const releaseLog = store.holdLog(wal.appendTruncate(table.id, store.generation, hidesBase));
      await wal.durable();
      // From here on the data is gone whatever happens: replay voids what the next steps do not get to.
      store.forget(truncated);
      if (hidesBase) bases.hide(table.id);
      try {
        await bases.save();
        await this.removeSSTables(store, store.versions.sstables);
        releaseLog();
      } catch (error) {
        // The log stays until the next open, which removes what could not be removed now.
        store.versions.replace(store.versions.sstables, [], () => {});
        throw error;
      }
    });
  }

  /** Makes SSTables of all unflushed data, or of one table's. */
  flush(stores: Iterable<TableStore> = [...this.context.stores.byId.values()]): Promise<readonly SSTableDescription[]> {
    return this.writes.flush(stores);
  }

  maintenance(budgetMs: number): Promise<MaintenanceReport> {
    this.context.stores.openAll();
    return this.queue.run(() => this.compactor.maintain(budgetMs));
  }

  /** Merges all data of a table, flushed before, into as few SSTables as its strategy allows. */
  async compact(table: TableMetadata): Promise<MaintenanceReport> {
    const { compactor, queue } = this;
    const { clock } = this.context.options;
    const started = clock();
    const store = this.context.stores.of(table.id);
    await this.flush([store]);
    const before = { ...compactor.totals };
    let isDone = !(await queue.run(() => compactor.beginFull(store)));
    while (!isDone) {
      isDone = await queue.run(() => compactor.continueFull(store, clock() + SLICE_MILLIS));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return compactor.reportSince(before, started);
  }

  importSSTables(table: TableMetadata, paths: readonly string[]): Promise<readonly StoredSSTable[]> {
    const { options, directory, stores } = this.context;
    const { files } = options;
    return this.queue.run(async () => {
      const store = stores.of(table.id);
      await directory.makeDirectory(store.directory);
      const imported = await importSSTables(
        {
          files,
          table: store.table,
          directory: store.directory,
          version: this.settings.compatibility,
          nextGeneration: () => store.nextGeneration(),
          transactionId: newTransactionId(),
          open: (path) => StoredSSTable.open(files, path, store.table, options.now()),
        },
        paths,
      );
      store.versions.replace([], imported, () => {});
      return imported;
    });
  }

  /** Everything acknowledged stays; nothing may be asked of the writer any more. */
  async close(): Promise<void> {
    const { writes } = this;
    this.background?.stop();
    await writes.settled();
    try {
      if (writes.memtableBytes > CLOSE_FLUSH_BYTES && !writes.wal.isFailed) await this.flush();
      await this.queue.run(() => this.compactor.abort());
    } finally {
      await writes.wal.close();
    }
  }

  private startBackground(): BackgroundCompaction {
    const { compactor, queue, writes } = this;
    const stores = this.context.stores.byId;
    const background = new BackgroundCompaction({
      compactor,
      queue,
      stores,
      mutations: () => writes.totals.mutations,
    });
    writes.onFlush = () => background.start();
    return background;
  }

  /** A table may be made again with the id of one that was dropped: the log's writes, and what lies below, are not its. */
  private async beginEmpty(added: readonly TableMetadata[]): Promise<void> {
    const { bases, directory, stores } = this.context;
    const { formerIds } = stores;
    for (const table of added) await directory.finishDrop(table);
    for (const table of added) if (bases.isSeen(table)) bases.hide(table.id);
    await bases.save();
    const reborn = added.filter((table) => formerIds.delete(table.id));
    for (const table of reborn) this.writes.wal.appendTruncate(table.id, 0, false);
    if (reborn.length > 0) await this.writes.wal.durable();
  }

  private async writeSchema(text: string): Promise<void> {
    const { directory } = this.context;
    try {
      await directory.writeSchema(text);
    } catch (error) {
      // Which schema a crash leaves is not known: what is written under the old one may not be read under the new one.
      if (!this.isOtherSchema(text)) this.writes.wal.refuse(error);
      throw error;
    }
  }

  private isOtherSchema(text: string): boolean {
    try {
      return this.context.directory.readSchema() !== text;
    } catch {
      return false;
    }
  }

  /** The schema has said so already: nothing fails, and what cannot be removed now goes at the next open. */
  private async drop(tables: readonly TableMetadata[]): Promise<void> {
    const { stores, options, directory } = this.context;
    const open = tables.map((table) => stores.drop(table.id));
    for (const [i, store] of open.entries()) {
      if (store === null) await directory.removeTable(tables[i]);
      else {
        await this.compactor.abandon(store).catch(() => undefined);
        await removeDropped(options.files, store);
      }
    }
    await directory.forgetDrops();
  }

  private removeSSTables(store: TableStore, sstables: readonly StoredSSTable[]): Promise<void> {
    const { files } = this.context.options;
    const version = this.settings.compatibility;
    return removeSSTables({ files, version, transactionId: newTransactionId() }, store, sstables);
  }
}
