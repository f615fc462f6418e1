import { CqlError } from '../../errors/index.ts';
import type { Schema, TableMetadata } from '../../schema/model/index.ts';
import { didYouMean } from '../../schema/nearest-name.ts';
import type { ResultColumn, RowsResult } from '../session.ts';
import { ListResult } from './select-result.ts';

/** explore's SHOW TABLES: of one keyspace, or of all that are not the system's. */
export function showTables(schema: Schema, keyspace: string | null): RowsResult {
  if (keyspace !== null && !schema.keyspaces.has(keyspace)) {
    throw CqlError.invalidRequest(`keyspace ${keyspace} does not exist`, {
      suggestion: didYouMean(keyspace, schema.keyspaces.keys()),
    });
  }
  const shown = [...schema.keyspaces.values()].filter((one) =>
    keyspace === null ? !one.virtual : one.name === keyspace,
  );
  const rows = shown.flatMap(({ tables, views }) => [
    ...[...tables.values()].map((table) => row(table, 'table')),
    ...[...views.values()].map((view) => row(view, 'view')),
  ]);
  return new ListResult(COLUMNS, rows);
}

function row(table: TableMetadata, kind: string): Uint8Array[] {
  return [table.keyspace, table.name, kind, table.options.comment].map((text) => Buffer.from(text));
}

const COLUMNS: readonly ResultColumn[] = ['keyspace_name', 'table_name', 'kind', 'comment'].map((name) => ({
  keyspace: 'system',
  table: 'tables',
  name,
  type: { kind: 'native', name: 'text' },
}));
