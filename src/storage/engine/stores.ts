import { join } from 'node:path';
import { CqlError } from '../../errors/index.ts';
import { findTableById, type Schema, type TableMetadata } from '../../schema/model/index.ts';
import { StoredSSTable } from '../compaction/index.ts';
import type { FileSystem } from '../files/index.ts';
import { listSegments, segmentName } from '../wal/index.ts';
import type { DatabaseDirectory } from './database-directory.ts';
import { generationOf, liveSSTables } from './live-sstables.ts';
import { replayInto } from './recover.ts';
import { storedTables } from './table-changes.ts';
import { TableStore } from './table-store.ts';

/** SSTables of a table up to this generation are void: a truncation that was logged, and maybe not finished. */
export interface Voided {
  readonly store: TableStore;
  readonly sstables: readonly StoredSSTable[];
}

/** The tables of an open database by id. Each is opened when it is first asked for. */
export class Stores {
  readonly byId = new Map<string, TableStore>();
  schema: Schema;
  private readonly files: FileSystem;
  private readonly directory: DatabaseDirectory;

  constructor(files: FileSystem, directory: DatabaseDirectory, schema: Schema) {
    this.files = files;
    this.directory = directory;
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
    const sstables = dataFiles.map((path) => StoredSSTable.open(this.files, path, table));
    const store = new TableStore(table, directory, sstables, lastGeneration);
    this.byId.set(table.id, store);
    return store;
  }

  openAll(): void {
    for (const table of storedTables(this.schema)) this.find(table.id);
  }

  close(): void {
    for (const store of this.byId.values()) store.versions.close();
    this.byId.clear();
  }

  /** Goes on under a later version of a table. */
  alter(table: TableMetadata): TableStore | undefined {
    const store = this.byId.get(table.id);
    if (store === undefined) return undefined;
    store.alter(table);
    const before = store.versions.sstables;
    const after = before.map((sstable) => StoredSSTable.open(this.files, sstable.path, table, sstable.createdMillis));
    store.versions.replace(before, after, () => {});
    return store;
  }

  /** Brings the log's writes back, for the writer. */
  async recover(): Promise<{ notes: readonly string[]; lastSegment: number; voided: readonly Voided[] }> {
    const voided: Voided[] = [];
    const report = await replayInto(this.files, this.directory.wal, (id) => this.find(id), {
      repair: true,
      voided: (store, generation) => voided.push({ store, sstables: upTo(store, generation) }),
    });
    return { notes: report.notes, lastSegment: report.segments.at(-1) ?? 0, voided };
  }

  /**
   * What is on disk beside a writer: the log first, then the SSTables, which then have all that left the log. All files
   * are opened before any is read. Throws ENOENT when one went meanwhile.
   */
  async readAsOfNow(): Promise<readonly string[]> {
    const generations = new Map<string, number>();
    const report = await replayInto(this.files, this.directory.wal, (id) => this.withoutSSTables(id), {
      repair: false,
      voided: (store, generation) => generations.set(store.table.id, generation),
    });
    for (const table of storedTables(this.schema)) {
      const store = this.withoutSSTables(table.id);
      const voidUpTo = generations.get(table.id) ?? 0;
      if (store !== undefined) this.openBesideWriter(store, voidUpTo);
    }
    return report.notes;
  }

  /** What changes when another process writes: the schema, the log's sizes, the tables' files. */
  signature(): string {
    const { files, directory } = this;
    const parts = [directory.readSchema()];
    for (const segment of listSegments(files, directory.wal)) {
      const file = files.openSync(join(directory.wal, segmentName(segment)));
      parts.push(`${segment} ${file.size()}`);
      file.closeSync();
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
    const sstables: StoredSSTable[] = [];
    try {
      for (const path of dataFiles) {
        if (generationOf(path) <= voidUpTo) continue;
        const sstable = StoredSSTable.open(this.files, path, store.table);
        sstables.push(sstable);
        sstable.reader.index();
        sstable.reader.filter();
      }
    } catch (error) {
      for (const sstable of sstables) sstable.close();
      throw error;
    }
    store.versions.replace([], sstables, () => {});
  }
}

function upTo(store: TableStore, generation: number): StoredSSTable[] {
  return store.versions.sstables.filter((sstable) => generationOf(sstable.path) <= generation);
}
