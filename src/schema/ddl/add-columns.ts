import type { AddColumns, ColumnDefinition as ColumnNode } from '../../parser/ast/index.ts';
import { type CqlType, cqlTypeName } from '../../types/index.ts';
import {
  type ColumnDefinition,
  type DroppedColumn,
  defineTable,
  definitionOf,
  isCompactTable,
  isCounterTable,
  isMultiCell,
  isSerializationCompatible,
  type KeyspaceMetadata,
  redefineTable,
  type Schema,
  type TableMetadata,
  viewsOf,
  withTable,
} from '../model/index.ts';
import { resolveMask } from './column-mask.ts';
import type { DdlContext } from './context.ts';
import { uselessStatic } from './new-column.ts';
import { resolveType } from './raw-type.ts';
import { invalid } from './refusal.ts';
import { checkTable } from './table-validation.ts';

/** `ALTER TABLE … ADD`; views that select `*` get regular columns too. */
export function addColumns(
  schema: Schema,
  keyspace: KeyspaceMetadata,
  table: TableMetadata,
  action: AddColumns,
  context: DdlContext,
): KeyspaceMetadata {
  const added = new Map<string, ColumnDefinition>();
  for (const node of action.columns) {
    const column = resolveColumn(schema, keyspace, table, node, context);
    if (table.columns.has(column.name) || added.has(column.name)) {
      if (action.ifNotExists) continue;
      throw invalid(`Column with name '${column.name}' already exists`, { position: node.position });
    }
    checkAddable(table, column, node);
    added.set(column.name, column);
  }
  if (added.size === 0) return keyspace;
  const definition = definitionOf(table);
  const grown = defineTable({ ...definition, columns: [...definition.columns, ...added.values()] });
  if (!context.trusted) checkTable(grown);
  const regulars = [...added.values()].filter((column) => column.kind === 'regular');
  const views = viewsOf(keyspace, table).filter((view) => view.view?.includeAllColumns);
  return views.reduce(
    (ks, view) => withTable(ks, redefineTable(view, { columns: [...definitionOf(view).columns, ...regulars] })),
    withTable(keyspace, grown),
  );
}

function resolveColumn(
  schema: Schema,
  keyspace: KeyspaceMetadata,
  table: TableMetadata,
  node: ColumnNode,
  context: DdlContext,
): ColumnDefinition {
  const name = node.name.text;
  const type = resolveType(node.type, { keyspace: keyspace.name, types: keyspace.types, trusted: context.trusted });
  const of = { schema, context, keyspace: keyspace.name, table: table.name, column: name, type };
  const mask = node.mask === undefined ? undefined : resolveMask(node.mask, of);
  return { name, type, kind: node.static ? 'static' : 'regular', mask };
}

function checkAddable(table: TableMetadata, column: ColumnDefinition, node: ColumnNode): void {
  if (isCompactTable(table)) throw invalid('Cannot add new column to a COMPACT STORAGE table');
  if (column.kind === 'static' && table.clustering.length === 0) throw uselessStatic();
  const { type } = column;
  if (type.kind === 'udt' && !type.frozen && type.fields.some((field) => isMultiCell(field.type))) {
    throw invalid(`Non-frozen UDTs with nested non-frozen collections are not supported for column ${column.name}`, {
      position: node.position,
    });
  }
  const dropped = table.dropped.get(column.name);
  if (dropped !== undefined) checkReAdded(table, column, dropped);
}

/** Cells of the dropped column may still be on disk: the new one must read them, to hide them by the drop's time. */
function checkReAdded(table: TableMetadata, column: ColumnDefinition, dropped: DroppedColumn): void {
  const { name, type } = column;
  if (!isSerializationCompatible(type, dropped.type)) throw incompatible(name, type, dropped.type);
  if (column.kind !== dropped.kind) {
    throw invalid(
      `Cannot re-add previously dropped column '${name}' of kind ${column.kind.toUpperCase()}, ` +
        `incompatible with previous kind ${dropped.kind.toUpperCase()}`,
    );
  }
  if (isCounterTable(table)) throw invalid(`Cannot re-add previously dropped counter column ${name}`);
}

function incompatible(name: string, type: CqlType, dropped: CqlType): Error {
  return invalid(
    `Cannot add a column '${name}' of type ${cqlTypeName(type)}, incompatible with previously dropped column ` +
      `'${name}' of type ${cqlTypeName(dropped)}`,
  );
}
