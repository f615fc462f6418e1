import type { ColumnMetadata } from './column.ts';
import type { TableMetadata } from './table.ts';

/** Made for Thrift or WITH COMPACT STORAGE: its flags are not those of a CQL table (`Flag.isCQLTable`). */
export function isCompactTable(table: TableMetadata): boolean {
  return table.flags.has('super') || table.flags.has('dense') || !table.flags.has('compound');
}

/** A compact table without clustering columns: its columns are stored as static, its clustering and value are hidden. */
export function isStaticCompactTable(table: TableMetadata): boolean {
  return !table.flags.has('super') && !table.flags.has('dense') && !table.flags.has('compound');
}

/** The one regular column of a compact table. */
export function compactValueColumn(table: TableMetadata): ColumnMetadata | undefined {
  return isCompactTable(table) ? table.regulars[0] : undefined;
}

/** Columns that CQL must not see: what a compact table needs only for its storage (`isHiddenColumn`). */
export function isHiddenColumn(table: TableMetadata, column: ColumnMetadata): boolean {
  if (!isCompactTable(table)) return false;
  if (!table.flags.has('dense')) return column.kind === 'clustering' || column === compactValueColumn(table);
  return column === compactValueColumn(table) && hasEmptyCompactValue(table);
}

/** The column of that name that statements may use; hidden ones are none of their business. */
export function visibleColumn(table: TableMetadata, name: string): ColumnMetadata | undefined {
  const column = table.columns.get(name);
  return column === undefined || isHiddenColumn(table, column) ? undefined : column;
}

/** The order of CREATE TABLE and of DESCRIBE: the key, then statics and regulars in storage order. */
export function columnsInCreateOrder(table: TableMetadata): ColumnMetadata[] {
  if (isStaticCompactTable(table)) {
    return [...table.partitionKey, ...table.statics.map((column): ColumnMetadata => ({ ...column, kind: 'regular' }))];
  }
  const rest = isCompactTable(table) && hasEmptyCompactValue(table) ? [] : [...table.statics, ...table.regulars];
  return [...table.partitionKey, ...table.clustering, ...rest];
}

/** The order of `SELECT *`: the key, then statics, then regulars, each by name whether simple or not. */
export function columnsInSelectOrder(table: TableMetadata): ColumnMetadata[] {
  const statics = [...table.statics].sort(compareNames);
  if (isStaticCompactTable(table)) return [...table.partitionKey, ...statics];
  const regulars = isCompactTable(table) && hasEmptyCompactValue(table) ? [] : [...table.regulars].sort(compareNames);
  return [...table.partitionKey, ...table.clustering, ...statics, ...regulars];
}

function hasEmptyCompactValue(table: TableMetadata): boolean {
  const type = table.regulars[0]?.type;
  return type?.kind === 'native' && type.name === 'empty';
}

/** As `ByteBuffer.compareTo`: by signed bytes. */
function compareNames(a: ColumnMetadata, b: ColumnMetadata): number {
  const left = Buffer.from(a.name);
  const right = Buffer.from(b.name);
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) {
    if (left[i] !== right[i]) return ((left[i] << 24) >> 24) - ((right[i] << 24) >> 24);
  }
  return left.length - right.length;
}
