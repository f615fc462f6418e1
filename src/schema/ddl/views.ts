import type { AlterViewStatement, CreateViewStatement, DropViewStatement, Name } from '../../parser/ast/index.ts';
import { quoteIdentifier, toMarshalName } from '../../types/index.ts';
import { hashMapOrder, identifierHash } from '../java-order.ts';
import {
  type ColumnDefinition,
  type ColumnMetadata,
  defineTable,
  isCollectionType,
  isCounterTable,
  isMultiCell,
  type KeyspaceMetadata,
  redefineTable,
  type Schema,
  type TableMetadata,
  visibleColumn,
  withKeyspace,
  without,
  withTable,
} from '../model/index.ts';
import { didYouMean } from '../nearest-name.ts';
import { qualifiedName } from '../qualified-name.ts';
import { authorize } from './authorization.ts';
import { changed, type DdlContext, type DdlOutcome, unchanged } from './context.ts';
import { alreadyExists, checkDuplicateOrder } from './create-table.ts';
import { checkUserKeyspaceName, existingKeyspace, keyspaceOf, writtenName } from './names.ts';
import { checkKeyType } from './new-column.ts';
import { Properties } from './properties.ts';
import { invalid, misconfigured } from './refusal.ts';
import { tableData } from './resource-chain.ts';
import { checkTableOptions, checkValues, readTableId, readTableOptions } from './table-options.ts';
import { checkTable } from './table-validation.ts';
import { checkViewWhere, hasBindMarker } from './view-where.ts';
import { whereText } from './view-where-text.ts';

const VIEW_WARNING = 'Materialized views are experimental and are not recommended for production use.';

/** CREATE MATERIALIZED VIEW (`CreateViewStatement`, 5.0.8). */
export function createView(schema: Schema, statement: CreateViewStatement, context: DdlContext): DdlOutcome {
  const properties = new Properties(statement.properties);
  checkDuplicateOrder(statement.clusteringOrder, 'view', writtenName(statement.name));
  const keyspaceName = keyspaceOf(statement.name, context);
  const name = statement.name.name.text;
  if (statement.base.keyspace !== undefined && statement.base.keyspace.text !== keyspaceName) {
    throw invalid('Cannot create a materialized view on a table in a different keyspace');
  }
  if (hasBindMarker(statement.where)) {
    throw invalid('Bind variables are not allowed in CREATE MATERIALIZED VIEW statements');
  }
  authorize(schema, context, 'alter', tableData(keyspaceName, statement.base.name.text));
  checkUserKeyspaceName(keyspaceName);
  if (!context.settings.materializedViews && !context.trusted) {
    throw invalid('Materialized views are disabled. Enable in cassandra.yaml to use.');
  }
  const keyspace = existingKeyspace(schema, keyspaceName);
  const base = baseTable(keyspace, statement);
  if (keyspace.tables.has(name)) {
    throw invalid(`Cannot create materialized view '${name}' - a table with the same name already exists`);
  }
  if (keyspace.views.has(name)) {
    if (statement.ifNotExists) return unchanged(schema, [VIEW_WARNING]);
    throw alreadyExists(keyspaceName, name, statement.name.position);
  }
  checkBase(base, name);
  const selected = selectedColumns(statement, base, name);
  checkKey(statement, base, selected);
  const viewKey = [...statement.primaryKey.partitionKey, ...statement.primaryKey.clustering].map((key) => key.text);
  checkViewWhere(statement.where, base, name, viewKey);
  checkTableOptions(properties, context);
  if ((properties.integer('default_time_to_live') ?? 0) !== 0) {
    throw invalid(
      'Cannot set default_time_to_live for a materialized view. Data in a materialized view always expire at the ' +
        'same time than the corresponding data in the parent table.',
    );
  }
  const view = defineView(keyspaceName, statement, base, selected, properties, context);
  if (!context.trusted) checkTable(view);
  return changed(
    withKeyspace(schema, withTable(keyspace, view)),
    { change: 'CREATED', target: 'TABLE', keyspace: keyspaceName, name },
    [VIEW_WARNING],
  );
}

/** ALTER MATERIALIZED VIEW (`AlterViewStatement`, 5.0.8). */
export function alterView(schema: Schema, statement: AlterViewStatement, context: DdlContext): DdlOutcome {
  const properties = new Properties(statement.properties);
  const keyspaceName = keyspaceOf(statement.name, context);
  const name = statement.name.name.text;
  authorizeBase(schema, context, keyspaceName, name);
  checkUserKeyspaceName(keyspaceName);
  const keyspace = schema.keyspaces.get(keyspaceName);
  const view = keyspace?.views.get(name);
  if (keyspace === undefined || view === undefined) {
    if (statement.ifExists) return unchanged(schema);
    throw missingView(keyspaceName, statement.name.name, keyspace);
  }
  checkTableOptions(properties, context);
  if (properties.string('id') !== undefined) throw misconfigured('Cannot alter table id.');
  const options = readTableOptions(properties, view.options, context);
  if (options.gc_grace_seconds === 0) {
    throw invalid(
      'Cannot alter gc_grace_seconds of a materialized view to 0, since this value is used to TTL undelivered ' +
        'updates. Setting gc_grace_seconds too low might cause undelivered updates to expire before being replayed.',
    );
  }
  if (options.default_time_to_live > 0) {
    throw invalid(
      'Forbidden default_time_to_live detected for a materialized view. Data in a materialized view always expire at ' +
        'the same time than the corresponding data in the parent table. default_time_to_live must be set to zero, ' +
        'see CASSANDRA-12868 for more information',
    );
  }
  checkValues(options);
  const altered = withTable(keyspace, redefineTable(view, { options }));
  return changed(withKeyspace(schema, altered), { change: 'UPDATED', target: 'TABLE', keyspace: keyspaceName, name });
}

/** DROP MATERIALIZED VIEW (`DropViewStatement`, 5.0.8). */
export function dropView(schema: Schema, statement: DropViewStatement, context: DdlContext): DdlOutcome {
  const keyspaceName = keyspaceOf(statement.name, context);
  const name = statement.name.name.text;
  authorizeBase(schema, context, keyspaceName, name);
  checkUserKeyspaceName(keyspaceName);
  const keyspace = schema.keyspaces.get(keyspaceName);
  if (keyspace === undefined || !keyspace.views.has(name)) {
    if (statement.ifExists) return unchanged(schema);
    throw missingView(keyspaceName, statement.name.name, keyspace);
  }
  const shrunk = { ...keyspace, views: without(keyspace.views, name) };
  return changed(withKeyspace(schema, shrunk), { change: 'DROPPED', target: 'TABLE', keyspace: keyspaceName, name });
}

/** Views are their base table's owner's business. */
function authorizeBase(schema: Schema, context: DdlContext, keyspace: string, viewName: string): void {
  const view = schema.keyspaces.get(keyspace)?.views.get(viewName)?.view;
  if (view !== undefined) authorize(schema, context, 'alter', tableData(keyspace, view.baseTable));
}

function missingView(keyspaceName: string, name: Name, keyspace: KeyspaceMetadata | undefined): Error {
  return invalid(`Materialized view '${keyspaceName}.${name.text}' doesn't exist`, {
    position: name.position,
    suggestion: didYouMean(name.text, keyspace?.views.keys() ?? []),
  });
}

function baseTable(keyspace: KeyspaceMetadata, statement: CreateViewStatement): TableMetadata {
  const name = statement.base.name.text;
  const base = keyspace.tables.get(name);
  if (base !== undefined) return base;
  throw invalid(`Base table '${name}' doesn't exist`, {
    position: statement.base.position,
    suggestion: didYouMean(name, keyspace.tables.keys()),
  });
}

function checkBase(base: TableMetadata, viewName: string): void {
  if (isCounterTable(base)) throw invalid('Materialized views are not supported on counter tables');
  if (base.options.gc_grace_seconds !== 0) return;
  throw invalid(
    `Cannot create materialized view '${viewName}' for base table '${base.name}' with gc_grace_seconds of 0, since ` +
      'this value is used to TTL undelivered updates. Setting gc_grace_seconds too low might cause undelivered ' +
      'updates to expire before being replayed.',
  );
}

function selectedColumns(statement: CreateViewStatement, base: TableMetadata, viewName: string): Set<string> {
  const selected = new Set<string>();
  if (statement.selection.kind === 'allColumns') for (const name of base.columns.keys()) selected.add(name);
  else {
    for (const { expression, alias, position } of statement.selection.selectors) {
      if (alias !== undefined) {
        throw invalid(`Cannot use aliases when defining a materialized view (got ${alias.text})`, { position });
      }
      if (expression.kind !== 'column') {
        throw invalid('Can only select columns by name when defining a materialized view', { position });
      }
      const name = expression.name.text;
      if (visibleColumn(base, name) === undefined) {
        throw invalid(
          `Undefined column name ${quoteIdentifier(name)} in table ${qualifiedName(base.keyspace, base.name)}`,
          {
            position,
            suggestion: didYouMean(name, base.columns.keys()),
          },
        );
      }
      selected.add(name);
    }
  }
  const statics = [...selected].find((name) => base.columns.get(name)?.kind === 'static');
  if (statics !== undefined)
    throw invalid(`Cannot include static column '${statics}' in materialized view '${viewName}'`);
  return selected;
}

function checkKey(statement: CreateViewStatement, base: TableMetadata, selected: ReadonlySet<string>): void {
  const viewName = statement.name.name.text;
  const { partitionKey, clustering } = statement.primaryKey;
  if (partitionKey.length === 0) {
    throw invalid(`Must provide at least one partition key column for materialized view '${viewName}'`);
  }
  const key = new Set<string>();
  for (const { text: name, position } of [...partitionKey, ...clustering]) {
    const column = base.columns.get(name);
    if (column === undefined || !selected.has(name)) {
      throw invalid(`Unknown column '${name}' referenced in PRIMARY KEY for materialized view '${viewName}'`, {
        position,
        suggestion: didYouMean(name, selected),
      });
    }
    if (key.has(name)) {
      throw invalid(`Duplicate column '${name}' in PRIMARY KEY clause for materialized view '${viewName}'`, {
        position,
      });
    }
    key.add(name);
    checkKeyColumn(column);
  }
  const ordered = statement.clusteringOrder.map((order) => order.column.text);
  if (ordered.length > 0 && ordered.join('\0') !== clustering.map((name) => name.text).join('\0')) {
    throw invalid('Clustering key columns must exactly match columns in CLUSTERING ORDER BY directive');
  }
  const baseKey = [...base.partitionKey, ...base.clustering].map((column) => column.name);
  const missing = baseKey.filter((name) => !key.has(name));
  if (missing.length > 0) {
    throw invalid(
      `Cannot create materialized view '${viewName}' without primary key columns ${missing.join(', ')} ` +
        `from base table '${base.name}'`,
    );
  }
  const added = [...key].filter((name) => !baseKey.includes(name));
  if (added.length > 1) {
    throw invalid(
      'Cannot include more than one non-primary key column in materialized view primary key ' +
        `(got ${hashMapOrder(added, identifierHash).join(', ')})`,
    );
  }
}

function checkKeyColumn({ name, type }: ColumnMetadata): void {
  if (isMultiCell(type)) {
    const what = isCollectionType(type) ? 'collection' : 'user-defined';
    throw invalid(`Invalid non-frozen ${what} type '${toMarshalName(type)}' for PRIMARY KEY column '${name}'`);
  }
  checkKeyType(type, name);
}

function defineView(
  keyspace: string,
  statement: CreateViewStatement,
  base: TableMetadata,
  selected: ReadonlySet<string>,
  properties: Properties,
  context: DdlContext,
): TableMetadata {
  const { partitionKey, clustering } = statement.primaryKey;
  const directions = new Map(statement.clusteringOrder.map((order) => [order.column.text, order.direction]));
  const column = (name: string, kind: ColumnDefinition['kind']): ColumnDefinition => {
    const { type, mask, reversed } = base.columns.get(name)!;
    const direction = directions.get(name);
    return { name, kind, type, mask, reversed: kind === 'clustering' && (direction ? direction === 'desc' : reversed) };
  };
  const key = new Set([...partitionKey, ...clustering].map((name) => name.text));
  return defineTable({
    keyspace,
    name: statement.name.name.text,
    id: readTableId(properties) ?? context.newTableId(),
    columns: [
      ...partitionKey.map((name) => column(name.text, 'partition_key')),
      ...clustering.map((name) => column(name.text, 'clustering')),
      ...[...selected].filter((name) => !key.has(name)).map((name) => column(name, 'regular')),
    ],
    options: readTableOptions(properties, undefined, context),
    view: {
      baseTableId: base.id,
      baseTable: base.name,
      includeAllColumns: statement.selection.kind === 'allColumns',
      whereClause: whereText(statement.where),
    },
  });
}
