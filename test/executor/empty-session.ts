import { VirtualSource } from '../../src/executor/virtual/virtual-source.ts';
import type { TableMetadata } from '../../src/schema/model/index.ts';
import { schemaFromCql } from '../../src/schema/sources/cql-source.ts';
import type { SystemRow } from '../../src/schema/system/index.ts';
import { EmbeddedSession } from '../../src/session/embedded/embedded-session.ts';
import type { Dialect } from '../../src/session/session.ts';

export interface MadeUpTable {
  /** CREATE statements, keyspaces left out. */
  readonly schema: string;
  /** Rows of tables by `keyspace.table`. */
  readonly rows?: Readonly<Record<string, readonly SystemRow[]>>;
  readonly dialect?: Dialect;
  readonly memoryLimitBytes?: number;
  readonly clock?: () => number;
}

/** A session over tables whose rows are given. */
export function sessionOver({
  schema: text,
  rows = {},
  dialect = 'explore',
  memoryLimitBytes,
  clock,
}: MadeUpTable): EmbeddedSession {
  const schema = schemaOf(text);
  const storage = {
    reader: {
      open: (table: TableMetadata) =>
        new VirtualSource(table, async () => rows[`${table.keyspace}.${table.name}`] ?? []),
    },
    engine: null,
    schema,
    description: { kind: 'foreign', name: 'made up', readOnly: true, notes: [] },
    close: async () => {},
  } as const;
  return new EmbeddedSession(storage, { dialect, memoryLimitBytes, clock });
}

const schemas = new Map<string, ReturnType<typeof schemaFromCql>['schema']>();

function schemaOf(text: string): ReturnType<typeof schemaFromCql>['schema'] {
  const schema = schemas.get(text) ?? schemaFromCql(text).schema;
  schemas.set(text, schema);
  return schema;
}
