import type { TableMetadata } from '../../schema/model/index.ts';
import type { EmbeddedStorage } from '../embedded-storage.ts';

/** Notes on columns that a table's files have and its schema lacks: given once a table, when it is first read. */
export class UnknownColumnNotes {
  private readonly storage: EmbeddedStorage;
  private readonly told = new Set<string>();

  constructor(storage: EmbeddedStorage) {
    this.storage = storage;
  }

  notes(table: TableMetadata | null): readonly string[] {
    if (table === null || this.storage.unknownColumns === undefined) return [];
    const name = `${table.keyspace}.${table.name}`;
    if (this.told.has(name)) return [];
    this.told.add(name);
    const columns = this.storage.unknownColumns(table);
    if (columns.length === 0) return [];
    return [`${name}: the schema does not have what SSTables hold as ${columns.join(', ')}: left out of all rows`];
  }
}
