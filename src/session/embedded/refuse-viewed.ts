import { CqlError } from '../../errors/index.ts';
import type { Schema, TableMetadata } from '../../schema/model/index.ts';

/** Views are not kept up to date yet, and a stale view is a wrong answer: the write is refused. */
export function refuseViewed(table: TableMetadata, schema: Schema): void {
  const keyspace = schema.keyspaces.get(table.keyspace);
  if (keyspace === undefined || keyspace.views.size === 0) return;
  const views = [...keyspace.views.values()].filter((view) => view.view?.baseTableId === table.id);
  if (views.length === 0) return;
  throw CqlError.invalidRequest(
    `Writes to ${table.keyspace}.${table.name} are refused: its materialized view ${views[0].name} would not be kept up to date yet`,
  );
}
