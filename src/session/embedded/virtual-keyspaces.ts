import { CqlError } from '../../errors/index.ts';
import { type RowGenerator, VirtualSource } from '../../executor/virtual/virtual-source.ts';
import { findTable, type KeyspaceMetadata, type Schema, type TableMetadata } from '../../schema/model/index.ts';
import { localRow, systemKeyspaces, systemSchemaRows, virtualSchemaRows } from '../../schema/system/index.ts';
import type { StorageReader, TableSource } from '../../storage/scan/index.ts';
import type { EmbeddedStorage } from '../embedded-storage.ts';
import { CassetteKeyspace, type PastQuery } from './cassette-keyspace.ts';
import { CLUSTER } from './cluster-names.ts';
import { systemViewsRows } from './system-views.ts';

const HOST_ID = '00000000-0000-4000-8000-000000000001';

/**
 * The database together with the keyspaces that a session makes up: `system…` as drivers and shells ask for them, and
 * `cassette`, which tells of the files. Where a foreign directory has system tables of its own, the made-up ones are what
 * is asked: they describe what the session can do.
 */
export class VirtualKeyspaces implements StorageReader {
  private readonly storage: EmbeddedStorage;
  private readonly cassette: CassetteKeyspace;
  private merged: { readonly of: Schema; readonly schema: Schema } | null = null;

  constructor(storage: EmbeddedStorage, nowMillis: () => number) {
    this.storage = storage;
    this.cassette = new CassetteKeyspace(storage, nowMillis);
  }

  /** The stored keyspaces and the virtual ones. */
  get schema(): Schema {
    const { schema } = this.storage;
    if (this.merged?.of !== schema) {
      const keyspaces = new Map(schema.keyspaces);
      for (const keyspace of this.keyspaces()) keyspaces.set(keyspace.name, keyspace);
      this.merged = { of: schema, schema: { ...schema, keyspaces } };
    }
    return this.merged.schema;
  }

  open(table: TableMetadata): TableSource {
    const generate = this.generatorOf(table);
    return generate === null ? this.storage.reader.open(table) : new VirtualSource(table, generate);
  }

  /** For `cassette.queries`. */
  remember(query: PastQuery): void {
    this.cassette.remember(query);
  }

  /** Throws where a statement would change a table that the session makes up (`db/virtual/AbstractVirtualTable`, 5.0.8). */
  refuseChange({ keyspace, name }: TableMetadata, what: 'Modification' | 'Truncation'): void {
    if (this.schema.keyspaces.get(keyspace)?.virtual !== true) return;
    throw CqlError.invalidRequest(`${what} is not supported by table ${keyspace}.${name}`);
  }

  private keyspaces(): readonly KeyspaceMetadata[] {
    return [...systemKeyspaces, this.cassette.keyspace];
  }

  private generatorOf(table: TableMetadata): RowGenerator | null {
    if (findTable(this.schema, table.keyspace, table.name) !== table) return null;
    switch (table.keyspace) {
      case 'system':
        return async () => this.systemRows(table.name);
      case 'system_schema':
        return async () => systemSchemaRows(this.schemaOfTables(), table.name);
      case 'system_virtual_schema':
        return async () => virtualSchemaRows(this.virtualSchemaKeyspaces(), table.name);
      case 'system_views':
        return systemViewsRows(this.storage, table.name);
      case 'cassette':
        return this.cassette.generatorOf(table.name);
      default:
        return null;
    }
  }

  private systemRows(name: string): ReturnType<typeof systemSchemaRows> {
    if (name !== 'local') return [];
    return [
      localRow({
        clusterName: CLUSTER.name,
        dataCenter: 'datacenter1',
        rack: 'rack1',
        hostId: HOST_ID,
        schemaVersion: this.storage.schema.version,
        rpcAddress: '127.0.0.1',
        rpcPort: 9042,
        gossipGeneration: 1,
      }),
    ];
  }

  /** `system_schema` describes all keyspaces but the virtual ones of Cassandra's own. */
  private schemaOfTables(): Schema {
    const keyspaces = new Map(this.schema.keyspaces);
    keyspaces.delete('system_virtual_schema');
    keyspaces.delete('system_views');
    keyspaces.delete('cassette');
    return { ...this.schema, keyspaces };
  }

  private virtualSchemaKeyspaces(): KeyspaceMetadata[] {
    return this.keyspaces().filter(({ name }) => name !== 'system' && name !== 'system_schema');
  }
}
