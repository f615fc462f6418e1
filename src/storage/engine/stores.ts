import { join } from 'node:path';
import { CqlError } from '../../errors/index.ts';
import { findTableById, type Schema, type TableMetadata } from '../../schema/model/index.ts';
import { StoredSSTable } from '../compaction/stored-sstable.ts';
import type { FileSystem } from '../files/index.ts';
import { listSegments, type ReplayReport, segmentName, writtenBytes } from '../wal/index.ts';
import type { DatabaseDirectory } from './database-directory.ts';
import { generationOf, liveSSTables } from './live-sstables.ts';
import type { HiddenBases } from './overlay-base.ts';
import { replayInto } from './recover.ts';
import { storedTables } from './table-changes.ts';
import { TableStore } from './table-store.ts';

/** SSTables that a logged truncation made void, and that are still there. */
export interface Voided {
  readonly store: TableStore;
  readonly sstables: readonly StoredSSTable[];
}

/** What the log said. */
export interface Recovered {
  readonly notes: readonly string[];
  /** 0 for none. */
  readonly lastSegment: number;
  /** See `AssignedTimestamps`. */
  readonly assignedMicros: number;
  readonly voided: readonly Voided[];
}

/** A table's SSTables opened under its next version. */
export interface PreparedAlter {
  /** Goes on under it; cannot fail. */
  apply(): TableStore;
  /** It will not come to that. */
  discard(): void;
}

/** The tables of an open database by id. Each is opened when it is first asked for. */
export class Stores {
  readonly byId = new Map<string, TableStore>();
  schema: Schema;
  /** Ids of tables that are not there any more, of which the log may still have writes. */
  readonly formerIds = new Set<string>();
  /** The last generations of tables that were dropped: readers may still have files that go later, by their names. */
  private readonly formerGenerations = new Map<string, number>();
  private readonly files: FileSystem;
  private readonly directory: DatabaseDirectory;
  private readonly bases: HiddenBases;

  constructor(files: FileSystem, directory: DatabaseDirectory, bases: HiddenBases, schema: Schema) {
    this.files = files;
    this.directory = directory;
    this.bases = bases;
    this.schema = schema;
  }

  of(tableId: string): TableStore {
    const store = this.find(tableId);
    if (store === undefined) throw CqlError.invalidRequest(`unconfigured table ${tableId}`);
    return store;
  }

  find(tableId: string): TableStore | undefined {
    const known = this.byId.get(tableId);
    if (known !== undefined) return known;
    const table = findTableById(this.schema, tableId);
    return table === undefined ? undefined : this.add(table);
  }

  add(table: TableMetadata): TableStore {
    const directory = this.directory.table(table);
    const { dataFiles, lastGeneration } = liveSSTables(this.files, directory);
    const sstables = openEach(dataFiles, (path) => StoredSSTable.open(this.files, path, table));
    const store = new TableStore(table, directory, sstables, lastGeneration);
    store.skipGenerations(this.formerGenerations.get(table.id) ?? 0);
    this.byId.set(table.id, store);
    return store;
  }

  /** Takes a table out, with all that is not flushed; null when it was not asked for yet. */
  drop(tableId: string): TableStore | null {
    this.formerIds.add(tableId);
    const store = this.byId.get(tableId);
    if (store === undefined) return null;
    this.formerGenerations.set(tableId, store.generation);
    store.isDropped = true;
    store.clearMemtables();
    this.byId.delete(tableId);
    return store;
  }

  openAll(): void {
    for (const table of storedTables(this.schema)) this.find(table.id);
  }

  close(): void {
    for (const store of this.byId.values()) store.versions.close();
    this.byId.clear();
  }

  /** All that can fail of going on under a later version of a table; null when the table was not asked for yet. */
  prepareAlter(table: TableMetadata): PreparedAlter | null {
    const store = this.byId.get(table.id);
    if (store === undefined) return null;
    const before = store.versions.sstables;
    const after = openEach(before, ({ path, createdMillis }) =>
      StoredSSTable.open(this.files, path, table, createdMillis),
    );
    return {
      apply: () => {
        store.alter(table);
        store.versions.replace(before, after, () => {});
        return store;
      },
      discard: () => {
        for (const sstable of after) sstable.close();
      },
    };
  }

  /** Brings the log's writes back, for the writer. */
  async recover(): Promise<Recovered> {
    const voidUpTo = new Map<TableStore, number>();
    const report = await replayInto(
      this.files,
      this.directory.wal,
      {
        find: (id) => this.find(id),
        voided: (store, generation, hidesBase) => {
          voidUpTo.set(store, Math.max(generation, voidUpTo.get(store) ?? 0));
          if (hidesBase) this.bases.hide(store.table.id);
        },
        unknown: (id) => this.formerIds.add(id),
      },
      { repair: true },
    );
    const voided = [...voidUpTo].map(([store, generation]) => ({ store, sstables: upTo(store, generation) }));
    const { notes, segments, assignedMicros } = report;
    return { notes, lastSegment: segments.at(-1) ?? 0, assignedMicros, voided };
  }

  /**
   * What is on disk beside a writer: the log first, then the SSTables, which then have all that left the log. All files
   * are opened before any is read. Throws ENOENT when one went meanwhile.
   */
  async readAsOfNow(): Promise<ReplayReport> {
    const generations = new Map<string, number>();
    const report = await replayInto(
      this.files,
      this.directory.wal,
      {
        find: (id) => this.withoutSSTables(id),
        voided: ({ table }, generation, hidesBase) => {
          generations.set(table.id, Math.max(generation, generations.get(table.id) ?? 0));
          if (hidesBase) this.bases.hide(table.id);
        },
        unknown: () => undefined,
      },
      { repair: false },
    );
    this.bases.load();
    for (const table of storedTables(this.schema)) {
      const store = this.withoutSSTables(table.id);
      const voidUpTo = generations.get(table.id) ?? 0;
      if (store !== undefined) this.openBesideWriter(store, voidUpTo);
    }
    return report;
  }

  /** The SSTables that count, and the schema: while these stay, what is read beside a writer is of one moment. */
  contents(): string {
    const parts = [this.directory.readSchema()];
    for (const table of storedTables(this.schema)) {
      parts.push(...liveSSTables(this.files, this.directory.table(table)).dataFiles);
    }
    return parts.join('\n');
  }

  /** What changes when another process writes: the schema, how far the log is written, the tables' files. */
  signature(): string {
    const { files, directory } = this;
    const parts = [directory.readSchema()];
    for (const segment of listSegments(files, directory.wal)) {
      parts.push(`${segment} ${writtenBytes(files, join(directory.wal, segmentName(segment)))}`);
    }
    for (const table of storedTables(this.schema)) {
      const path = directory.table(table);
      if (files.exists(path)) parts.push(...files.listSync(path).map((entry) => entry.name));
    }
    return parts.join('\n');
  }

  private withoutSSTables(tableId: string): TableStore | undefined {
    const known = this.byId.get(tableId);
    if (known !== undefined) return known;
    const table = findTableById(this.schema, tableId);
    if (table === undefined) return undefined;
    const store = new TableStore(table, this.directory.table(table), [], 0);
    this.byId.set(tableId, store);
    return store;
  }

  private openBesideWriter(store: TableStore, voidUpTo: number): void {
    const { dataFiles } = liveSSTables(this.files, store.directory);
    const counting = dataFiles.filter((path) => generationOf(path) > voidUpTo);
    const sstables = openEach(
      counting,
      (path) => StoredSSTable.open(this.files, path, store.table),
      (sstable) => {
        sstable.reader.index();
        sstable.reader.filter();
      },
    );
    store.versions.replace([], sstables, () => {});
  }
}

/** Opens all or none. */
function openEach<T>(
  items: readonly T[],
  open: (item: T) => StoredSSTable,
  prepare: (sstable: StoredSSTable) => void = () => {},
): StoredSSTable[] {
  const opened: StoredSSTable[] = [];
  try {
    for (const item of items) {
      const sstable = open(item);
      opened.push(sstable);
      prepare(sstable);
    }
  } catch (error) {
    for (const sstable of opened) sstable.close();
    throw error;
  }
  return opened;
}

function upTo(store: TableStore, generation: number): StoredSSTable[] {
  return store.versions.sstables.filter((sstable) => generationOf(sstable.path) <= generation);
}
