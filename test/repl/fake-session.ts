import { CqlError } from '../../src/errors/index.ts';
import { parse, type SelectStatement } from '../../src/parser/index.ts';
import { defineTable, emptySchema, findTable, type Schema, type TableMetadata } from '../../src/schema/model/index.ts';
import type {
  DatabaseStatistics,
  ExecuteOptions,
  QueryStatistics,
  Result,
  RowsResult,
  Session,
} from '../../src/session/session.ts';
import { newScanStatistics } from '../../src/storage/scan/scan-statistics.ts';
import { type CqlType, type CqlValue, codecOf, type UserType } from '../../src/types/index.ts';

export const native = (name: Extract<CqlType, { kind: 'native' }>['name']): CqlType => ({ kind: 'native', name });

const address: UserType = {
  kind: 'udt',
  keyspace: 'shop',
  name: 'address',
  fields: [
    { name: 'street', type: native('text') },
    { name: 'zip', type: native('int') },
  ],
  frozen: true,
};

export const users = defineTable({
  keyspace: 'shop',
  name: 'users',
  id: '1'.repeat(32),
  columns: [
    { name: 'id', kind: 'partition_key', type: native('int') },
    { name: 'name', kind: 'regular', type: native('text') },
    { name: 'email', kind: 'regular', type: native('text') },
    { name: 'home', kind: 'regular', type: address },
    { name: 'tags', kind: 'regular', type: { kind: 'set', element: native('text'), frozen: false } },
    { name: 'active', kind: 'regular', type: native('boolean') },
  ],
});

export const events = defineTable({
  keyspace: 'shop',
  name: 'events',
  id: '2'.repeat(32),
  columns: [
    { name: 'sensor', kind: 'partition_key', type: native('text') },
    { name: 'at', kind: 'clustering', type: native('timestamp'), reversed: true },
    { name: 'seq', kind: 'clustering', type: native('int') },
    { name: 'value', kind: 'regular', type: native('double') },
    { name: 'Note', kind: 'regular', type: native('text') },
  ],
});

/** A schema of those tables and so many more. */
export function schemaWith(moreTables = 0): Schema {
  const tables = new Map<string, TableMetadata>([users, events].map((table) => [table.name, table]));
  for (let i = 0; i < moreTables; i++) {
    const name = `table_${String(i).padStart(4, '0')}`;
    const columns = [
      { name: 'k', kind: 'partition_key' as const, type: native('int') },
      ...Array.from({ length: 20 }, (_, j) => ({ name: `c${j}`, kind: 'regular' as const, type: native('text') })),
    ];
    tables.set(name, defineTable({ keyspace: 'shop', name, id: String(i).padStart(32, '0'), columns }));
  }
  const keyspace = {
    replication: new Map([['class', 'SimpleStrategy']]),
    durableWrites: true,
    views: new Map(),
    functions: [],
    aggregates: [],
  };
  return {
    ...emptySchema,
    keyspaces: new Map([
      ['shop', { ...keyspace, name: 'shop', tables, types: new Map([['address', address]]) }],
      ['system', { ...keyspace, name: 'system', tables: new Map(), types: new Map(), virtual: true }],
    ]),
  };
}

/**
 * A session that answers from nothing: `SELECT … FROM t LIMIT n` gives n made-up rows of t (2 without LIMIT), a table name
 * that is not in the schema is refused as Cassandra does, `SELECT sleep FROM …` waits to be cancelled, other statements
 * are noted in `executed` and counted as rows of the memtable.
 */
export class FakeSession implements Session {
  readonly executed: string[] = [];
  readonly schema: Schema;
  keyspace: string | null = null;
  readonly dialect = 'explore';
  readonly description = { kind: 'database' as const, name: 'mydb', readOnly: false, notes: [] };
  readonly maintenance: NonNullable<Session['maintenance']>;
  closed = false;

  constructor(schema: Schema = schemaWith()) {
    this.schema = schema;
    const statistics = (): DatabaseStatistics => ({
      tables: [],
      memtableBytes: 0,
      memtableRows: this.executed.length,
      walBytes: 0,
      walSegments: 1,
      compactions: { completed: 0, bytesRead: 0, bytesWritten: 0 },
    });
    const refuse = (): never => {
      throw CqlError.invalidRequest('not in this test');
    };
    this.maintenance = {
      flush: async () => [],
      compact: refuse,
      compacting: () => null,
      maintenance: refuse,
      exportSSTables: refuse,
      importSSTables: refuse,
      setMergePolicy: refuse,
      write: refuse,
      stats: async () => statistics(),
    };
  }

  async execute(cql: Parameters<Session['execute']>[0], options: ExecuteOptions = {}): Promise<Result> {
    const text = typeof cql === 'string' ? cql : cql.text;
    const { statement } = parse(text);
    const base = { warnings: [], notes: [] };
    if (statement.kind === 'use') {
      this.keyspace = statement.keyspace.text;
      return { ...base, kind: 'keyspace', keyspace: this.keyspace };
    }
    if (statement.kind !== 'select') {
      this.executed.push(text);
      return { ...base, kind: 'void' };
    }
    return this.select(statement, text, options);
  }

  private async select(statement: SelectStatement, text: string, { signal }: ExecuteOptions): Promise<RowsResult> {
    const { keyspace, name } = statement.from ?? {};
    const table = findTable(this.schema, keyspace?.text ?? this.keyspace ?? '', name?.text ?? '');
    if (table === undefined) throw CqlError.invalidRequest(`table ${name?.text} does not exist`);
    if (/\bsleep\b/.test(text)) {
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
      throw new CqlError('ReadFailure', 'cancelled');
    }
    const limit = /\blimit\s+(\d+)/i.exec(text);
    return madeUpRows(table, limit === null ? 2 : Number(limit[1]));
  }

  async prepare(): Promise<never> {
    throw CqlError.invalidRequest('not in this test');
  }

  async executePrepared(): Promise<never> {
    throw CqlError.invalidRequest('not in this test');
  }

  async batch(): Promise<never> {
    throw CqlError.invalidRequest('not in this test');
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

const CHUNK_ROWS = 1_000;

export function madeUpRows(table: TableMetadata, count: number): RowsResult {
  const columns = Array.from(table.columns.values(), ({ name, type, kind }) => ({
    keyspace: table.keyspace,
    table: table.name,
    name,
    type,
    kind,
  }));
  const codecs = columns.map((column) => codecOf(column.type));
  const statistics: QueryStatistics = { ...newScanStatistics(), sstables: 1 };
  return {
    kind: 'rows',
    columns,
    warnings: [],
    notes: [],
    statistics,
    pagingState: () => null,
    close() {},
    async next() {
      const rowCount = Math.min(CHUNK_ROWS, count - statistics.rows);
      if (rowCount <= 0) return null;
      const first = statistics.rows;
      statistics.rows += rowCount;
      // As a real scan does, so that timers and keys are served.
      await new Promise((resolve) => setImmediate(resolve));
      const cells: (Uint8Array | null)[] = [];
      for (let row = first; row < first + rowCount; row++) {
        columns.forEach(({ type }, i) => {
          const value = madeUpValue(type, row);
          cells.push(value === null ? null : codecs[i].encode(value));
        });
      }
      return { rowCount, cells };
    },
  };
}

function madeUpValue(type: CqlType, row: number): CqlValue {
  if (type.kind !== 'native') return null;
  switch (type.name) {
    case 'int':
      return row;
    case 'double':
      return Math.round(Math.sin(row / 10) * 1000) / 10;
    case 'timestamp':
      return new Date(Date.UTC(2024, 0, 1) + row * 60_000);
    case 'boolean':
      return row % 2 === 0;
    default:
      return `text ${row}`;
  }
}
