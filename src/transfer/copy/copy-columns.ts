import type { TableMetadata } from '../../schema/model/index.ts';

/**
 * The columns of a COPY that names none, in cqlsh's order: the primary key, then all others by name, static or not. It
 * is not the order of `SELECT *`, where static columns come before the others.
 */
export function copyColumns(table: TableMetadata): readonly string[] {
  const key = [...table.partitionKey, ...table.clustering].map((column) => column.name);
  const rest = [...table.statics, ...table.regulars].map((column) => column.name);
  return [...key, ...rest.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))];
}
