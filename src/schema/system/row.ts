import { type CqlValue, codecOf } from '../../types/index.ts';
import type { TableMetadata } from '../model/index.ts';

/** A row of a system table: serialized values by column name, null (or absent) for null. */
export type SystemRow = Readonly<Record<string, Uint8Array | null>>;

/** Serializes values by the types of the table's columns; columns not named are null. */
export function encodeRow(table: TableMetadata, values: Readonly<Record<string, CqlValue>>): SystemRow {
  const row: Record<string, Uint8Array | null> = {};
  for (const column of table.columns.values()) {
    const value = values[column.name] ?? null;
    row[column.name] = value === null ? null : codecOf(column.type).encode(value);
  }
  return row;
}
