import {
  type ColumnMetadata,
  findTable,
  type KeyspaceMetadata,
  type Schema,
  type TableMetadata,
} from '../../schema/model/index.ts';
import { type CqlType, cqlTypeName, quoteIdentifier } from '../../types/index.ts';
import type { Candidate } from './candidate.ts';
import type { ClausePlace } from './clause.ts';

/** What names may mean at the cursor. */
export interface CompletionScope {
  readonly schema: Schema;
  readonly keyspace: string | null;
  /** What file names count from. */
  readonly directory: string;
}

export function keyspaceCandidates({ schema }: CompletionScope, behind = ''): Candidate[] {
  return [...schema.keyspaces.values()].sort(systemLast).map(({ name }) => ({
    kind: 'keyspace',
    label: name,
    insert: quoteIdentifier(name) + behind,
    detail: 'keyspace',
  }));
}

/** Tables of the keyspace named or in use; without a qualifier also keyspaces, to go on with a dot. */
export function tableCandidates(
  scope: CompletionScope,
  qualifier: string | undefined,
  withViews: boolean,
): Candidate[] {
  const space = qualifier ?? scope.keyspace;
  const keyspace = space === null ? undefined : scope.schema.keyspaces.get(space);
  const tables = keyspace === undefined ? [] : tablesOf(keyspace, withViews);
  return qualifier === undefined ? [...tables, ...keyspaceCandidates(scope, '.')] : tables;
}

function tablesOf(keyspace: KeyspaceMetadata, withViews: boolean): Candidate[] {
  const describe =
    (kind: 'table' | 'view') =>
    (table: TableMetadata): Candidate => ({
      kind,
      label: table.name,
      insert: quoteIdentifier(table.name),
      detail: `${kind === 'view' ? 'view ' : ''}(${keyText(table)})`,
    });
  return [
    ...Array.from(keyspace.tables.values(), describe('table')),
    ...(withViews ? Array.from(keyspace.views.values(), describe('view')) : []),
  ];
}

/** `a, b, ck`: the primary key, the partition key in brackets when it has several columns. */
function keyText({ partitionKey, clustering }: TableMetadata): string {
  const partition = partitionKey.map(({ name }) => name).join(', ');
  return [partitionKey.length > 1 ? `(${partition})` : partition, ...clustering.map(({ name }) => name)].join(', ');
}

/** The columns that may stand in the clause, the likely ones first. */
export function columnCandidates(table: TableMetadata, place: ClausePlace): Candidate[] {
  const given = new Set(place.given);
  const { partitionKey, clustering, statics, regulars } = table;
  const keys = [...partitionKey, ...clustering];
  const others = [...statics, ...regulars];
  const missing = (columns: readonly ColumnMetadata[]): ColumnMetadata[] =>
    columns.filter((column) => !given.has(column.name));
  switch (place.clause) {
    case 'insert-columns':
      return missing([...keys, ...others]).map(columnCandidate);
    case 'where':
      return missing([...keys, ...indexedFirst(table, others)]).map(columnCandidate);
    case 'set':
    case 'delete':
      return missing(others).map(columnCandidate);
    case 'if':
      return others.map(columnCandidate);
    case 'order':
      return missing([...clustering, ...others]).map(columnCandidate);
    case 'group':
      return missing([...keys, ...others]).map(columnCandidate);
    default:
      return [...keys, ...others].map(columnCandidate);
  }
}

export function columnCandidate(column: ColumnMetadata): Candidate {
  const role =
    column.kind === 'partition_key'
      ? ' partition key'
      : column.kind === 'clustering'
        ? ` clustering${column.reversed ? ' desc' : ''}`
        : column.kind === 'static'
          ? ' static'
          : '';
  return {
    kind: 'column',
    label: column.name,
    insert: quoteIdentifier(column.name),
    detail: cqlTypeName(column.type) + role,
  };
}

/** Columns of the keyspace in use that begin so, for a SELECT that does not name its table yet. */
export function anyColumnCandidates({ schema, keyspace }: CompletionScope, beginning: string): Candidate[] {
  const wanted = beginning.replace(/^"/, '').toLowerCase();
  const tablesOf = new Map<string, TableMetadata[]>();
  for (const table of schema.keyspaces.get(keyspace ?? '')?.tables.values() ?? []) {
    for (const name of table.columns.keys()) {
      if (!name.toLowerCase().startsWith(wanted)) continue;
      const tables = tablesOf.get(name);
      if (tables === undefined) tablesOf.set(name, [table]);
      else tables.push(table);
    }
  }
  return [...tablesOf]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, tables]) => ({
      kind: 'column',
      label: name,
      insert: quoteIdentifier(name),
      detail: tables.length === 1 ? `of ${tables[0].name}` : `of ${tables.length} tables`,
    }));
}

function indexedFirst(table: TableMetadata, columns: readonly ColumnMetadata[]): ColumnMetadata[] {
  const targets = Array.from(table.indexes.values(), (index) => index.options.get('target') ?? '').join(' ');
  const isIndexed = (column: ColumnMetadata): boolean => new RegExp(`\\b${escape(column.name)}\\b`).test(targets);
  return [...columns.filter(isIndexed), ...columns.filter((column) => !isIndexed(column))];
}

export function typeCandidates(scope: CompletionScope, qualifier: string | undefined): Candidate[] {
  const space = qualifier ?? scope.keyspace;
  const types = space === null ? undefined : scope.schema.keyspaces.get(space)?.types;
  return Array.from(types?.values() ?? [], (type) => ({
    kind: 'type' as const,
    label: type.name,
    insert: quoteIdentifier(type.name),
    detail: `{${type.fields.map((field) => field.name).join(', ')}}`,
  }));
}

/** The fields of the UDT that the qualifier, a column, holds; or of the one whose literal is being written. */
export function fieldCandidates(type: CqlType | undefined, behind: string): Candidate[] {
  if (type?.kind !== 'udt') return [];
  return type.fields.map((field) => ({
    kind: 'field',
    label: field.name,
    insert: quoteIdentifier(field.name) + behind,
    detail: cqlTypeName(field.type),
  }));
}

export function indexCandidates(scope: CompletionScope, qualifier: string | undefined): Candidate[] {
  const space = qualifier ?? scope.keyspace;
  const tables = space === null ? undefined : scope.schema.keyspaces.get(space)?.tables;
  return [...(tables?.values() ?? [])].flatMap((table) =>
    Array.from(table.indexes.keys(), (name) => ({
      kind: 'index' as const,
      label: name,
      insert: quoteIdentifier(name),
      detail: `on ${table.name}`,
    })),
  );
}

export function userFunctionCandidates(scope: CompletionScope, qualifier: string | undefined): Candidate[] {
  const space = qualifier ?? scope.keyspace;
  const keyspace = space === null ? undefined : scope.schema.keyspaces.get(space);
  return [...(keyspace?.functions ?? []), ...(keyspace?.aggregates ?? [])].map((named) => ({
    kind: 'function',
    label: named.name,
    insert: `${quoteIdentifier(named.name)}(`,
    detail: `(${named.argumentTypes.map(cqlTypeName).join(', ')}) ${cqlTypeName(named.returnType)}`,
  }));
}

export function resolveTable(
  scope: CompletionScope,
  table: { readonly keyspace: string | undefined; readonly name: string } | undefined,
): TableMetadata | undefined {
  const keyspace = table?.keyspace ?? scope.keyspace;
  return table === undefined || keyspace === null ? undefined : findTable(scope.schema, keyspace, table.name);
}

function systemLast(a: KeyspaceMetadata, b: KeyspaceMetadata): number {
  const isSystem = ({ name, virtual }: KeyspaceMetadata): number => Number(virtual === true || /^system/.test(name));
  return isSystem(a) - isSystem(b) || (a.name < b.name ? -1 : 1);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
