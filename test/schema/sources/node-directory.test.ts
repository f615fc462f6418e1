import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { keyspaceElements } from '../../../src/schema/describe/index.ts';
import { schemaFromCql } from '../../../src/schema/sources/cql-source.ts';
import { chooseSchema } from '../../../src/session/choose-schema.ts';
import { nodeFileSystem } from '../../../src/storage/files/index.ts';
import { discover } from '../../../src/storage/read/index.ts';

const PATHS = ['test-data/node/data'];

test("a node's own system_schema SSTables give the schema that Cassandra describes", async () => {
  const expected = gunzipSync(readFileSync('test-data/node/expected-schema-internals.cql.gz')).toString();
  const { schema, notes } = await chooseSchema(PATHS, discover(PATHS, nodeFileSystem), undefined);
  expect(notes).toEqual([]);
  const described = [...schema.keyspaces.values()].flatMap((keyspace) =>
    keyspaceElements(keyspace).map((element) => element.describe({ internals: true })),
  );
  const missing = expected
    .split(/\n\n+/)
    .filter((statement) => statement !== '' && !described.includes(statement.trim()));
  // Ids are the node's own, so only statements without one can be looked for as they stand.
  const withoutIds = new Set(described.map(withoutId));
  expect(missing.filter((statement) => !withoutIds.has(withoutId(statement.trim())))).toEqual([]);
  expect(schemaFromCql(expected).problems).toEqual([]);
});

function withoutId(statement: string): string {
  return statement.replaceAll(/ID = [0-9a-f-]{36}/g, 'ID');
}
