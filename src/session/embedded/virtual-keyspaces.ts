import type { Schema, TableMetadata } from '../../schema/model/index.ts';
import type { StorageReader, TableSource } from '../../storage/scan/index.ts';
import type { EmbeddedStorage } from '../embedded-storage.ts';

/** The database with the keyspaces that a session makes up: their tables are asked here, all others of the storage. */
export class VirtualKeyspaces implements StorageReader {
  private readonly storage: EmbeddedStorage;

  constructor(storage: EmbeddedStorage, _nowMillis: () => number) {
    this.storage = storage;
  }

  get schema(): Schema {
    return this.storage.schema;
  }

  open(table: TableMetadata): TableSource {
    return this.storage.reader.open(table);
  }
}
