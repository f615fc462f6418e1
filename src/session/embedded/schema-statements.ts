import { CqlError, unreachable } from '../../errors/index.ts';
import type { Statement } from '../../parser/ast/index.ts';
import {
  applyStatement,
  type DdlContext,
  exploreSettings,
  isDdlStatement,
  listRoles,
  strictSettings,
} from '../../schema/ddl/index.ts';
import type { EmbeddedStorage } from '../embedded-storage.ts';
import type { Result } from '../session.ts';
import { ListResult } from './select-result.ts';

/** What a statement about the schema needs to know of the session and of the moment. */
export interface SchemaStatementContext {
  readonly keyspace: string | null;
  readonly isStrict: boolean;
  readonly nowMicros: bigint;
  readonly newTableId: () => string;
}

/** Statements that `EmbeddedSession` answers itself. */
type OtherStatement = Extract<
  Statement,
  {
    kind:
      | 'select'
      | 'explain'
      | 'use'
      | 'showTables'
      | 'describe'
      | 'insert'
      | 'update'
      | 'delete'
      | 'batch'
      | 'truncate';
  }
>;

/** DDL and LIST, in a file of their own: it is loaded when the first of them is run. */
export async function runSchemaStatement(
  storage: EmbeddedStorage,
  statement: Exclude<Statement, OtherStatement>,
  notes: readonly string[],
  { keyspace, isStrict, nowMicros, newTableId }: SchemaStatementContext,
): Promise<Result> {
  const context: DdlContext = {
    keyspace,
    nowMicros,
    newTableId,
    settings: isStrict ? strictSettings : exploreSettings,
    user: null,
  };
  switch (statement.kind) {
    case 'listRoles':
    case 'listUsers':
    case 'listPermissions': {
      const listed = listRoles(storage.schema, statement, context);
      if (listed === null) return { kind: 'void', warnings: [], notes: [] };
      const columns = listed.columns.map((column) => ({ keyspace: 'system_auth', table: 'roles', ...column }));
      return new ListResult(columns, listed.rows);
    }
    default:
      if (!isDdlStatement(statement)) return unreachable(statement);
  }
  const { engine } = storage;
  if (engine === null || storage.description.readOnly) {
    throw CqlError.invalidRequest('The database was opened for reading only: its schema cannot be changed');
  }
  const outcome = applyStatement(storage.schema, statement, context);
  if (outcome.schema !== storage.schema) await engine.changeSchema(outcome.schema);
  const [change] = outcome.changes;
  if (change === undefined) return { kind: 'void', warnings: outcome.warnings, notes };
  return { kind: 'schema_change', ...change, warnings: outcome.warnings, notes };
}
