import { invariant } from '../../errors/index.ts';
import { type CqlValue, codecOf, cqlTypeName, freezeType } from '../../types/index.ts';
import { signatureType } from '../describe/index.ts';
import {
  type ColumnMetadata,
  defaultTableOptions,
  formatTableId,
  type KeyspaceMetadata,
  type Schema,
  type TableMetadata,
  type TableOptions,
} from '../model/index.ts';
import { encodeRow, type SystemRow } from './row.ts';
import { systemSchemaTables } from './system-schema-tables.ts';

/**
 * The rows of one `system_schema` table that tell of the schema (`schema/SchemaKeyspace`, 5.0.8), keyspace by keyspace,
 * each in clustering order.
 */
export function systemSchemaRows(schema: Schema, tableName: string): SystemRow[] {
  const table = systemSchemaTables.get(tableName);
  invariant(table !== undefined, `system_schema has no table ${tableName}`);
  const keyspaces = [...schema.keyspaces.values()];
  return keyspaces.flatMap((keyspace) =>
    rowsOf(keyspace, tableName)
      .map((values) => encodeRow(table, { keyspace_name: keyspace.name, ...values }))
      .sort((a, b) => compareClustering(table, a, b)),
  );
}

type Values = Readonly<Record<string, CqlValue>>;

function rowsOf(keyspace: KeyspaceMetadata, tableName: string): Values[] {
  const tables = [...keyspace.tables.values()];
  const all = [...tables, ...keyspace.views.values()];
  switch (tableName) {
    case 'keyspaces':
      return [{ durable_writes: keyspace.durableWrites, replication: keyspace.replication }];
    case 'tables':
      return tables.map((table) => ({ table_name: table.name, flags: table.flags, ...optionValues(table) }));
    case 'views':
      return [...keyspace.views.values()].map(viewValues);
    case 'columns':
      return all.flatMap((table) => [...table.columns.values()].map((column) => columnValues(table, column)));
    case 'column_masks':
      return all.flatMap(maskValues);
    case 'dropped_columns':
      return all.flatMap(droppedValues);
    case 'triggers':
      return tables.flatMap((table) =>
        [...table.triggers.values()].map((trigger) => ({
          table_name: table.name,
          trigger_name: trigger.name,
          options: new Map([['class', trigger.className]]),
        })),
      );
    case 'indexes':
      return tables.flatMap((table) =>
        [...table.indexes.values()].map((index) => ({
          table_name: table.name,
          index_name: index.name,
          kind: index.kind,
          options: index.options,
        })),
      );
    case 'types':
      return [...keyspace.types.values()].map((type) => ({
        type_name: type.name,
        field_names: type.fields.map((field) => field.name),
        field_types: type.fields.map((field) => cqlTypeName(field.type)),
      }));
    case 'functions':
      return keyspace.functions.map((fn) => ({
        function_name: fn.name,
        argument_types: fn.argumentTypes.map(signatureType),
        argument_names: fn.argumentNames,
        body: fn.body,
        language: fn.language,
        return_type: cqlTypeName(fn.returnType),
        called_on_null_input: fn.calledOnNullInput,
      }));
    default:
      return keyspace.aggregates.map((aggregate) => ({
        aggregate_name: aggregate.name,
        argument_types: aggregate.argumentTypes.map(signatureType),
        final_func: aggregate.finalFunction,
        initcond: aggregate.initialCondition,
        return_type: cqlTypeName(aggregate.returnType),
        state_func: aggregate.stateFunction,
        state_type: cqlTypeName(aggregate.stateType),
      }));
  }
}

/** As Cassandra with CDC off: options that older versions lack are written only when they are not the default. */
function optionValues({ id, options }: TableMetadata): Values {
  const unlessDefault = <K extends keyof TableOptions>(name: K): TableOptions[K] | null =>
    options[name] === defaultTableOptions[name] ? null : options[name];
  const extensions = [...options.extensions].map(([name, hex]): [string, Uint8Array] => [
    name,
    Buffer.from(hex.slice(2), 'hex'),
  ]);
  return {
    id: formatTableId(id),
    additional_write_policy: options.additional_write_policy,
    allow_auto_snapshot: unlessDefault('allow_auto_snapshot'),
    bloom_filter_fp_chance: options.bloom_filter_fp_chance,
    caching: options.caching,
    cdc: unlessDefault('cdc'),
    comment: options.comment,
    compaction: options.compaction,
    compression: options.compression,
    crc_check_chance: options.crc_check_chance,
    dclocal_read_repair_chance: 0,
    default_time_to_live: options.default_time_to_live,
    extensions: new Map(extensions),
    gc_grace_seconds: options.gc_grace_seconds,
    incremental_backups: unlessDefault('incremental_backups'),
    max_index_interval: options.max_index_interval,
    memtable: unlessDefault('memtable'),
    memtable_flush_period_in_ms: options.memtable_flush_period_in_ms,
    min_index_interval: options.min_index_interval,
    read_repair: options.read_repair,
    read_repair_chance: 0,
    speculative_retry: options.speculative_retry,
  };
}

function viewValues(view: TableMetadata): Values {
  return {
    view_name: view.name,
    base_table_id: formatTableId(view.view?.baseTableId ?? view.id),
    base_table_name: view.view?.baseTable ?? null,
    where_clause: view.view?.whereClause ?? null,
    include_all_columns: view.view?.includeAllColumns ?? null,
    ...optionValues(view),
  };
}

/** The values that `system_schema.columns` and `system_virtual_schema.columns` have in common. */
export function columnValues(table: TableMetadata, column: ColumnMetadata): Values {
  const isKey = column.kind === 'partition_key' || column.kind === 'clustering';
  const order = column.kind === 'clustering' ? (column.reversed ? 'desc' : 'asc') : 'none';
  return {
    table_name: table.name,
    column_name: column.name,
    clustering_order: order,
    column_name_bytes: Buffer.from(column.name),
    kind: column.kind,
    position: isKey ? column.position : -1,
    type: cqlTypeName(column.type),
  };
}

function maskValues(table: TableMetadata): Values[] {
  return [...table.columns.values()].flatMap(({ name, mask }) => {
    if (mask === undefined) return [];
    return {
      table_name: table.name,
      column_name: name,
      function_keyspace: mask.functionKeyspace,
      function_name: mask.functionName,
      function_argument_types: mask.arguments.map((argument) => cqlTypeName(argument.type)),
      function_argument_values: mask.arguments.map(({ type, bytes }) =>
        bytes === null ? '' : codecOf(type).toDisplayString(bytes, 0, bytes.length),
      ),
      function_argument_nulls: mask.arguments.map((argument) => argument.bytes === null),
    };
  });
}

function droppedValues(table: TableMetadata): Values[] {
  return [...table.dropped.values()].map((column) => ({
    table_name: table.name,
    column_name: column.name,
    dropped_time: column.droppedTimeMicros / 1000n,
    kind: column.kind,
    type: cqlTypeName(column.type),
  }));
}

function compareClustering(table: TableMetadata, a: SystemRow, b: SystemRow): number {
  for (const { name, type } of table.clustering) {
    const left = a[name] ?? new Uint8Array(0);
    const right = b[name] ?? new Uint8Array(0);
    const order = codecOf(freezeType(type)).compare(left, 0, left.length, right, 0, right.length);
    if (order !== 0) return order;
  }
  return 0;
}
