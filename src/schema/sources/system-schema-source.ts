import { CorruptionError, CqlError } from '../../errors/index.ts';
import { type CqlType, codecOf, parseCqlTypeName, type UserType } from '../../types/index.ts';
import {
  type AggregateMetadata,
  type ColumnDefinition,
  type ColumnMask,
  type DroppedColumn,
  defaultTableOptions,
  defineTable,
  emptyKeyspace,
  emptySchema,
  type FunctionMetadata,
  type IndexMetadata,
  type KeyspaceMetadata,
  type Schema,
  type TableDefinition,
  type TableFlag,
  type TableMetadata,
  type TableOptions,
} from '../model/index.ts';
import type { SystemRow } from '../system/index.ts';
import { systemSchemaTables } from '../system/index.ts';
import { RowReader } from './row-reader.ts';

/** All rows of one table of `system_schema`, in any order; the storage side reads them from SSTables. */
export type SystemRowSource = (table: TableMetadata) => AsyncIterable<SystemRow>;

export interface SchemaFromRows {
  readonly schema: Schema;
  /** What could not be understood and was left out: a table without columns, a type of an unknown class. */
  readonly problems: readonly (CqlError | CorruptionError)[];
}

/** A node's schema from its own `system_schema` tables (`schema/SchemaKeyspace.fetchKeyspaces`, 5.0.8). No parser. */
export async function schemaFromSystemTables(source: SystemRowSource): Promise<SchemaFromRows> {
  const rows = await readAll(source);
  const problems: (CqlError | CorruptionError)[] = [];
  const keyspaces = new Map<string, KeyspaceMetadata>();
  for (const row of rows.of('keyspaces')) {
    const name = row.text('keyspace_name') ?? '';
    keyspaces.set(name, new KeyspaceReader(name, row, rows, problems).read());
  }
  return { schema: { ...emptySchema, keyspaces }, problems };
}

/** Rows by table and keyspace. */
class SystemRows {
  private readonly byTable = new Map<string, RowReader[]>();

  add(table: string, rows: RowReader[]): void {
    this.byTable.set(table, rows);
  }

  of(table: string, keyspace?: string): RowReader[] {
    const rows = this.byTable.get(table) ?? [];
    return keyspace === undefined ? rows : rows.filter((row) => row.text('keyspace_name') === keyspace);
  }
}

async function readAll(source: SystemRowSource): Promise<SystemRows> {
  const rows = new SystemRows();
  for (const table of systemSchemaTables.values()) {
    const readers: RowReader[] = [];
    for await (const row of source(table)) readers.push(new RowReader(table, row));
    rows.add(table.name, readers);
  }
  return rows;
}

class KeyspaceReader {
  private readonly name: string;
  private readonly row: RowReader;
  private readonly rows: SystemRows;
  private readonly problems: (CqlError | CorruptionError)[];
  private readonly types = new Map<string, UserType>();
  private readonly typeRows: ReadonlyMap<string, RowReader>;

  constructor(name: string, row: RowReader, rows: SystemRows, problems: (CqlError | CorruptionError)[]) {
    this.name = name;
    this.row = row;
    this.rows = rows;
    this.problems = problems;
    this.typeRows = new Map(rows.of('types', name).map((each) => [each.text('type_name') ?? '', each]));
  }

  read(): KeyspaceMetadata {
    for (const typeName of this.typeRows.keys()) this.attempt(() => this.userType(typeName));
    const functions = this.each('functions', (row) => this.readFunction(row));
    const aggregates = this.each('aggregates', (row) => this.readAggregate(row));
    const tables = this.each('tables', (row) => this.readTable(row, row.text('table_name') ?? '', 'table'));
    const views = this.each('views', (row) => this.readTable(row, row.text('view_name') ?? '', 'view'));
    return {
      ...emptyKeyspace(
        this.name,
        this.row.textMap('replication') ?? new Map(),
        this.row.boolean('durable_writes') ?? true,
      ),
      types: this.types,
      functions,
      aggregates,
      tables: new Map(tables.map((table) => [table.name, table])),
      views: new Map(views.map((view) => [view.name, view])),
    };
  }

  /** One bad row does not hide the others. */
  private each<T>(table: string, read: (row: RowReader) => T): T[] {
    return this.rows.of(table, this.name).flatMap((row) => this.attempt(() => read(row)) ?? []);
  }

  private attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof CqlError) && !(error instanceof CorruptionError)) throw error;
      this.problems.push(error);
      return undefined;
    }
  }

  private type(text: string): CqlType {
    return parseCqlTypeName(text, (name, keyspace) =>
      keyspace === null || keyspace === this.name ? this.userType(name) : null,
    );
  }

  /** Read when first asked for, since types name each other in any order. */
  private userType(name: string): UserType | null {
    const known = this.types.get(name);
    if (known !== undefined) return known;
    const row = this.typeRows.get(name);
    if (row === undefined) return null;
    const types = row.textList('field_types');
    const fields = row.textList('field_names').map((field, i) => ({ name: field, type: this.type(types[i] ?? '') }));
    const type: UserType = { kind: 'udt', keyspace: this.name, name, fields, frozen: false };
    this.types.set(name, type);
    return type;
  }

  private readTable(row: RowReader, name: string, what: 'table' | 'view'): TableMetadata {
    const columns = this.readColumns(name);
    if (!columns.some((column) => column.kind === 'partition_key')) {
      throw CqlError.invalidRequest(`system_schema.columns has no partition key of ${this.name}.${name}`);
    }
    const definition: TableDefinition = {
      keyspace: this.name,
      name,
      id: (row.text('id') ?? '').replaceAll('-', ''),
      columns,
      dropped: this.ofTable('dropped_columns', name, (each) => this.readDropped(each)),
      options: readOptions(row),
    };
    if (what === 'view') {
      return defineTable({
        ...definition,
        view: {
          baseTableId: (row.text('base_table_id') ?? '').replaceAll('-', ''),
          baseTable: row.text('base_table_name') ?? '',
          includeAllColumns: row.boolean('include_all_columns') ?? false,
          whereClause: row.text('where_clause') ?? '',
        },
      });
    }
    return defineTable({
      ...definition,
      flags: readFlags(row),
      indexes: this.ofTable('indexes', name, readIndex),
      triggers: this.ofTable('triggers', name, (each) => ({
        name: each.text('trigger_name') ?? '',
        className: each.textMap('options')?.get('class') ?? '',
      })),
    });
  }

  private ofTable<T>(table: string, name: string, read: (row: RowReader) => T): T[] {
    return this.rows
      .of(table, this.name)
      .filter((row) => row.text('table_name') === name)
      .map(read);
  }

  private readColumns(table: string): ColumnDefinition[] {
    const masks = new Map(this.ofTable('column_masks', table, (row) => [row.text('column_name') ?? '', row]));
    const columns = this.ofTable('columns', table, (row) => {
      const name = row.text('column_name') ?? '';
      const maskRow = masks.get(name);
      return {
        position: row.number('position') ?? 0,
        definition: {
          name,
          kind: columnKind(row),
          type: this.type(row.text('type') ?? ''),
          reversed: row.text('clustering_order')?.toLowerCase() === 'desc',
          mask: maskRow === undefined ? undefined : this.readMask(maskRow),
        },
      };
    });
    return columns.sort((a, b) => a.position - b.position).map((column) => column.definition);
  }

  private readMask(row: RowReader): ColumnMask {
    const types = row.textList('function_argument_types').map((text) => this.type(text));
    const texts = row.textList('function_argument_values');
    const nulls = row.list('function_argument_nulls');
    return {
      functionKeyspace: row.text('function_keyspace') ?? 'system',
      functionName: row.text('function_name') ?? '',
      arguments: types.map((type, i) => ({
        type,
        bytes: nulls[i] === true ? null : codecOf(type).fromString(texts[i]),
      })),
    };
  }

  private readDropped(row: RowReader): DroppedColumn {
    return {
      name: row.text('column_name') ?? '',
      kind: row.text('kind') === 'static' ? 'static' : 'regular',
      type: this.type(row.text('type') ?? ''),
      // Kept in milliseconds there.
      droppedTimeMicros: (row.millis('dropped_time') ?? 0n) * 1000n,
    };
  }

  private readFunction(row: RowReader): FunctionMetadata {
    return {
      keyspace: this.name,
      name: row.text('function_name') ?? '',
      argumentNames: row.textList('argument_names'),
      argumentTypes: row.textList('argument_types').map((text) => this.type(text)),
      returnType: this.type(row.text('return_type') ?? ''),
      calledOnNullInput: row.boolean('called_on_null_input') ?? false,
      deterministic: false,
      monotonic: false,
      monotonicOn: [],
      language: row.text('language') ?? '',
      body: row.text('body') ?? '',
    };
  }

  private readAggregate(row: RowReader): AggregateMetadata {
    return {
      keyspace: this.name,
      name: row.text('aggregate_name') ?? '',
      argumentTypes: row.textList('argument_types').map((text) => this.type(text)),
      returnType: this.type(row.text('return_type') ?? ''),
      stateFunction: row.text('state_func') ?? '',
      stateType: this.type(row.text('state_type') ?? ''),
      finalFunction: row.text('final_func'),
      initialCondition: row.text('initcond'),
      deterministic: false,
    };
  }
}

function columnKind(row: RowReader): ColumnDefinition['kind'] {
  const kind = row.text('kind')?.toLowerCase();
  switch (kind) {
    case 'partition_key':
    case 'clustering':
    case 'static':
    case 'regular':
      return kind;
    default:
      throw CqlError.invalidRequest(
        `system_schema.columns has a column ${row.text('table_name')}.${row.text('column_name')} of unknown kind ${kind}`,
      );
  }
}

const FLAGS: readonly TableFlag[] = ['compound', 'dense', 'super', 'counter'];

function readFlags(row: RowReader): TableFlag[] {
  const flags = new Set(row.list('flags').map((flag) => String(flag).toLowerCase()));
  return FLAGS.filter((flag) => flags.has(flag));
}

function readIndex(row: RowReader): IndexMetadata {
  const kind = row.text('kind');
  return {
    name: row.text('index_name') ?? '',
    kind: kind === 'KEYS' || kind === 'CUSTOM' ? kind : 'COMPOSITES',
    options: row.textMap('options') ?? new Map(),
  };
}

/** Columns that older versions lack are null here, and have their defaults. */
function readOptions(row: RowReader): TableOptions {
  const d = defaultTableOptions;
  return {
    additional_write_policy: row.text('additional_write_policy') ?? d.additional_write_policy,
    allow_auto_snapshot: row.boolean('allow_auto_snapshot') ?? d.allow_auto_snapshot,
    bloom_filter_fp_chance: row.number('bloom_filter_fp_chance') ?? d.bloom_filter_fp_chance,
    caching: row.textMap('caching') ?? d.caching,
    cdc: row.boolean('cdc') ?? d.cdc,
    comment: row.text('comment') ?? d.comment,
    compaction: row.textMap('compaction') ?? d.compaction,
    compression: row.textMap('compression') ?? d.compression,
    memtable: row.text('memtable') ?? d.memtable,
    crc_check_chance: row.number('crc_check_chance') ?? d.crc_check_chance,
    default_time_to_live: row.number('default_time_to_live') ?? d.default_time_to_live,
    extensions: row.hexMap('extensions'),
    gc_grace_seconds: row.number('gc_grace_seconds') ?? d.gc_grace_seconds,
    incremental_backups: row.boolean('incremental_backups') ?? d.incremental_backups,
    max_index_interval: row.number('max_index_interval') ?? d.max_index_interval,
    memtable_flush_period_in_ms: row.number('memtable_flush_period_in_ms') ?? d.memtable_flush_period_in_ms,
    min_index_interval: row.number('min_index_interval') ?? d.min_index_interval,
    read_repair: row.text('read_repair') ?? d.read_repair,
    speculative_retry: row.text('speculative_retry') ?? d.speculative_retry,
  };
}
