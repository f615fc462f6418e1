import { randomUUID } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../../errors/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import { DurableDirectories, type FileSystem } from '../files/index.ts';
import type { WriteVersion } from '../sstable/write/write-version.ts';

/** `cassette.json`. */
export interface DatabaseSettings {
  /** Of the directory's layout. */
  readonly format: 1;
  readonly hostId: string;
  /** Of the SSTables written, as Cassandra's storage_compatibility_mode: `nb` ends TTLs in 2038, the others in 2106. */
  readonly compatibility: WriteVersion;
}

/**
 * A Cassette database on disk
 *
 *   cassette.json   settings            wal/     the write-ahead log
 *   schema.cql      all DDL             lock     held by the writer
 *   drops           tables that a crash may have kept from being removed
 *   hidden          tables of which nothing below the database is seen: ids, a line each
 *   data/KEYSPACE/TABLE-ID/…            as in a Cassandra data directory
 */
export class DatabaseDirectory {
  readonly path: string;
  private readonly files: FileSystem;
  private readonly directories: DurableDirectories;
  /** What `create` wrote, or tried to. */
  private created: DatabaseSettings | null = null;

  constructor(files: FileSystem, path: string) {
    this.files = files;
    this.path = resolve(path);
    this.directories = new DurableDirectories(files, this.path);
  }

  get wal(): string {
    return join(this.path, 'wal');
  }

  get data(): string {
    return join(this.path, 'data');
  }

  get lock(): string {
    return join(this.path, 'lock');
  }

  get schema(): string {
    return join(this.path, 'schema.cql');
  }

  /** Directories of tables that are being dropped, under `data`, a line each. */
  private get drops(): string {
    return join(this.path, 'drops');
  }

  /** Ids of tables that were truncated over a base. */
  private get hidden(): string {
    return join(this.path, 'hidden');
  }

  get settings(): string {
    return join(this.path, 'cassette.json');
  }

  table(table: TableMetadata): string {
    return join(this.data, table.keyspace, `${table.name}-${table.id}`);
  }

  get exists(): boolean {
    return this.files.exists(this.settings);
  }

  /** Whether a database may be made here: nothing is there, or an empty directory. */
  get isFree(): boolean {
    const own = new Set(['lock', 'wal', 'data', 'schema.cql', 'cassette.json.new']);
    return !this.files.exists(this.path) || this.files.listSync(this.path).every((entry) => own.has(entry.name));
  }

  /** Whether another process made the database that is here. */
  get isOfAnother(): boolean {
    return this.exists && this.readSettings().hostId !== this.created?.hostId;
  }

  /** Makes the database; may be tried again after it failed. */
  async create(compatibility: WriteVersion): Promise<DatabaseSettings> {
    this.created ??= { format: 1, hostId: randomUUID(), compatibility };
    const settings = this.created;
    await this.makeDirectory(this.wal);
    await this.makeDirectory(this.data);
    // Last: a directory with settings is a database.
    await this.replaceFile(this.settings, `${JSON.stringify(settings, null, 2)}\n`);
    return settings;
  }

  readSettings(): DatabaseSettings {
    const text = this.files.readFileSync(this.settings).toString('utf8');
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw new UsageError(`${this.settings} is not JSON; it should say format, hostId and compatibility`, { cause });
    }
    if (!isSettings(value)) {
      throw new UsageError(`${this.settings}: expected {"format": 1, "hostId": UUID, "compatibility": "nb"|"oa"|"da"}`);
    }
    return value;
  }

  /** The schema's CQL text; empty when there is none yet. */
  readSchema(): string {
    return this.files.exists(this.schema) ? this.files.readFileSync(this.schema).toString('utf8') : '';
  }

  async writeSchema(text: string): Promise<void> {
    await this.replaceFile(this.schema, text);
  }

  /** Removes what a crash left of a file that was to replace another. */
  async removeUnfinished(): Promise<void> {
    for (const path of [this.schema, this.settings, this.drops, this.hidden].map((file) => `${file}.new`)) {
      if (this.files.exists(path)) await this.files.remove(path);
    }
  }

  readHidden(): readonly string[] {
    return this.linesOf(this.hidden);
  }

  async writeHidden(tableIds: readonly string[]): Promise<void> {
    await this.replaceFile(this.hidden, tableIds.map((id) => `${id}\n`).join(''));
  }

  /**
   * Names tables that the next schema drops, so that their directories go whatever happens after that schema. Earlier drops
   * that wait for a reader stay named.
   */
  async announceDrops(tables: readonly TableMetadata[]): Promise<void> {
    const names = tables.map((table) => `${table.keyspace}/${table.name}-${table.id}`);
    await this.replaceFile(
      this.drops,
      [...new Set([...this.unfinishedDrops(), ...names])].map((name) => `${name}\n`).join(''),
    );
  }

  /** Removes the directory of a dropped table that nothing has open, or as much of it as can be removed; never throws. */
  async removeTable(table: TableMetadata): Promise<void> {
    await this.removeWithFiles(this.table(table)).catch(() => undefined);
  }

  /** After drops were done. Where files are still there the next open finishes them; never throws. */
  async forgetDrops(): Promise<void> {
    if (this.unfinishedDrops().length === 0) await this.removeDrops().catch(() => undefined);
  }

  /** Before a table is made with the id of one that was dropped: whatever could not be removed of that one goes first. */
  async finishDrop(table: TableMetadata): Promise<void> {
    const path = this.table(table);
    if (!this.linesOf(this.drops).some((name) => join(this.data, name) === path)) return;
    await this.removeWithFiles(path);
    const left = this.files.exists(path) ? path : dirname(path);
    if (this.files.exists(left)) await this.files.syncDirectory(left);
  }

  /** Removes the directories of dropped tables that are still there, but of none that the schema has. */
  async finishDrops(tableIds: ReadonlySet<string>): Promise<void> {
    if (!this.files.exists(this.drops)) return;
    for (const name of this.unfinishedDrops()) {
      if (!/^\w+\/\w+-[0-9a-f]{32}$/.test(name) || tableIds.has(name.slice(-32))) continue;
      await this.removeWithFiles(join(this.data, name));
    }
    await this.removeDrops();
  }

  /** The tables must be gone from the disk before it is forgotten that they should. */
  private async removeDrops(): Promise<void> {
    for (const keyspace of new Set(this.linesOf(this.drops).map((name) => join(this.data, dirname(name))))) {
      if (this.files.exists(keyspace)) await this.files.syncDirectory(keyspace);
    }
    await this.files.remove(this.drops);
  }

  private async removeWithFiles(path: string): Promise<void> {
    if (!this.files.exists(path)) return;
    for (const entry of this.files.listSync(path)) {
      if (!entry.isDirectory) await this.files.remove(join(path, entry.name));
    }
    if (this.files.listSync(path).length === 0) await this.files.removeDirectory(path);
  }

  private unfinishedDrops(): string[] {
    return this.linesOf(this.drops).filter((name) => this.files.exists(join(this.data, name)));
  }

  private linesOf(path: string): string[] {
    if (!this.files.exists(path)) return [];
    const lines = this.files.readFileSync(path).toString('utf8').split('\n');
    return lines.filter((line) => line !== '');
  }

  /** Makes a directory and what is above it durable. */
  makeDirectory(path: string): Promise<void> {
    return this.directories.make(path);
  }

  private async replaceFile(path: string, text: string): Promise<void> {
    const file = await this.files.open(`${path}.new`, 'create');
    try {
      await file.write(Buffer.from(text));
      await file.sync();
    } finally {
      await file.close();
    }
    await this.files.rename(`${path}.new`, path);
    await this.files.syncDirectory(dirname(path));
  }
}

function isSettings(value: unknown): value is DatabaseSettings {
  if (typeof value !== 'object' || value === null) return false;
  const { format, hostId, compatibility } = value as Partial<Record<string, unknown>>; // A parsed JSON object.
  return format === 1 && typeof hostId === 'string' && ['nb', 'oa', 'da'].includes(String(compatibility));
}
