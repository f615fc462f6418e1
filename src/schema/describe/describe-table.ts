import { codecOf, cqlTypeName, quoteIdentifier } from '../../types/index.ts';
import { copiedCapacity, hashMapOrder, identifierHash } from '../java-order.ts';
import { isVirtualKeyspace } from '../keyspace-names.ts';
import {
  type ColumnMask,
  type ColumnMetadata,
  columnsInCreateOrder,
  columnsInSelectOrder,
  type DroppedColumn,
  formatTableId,
  isCompactTable,
  isStaticCompactTable,
  type TableMetadata,
} from '../model/index.ts';
import { qualifiedName } from '../qualified-name.ts';
import { CqlWriter, quoteString } from './cql-writer.ts';
import type { DescribeOptions } from './options.ts';
import { tableOptionTexts } from './table-options-text.ts';

/**
 * A table's definition (`TableMetadata.toCqlString`). Compact tables stand in a comment, as Cassandra prints them; virtual
 * ones too. With internals, dropped columns are declared, then dropped and re-added, so that their times are kept.
 */
export function describeTable(table: TableMetadata, options: DescribeOptions = {}): string {
  const definition = tableDefinitionText(table, options);
  if (!isCompactTable(table)) return definition;
  return (
    `/*\nWarning: Table ${qualifiedName(table.keyspace, table.name)} omitted because it has constructs not compatible ` +
    'with CQL (was created via legacy API).\nApproximate structure, for reference:\n' +
    `(this should not be used to reproduce this schema)\n\n${definition}\n*/`
  );
}

/** A materialized view's definition (`ViewMetadata.toCqlString`). */
export function describeView(view: TableMetadata, options: DescribeOptions = {}): string {
  const definition = view.view;
  if (definition === undefined) return describeTable(view, options);
  const writer = new CqlWriter();
  writer.append('CREATE MATERIALIZED VIEW ');
  if (options.ifNotExists) writer.append('IF NOT EXISTS ');
  writer
    .append(`${qualifiedName(view.keyspace, view.name)} AS`)
    .newLine()
    .indent()
    .append('SELECT ');
  writer.append(
    definition.includeAllColumns
      ? '*'
      : columnsInSelectOrder(view)
          .map((column) => quoteIdentifier(column.name))
          .join(', '),
  );
  writer
    .newLine()
    .append(`FROM ${qualifiedName(view.keyspace, definition.baseTable)}`)
    .newLine();
  writer.append(`WHERE ${definition.whereClause}`).newLine();
  appendPrimaryKey(writer, view);
  writer.outdent().append(' WITH ').indent();
  appendOptions(writer, view, options);
  return writer.toString();
}

/** `MASKED WITH …`'s function and arguments (`ColumnMask.toString`). */
function maskText(mask: ColumnMask): string {
  const args = mask.arguments.map(({ type, bytes }) =>
    bytes === null ? 'null' : codecOf(type).toLiteral(bytes, 0, bytes.length),
  );
  return `${mask.functionKeyspace}.${mask.functionName}(${args.join(', ')})`;
}

function tableDefinitionText(table: TableMetadata, options: DescribeOptions): string {
  const name = qualifiedName(table.keyspace, table.name);
  const virtual = isVirtualKeyspace(table.keyspace);
  const writer = new CqlWriter();
  if (virtual) {
    writer.append(
      `/*\nWarning: Table ${name} is a virtual table and cannot be recreated with CQL.\n` +
        'Structure, for reference:\n',
    );
  }
  writer.append(`${virtual ? 'VIRTUAL' : 'CREATE'} TABLE `);
  if (options.ifNotExists) writer.append('IF NOT EXISTS ');
  writer.append(`${name} (`).newLine().indent();
  const simpleKey = table.partitionKey.length === 1 && table.clustering.length === 0;
  const dropped = options.internals ? droppedInOrder(table) : [];
  appendColumns(writer, table, dropped, simpleKey);
  if (!simpleKey) appendPrimaryKey(writer, table);
  writer.outdent().append(') WITH ').indent();
  if (isCompactTable(table)) writer.append('COMPACT STORAGE').newLine().append('AND ');
  appendOptions(writer, table, options);
  writer.outdent();
  if (virtual) writer.newLine().append('*/');
  for (const column of dropped) appendDrop(writer, table, column);
  return writer.toString();
}

function appendColumns(
  writer: CqlWriter,
  table: TableMetadata,
  dropped: readonly DroppedColumn[],
  simpleKey: boolean,
): void {
  const lines: string[] = [];
  const wasDropped = new Set(dropped.map((column) => column.name));
  for (const column of columnsInCreateOrder(table)) {
    if (wasDropped.has(column.name)) continue;
    const primaryKey = simpleKey && column.kind === 'partition_key' ? ' PRIMARY KEY' : '';
    lines.push(columnText(column) + primaryKey);
  }
  for (const column of dropped) lines.push(columnText(column));
  lines.forEach((line, i) => {
    writer.append(!simpleKey || i + 1 < lines.length ? `${line},` : line).newLine();
  });
}

function columnText(column: ColumnMetadata | DroppedColumn): string {
  const isStatic = column.kind === 'static' ? ' static' : '';
  const mask = 'mask' in column && column.mask !== undefined ? ` MASKED WITH ${maskText(column.mask)}` : '';
  return `${quoteIdentifier(column.name)} ${cqlTypeName(column.type)}${isStatic}${mask}`;
}

function appendPrimaryKey(writer: CqlWriter, table: TableMetadata): void {
  const partitionKey = table.partitionKey.map((column) => quoteIdentifier(column.name));
  const clustering = isStaticCompactTable(table) ? [] : table.clustering.map((column) => quoteIdentifier(column.name));
  const first = partitionKey.length > 1 ? `(${partitionKey.join(', ')})` : partitionKey[0];
  writer.append(`PRIMARY KEY (${[first, ...clustering].join(', ')})`).newLine();
}

function appendOptions(writer: CqlWriter, table: TableMetadata, options: DescribeOptions): void {
  const texts: string[] = [];
  if (options.internals) texts.push(`ID = ${formatTableId(table.id)}`);
  if (table.clustering.length > 0) {
    const order = table.clustering.map((c) => `${quoteIdentifier(c.name)} ${c.reversed ? 'DESC' : 'ASC'}`);
    texts.push(`CLUSTERING ORDER BY (${order.join(', ')})`);
  }
  if (isVirtualKeyspace(table.keyspace)) texts.push(`comment = ${quoteString(table.options.comment)}`);
  else texts.push(...tableOptionTexts(table.options, table.view !== undefined));
  texts.forEach((text, i) => {
    if (i > 0) writer.newLine().append('AND ');
    writer.append(text);
  });
  writer.append(';');
}

function appendDrop(writer: CqlWriter, table: TableMetadata, dropped: DroppedColumn): void {
  const alter = `ALTER TABLE ${qualifiedName(table.keyspace, table.name)}`;
  const name = quoteIdentifier(dropped.name);
  writer.newLine().append(`${alter} DROP ${name} USING TIMESTAMP ${dropped.droppedTimeMicros};`);
  const current = table.columns.get(dropped.name);
  if (current !== undefined) writer.newLine().append(`${alter} ADD ${columnText(current)};`);
}

/** Dropped columns as a Java map of their names' bytes orders them. */
function droppedInOrder(table: TableMetadata): DroppedColumn[] {
  const capacity = copiedCapacity(table.dropped.size);
  return hashMapOrder(table.dropped.keys(), identifierHash, capacity).map((name) => table.dropped.get(name)!);
}
