/** The schema's model: plain immutable values, without CQL text. All of `storage` depends on this and no more of schema. */
export type { ColumnKind, ColumnMask, ColumnMetadata, DroppedColumn } from './column.ts';
export {
  type ColumnDefinition,
  compareStoredColumns,
  defineTable,
  isCounterTable,
  isMultiCell,
  type TableDefinition,
} from './define-table.ts';
export type { AggregateMetadata, FunctionMetadata } from './function.ts';
export { parseHumanReadableBytes } from './human-size.ts';
export type { IndexMetadata } from './index-metadata.ts';
export { inferTable, mergeHeaders, type SSTableHeader } from './inferred-table.ts';
export type { KeyspaceMetadata } from './keyspace.ts';
export type { RoleMetadata } from './role.ts';
export { emptySchema, findTable, findTableById, type Schema } from './schema.ts';
export type { TableFlag, TableMetadata, ViewDefinition } from './table.ts';
export { formatTableId, parseTableId } from './table-id.ts';
export { defaultTableOptions, type TableOptions } from './table-options.ts';
export {
  columnsInCreateOrder,
  columnsInSelectOrder,
  compactValueColumn,
  isCompactTable,
  isHiddenColumn,
  isStaticCompactTable,
  visibleColumn,
} from './table-shape.ts';
export type { TriggerMetadata } from './trigger.ts';
export {
  componentTypes,
  expandUserTypes,
  isCollectionType,
  isCounterType,
  isOrderCompatible,
  isSerializationCompatible,
  isValueCompatible,
  referencesDuration,
  referencesUserType,
  replaceUserType,
  sameType,
  valueShape,
} from './type-relations.ts';
export {
  definitionOf,
  emptyKeyspace,
  findIndexedTable,
  redefineTable,
  viewsOf,
  withKeyspace,
  without,
  withoutKeyspace,
  withRole,
  withTable,
} from './update.ts';
