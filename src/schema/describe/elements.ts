import { type CqlType, quoteIdentifier, type UserType } from '../../types/index.ts';
import type {
  AggregateMetadata,
  FunctionMetadata,
  IndexMetadata,
  KeyspaceMetadata,
  TableMetadata,
} from '../model/index.ts';
import { componentTypes, viewsOf } from '../model/index.ts';
import { describeAggregate, describeFunction, signature } from './describe-function.ts';
import { describeIndex } from './describe-index.ts';
import { describeKeyspace } from './describe-keyspace.ts';
import { describeTable, describeView } from './describe-table.ts';
import { describeType } from './describe-type.ts';
import type { DescribeOptions } from './options.ts';

/** One thing of a schema that DESCRIBE can name and print (`cql3/SchemaElement`, 5.0.8). */
export interface SchemaElement {
  readonly keyspace: string;
  readonly type: 'keyspace' | 'type' | 'function' | 'aggregate' | 'table' | 'index' | 'materialized_view';
  /** As DESCRIBE shows it: quoted where needed; functions with their argument types. */
  readonly name: string;
  /** Elements of one kind are listed by this, case ignored. */
  readonly sortKey: string;
  describe(options: DescribeOptions): string;
}

export function keyspaceElement(keyspace: KeyspaceMetadata): SchemaElement {
  return element(keyspace.name, 'keyspace', keyspace.name, (options) => describeKeyspace(keyspace, options));
}

export function typeElement(type: UserType): SchemaElement {
  return element(type.keyspace, 'type', type.name, (options) => describeType(type, options));
}

export function functionElement(fn: FunctionMetadata): SchemaElement {
  return signedElement('function', fn, (options) => describeFunction(fn, options));
}

export function aggregateElement(aggregate: AggregateMetadata): SchemaElement {
  return signedElement('aggregate', aggregate, (options) => describeAggregate(aggregate, options));
}

export function tableElement(table: TableMetadata): SchemaElement {
  return element(table.keyspace, 'table', table.name, (options) => describeTable(table, options));
}

export function indexElement(table: TableMetadata, index: IndexMetadata): SchemaElement {
  return element(table.keyspace, 'index', index.name, (options) => describeIndex(table, index, options));
}

export function viewElement(view: TableMetadata): SchemaElement {
  return element(view.keyspace, 'materialized_view', view.name, (options) => describeView(view, options));
}

/** A keyspace and all in it, in an order in which it can be made again (`DescribeStatement.getKeyspaceElements`). */
export function keyspaceElements(keyspace: KeyspaceMetadata): SchemaElement[] {
  return [
    keyspaceElement(keyspace),
    ...typesInOrder(keyspace).map(typeElement),
    ...sorted(keyspace.functions.map(functionElement)),
    ...sorted(keyspace.aggregates.map(aggregateElement)),
    ...sortedTables(keyspace).flatMap((table) => [
      tableElement(table),
      ...sorted([...table.indexes.values()].map((index) => indexElement(table, index))),
      ...sorted(viewsOf(keyspace, table).map(viewElement)),
    ]),
  ];
}

/** A table with its indexes and views. */
export function tableElements(keyspace: KeyspaceMetadata, table: TableMetadata): SchemaElement[] {
  return [
    tableElement(table),
    ...sorted([...table.indexes.values()].map((index) => indexElement(table, index))),
    ...sorted(viewsOf(keyspace, table).map(viewElement)),
  ];
}

export function sorted(elements: readonly SchemaElement[]): SchemaElement[] {
  return [...elements].sort((a, b) => compareIgnoringCase(a.sortKey, b.sortKey));
}

/** Types by name, each after those it uses (`Types.sortedStream`). */
function typesInOrder(keyspace: KeyspaceMetadata): UserType[] {
  const ordered = new Map<string, UserType>();
  const visit = (type: CqlType): void => {
    for (const part of componentTypes(type)) visit(part);
    const declared = type.kind === 'udt' ? keyspace.types.get(type.name) : undefined;
    if (declared !== undefined) ordered.set(declared.name, declared);
  };
  const byName = [...keyspace.types.values()].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  for (const type of byName) visit(type);
  return [...ordered.values()];
}

/** `String.compareToIgnoreCase`. */
export function compareIgnoringCase(a: string, b: string): number {
  const left = a.toUpperCase().toLowerCase();
  const right = b.toUpperCase().toLowerCase();
  return left < right ? -1 : left > right ? 1 : 0;
}

function sortedTables(keyspace: KeyspaceMetadata): TableMetadata[] {
  return [...keyspace.tables.values()].sort((a, b) => compareIgnoringCase(a.name, b.name));
}

function element(
  keyspace: string,
  type: SchemaElement['type'],
  name: string,
  describe: SchemaElement['describe'],
): SchemaElement {
  return { keyspace, type, name: quoteIdentifier(name), sortKey: name, describe };
}

function signedElement(
  type: 'function' | 'aggregate',
  owner: FunctionMetadata | AggregateMetadata,
  describe: SchemaElement['describe'],
): SchemaElement {
  const name = signature(owner.name, owner.argumentTypes);
  const sortKey = owner.name + name.slice(quoteIdentifier(owner.name).length);
  return { keyspace: owner.keyspace, type, name, sortKey, describe };
}
