import { invariant } from '../../errors/index.ts';
import type { CqlType } from '../../types/index.ts';
import type { ColumnKind, ColumnMask, ColumnMetadata, DroppedColumn } from './column.ts';
import type { IndexMetadata } from './index-metadata.ts';
import type { TableFlag, TableMetadata, ViewDefinition } from './table.ts';
import { defaultTableOptions, type TableOptions } from './table-options.ts';
import type { TriggerMetadata } from './trigger.ts';

export interface ColumnDefinition {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly type: CqlType;
  readonly reversed?: boolean;
  readonly mask?: ColumnMask;
}

export interface TableDefinition {
  readonly keyspace: string;
  readonly name: string;
  readonly id: string;
  /** Key columns in key order; the others in any order. */
  readonly columns: readonly ColumnDefinition[];
  readonly dropped?: Iterable<DroppedColumn>;
  readonly flags?: Iterable<TableFlag>;
  readonly options?: Partial<TableOptions>;
  readonly indexes?: Iterable<IndexMetadata>;
  readonly triggers?: Iterable<TriggerMetadata>;
  readonly view?: ViewDefinition;
  readonly inferred?: boolean;
}

/** Builds a TableMetadata: positions and storage order are computed here and nowhere else. */
export function defineTable(definition: TableDefinition): TableMetadata {
  const partitionKey = keyColumns(definition.columns, 'partition_key');
  const clustering = keyColumns(definition.columns, 'clustering');
  const statics = storedColumns(definition.columns, 'static');
  const regulars = storedColumns(definition.columns, 'regular');
  invariant(partitionKey.length > 0, `table ${definition.keyspace}.${definition.name} has no partition key`);
  const columns = new Map<string, ColumnMetadata>();
  for (const column of [...partitionKey, ...clustering, ...statics, ...regulars]) columns.set(column.name, column);
  invariant(columns.size === definition.columns.length, `table ${definition.name} has two columns of one name`);
  return Object.freeze({
    keyspace: definition.keyspace,
    name: definition.name,
    id: definition.id,
    partitionKey,
    clustering,
    statics,
    regulars,
    dropped: new Map(Array.from(definition.dropped ?? [], (column) => [column.name, column])),
    flags: new Set<TableFlag>(definition.flags ?? ['compound']),
    options: { ...defaultTableOptions, ...definition.options },
    indexes: new Map(Array.from(definition.indexes ?? [], (index) => [index.name, index])),
    triggers: new Map(Array.from(definition.triggers ?? [], (trigger) => [trigger.name, trigger])),
    view: definition.view,
    columns,
    inferred: definition.inferred,
  });
}

/** Collections and UDTs that are not frozen have a cell an element (`AbstractType.isMultiCell`). */
export function isMultiCell(type: CqlType): boolean {
  return (type.kind === 'list' || type.kind === 'set' || type.kind === 'map' || type.kind === 'udt') && !type.frozen;
}

export function isCounterTable(table: TableMetadata): boolean {
  return table.flags.has('counter');
}

/**
 * `ColumnMetadata.compareTo` within one kind: simple before complex, then the names' bytes. The first six bytes compare
 * with the top bit of the first one flipped (`comparisonOrder`), so that names which begin outside of ASCII come first.
 */
export function compareStoredColumns(a: { name: string; type: CqlType }, b: { name: string; type: CqlType }): number {
  const aComplex = isMultiCell(a.type);
  const bComplex = isMultiCell(b.type);
  if (aComplex !== bComplex) return aComplex ? 1 : -1;
  return compareNames(a.name, b.name);
}

function compareNames(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left === right) continue;
    // Of ASCII the bytes are the characters; names are seldom anything else.
    if (left < 0x80 && right < 0x80) return left - right;
    const aName = Buffer.from(a);
    const bName = Buffer.from(b);
    const firstOrder = (aName[0] ^ 0x80) - (bName[0] ^ 0x80);
    return firstOrder !== 0 ? firstOrder : Buffer.compare(aName, bName);
  }
  return a.length - b.length;
}

function keyColumns(columns: readonly ColumnDefinition[], kind: ColumnKind): readonly ColumnMetadata[] {
  return columns.filter((column) => column.kind === kind).map(place);
}

function storedColumns(columns: readonly ColumnDefinition[], kind: ColumnKind): readonly ColumnMetadata[] {
  return columns
    .filter((column) => column.kind === kind)
    .sort(compareStoredColumns)
    .map(place);
}

function place(column: ColumnDefinition, position: number): ColumnMetadata {
  return Object.freeze({
    name: column.name,
    kind: column.kind,
    type: column.type,
    position,
    reversed: column.reversed ?? false,
    mask: column.mask,
  });
}
