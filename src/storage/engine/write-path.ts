import { join } from 'node:path';
import { CqlError, invariant } from '../../errors/index.ts';
import type { FileSystem } from '../files/index.ts';
import { type Mutation, MutationReader } from '../mutation/index.ts';
import type { SSTableDescription } from '../sstable/write/sstable-writer.ts';
import { listSegments, segmentName, type WalWriter } from '../wal/index.ts';
import type { DatabaseDirectory, DatabaseSettings } from './database-directory.ts';
import { flushMemtable } from './flush-memtable.ts';
import { mutationUnder } from './recover.ts';
import type { SerialQueue } from './serial-queue.ts';
import { hasOtherLayout } from './table-changes.ts';
import type { StoredMemtable, TableStore } from './table-store.ts';

/** Bytes of mutations between two looks at the memory that memtables take. */
const CHECK_BYTES = 256 * 1024;
/** Writers wait when memtables take this many times their limit. */
const SATURATED = 2;
/** Log segments that may be kept for data that is not flushed. */
const MAX_SEGMENTS = 16;

export interface WritePathOptions {
  readonly files: FileSystem;
  readonly directory: DatabaseDirectory;
  readonly settings: DatabaseSettings;
  readonly memtableBytes: number;
  readonly wal: WalWriter;
  readonly queue: SerialQueue;
  readonly stores: ReadonlyMap<string, TableStore>;
}

/** From a mutation to the log, a memtable, and in time an SSTable. */
export class WritePath {
  readonly wal: WalWriter;
  private readonly options: WritePathOptions;
  private readonly reader = new MutationReader();
  private unchecked = 0;
  /** Memory of all memtables when it was last added up: not with every write, there may be thousands of tables. */
  private knownBytes = 0;
  private flushing: Promise<void> | null = null;
  private flushError: unknown = null;
  /** Called after an SSTable was made of a memtable. */
  onFlush: () => void = () => {};
  readonly totals = { flushes: 0, flushedBytes: 0, flushedRows: 0, mutations: 0 };

  constructor(options: WritePathOptions) {
    this.options = options;
    this.wal = options.wal;
  }

  /** Logs mutations as one record and applies them. Nothing of them happens when this throws. */
  apply(mutations: readonly Mutation[], storeOf: (tableId: string) => TableStore): void {
    const current = this.underCurrentTables(mutations, storeOf);
    if (current.length === 0) return;
    const segment = this.wal.append(current);
    let isFull = false;
    for (let i = 0; i < current.length; i++) {
      const { table, bytes } = current[i];
      const store = storeOf(table.id);
      this.reader.open(bytes);
      store.apply(this.reader, segment);
      this.unchecked += bytes.length;
      // A row that is written over and over takes far more than the mutations say.
      if (store.activeBytes > this.options.memtableBytes) isFull = true;
    }
    this.totals.mutations += current.length;
    if (isFull || this.unchecked > CHECK_BYTES) this.checkMemory();
  }

  /** Memtables take much more memory than they should: await `ready` before writing on. */
  get isSaturated(): boolean {
    return this.knownBytes > this.options.memtableBytes * SATURATED;
  }

  /** Resolves when there is room again; rejects when flushing fails. */
  async ready(): Promise<void> {
    while (this.isSaturated) {
      this.checkMemory();
      await this.flushing;
      if (this.flushError !== null) throw this.flushFailure();
    }
  }

  get memtableBytes(): number {
    let bytes = 0;
    for (const store of this.options.stores.values()) bytes += store.activeBytes + store.frozenBytes;
    return bytes;
  }

  /** Makes SSTables of all memtables, or of one table's, and drops the log segments that they cover. */
  async flush(stores: Iterable<TableStore>): Promise<SSTableDescription[]> {
    for (const store of stores) store.freeze();
    await this.wal.durable();
    await this.wal.rotate();
    const written: SSTableDescription[] = [];
    for (const store of stores) written.push(...(await this.flushFrozen(store)));
    await this.options.queue.run(() => this.dropSegments());
    return written;
  }

  /** Flushes in the background what stands aside. */
  startFlushing(): void {
    this.flushing ??= this.flushAllFrozen().finally(() => {
      this.flushing = null;
    });
  }

  /** Resolves when no flush runs in the background. */
  async settled(): Promise<void> {
    await this.flushing;
  }

  private async flushAllFrozen(): Promise<void> {
    try {
      for (const store of this.options.stores.values()) if (store.frozen.length > 0) await this.flushFrozen(store);
      await this.options.queue.run(() => this.dropSegments());
      this.flushError = null;
    } catch (error) {
      // The data stays in memory and in the log; whoever needs the room hears of it, and the next check tries again.
      this.flushError = error;
    }
  }

  private checkMemory(): void {
    this.unchecked = 0;
    const stores = [...this.options.stores.values()];
    let active = 0;
    for (const store of stores) active += store.activeBytes;
    if (active > this.options.memtableBytes) {
      // The largest ones, until half is free.
      stores.sort((a, b) => b.activeBytes - a.activeBytes);
      for (const store of stores) {
        if (active <= this.options.memtableBytes / 2) break;
        active -= store.activeBytes;
        store.freeze();
      }
    }
    const oldest = this.wal.segmentNumber - MAX_SEGMENTS;
    // What stands aside already holds old segments until it is flushed; setting more aside frees none of them sooner.
    for (const store of stores) if (store.activeFirstSegment < oldest || store.isActiveFull) store.freeze();
    if (stores.some((store) => store.frozen.length > 0)) this.startFlushing();
    this.knownBytes = this.memtableBytes;
  }

  private async flushFrozen(store: TableStore): Promise<SSTableDescription[]> {
    const written: SSTableDescription[] = [];
    while (store.frozen.length > 0 && !store.isDropped) {
      const description = await this.options.queue.run(() => this.flushFirst(store));
      if (description !== null) written.push(description);
    }
    return written;
  }

  private async flushFirst(store: TableStore): Promise<SSTableDescription | null> {
    const stored: StoredMemtable | undefined = store.frozen[0];
    if (stored === undefined || store.isDropped) return null;
    const { files, directory, settings } = this.options;
    await directory.makeDirectory(store.directory);
    const flushed = await flushMemtable(
      {
        files,
        directory: store.directory,
        version: settings.compatibility,
        generation: store.nextGeneration(),
        hostId: settings.hostId,
        table: store.table,
      },
      stored.memtable,
      // Of a record with writes to several tables none may be in an SSTable before all are in the log.
      () => this.wal.durable(),
    );
    invariant(store.frozen[0] === stored, 'a memtable went while it was flushed');
    if (flushed !== null) store.versions.replace([], [flushed.sstable], () => {});
    store.frozen.shift();
    this.knownBytes = this.memtableBytes;
    if (flushed === null) return null;
    const { description } = flushed;
    this.onFlush();
    this.totals.flushes++;
    this.totals.flushedBytes += description.dataBytes;
    this.totals.flushedRows += description.rows;
    return description;
  }

  walSize(): { readonly walBytes: number; readonly walSegments: number } {
    const { files, directory } = this.options;
    const segments = listSegments(files, directory.wal);
    let walBytes = 0;
    for (const segment of segments) {
      const file = files.openSync(join(directory.wal, segmentName(segment)));
      walBytes += file.size();
      file.closeSync();
    }
    return { walBytes, walSegments: segments.length };
  }

  /** Removes the segments of which everything is in SSTables. Two at once would remove the same files. */
  async dropSegments(): Promise<void> {
    if (this.wal.isFailed) return;
    let first = this.wal.segmentNumber;
    for (const store of this.options.stores.values()) first = Math.min(first, store.firstSegment);
    const { files, directory } = this.options;
    await this.wal.dropBefore(first, listSegments(files, directory.wal));
  }

  private underCurrentTables(
    mutations: readonly Mutation[],
    storeOf: (tableId: string) => TableStore,
  ): readonly Mutation[] {
    let translated: Mutation[] | null = null;
    for (let i = 0; i < mutations.length; i++) {
      const { table, hasReaddedColumns } = storeOf(mutations[i].table.id);
      // What a dropped column hides, it hides from the first moment on, not only once it is read from an SSTable.
      const isStale = hasReaddedColumns || (table !== mutations[i].table && hasOtherLayout(mutations[i].table, table));
      if (isStale) translated ??= mutations.slice(0, i);
      if (translated === null) continue;
      const mutation = isStale ? mutationUnder(mutations[i], table) : mutations[i];
      if (mutation !== null) translated.push(mutation);
    }
    return translated ?? mutations;
  }

  private flushFailure(): CqlError {
    const detail = this.flushError instanceof Error ? this.flushError.message : String(this.flushError);
    return new CqlError('WriteFailure', `memtables are full and cannot be flushed: ${detail}`, {
      cause: this.flushError,
    });
  }
}
