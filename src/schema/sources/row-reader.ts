import { type CqlValue, codecOf } from '../../types/index.ts';
import type { TableMetadata } from '../model/index.ts';
import type { SystemRow } from '../system/index.ts';

/** Typed values of one row of a system table; null where the row has none. */
export class RowReader {
  private readonly table: TableMetadata;
  private readonly row: SystemRow;

  constructor(table: TableMetadata, row: SystemRow) {
    this.table = table;
    this.row = row;
  }

  text(column: string): string | null {
    const value = this.value(column);
    return typeof value === 'string' ? value : null;
  }

  number(column: string): number | null {
    const value = this.value(column);
    return typeof value === 'number' ? value : null;
  }

  boolean(column: string): boolean | null {
    const value = this.value(column);
    return typeof value === 'boolean' ? value : null;
  }

  /** A timestamp's milliseconds; those of Cassandra's own records may lie beyond what a Date can hold. */
  millis(column: string): bigint | null {
    const value = this.value(column);
    if (value instanceof Date) return BigInt(value.getTime());
    return typeof value === 'bigint' ? value : null;
  }

  /** Elements of a list or set; none when null. */
  list(column: string): readonly unknown[] {
    const value = this.value(column);
    return value instanceof Set || Array.isArray(value) ? [...value] : [];
  }

  textList(column: string): string[] {
    return this.list(column).map(String);
  }

  textMap(column: string): ReadonlyMap<string, string> | null {
    const value = this.value(column);
    if (!(value instanceof Map)) return null;
    return new Map([...value].map(([key, item]) => [String(key), String(item)]));
  }

  /** A map of blobs as `0x…` texts; empty when null. */
  hexMap(column: string): ReadonlyMap<string, string> {
    const value = this.value(column);
    if (!(value instanceof Map)) return new Map();
    return new Map([...value].map(([key, blob]) => [String(key), `0x${Buffer.from(blob).toString('hex')}`]));
  }

  private value(column: string): CqlValue {
    const bytes = this.row[column];
    const type = this.table.columns.get(column)?.type;
    if (bytes === null || bytes === undefined || type === undefined) return null;
    return codecOf(type).decode(bytes, 0, bytes.length);
  }
}
