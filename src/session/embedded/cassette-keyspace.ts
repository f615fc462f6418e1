import { murmur3Token } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import { packPartitionKey } from '../../executor/access/partition-keys.ts';
import type { RowGenerator, VirtualRequest } from '../../executor/virtual/virtual-source.ts';
import type { KeyspaceMetadata, Schema, TableMetadata } from '../../schema/model/index.ts';
import { emptyKeyspace } from '../../schema/model/index.ts';
import type { SystemTableText } from '../../schema/system/define-system-table.ts';
import { encodeRow, LazyTables, type SystemRow } from '../../schema/system/index.ts';
import { compareKeys, keyFromText } from '../../storage/sstable/dump/key-text.ts';
import type { EmbeddedStorage } from '../embedded-storage.ts';
import { cellsTable } from './file-tables/cells.ts';
import { columnsTable } from './file-tables/columns.ts';
import type { FileTable } from './file-tables/file-table.ts';
import { partitionsTable } from './file-tables/partitions.ts';
import { sstablesTable } from './file-tables/sstables.ts';
import { tombstonesTable } from './file-tables/tombstones.ts';

/** The tables of `cassette` that are made of a stored table's files. */
const FILE_TABLES: readonly FileTable[] = [sstablesTable, partitionsTable, tombstonesTable, cellsTable, columnsTable];

const QUERIES: SystemTableText = {
  keyspace: 'cassette',
  name: 'queries',
  comment: 'Statements that this session ran last',
  columns:
    'keyspace_name text, table_name text, number int, query text, rows bigint, milliseconds double, now timestamp',
  partitionKey: ['keyspace_name', 'table_name'],
  clustering: ['number'],
};

const TABLES: ReadonlyMap<string, TableMetadata> = new LazyTables([...FILE_TABLES.map(({ text }) => text), QUERIES]);

/** One statement of the session's past. */
export interface PastQuery {
  readonly keyspace: string;
  readonly table: string;
  readonly query: string;
  rows: number;
  milliseconds: number;
}

const MOST_QUERIES = 100;

/** Virtual keyspace `cassette`. Every answer names the `now` at which TTLs and tombstones were judged. */
export class CassetteKeyspace {
  readonly keyspace: KeyspaceMetadata = {
    ...emptyKeyspace('cassette', new Map()),
    tables: TABLES,
    virtual: true,
  };
  private readonly storage: EmbeddedStorage;
  private readonly nowMillis: () => number;
  private readonly past: PastQuery[] = [];

  constructor(storage: EmbeddedStorage, nowMillis: () => number) {
    this.storage = storage;
    this.nowMillis = nowMillis;
  }

  remember(query: PastQuery): void {
    this.past.push(query);
    if (this.past.length > MOST_QUERIES) this.past.shift();
  }

  generatorOf(name: string): RowGenerator | null {
    const nowSeconds = Math.floor(this.nowMillis() / 1000);
    const definition = TABLES.get(name);
    if (definition === undefined) return null;
    if (name === QUERIES.name) return async () => this.queryRows(definition, nowSeconds);
    const fileTable = FILE_TABLES.find(({ text }) => text.name === name);
    return fileTable === undefined ? null : (request) => this.fileRows(fileTable, definition, request, nowSeconds);
  }

  private queryRows(definition: TableMetadata, nowSeconds: number): SystemRow[] {
    return this.past.map(({ keyspace, table, query, rows, milliseconds }, number) =>
      encodeRow(definition, {
        keyspace_name: keyspace,
        table_name: table,
        number,
        query,
        rows: BigInt(rows),
        milliseconds,
        now: new Date(nowSeconds * 1000),
      }),
    );
  }

  /** Table by table in the order of partition keys, which are keyspace and table. */
  private async *fileRows(
    fileTable: FileTable,
    definition: TableMetadata,
    request: VirtualRequest,
    nowSeconds: number,
  ): AsyncGenerator<readonly SystemRow[]> {
    const { reader, schema } = this.storage;
    const texts = request.equalTo('partition_key');
    for (const { table, name } of storedTables(schema)) {
      if (request.isClosed()) return;
      if (!request.wants(name)) continue;
      const keys = texts === null ? null : keysOf(table, texts);
      if (keys?.length === 0) continue;
      yield* fileTable.rows(
        definition,
        { reader, table, nowSeconds, keys, isClosed: request.isClosed },
        request.columns,
      );
    }
  }
}

/** Keys that a table can have; what is no text of its key's types is the key of no partition. */
function keysOf(table: TableMetadata, texts: readonly Uint8Array[]): Uint8Array[] {
  return texts.flatMap((text) => {
    try {
      const key = keyFromText(table, Buffer.from(text).toString());
      return key.length === 0 ? [] : [key];
    } catch (error) {
      if (error instanceof CqlError) return [];
      throw error;
    }
  });
}

function storedTables(schema: Schema): { readonly table: TableMetadata; readonly name: SystemRow }[] {
  return [...schema.keyspaces.values()]
    .filter((keyspace) => !keyspace.virtual)
    .flatMap((keyspace) => [...keyspace.tables.values(), ...keyspace.views.values()])
    .map((table) => {
      const names = [Buffer.from(table.keyspace), Buffer.from(table.name)];
      const key = packPartitionKey(names);
      return { table, name: { keyspace_name: names[0], table_name: names[1] }, key, token: murmur3Token(key) };
    })
    .sort(compareKeys);
}
