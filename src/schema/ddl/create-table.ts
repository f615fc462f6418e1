import { CqlError } from '../../errors/index.ts';
import type { ClusteringOrder, CreateTableStatement, Name, TypeNode } from '../../parser/ast/index.ts';
import { type CqlType, cqlTypeName } from '../../types/index.ts';
import { hashMapOrder, identifierHash } from '../java-order.ts';
import {
  type ColumnMask,
  defineTable,
  findTableById,
  formatTableId,
  isCollectionType,
  isMultiCell,
  type Schema,
  type TableMetadata,
  type TableOptions,
  withKeyspace,
  withTable,
} from '../model/index.ts';
import { didYouMean } from '../nearest-name.ts';
import { authorize } from './authorization.ts';
import { checkMaskingEnabled, resolveMask } from './column-mask.ts';
import { defineCompactTable } from './compact-table.ts';
import { changed, type DdlContext, type DdlOutcome, unchanged } from './context.ts';
import { checkUserKeyspaceName, existingKeyspace, keyspaceOf, writtenName } from './names.ts';
import { checkCounters, checkKeyType, type NewColumn, uselessStatic } from './new-column.ts';
import { Properties } from './properties.ts';
import { isCounterNode, resolveType, type TypeScope } from './raw-type.ts';
import { invalid } from './refusal.ts';
import { allTables } from './resource-chain.ts';
import { checkTableOptions, readTableId, readTableOptions } from './table-options.ts';
import { checkTable } from './table-validation.ts';

/** What the statement says of the key, before it is compared with the columns. */
interface WrittenKey {
  readonly partitionKey: readonly Name[];
  readonly clustering: readonly Name[];
}

/** CREATE TABLE (`CreateTableStatement`, 5.0.8). */
export function createTable(schema: Schema, statement: CreateTableStatement, context: DdlContext): DdlOutcome {
  checkDuplicateColumns(statement);
  const properties = new Properties(statement.properties);
  const key = writtenKey(statement);
  checkDuplicateOrder(statement.clusteringOrder, 'table', writtenName(statement.name));
  const keyspaceName = keyspaceOf(statement.name, context);
  authorize(schema, context, 'create', allTables(keyspaceName));
  const name = statement.name.name.text;
  const options = readTableOptions(properties, undefined, context);
  for (const column of statement.columns) if (column.mask !== undefined) checkMaskingEnabled(context);
  checkUserKeyspaceName(keyspaceName);
  const keyspace = existingKeyspace(schema, keyspaceName);
  if (keyspace.tables.has(name) || keyspace.views.has(name)) {
    if (statement.ifNotExists && keyspace.tables.has(name)) return unchanged(schema);
    throw alreadyExists(keyspaceName, name, statement.name.position);
  }
  checkTableOptions(properties, context);
  const scope: TypeScope = { keyspace: keyspaceName, types: keyspace.types, trusted: context.trusted };
  const table = defineNewTable(statement, key, options, properties, scope, schema, context);
  checkNewId(schema, table);
  if (!context.trusted) checkTable(table);
  return changed(withKeyspace(schema, withTable(keyspace, table)), {
    change: 'CREATED',
    target: 'TABLE',
    keyspace: keyspaceName,
    name,
  });
}

/** Two tables of one id would share a directory; Cassandra fails on them with a server error. */
function checkNewId(schema: Schema, table: TableMetadata): void {
  const other = findTableById(schema, table.id);
  if (other === undefined) return;
  throw invalid(`Table id ${formatTableId(table.id)} is already that of ${other.keyspace}.${other.name}`);
}

export function alreadyExists(keyspace: string, table: string, position?: Name['position']): CqlError {
  return new CqlError('AlreadyExists', `Cannot add already existing table "${table}" to keyspace "${keyspace}"`, {
    position,
  });
}

/** CLUSTERING ORDER BY names a column twice. */
export function checkDuplicateOrder(orders: readonly ClusteringOrder[], what: 'table' | 'view', name: string): void {
  const seen = new Set<string>();
  for (const { column } of orders) {
    if (seen.has(column.text)) {
      throw invalid(`Duplicate column '${column.text}' in CLUSTERING ORDER BY clause for ${what} '${name}'`, {
        position: column.position,
      });
    }
    seen.add(column.text);
  }
}

function checkDuplicateColumns(statement: CreateTableStatement): void {
  const seen = new Set<string>();
  for (const { name } of statement.columns) {
    if (seen.has(name.text)) {
      throw invalid(`Duplicate column '${name.text}' declaration for table '${writtenName(statement.name)}'`, {
        position: name.position,
      });
    }
    seen.add(name.text);
  }
}

function writtenKey(statement: CreateTableStatement): WrittenKey {
  const keys: WrittenKey[] = [
    ...statement.columns
      .filter((column) => column.primaryKey)
      .map((column) => ({ partitionKey: [column.name], clustering: [] })),
    ...statement.primaryKeys,
  ];
  const table = writtenName(statement.name);
  if (keys.length > 1) throw invalid(`Multiple PRIMARY KEY specified for table '${table}' (exactly one required)`);
  if (keys.length === 0) throw invalid(`No PRIMARY KEY specifed for table '${table}' (exactly one required)`);
  return keys[0];
}

function defineNewTable(
  statement: CreateTableStatement,
  key: WrittenKey,
  options: TableOptions,
  properties: Properties,
  scope: TypeScope,
  schema: Schema,
  context: DdlContext,
): TableMetadata {
  const columns = resolveColumns(statement, scope, schema, context);
  for (const column of columns.values()) {
    if (column.type.kind === 'udt' && !column.type.frozen && column.type.fields.some((f) => isMultiCell(f.type))) {
      throw invalid('Non-frozen UDTs with nested non-frozen collections are not supported');
    }
  }
  checkKeyColumns(statement, key, columns);
  const reversed = checkClusteringOrder(statement, key, context);
  const table = {
    keyspace: scope.keyspace,
    name: statement.name.name.text,
    id: readTableId(properties) ?? context.newTableId(),
    options,
  };
  const partitionKey = key.partitionKey.map((name) => columns.get(name.text)!);
  const clustering = key.clustering.map((name) => ({
    ...columns.get(name.text)!,
    reversed: reversed.has(name.text),
  }));
  const keyNames = new Set([...key.partitionKey, ...key.clustering].map((name) => name.text));
  const others = [...columns.values()].filter((column) => !keyNames.has(column.name));
  const hasStatic = [...columns.values()].some((column) => column.static);
  const hasCounters = statement.columns.some((column) => isCounterNode(column.type));
  if (statement.compactStorage) {
    return defineCompactTable({ ...table, partitionKey, clustering, others, hasCounters });
  }
  if (clustering.length === 0 && hasStatic) throw uselessStatic();
  checkCounters(hasCounters, others, options);
  return defineTable({
    ...table,
    columns: [
      ...partitionKey.map((column) => ({ ...keyColumn(column), kind: 'partition_key' as const })),
      ...clustering.map((column) => ({
        ...keyColumn(column),
        kind: 'clustering' as const,
        reversed: column.reversed,
      })),
      ...others.map((column) => ({
        ...keyColumn(column),
        kind: column.static ? ('static' as const) : ('regular' as const),
      })),
    ],
    flags: hasCounters ? ['compound', 'counter'] : ['compound'],
  });
}

function keyColumn(column: NewColumn): { name: string; type: CqlType; mask: ColumnMask | undefined } {
  return { name: column.name, type: column.type, mask: column.mask };
}

/** Resolves types in the order in which Cassandra meets them, so that the same one is refused first. */
function resolveColumns(
  statement: CreateTableStatement,
  scope: TypeScope,
  schema: Schema,
  context: DdlContext,
): Map<string, NewColumn> {
  const written = new Map(statement.columns.map((column) => [column.name.text, column]));
  const resolved = new Map<string, NewColumn>();
  for (const name of hashMapOrder(written.keys(), identifierHash)) {
    const column = written.get(name)!;
    const type = resolveType(column.type, scope);
    const mask =
      column.mask === undefined
        ? undefined
        : resolveMask(column.mask, {
            schema,
            context,
            keyspace: scope.keyspace,
            table: statement.name.name.text,
            column: name,
            type,
          });
    resolved.set(name, {
      name,
      type,
      static: column.static,
      mask,
      typeText: preparedTypeText(column.type, type, scope),
    });
  }
  const names = [...resolved.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return new Map(names.map((name) => [name, resolved.get(name)!]));
}

/** A bare user type prints as one quoted word, `"ks.type"`: Cassandra keeps its qualified name so. */
function preparedTypeText(node: TypeNode, type: CqlType, scope: TypeScope): string {
  return node.kind === 'userType' ? `"${scope.keyspace}.${node.name.name.text}"` : cqlTypeName(type);
}

function checkKeyColumns(
  statement: CreateTableStatement,
  key: WrittenKey,
  columns: ReadonlyMap<string, NewColumn>,
): void {
  const table = statement.name.name.text;
  const seen = new Set<string>();
  for (const { text: name, position } of [...key.partitionKey, ...key.clustering]) {
    const column = columns.get(name);
    if (column === undefined) {
      throw invalid(`Unknown column '${name}' referenced in PRIMARY KEY for table '${table}'`, {
        position,
        suggestion: didYouMean(name, columns.keys()),
      });
    }
    if (seen.has(name)) {
      throw invalid(`Duplicate column '${name}' in PRIMARY KEY clause for table '${table}'`, { position });
    }
    seen.add(name);
    if (isMultiCell(column.type)) {
      const what = isCollectionType(column.type) ? 'collection' : 'user-defined';
      throw invalid(`Invalid non-frozen ${what} type ${column.typeText} for PRIMARY KEY column '${name}'`, {
        position,
      });
    }
    checkKeyType(column.type, name);
    if (column.static) throw invalid(`Static column '${name}' cannot be part of the PRIMARY KEY`, { position });
  }
}

/** Names of the columns that are DESC. */
function checkClusteringOrder(statement: CreateTableStatement, key: WrittenKey, context: DdlContext): Set<string> {
  const clustering = key.clustering.map((name) => name.text);
  const ordered = statement.clusteringOrder.map((order) => order.column.text);
  const strangers = ordered.filter((name) => !clustering.includes(name));
  // DESCRIBE prints the order of a compact table's hidden clustering column too.
  if (strangers.length > 0 && context.trusted && statement.compactStorage) return new Set();
  if (strangers.length > 0) {
    throw invalid(
      `Only clustering key columns can be defined in CLUSTERING ORDER directive: [${strangers.join(', ')}] ` +
        'are not clustering columns',
    );
  }
  ordered.forEach((name, i) => {
    const expected = clustering[i];
    if (name === expected) return;
    if (!ordered.includes(expected)) throw invalid(`Missing CLUSTERING ORDER for column ${expected}`);
    throw invalid(
      'The order of columns in the CLUSTERING ORDER directive must match that of the clustering columns ' +
        `(${expected} must appear before ${name})`,
    );
  });
  const descending = statement.clusteringOrder.filter((order) => order.direction === 'desc');
  return new Set(descending.map((order) => order.column.text));
}
