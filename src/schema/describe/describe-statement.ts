import { CqlError } from '../../errors/index.ts';
import type { DescribeElement, DescribeKeyspace, DescribeStatement, QualifiedName } from '../../parser/ast/index.ts';
import { type CqlType, type CqlValue, codecOf, quoteIdentifier } from '../../types/index.ts';
import { isSystemKeyspace } from '../keyspace-names.ts';
import { findIndexedTable, type KeyspaceMetadata, type Schema } from '../model/index.ts';
import { didYouMean } from '../nearest-name.ts';
import {
  aggregateElement,
  compareIgnoringCase,
  functionElement,
  indexElement,
  keyspaceElement,
  keyspaceElements,
  type SchemaElement,
  sorted,
  tableElement,
  tableElements,
  typeElement,
  viewElement,
} from './elements.ts';

export interface DescribeResult {
  readonly columns: readonly { readonly name: string; readonly type: CqlType }[];
  readonly rows: readonly (readonly (Uint8Array | null)[])[];
}

export interface DescribeContext {
  /** User and system keyspaces together. */
  readonly schema: Schema;
  /** The keyspace in use. */
  readonly keyspace: string | null;
  readonly cluster: { readonly name: string; readonly partitioner: string; readonly snitch: string };
  /** Owners of ranges by their upper token, for DESCRIBE CLUSTER within a keyspace. */
  readonly rangeOwnership: ReadonlyMap<string, readonly string[]>;
}

const TEXT: CqlType = { kind: 'native', name: 'text' };
const LIST_COLUMNS = ['keyspace_name', 'type', 'name'].map((name) => ({ name, type: TEXT }));
const ELEMENT_COLUMNS = [...LIST_COLUMNS, { name: 'create_statement', type: TEXT }];

/** Answers a DESCRIBE statement with the server's own columns and rows (`DescribeStatement`, 5.0.8). */
export function describeStatement(context: DescribeContext, statement: DescribeStatement): DescribeResult {
  const { target } = statement;
  const options = { internals: statement.withInternals };
  const described = (elements: readonly SchemaElement[]): DescribeResult => ({
    columns: ELEMENT_COLUMNS,
    rows: elements.map((e) => [...listRow(e), Buffer.from(e.describe(options))]),
  });
  switch (target.kind) {
    case 'describeList':
      return target.of === 'cluster' ? describeCluster(context) : listing(listed(context, target.of));
    case 'describeSchema': {
      const keyspaces = sortedKeyspaces(context).filter((ks) => target.full || !isSystemKeyspace(ks.name));
      return described(keyspaces.flatMap(keyspaceElements));
    }
    case 'describeKeyspace':
      return described(ofKeyspace(context, target));
    case 'describeElement':
      return described(ofElement(context, target));
    case 'describeAny':
      return described(ofAny(context, target.name));
  }
}

function listed(
  context: DescribeContext,
  of: 'keyspaces' | 'tables' | 'types' | 'functions' | 'aggregates',
): readonly SchemaElement[] {
  if (of === 'keyspaces') return sortedKeyspaces(context).map(keyspaceElement);
  const keyspaces = context.keyspace === null ? sortedKeyspaces(context) : [findKeyspace(context, context.keyspace)];
  return keyspaces.flatMap((keyspace) => sorted(elementsOf(keyspace, of)));
}

function elementsOf(keyspace: KeyspaceMetadata, of: 'tables' | 'types' | 'functions' | 'aggregates'): SchemaElement[] {
  switch (of) {
    case 'tables':
      return [...keyspace.tables.values()].map(tableElement);
    case 'types':
      return [...keyspace.types.values()].map(typeElement);
    case 'functions':
      return keyspace.functions.map(functionElement);
    case 'aggregates':
      return keyspace.aggregates.map(aggregateElement);
  }
}

function ofKeyspace(context: DescribeContext, target: DescribeKeyspace): readonly SchemaElement[] {
  const keyspace = findKeyspace(context, target.keyspace?.text ?? currentKeyspace(context));
  return target.only ? [keyspaceElement(keyspace)] : keyspaceElements(keyspace);
}

function ofElement(context: DescribeContext, target: DescribeElement): readonly SchemaElement[] {
  const name = target.name.name.text;
  const keyspace = findKeyspace(context, target.name.keyspace?.text ?? currentKeyspace(context));
  switch (target.of) {
    case 'table': {
      const table = keyspace.tables.get(name);
      if (table === undefined) {
        throw notFound(`Table '${name}' not found in keyspace '${keyspace.name}'`, name, keyspace.tables.keys());
      }
      return tableElements(keyspace, table);
    }
    case 'index': {
      const table = findIndexedTable(keyspace, name);
      const index = table?.indexes.get(name);
      if (table === undefined || index === undefined) {
        const indexes = [...keyspace.tables.values()].flatMap((t) => [...t.indexes.keys()]);
        throw notFound(`Table for existing index '${name}' not found in '${keyspace.name}'`, name, indexes);
      }
      return [indexElement(table, index)];
    }
    case 'view': {
      const view = keyspace.views.get(name);
      if (view === undefined) {
        throw notFound(`Materialized view '${name}' not found in '${keyspace.name}'`, name, keyspace.views.keys());
      }
      return [viewElement(view)];
    }
    case 'type': {
      const type = keyspace.types.get(name);
      if (type === undefined) {
        throw notFound(`User defined type '${name}' not found in '${keyspace.name}'`, name, keyspace.types.keys());
      }
      return [typeElement(type)];
    }
    case 'function':
      return signed('function', name, keyspace, keyspace.functions, functionElement);
    case 'aggregate':
      return signed('aggregate', name, keyspace, keyspace.aggregates, aggregateElement);
  }
}

function signed<T extends { readonly name: string }>(
  what: 'function' | 'aggregate',
  name: string,
  keyspace: KeyspaceMetadata,
  all: readonly T[],
  toElement: (found: T) => SchemaElement,
): readonly SchemaElement[] {
  const found = all.filter((each) => each.name === name);
  if (found.length === 0) {
    const names = all.map((each) => each.name);
    throw notFound(`User defined ${what} '${name}' not found in '${keyspace.name}'`, name, names);
  }
  return sorted(found.map(toElement));
}

/** A keyspace, else a table, index or view of the keyspace in use. */
function ofAny(context: DescribeContext, name: QualifiedName): readonly SchemaElement[] {
  const text = name.name.text;
  let keyspaceName = name.keyspace?.text;
  if (keyspaceName === undefined) {
    const keyspace = context.schema.keyspaces.get(text);
    if (keyspace !== undefined) return keyspaceElements(keyspace);
    keyspaceName = context.keyspace ?? text;
  }
  const keyspace = findKeyspace(context, keyspaceName);
  const table = keyspace.tables.get(text);
  if (table !== undefined) return tableElements(keyspace, table);
  const indexed = findIndexedTable(keyspace, text);
  const index = indexed?.indexes.get(text);
  if (indexed !== undefined && index !== undefined) return [indexElement(indexed, index)];
  const view = keyspace.views.get(text);
  if (view !== undefined) return [viewElement(view)];
  throw notFound(`'${text}' not found in keyspace '${keyspaceName}'`, text, [
    ...keyspace.tables.keys(),
    ...keyspace.views.keys(),
  ]);
}

function describeCluster(context: DescribeContext): DescribeResult {
  const { name, partitioner, snitch } = context.cluster;
  const columns = ['cluster', 'partitioner', 'snitch'].map((column) => ({ name: column, type: TEXT }));
  const row: (Uint8Array | null)[] = [name, partitioner, snitch].map((text) => Buffer.from(text));
  if (context.keyspace === null || isSystemKeyspace(context.keyspace)) return { columns, rows: [row] };
  const type: CqlType = {
    kind: 'map',
    key: TEXT,
    value: { kind: 'list', element: TEXT, frozen: true },
    frozen: true,
  };
  const ownership: ReadonlyMap<CqlValue, CqlValue> = context.rangeOwnership;
  return {
    columns: [...columns, { name: 'range_ownership', type }],
    rows: [[...row, codecOf(type).encode(ownership)]],
  };
}

function listing(elements: readonly SchemaElement[]): DescribeResult {
  return { columns: LIST_COLUMNS, rows: elements.map(listRow) };
}

function listRow(e: SchemaElement): Uint8Array[] {
  return [Buffer.from(quoteIdentifier(e.keyspace)), Buffer.from(e.type), Buffer.from(e.name)];
}

function sortedKeyspaces(context: DescribeContext): KeyspaceMetadata[] {
  return [...context.schema.keyspaces.values()].sort((a, b) => compareIgnoringCase(a.name, b.name));
}

function currentKeyspace(context: DescribeContext): string {
  if (context.keyspace === null) throw CqlError.invalidRequest('No keyspace specified and no current keyspace');
  return context.keyspace;
}

function findKeyspace(context: DescribeContext, name: string): KeyspaceMetadata {
  const keyspace = context.schema.keyspaces.get(name);
  if (keyspace === undefined) {
    throw notFound(`'${name}' not found in keyspaces`, name, context.schema.keyspaces.keys());
  }
  return keyspace;
}

function notFound(message: string, name: string, candidates: Iterable<string>): CqlError {
  return CqlError.invalidRequest(message, { suggestion: didYouMean(name, candidates) });
}
