import { UsageError } from '../../errors/index.ts';
import { findTableById, type Schema, type TableMetadata } from '../../schema/model/index.ts';
import type { FileSystem } from '../files/file-system.ts';
import type { StorageReader, TableSource } from '../scan/index.ts';
import { openSSTableSync } from '../sstable/sstable-reader.ts';
import type { DiscoveredTable, Discovery } from './discover.ts';
import { PinnedTable } from './pinned-table.ts';
import { SSTableSource } from './sstable-source.ts';

/**
 * Reads tables out of directories that Cassandra wrote and nobody writes to meanwhile. SSTables are opened when their
 * table is first asked for, and stay open until `close`.
 */
export class DirectoryReader implements StorageReader {
  private readonly discovery: Discovery;
  private readonly files: FileSystem;
  private readonly opened = new Map<DiscoveredTable, readonly SSTableSource[]>();
  /** For views, whose rows' visibility depends on their base table's key. */
  schema: Schema | null = null;

  constructor(discovery: Discovery, files: FileSystem) {
    this.discovery = discovery;
    this.files = files;
  }

  /** A table without a directory reads as empty, as one that was never written to. */
  open(table: TableMetadata): TableSource {
    const found = directoryOf(this.discovery, table);
    const sstables = found === null ? [] : this.sstablesOf(found, table);
    return new PinnedTable({ table, sstables, strictLiveness: enforcesStrictLiveness(table, this.schema) });
  }

  /** Names of columns that SSTables of the table have and the table neither has nor has dropped. */
  unknownColumns(table: TableMetadata): readonly string[] {
    const found = directoryOf(this.discovery, table);
    if (found === null) return [];
    return [...new Set(this.sstablesOf(found, table).flatMap(({ reader }) => reader.layout.unknownColumns))];
  }

  close(): void {
    for (const sstables of this.opened.values()) for (const sstable of sstables) sstable.reader.close();
    this.opened.clear();
  }

  private sstablesOf(found: DiscoveredTable, table: TableMetadata): readonly SSTableSource[] {
    let sstables = this.opened.get(found);
    if (sstables === undefined) {
      sstables = found.dataFiles.map((path) => new SSTableSource(openSSTableSync(this.files, path, { table })));
      this.opened.set(found, sstables);
    }
    return sstables;
  }
}

/**
 * The directory of a table: of several with its name the one with the schema's id, since the others are of tables that
 * were dropped. A schema read from text without ids matches by name alone, and then the name must be unambiguous.
 */
export function directoryOf(discovery: Discovery, table: TableMetadata): DiscoveredTable | null {
  const named = discovery.tables.filter((found) => found.keyspace === table.keyspace && found.table === table.name);
  const exact = named.find((found) => found.id === table.id);
  if (exact !== undefined) return exact;
  const written = named.filter((found) => found.dataFiles.length > 0);
  if (written.length > 1) {
    const ids = written.map((found) => found.id ?? found.directories[0]).join(', ');
    throw new UsageError(
      `${table.keyspace}.${table.name} has several directories (${ids}) and the schema names none of them`,
    );
  }
  return written[0] ?? named[0] ?? null;
}

/**
 * Whether rows of a view need live primary key liveness to be visible (`View.enforceStrictLiveness`, 5.0.8): when the
 * view's key has a column that is no key column of the base table. Without the base table's schema it is taken to.
 */
export function enforcesStrictLiveness(table: TableMetadata, schema: Schema | null): boolean {
  if (table.view === undefined) return false;
  const base = schema === null ? undefined : findTableById(schema, table.view.baseTableId);
  if (base === undefined) return true;
  const baseKeys = new Set([...base.partitionKey, ...base.clustering].map((column) => column.name));
  return [...table.partitionKey, ...table.clustering].some((column) => !baseKeys.has(column.name));
}
