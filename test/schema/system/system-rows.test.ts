import { describe, expect, test } from 'vitest';
import { keyspaceElements } from '../../../src/schema/describe/index.ts';
import { isVirtualKeyspace } from '../../../src/schema/keyspace-names.ts';
import { emptySchema, type Schema, type TableMetadata, visibleColumn } from '../../../src/schema/model/index.ts';
import { schemaFromSystemTables } from '../../../src/schema/sources/index.ts';
import {
  localRow,
  type SystemRow,
  systemKeyspaces,
  systemSchemaRows,
  systemSchemaTables,
  systemTables,
  virtualSchemaRows,
  virtualSchemaTables,
} from '../../../src/schema/system/index.ts';
import { codecOf, jsonColumnName } from '../../../src/types/index.ts';
import { type Answer, Replay, readAnswers } from '../ddl/replay.ts';

const answers = readAnswers('system-rows-answers.jsonl');
const replay = new Replay();
for (const { cql } of answers) if (/^(CREATE|ALTER|USE)/.test(cql)) replay.run(cql);
const systemSchema: Schema = {
  ...emptySchema,
  keyspaces: new Map(systemKeyspaces.map((keyspace) => [keyspace.name, keyspace])),
};

describe('rows equal those that Cassandra answers', () => {
  for (const answer of answers) {
    const match = /^SELECT JSON \* FROM system_schema\.(\w+) WHERE keyspace_name = '(\w+)'$/.exec(answer.cql);
    if (match === null) continue;
    const [, name, keyspace] = match;
    test(`system_schema.${name} of ${keyspace}`, () => {
      const table = systemSchemaTables.get(name)!;
      const schema = keyspace === 'sysrows' ? replay.schema : systemSchema;
      const rows = systemSchemaRows(schema, name).map((row) => asJson(table, row));
      expect(rows.filter((row) => row['keyspace_name'] === keyspace)).toEqual(jsonRows(answer));
    });
  }

  const virtual = systemKeyspaces.filter((keyspace) => isVirtualKeyspace(keyspace.name));
  test.each([...virtualSchemaTables])('system_virtual_schema.%s', (name, table) => {
    const answer = answers.find(({ cql }) => cql === `SELECT JSON * FROM system_virtual_schema.${name}`)!;
    const rows = virtualSchemaRows(virtual, name).map((row) => asJson(table, row));
    expect(rows).toEqual(jsonRows(answer));
  });

  test('system.local', () => {
    const answer = answers.find(({ cql }) => cql.includes('FROM system.local'))!;
    const row = localRow({
      clusterName: 'Corpus',
      dataCenter: 'datacenter1',
      rack: 'rack1',
      hostId: '00000000-0000-4000-8000-000000000001',
      schemaVersion: '00000000-0000-3000-8000-000000000002',
      rpcAddress: '127.0.0.1',
      rpcPort: 9042,
      gossipGeneration: 1795230946,
    });
    expect(asJson(systemTables.get('local')!, row)).toMatchObject(jsonRows(answer)[0]);
  });
});

describe('the system keyspaces are described as Cassandra describes them', () => {
  for (const [cql, internals] of [
    ['DESCRIBE KEYSPACE system', false],
    ['DESCRIBE KEYSPACE system_schema WITH INTERNALS', true],
  ] as const) {
    test(cql, () => {
      const name = cql.split(' ')[2];
      const elements = keyspaceElements(systemKeyspaces.find((keyspace) => keyspace.name === name)!);
      const rows = elements.map((e) => [e.keyspace, e.type, e.name, e.describe({ internals })]);
      expect(rows).toEqual(answers.find((answer) => answer.cql === cql)!.rows);
    });
  }

  test('DESCRIBE KEYSPACE system_virtual_schema', () => {
    const recorded = readAnswers('answers.jsonl').find(({ cql }) => cql === 'DESCRIBE KEYSPACE system_virtual_schema')!;
    const elements = keyspaceElements(systemKeyspaces.find((keyspace) => keyspace.name === 'system_virtual_schema')!);
    expect(elements.map((e) => [e.keyspace, e.type, e.name, e.describe({})])).toEqual(recorded.rows);
  });
});

test('a schema read back from its own rows is the same', async () => {
  const { schema, problems } = await schemaFromSystemTables(rowsOf(replay.schema));
  expect(problems).toEqual([]);
  const [before, after] = [replay.schema, schema].map((each) => each.keyspaces.get('sysrows')!);
  for (const [name, table] of before.tables) {
    // Times are kept in milliseconds there.
    const dropped = new Map(
      [...table.dropped].map(([column, record]) => [
        column,
        { ...record, droppedTimeMicros: (record.droppedTimeMicros / 1000n) * 1000n },
      ]),
    );
    expect(after.tables.get(name), name).toEqual({ ...table, dropped });
  }
  expect(after.views).toEqual(before.views);
  expect(after.types).toEqual(before.types);
  expect(after.aggregates).toEqual(before.aggregates);
  expect(new Set(after.functions)).toEqual(new Set(before.functions));
  expect(after.replication).toEqual(before.replication);
});

test('one table that cannot be read does not hide the others', async () => {
  const rows = rowsOf(replay.schema);
  const { schema, problems } = await schemaFromSystemTables((table) =>
    table.name === 'columns' ? without(rows(table), 't2') : rows(table),
  );
  expect(problems.map((problem) => problem.message)).toEqual([
    'system_schema.columns has no partition key of sysrows.t2',
  ]);
  expect([...schema.keyspaces.get('sysrows')!.tables.keys()]).toContain('t1');
});

function rowsOf(schema: Schema): (table: TableMetadata) => AsyncIterable<SystemRow> {
  return async function* (table) {
    yield* systemSchemaRows(schema, table.name);
  };
}

async function* without(rows: AsyncIterable<SystemRow>, tableName: string): AsyncIterable<SystemRow> {
  for await (const row of rows) {
    if (Buffer.from(row['table_name'] ?? []).toString() !== tableName) yield row;
  }
}

function jsonRows(answer: Answer): Record<string, unknown>[] {
  return (answer.rows ?? []).map(([json]): Record<string, unknown> => JSON.parse(String(json)));
}

/** As SELECT JSON has the row. */
function asJson(table: TableMetadata, row: SystemRow): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const [name, bytes] of Object.entries(row)) {
    const type = visibleColumn(table, name)!.type;
    json[jsonColumnName(name)] = bytes === null ? null : JSON.parse(codecOf(type).toJson(bytes, 0, bytes.length));
  }
  return json;
}
