import type { RowGenerator } from '../../executor/virtual/virtual-source.ts';
import type { KeyspaceMetadata, Schema, TableMetadata } from '../../schema/model/index.ts';
import { emptyKeyspace } from '../../schema/model/index.ts';
import { defineSystemTable } from '../../schema/system/define-system-table.ts';
import { encodeRow, type SystemRow } from '../../schema/system/index.ts';
import type { EmbeddedStorage } from '../embedded-storage.ts';
import { cellRows } from './cell-rows.ts';
import { columnRows, partitionRows, type RowValues, sstableRows, tombstoneRows } from './file-rows.ts';

/** The virtual keyspace `cassette`: tables about SSTables, partitions, cells, tombstones and queries. */
const TABLES: readonly TableMetadata[] = [
  define(
    'sstables',
    'SSTables and memtables of each table: what a read of it opens',
    'keyspace_name text, table_name text, source text, partitions bigint, cells bigint, tombstones bigint, bytes bigint, min_timestamp bigint, max_timestamp bigint, now timestamp',
    ['source'],
  ),
  define(
    'partitions',
    'The partitions of each table, by size',
    'keyspace_name text, table_name text, number int, partition_key text, bytes bigint, rows bigint, cells bigint, tombstones bigint, sources int, now timestamp',
    ['number'],
  ),
  define(
    'tombstones',
    'Deletions that are still stored: which may go at now, and which sources still need them',
    'keyspace_name text, table_name text, partition_key text, number int, source text, kind text, clustering text, column_name text, deletion_time timestamp, marked_for_delete_at bigint, droppable boolean, blocked_by text, now timestamp',
    ['number'],
  ),
  define(
    'cells',
    "A table's raw fragments, also those that no query sees, and what shadows them",
    'keyspace_name text, table_name text, partition_key text, number int, source text, clustering text, column_name text, path text, value text, writetime bigint, ttl int, local_deletion_time timestamp, live boolean, shadowed_by text, now timestamp',
    ['number'],
  ),
  define(
    'columns',
    'How many cells, nulls and bytes each column has',
    'keyspace_name text, table_name text, column_name text, kind text, type text, cells bigint, tombstones bigint, expiring bigint, bytes bigint, now timestamp',
    ['column_name'],
  ),
  define(
    'queries',
    'Statements that this session ran last',
    'keyspace_name text, table_name text, number int, query text, rows bigint, milliseconds double, now timestamp',
    ['number'],
  ),
];

function define(name: string, comment: string, columns: string, clustering: readonly string[]): TableMetadata {
  const partitionKey = ['keyspace_name', 'table_name'];
  return defineSystemTable({ keyspace: 'cassette', name, comment, columns, partitionKey, clustering });
}

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
    tables: new Map(TABLES.map((table) => [table.name, table])),
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
    const table = this.keyspace.tables.get(name);
    if (table === undefined) return null;
    const reader = this.storage.reader;
    const nowSeconds = Math.floor(this.nowMillis() / 1000);
    const encode = (values: RowValues): SystemRow => encodeRow(table, { ...values, now: new Date(nowSeconds * 1000) });
    const overTables =
      (rows: (of: TableMetadata) => Promise<RowValues[]>): RowGenerator =>
      async (wants) => {
        const all: SystemRow[] = [];
        for (const of of storedTables(this.storage.schema)) {
          if (!wants({ keyspace_name: Buffer.from(of.keyspace), table_name: Buffer.from(of.name) })) continue;
          for (const row of await rows(of)) all.push(encode(row));
        }
        return all;
      };
    switch (name) {
      case 'sstables':
        return overTables((of) => sstableRows(reader, of));
      case 'partitions':
        return overTables((of) => partitionRows(reader, of));
      case 'tombstones':
        return overTables((of) => tombstoneRows(reader, of, nowSeconds));
      case 'columns':
        return overTables((of) => columnRows(reader, of));
      case 'cells':
        return overTables((of) => cellRows(reader, of, nowSeconds));
      case 'queries':
        return async () =>
          this.past.map(({ keyspace, table: queried, ...rest }, number) =>
            encode({ keyspace_name: keyspace, table_name: queried, number, ...rest, rows: BigInt(rest.rows) }),
          );
      default:
        return null;
    }
  }
}

function storedTables(schema: Schema): TableMetadata[] {
  return [...schema.keyspaces.values()]
    .filter((keyspace) => !keyspace.virtual)
    .flatMap((keyspace) => [...keyspace.tables.values(), ...keyspace.views.values()]);
}
