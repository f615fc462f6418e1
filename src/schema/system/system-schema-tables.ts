import type { TableMetadata } from '../model/index.ts';
import type { SystemTableText } from './define-system-table.ts';
import { LazyTables } from './lazy-tables.ts';

const DAY_SECONDS = 86_400;
const HOUR_MS = 3_600_000;

/** The options that `tables` and `views` keep alike. `auto_repair` is there only where auto-repair is on. */
const OPTION_COLUMNS =
  'additional_write_policy text, allow_auto_snapshot boolean, bloom_filter_fp_chance double, ' +
  'caching frozen<map<text, text>>, cdc boolean, comment text, compaction frozen<map<text, text>>, ' +
  'compression frozen<map<text, text>>, crc_check_chance double, dclocal_read_repair_chance double, ' +
  'default_time_to_live int, extensions frozen<map<text, blob>>, gc_grace_seconds int, id uuid, ' +
  'incremental_backups boolean, max_index_interval int, memtable text, memtable_flush_period_in_ms int, ' +
  'min_index_interval int, read_repair text, read_repair_chance double, speculative_retry text';

function define(name: string, id: string, comment: string, columns: string, ...clustering: string[]): SystemTableText {
  return {
    keyspace: 'system_schema',
    name,
    id,
    comment,
    columns: `keyspace_name text, ${columns}`,
    partitionKey: ['keyspace_name'],
    clustering,
    options: { gc_grace_seconds: 7 * DAY_SECONDS, memtable_flush_period_in_ms: HOUR_MS },
  };
}

/** The tables of `system_schema` (`schema/SchemaKeyspace`, 5.0.8), by name. */
export const systemSchemaTables: ReadonlyMap<string, TableMetadata> = new LazyTables([
  define(
    'keyspaces',
    'abac5682dea631c5b535b3d6cffd0fb6',
    'keyspace definitions',
    'durable_writes boolean, replication frozen<map<text, text>>',
  ),
  define(
    'tables',
    'afddfb9dbc1e30688056eed6c302ba09',
    'table definitions',
    `table_name text, flags frozen<set<text>>, ${OPTION_COLUMNS}`,
    'table_name',
  ),
  define(
    'columns',
    '24101c25a2ae3af787c1b40ee1aca33f',
    'column definitions',
    'table_name text, column_name text, clustering_order text, column_name_bytes blob, kind text, position int, type text',
    'table_name',
    'column_name',
  ),
  define(
    'column_masks',
    '738cc5ed01683268b9d1853d4bc278af',
    'column dynamic data masks',
    'table_name text, column_name text, function_keyspace text, function_name text, ' +
      'function_argument_types frozen<list<text>>, function_argument_values frozen<list<text>>, ' +
      'function_argument_nulls frozen<list<boolean>>',
    'table_name',
    'column_name',
  ),
  define(
    'dropped_columns',
    '5e7583b5f3f43af19a39b7e1d6f5f11f',
    'dropped column registry',
    'table_name text, column_name text, dropped_time timestamp, kind text, type text',
    'table_name',
    'column_name',
  ),
  define(
    'triggers',
    '4df70b666b05325195a132b54005fd48',
    'trigger definitions',
    'table_name text, trigger_name text, options frozen<map<text, text>>',
    'table_name',
    'trigger_name',
  ),
  define(
    'views',
    '9786ac1cdd583201a7cdad556410c985',
    'view definitions',
    'view_name text, base_table_id uuid, base_table_name text, where_clause text, include_all_columns boolean, ' +
      OPTION_COLUMNS,
    'view_name',
  ),
  define(
    'indexes',
    '0feb57ac311f382fba6d9024d305702f',
    'secondary index definitions',
    'table_name text, index_name text, kind text, options frozen<map<text, text>>',
    'table_name',
    'index_name',
  ),
  define(
    'types',
    '5a8b1ca866023f77a0459273d308917a',
    'user defined type definitions',
    'type_name text, field_names frozen<list<text>>, field_types frozen<list<text>>',
    'type_name',
  ),
  define(
    'functions',
    '96489b7980be3e14a70166a0b9159450',
    'user defined function definitions',
    'function_name text, argument_types frozen<list<text>>, argument_names frozen<list<text>>, body text, ' +
      'language text, return_type text, called_on_null_input boolean',
    'function_name',
    'argument_types',
  ),
  define(
    'aggregates',
    '924c55872e3a345bb10c12f37c1ba895',
    'user defined aggregate definitions',
    'aggregate_name text, argument_types frozen<list<text>>, final_func text, initcond text, return_type text, ' +
      'state_func text, state_type text',
    'aggregate_name',
    'argument_types',
  ),
]);
