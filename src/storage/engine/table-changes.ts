import type { ColumnMetadata, Schema, TableMetadata } from '../../schema/model/index.ts';

/** What a schema has that another has not. */
export interface TableChanges {
  readonly added: readonly TableMetadata[];
  readonly dropped: readonly TableMetadata[];
  /** Tables in both that are not the same object any more, as they are now. */
  readonly altered: readonly TableMetadata[];
}

export function changedTables(before: Schema, after: Schema): TableChanges {
  const now = new Map(storedTables(after).map((table) => [table.id, table]));
  const added = new Set(now.values());
  const dropped: TableMetadata[] = [];
  const altered: TableMetadata[] = [];
  for (const table of storedTables(before)) {
    const next = now.get(table.id);
    if (next !== undefined) added.delete(next);
    if (next === undefined) dropped.push(table);
    else if (next !== table) altered.push(next);
  }
  return { added: [...added], dropped, altered };
}

/** Tables and views of the keyspaces that are on disk. */
export function storedTables(schema: Schema): TableMetadata[] {
  const found: TableMetadata[] = [];
  for (const keyspace of schema.keyspaces.values()) {
    if (keyspace.virtual === true) continue;
    found.push(...keyspace.tables.values(), ...keyspace.views.values());
  }
  return found;
}

/** Whether column indexes, or what dropped columns hide, differ between two versions of a table. */
export function hasOtherLayout(before: TableMetadata, after: TableMetadata): boolean {
  return (
    !sameColumns(before.statics, after.statics) ||
    !sameColumns(before.regulars, after.regulars) ||
    before.dropped.size !== after.dropped.size ||
    [...after.dropped].some(([name, { droppedTimeMicros }]) => {
      return before.dropped.get(name)?.droppedTimeMicros !== droppedTimeMicros;
    })
  );
}

export function hasReaddedColumns(table: TableMetadata): boolean {
  return [...table.dropped.keys()].some((name) => table.columns.has(name));
}

function sameColumns(a: readonly ColumnMetadata[], b: readonly ColumnMetadata[]): boolean {
  return a.length === b.length && a.every((column, i) => column.name === b[i].name);
}
