import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../../errors/index.ts';
import type { DirectoryEntry, FileSystem } from '../files/file-system.ts';
import { compareIds, dataFileOf, descriptorOfData, notAnSSTable, parseDescriptor } from '../sstable/descriptor.ts';
import { hiddenByTransaction, isTransactionLog, parseTransactionLog } from './transaction-log.ts';

/** The SSTables of one table, found in one directory or, with several PATHs (JBOD), in several. */
export interface DiscoveredTable {
  readonly keyspace: string;
  readonly table: string;
  /** 32 hex digits out of the directory's name; null where the name has none. */
  readonly id: string | null;
  readonly directories: readonly string[];
  /** Paths of Data.db files, oldest first. */
  readonly dataFiles: readonly string[];
  /** A `schema.cql` beside the files: snapshots have one. */
  readonly schemaFile: string | null;
}

export interface Discovery {
  readonly tables: readonly DiscoveredTable[];
  /** `schema.cql` files beside or above the data, nearest first. */
  readonly schemaFiles: readonly string[];
  /** What the user should know: directories left alone, unfinished transactions, a commit log. */
  readonly notes: readonly string[];
}

type Listing = Pick<FileSystem, 'listSync' | 'readFileSync' | 'exists'>;

/**
 * Finds the tables in Cassandra's directories, whatever they are: a node's data directory (or its parent), a keyspace
 * directory, a table or snapshot directory, one `…-Data.db`. Nothing is opened but transaction logs. Throws a UsageError
 * when a path holds no Cassandra data.
 *
 *   data/KEYSPACE/TABLE-ID/            SSTables, transaction logs
 *   data/KEYSPACE/TABLE-ID/backups/    left alone, as are hidden directories of indexes (`.INDEX`)
 *   data/KEYSPACE/TABLE-ID/snapshots/NAME/   left alone unless it is the path itself
 */
export function discover(paths: readonly string[], files: Listing): Discovery {
  const finder = new Finder(files);
  for (const path of paths) finder.addPath(resolve(path));
  return finder.finish();
}

const TABLE_DIRECTORY = /^(\w+)-([0-9a-f]{32})$/;
const DATA_FILE = /-Data\.db$/;
const COMMIT_LOG_SEGMENT = /^CommitLog-\d+(?:-\d+)?\.log$/;
/** Deeper than data directory, keyspace, table: no need to look further. */
const MAX_DEPTH = 3;

class Finder {
  private readonly files: Listing;
  private readonly tables = new Map<string, Found>();
  private readonly schemaFiles: string[] = [];
  private readonly notes: string[] = [];

  constructor(files: Listing) {
    this.files = files;
  }

  addPath(path: string): void {
    const dataFile = dataFileOf(path);
    if (dataFile !== null) {
      this.addDataFile(dataFile);
      return;
    }
    if (!this.files.exists(path)) throw new UsageError(`${path} does not exist`);
    const before = this.tables.size;
    this.addDirectory(path, 0);
    if (this.tables.size === before && !this.noteKnownTable(path)) {
      throw new UsageError(
        `${path} holds no Cassandra data: expected a data, keyspace, table or snapshot directory, or a …-Data.db file`,
      );
    }
    this.noteCommitLog(path);
  }

  finish(): Discovery {
    const tables = [...this.tables.values()].map(
      (found): DiscoveredTable => ({
        ...found,
        dataFiles: found.dataFiles.sort(byId),
      }),
    );
    return { tables, schemaFiles: this.schemaFiles, notes: this.notes };
  }

  private addDataFile(path: string): void {
    descriptorOfData(path);
    if (!this.files.exists(path)) throw new UsageError(`${path} does not exist`);
    const directory = dirname(path);
    this.found(directory).dataFiles.push(path);
    this.noteSchemaFile(directory);
  }

  private addDirectory(path: string, depth: number): void {
    const entries = this.list(path, depth);
    this.noteSchemaFile(
      path,
      entries.some((entry) => entry.name === 'schema.cql'),
    );
    const names = entries.filter((entry) => !entry.isDirectory).map((entry) => entry.name);
    if (names.some((name) => DATA_FILE.test(name)) || TABLE_DIRECTORY.test(basename(path))) {
      this.addTableDirectory(path, names);
      return;
    }
    const dataDirectory = depth === 0 && !entries.some((entry) => TABLE_DIRECTORY.test(entry.name));
    for (const entry of entries) {
      if (!entry.isDirectory || entry.name.startsWith('.') || depth === MAX_DEPTH) continue;
      // A node's home keeps more than data beside it; only `data` is asked for there.
      if (dataDirectory && NOT_KEYSPACES.has(entry.name)) continue;
      this.addDirectory(join(path, entry.name), depth + 1);
    }
  }

  /** A directory on the way that must not be looked into is told and left alone. */
  private list(path: string, depth: number): readonly DirectoryEntry[] {
    try {
      return this.files.listSync(path);
    } catch (error) {
      if (depth === 0) throw isNoDirectory(error) ? notAnSSTable(path) : error;
      this.notes.push(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  }

  private addTableDirectory(path: string, names: readonly string[]): void {
    const found = this.found(path);
    const hidden = this.hiddenNames(path, names);
    for (const name of names) {
      if (parseDescriptor(name)?.component !== 'Data.db') continue;
      if (hidden.has(name.slice(0, -'Data.db'.length))) continue;
      found.dataFiles.push(join(path, name));
    }
  }

  /** What the directory's transaction logs say does not count. */
  private hiddenNames(path: string, names: readonly string[]): ReadonlySet<string> {
    const hidden = new Set<string>();
    for (const name of names) {
      if (!isTransactionLog(name)) continue;
      const records = parseTransactionLog(this.files.readFileSync(join(path, name)).toString('utf8'));
      for (const base of hiddenByTransaction(records)) hidden.add(base);
      this.notes.push(`${join(path, name)}: an unfinished transaction; the SSTables that it hides are not read`);
    }
    return hidden;
  }

  private found(directory: string): Found {
    const place = tableOf(directory);
    const key = `${place.keyspace}/${place.table}/${place.id ?? directory}`;
    let found = this.tables.get(key);
    if (found === undefined) {
      found = { ...place, directories: [], dataFiles: [], schemaFile: null };
      this.tables.set(key, found);
    }
    if (!found.directories.includes(directory)) found.directories.push(directory);
    const schemaFile = join(directory, 'schema.cql');
    if (found.schemaFile === null && this.files.exists(schemaFile)) found.schemaFile = schemaFile;
    return found;
  }

  private noteKnownTable(path: string): boolean {
    return [...this.tables.values()].some((found) => found.directories.some((directory) => directory.startsWith(path)));
  }

  private noteSchemaFile(directory: string, exists = this.files.exists(join(directory, 'schema.cql'))): void {
    const path = join(directory, 'schema.cql');
    if (exists && !this.schemaFiles.includes(path)) this.schemaFiles.push(path);
  }

  /** Beside a data directory lies the node's commit log, which may hold writes that no SSTable has yet. */
  private noteCommitLog(path: string): void {
    for (let directory = path, up = 0; up <= MAX_DEPTH; directory = dirname(directory), up++) {
      const log = join(directory, 'commitlog');
      if (!this.files.exists(log)) continue;
      const segments = this.files.listSync(log).filter((entry) => COMMIT_LOG_SEGMENT.test(entry.name));
      if (segments.length === 0) return;
      const note = `${log} may hold writes that were not flushed; they are not read`;
      if (!this.notes.includes(note)) this.notes.push(note);
      return;
    }
  }
}

const NOT_KEYSPACES: ReadonlySet<string> = new Set([
  'commitlog',
  'cdc_raw',
  'hints',
  'saved_caches',
  'backups',
  'snapshots',
]);

interface Found extends DiscoveredTable {
  readonly directories: string[];
  readonly dataFiles: string[];
  schemaFile: string | null;
}

/** Keyspace, table and id out of `…/KEYSPACE/TABLE-ID` or `…/KEYSPACE/TABLE-ID/snapshots/NAME`; else of what there is. */
function tableOf(directory: string): { keyspace: string; table: string; id: string | null } {
  const isSnapshot = ['snapshots', 'backups'].includes(basename(dirname(directory)));
  const tableDirectory = isSnapshot
    ? dirname(dirname(directory))
    : basename(directory) === 'backups'
      ? dirname(directory)
      : directory;
  const match = TABLE_DIRECTORY.exec(basename(tableDirectory));
  return {
    keyspace: basename(dirname(tableDirectory)),
    table: match?.[1] ?? basename(tableDirectory),
    id: match?.[2] ?? null,
  };
}

function isNoDirectory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOTDIR';
}

function byId(a: string, b: string): number {
  return compareIds(idOf(a), idOf(b));
}

function idOf(dataFile: string): string {
  return descriptorOfData(dataFile).id;
}
