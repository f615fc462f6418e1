import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type DescribeOptions, durableSchemaText, keyspaceElements } from '../../../src/schema/describe/index.ts';
import type { Schema } from '../../../src/schema/model/index.ts';
import { schemaFromCql } from '../../../src/schema/sources/cql-source.ts';
import { schemaFromJson, schemaSourceHash, schemaToJson } from '../../../src/schema/sources/index.ts';
import { CORPUS } from '../../support/corpus.ts';
import { Replay, readAnswers } from '../ddl/replay.ts';

/** The corpus has its keyspaces in an order of its own. */
function inFileOrder(schema: Schema, options: DescribeOptions): string {
  const elements = [...schema.keyspaces.values()].flatMap(keyspaceElements);
  return elements.map((element) => `${element.describe(options)}\n\n`).join('');
}

for (const format of ['nb', 'oa', 'da']) {
  describe(`the corpus' schema, ${format}`, () => {
    const plain = readFileSync(`${CORPUS}/${format}/schema.cql`, 'utf8');
    const internals = gunzipSync(readFileSync(`${CORPUS}/${format}/schema-internals.cql.gz`)).toString();

    test('reads schema.cql and describes it byte for byte', () => {
      const { schema, problems } = schemaFromCql(plain);
      expect(problems).toEqual([]);
      expect(inFileOrder(schema, {})).toBe(plain);
    });

    test('reads it with internals: ids and dropped columns with their times', () => {
      const { schema, problems } = schemaFromCql(internals);
      expect(problems).toEqual([]);
      expect(inFileOrder(schema, { internals: true })).toBe(internals);
      expect(inFileOrder(schema, {})).toBe(plain);
      const altered = schema.keyspaces.get('test_edge')?.tables.get('altered_table');
      expect(altered?.dropped.get('gone')?.droppedTimeMicros).toBe(1_700_000_010_000_000n);
    });

    test('its JSON form gives the same schema, for its source only', () => {
      const { schema } = schemaFromCql(internals);
      const hash = schemaSourceHash(internals);
      const json = schemaToJson(schema, hash);
      expect(schemaFromJson(json, hash)).toEqual(schema);
      expect(schemaFromJson(json, schemaSourceHash(plain))).toBeNull();
      expect(schemaFromJson('{', hash)).toBeNull();
      expect(schemaFromJson('null', hash)).toBeNull();
    });
  });
}

test('all that the recorded DDL made survives schema.cql: compact tables, views, masks, functions', () => {
  const replay = new Replay();
  for (const { cql } of readAnswers('answers.jsonl')) {
    if (cql === 'DROP KEYSPACE ks') break;
    replay.run(cql);
  }
  replay.run('CREATE TABLE dated (k int PRIMARY KEY, d frozen<"date">, n list<frozen<"date">>, e date)');
  const text = durableSchemaText(replay.schema);
  const { schema, problems } = schemaFromCql(text);
  expect(problems).toEqual([]);
  expect(durableSchemaText(schema)).toBe(text);
  expect(schema.keyspaces.get('ks')?.tables.get('c6')).toEqual(replay.schema.keyspaces.get('ks')?.tables.get('c6'));
  expect([...schema.keyspaces.keys()].sort()).toEqual([...replay.schema.keyspaces.keys()].sort());
  for (const [name, keyspace] of replay.schema.keyspaces) {
    const again = schema.keyspaces.get(name);
    for (const [table, metadata] of keyspace.tables) expect(again?.tables.get(table), table).toEqual(metadata);
    for (const [view, metadata] of keyspace.views) expect(again?.views.get(view), view).toEqual(metadata);
  }
});

test('roles survive it too', () => {
  const replay = new Replay({ authentication: true });
  for (const { cql } of readAnswers('roles-answers.jsonl')) {
    if (cql.startsWith('DROP ROLE')) break;
    replay.run(cql);
  }
  const { schema, problems } = schemaFromCql(durableSchemaText(replay.schema));
  expect(problems).toEqual([]);
  for (const [name, role] of replay.schema.roles) expect(schema.roles.get(name), name).toEqual(role);
});

test('makes the keyspaces that a snapshot takes for granted, and passes over what is no DDL', () => {
  const { schema, skipped, problems } = schemaFromCql(
    'CREATE TABLE IF NOT EXISTS shop.t (k int PRIMARY KEY, v text);\nINSERT INTO shop.t (k) VALUES (1);\n' +
      "CREATE INDEX IF NOT EXISTS i ON shop.t (v) USING 'com.example.Index';",
  );
  expect(problems).toEqual([]);
  expect(skipped).toBe(1);
  expect(schema.keyspaces.get('shop')?.tables.get('t')?.indexes.get('i')?.kind).toBe('CUSTOM');
});

test('tells the place of what it cannot apply, and goes on', () => {
  const { schema, problems } = schemaFromCql(
    'CREATE TABLE a.t (k int PRIMARY KEY,\n  v nosuch);\n\nCREATE TABLE a.u (k int PRIMARY KEY);\nCREATE TABEL x;',
  );
  expect(problems.map((problem) => [problem.kind, problem.position?.line])).toContainEqual(['InvalidRequest', 2]);
  expect(problems.map((problem) => problem.kind)).toContain('SyntaxException');
  expect(schema.keyspaces.get('a')?.tables.has('u')).toBe(true);
});

test('takes options and functions of older versions', () => {
  const { schema, problems } = schemaFromCql(`
    CREATE KEYSPACE old WITH replication = {'class': 'NetworkTopologyStrategy', 'dc9': '3'} AND durable_writes = true;
    CREATE TABLE old.t (k int PRIMARY KEY, v text) WITH bloom_filter_fp_chance = 0.01
      AND caching = {'keys': 'ALL', 'rows_per_partition': 'NONE'}
      AND compaction = {'class': 'org.apache.cassandra.db.compaction.DateTieredCompactionStrategy'}
      AND compression = {'sstable_compression': 'org.apache.cassandra.io.compress.LZ4Compressor', 'chunk_length_kb': '64'}
      AND dclocal_read_repair_chance = 0.1 AND read_repair_chance = 0.0 AND speculative_retry = '99PERCENTILE';
    CREATE FUNCTION old.f (a int) CALLED ON NULL INPUT RETURNS int LANGUAGE javascript AS 'a + 1';`);
  expect(problems).toEqual([]);
  const table = schema.keyspaces.get('old')?.tables.get('t');
  expect(table?.options.speculative_retry).toBe('99p');
  expect(table?.options.compression.get('chunk_length_in_kb')).toBe('64');
  expect(schema.keyspaces.get('old')?.functions[0].language).toBe('javascript');
});
