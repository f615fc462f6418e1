import type { AlterTableStatement, MaskColumn } from '../../parser/ast/index.ts';
import {
  isCompactTable,
  isCounterTable,
  type KeyspaceMetadata,
  redefineTable,
  type Schema,
  type TableMetadata,
  viewsOf,
  withKeyspace,
  withTable,
} from '../model/index.ts';
import { didYouMean } from '../nearest-name.ts';
import { addColumns } from './add-columns.ts';
import { authorize } from './authorization.ts';
import { checkMaskingEnabled, resolveMask } from './column-mask.ts';
import { changed, type DdlContext, type DdlOutcome, unchanged } from './context.ts';
import { dropColumns } from './drop-columns.ts';
import { checkUserKeyspaceName, keyspaceOf, tableOrView } from './names.ts';
import { Properties } from './properties.ts';
import { invalid, misconfigured } from './refusal.ts';
import { renameColumns } from './rename-columns.ts';
import { tableData } from './resource-chain.ts';
import { checkTableOptions, checkValues, readTableOptions } from './table-options.ts';
import { checkTable } from './table-validation.ts';

/** ALTER TABLE (`AlterTableStatement`, 5.0.8). */
export function alterTable(schema: Schema, statement: AlterTableStatement, context: DdlContext): DdlOutcome {
  const { action } = statement;
  const properties = action.kind === 'alterOptions' ? new Properties(action.properties) : undefined;
  const keyspaceName = keyspaceOf(statement.name, context);
  const name = statement.name.name.text;
  authorize(schema, context, 'alter', tableData(keyspaceName, name));
  if (properties !== undefined) readTableOptions(properties, undefined, context);
  if (action.kind === 'maskColumn' && action.mask !== undefined) checkMaskingEnabled(context);
  checkUserKeyspaceName(keyspaceName);
  const target = tableOrView(schema, statement, keyspaceName);
  if (target === undefined) return unchanged(schema);
  const { keyspace, table } = target;
  if (table.view !== undefined) {
    throw invalid('Cannot use ALTER TABLE on a materialized view; use ALTER MATERIALIZED VIEW instead');
  }
  const altered = alter(schema, keyspace, table, statement, properties, context);
  if (altered === keyspace) return unchanged(schema);
  return changed(withKeyspace(schema, altered), { change: 'UPDATED', target: 'TABLE', keyspace: keyspaceName, name });
}

function alter(
  schema: Schema,
  keyspace: KeyspaceMetadata,
  table: TableMetadata,
  { action }: AlterTableStatement,
  properties: Properties | undefined,
  context: DdlContext,
): KeyspaceMetadata {
  switch (action.kind) {
    case 'alterColumnType':
      throw invalid('Altering column types is no longer supported', { position: action.position });
    case 'maskColumn':
      return maskColumn(schema, keyspace, table, action, context);
    case 'addColumns':
      return addColumns(schema, keyspace, table, action, context);
    case 'dropColumns':
      return dropColumns(keyspace, table, action, context);
    case 'renameColumns':
      return renameColumns(keyspace, table, action);
    case 'dropCompactStorage':
      return dropCompactStorage(keyspace, table, context);
    case 'alterOptions':
      return alterOptions(keyspace, table, properties ?? new Properties([]), context);
  }
}

function maskColumn(
  schema: Schema,
  keyspace: KeyspaceMetadata,
  table: TableMetadata,
  action: MaskColumn,
  context: DdlContext,
): KeyspaceMetadata {
  const name = action.column.text;
  const column = table.columns.get(name);
  if (column === undefined) {
    if (action.ifExists) return keyspace;
    throw invalid(`Column with name '${name}' doesn't exist on table '${table.name}'`, {
      position: action.column.position,
      suggestion: didYouMean(name, table.columns.keys()),
    });
  }
  const of = { schema, context, keyspace: keyspace.name, table: table.name, column: name, type: column.type };
  const mask = action.mask === undefined ? undefined : resolveMask(action.mask, of);
  const withMask = (each: TableMetadata): TableMetadata => {
    const columns = [...each.partitionKey, ...each.clustering, ...each.statics, ...each.regulars];
    return redefineTable(each, { columns: columns.map((c) => (c.name === name ? { ...c, mask } : c)) });
  };
  const masked = withMask(table);
  checkTable(masked);
  const views = viewsOf(keyspace, table).filter((view) => view.columns.has(name));
  return views.reduce((ks, view) => withTable(ks, withMask(view)), withTable(keyspace, masked));
}

function dropCompactStorage(keyspace: KeyspaceMetadata, table: TableMetadata, context: DdlContext): KeyspaceMetadata {
  if (!context.settings.dropCompactStorage && !context.trusted) {
    throw invalid('DROP COMPACT STORAGE is disabled. Enable in cassandra.yaml to use.');
  }
  if (!isCompactTable(table)) throw invalid('Cannot DROP COMPACT STORAGE on table without COMPACT STORAGE');
  const flags = isCounterTable(table) ? (['compound', 'counter'] as const) : (['compound'] as const);
  return withTable(keyspace, redefineTable(table, { flags }));
}

function alterOptions(
  keyspace: KeyspaceMetadata,
  table: TableMetadata,
  properties: Properties,
  context: DdlContext,
): KeyspaceMetadata {
  checkTableOptions(properties, context);
  if (properties.string('id') !== undefined) throw misconfigured('Cannot alter table id.');
  const options = readTableOptions(properties, table.options, context);
  if (isCounterTable(table) && options.default_time_to_live > 0) {
    throw invalid('Cannot set default_time_to_live on a table with counters');
  }
  if (options.gc_grace_seconds === 0 && viewsOf(keyspace, table).length > 0) {
    throw invalid(
      'Cannot alter gc_grace_seconds of the base table of a materialized view to 0, since this value is used to TTL ' +
        'undelivered updates. Setting gc_grace_seconds too low might cause undelivered updates to expire before ' +
        'being replayed.',
    );
  }
  checkValues(options);
  return withTable(keyspace, redefineTable(table, { options }));
}
