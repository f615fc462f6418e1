import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durableSchemaText } from '../../../src/schema/describe/index.ts';
import {
  type ColumnDefinition,
  defineTable,
  emptyKeyspace,
  emptySchema,
  type TableMetadata,
  withKeyspace,
  withTable,
} from '../../../src/schema/model/index.ts';
import { schemaFromCql } from '../../../src/schema/sources/cql-source.ts';
import { schemaFromJson, schemaFromSystemTables, schemaToJson } from '../../../src/schema/sources/index.ts';
import { systemSchemaRows } from '../../../src/schema/system/index.ts';
import { type CqlType, freezeType, type NativeTypeName } from '../../../src/types/index.ts';

const REPLICATION = new Map([
  ['class', 'org.apache.cassandra.locator.SimpleStrategy'],
  ['replication_factor', '1'],
]);

const natives: NativeTypeName[] = ['int', 'text', 'blob', 'uuid', 'timestamp', 'duration', 'decimal', 'inet'];
const native = fc.constantFrom(...natives).map((name): CqlType => ({ kind: 'native', name }));

/** Frozen types of any depth, in their normal form. */
const frozen: fc.Arbitrary<CqlType> = fc.letrec<{ type: CqlType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    native,
    tie('type').map((element): CqlType => freezeType({ kind: 'list', element, frozen: true })),
    fc
      .tuple(native, tie('type'))
      .filter(([key]) => key.kind === 'native' && key.name !== 'duration')
      .map(([key, value]): CqlType => freezeType({ kind: 'map', key, value, frozen: true })),
    fc.array(tie('type'), { minLength: 1, maxLength: 3 }).map((elements): CqlType => ({ kind: 'tuple', elements })),
    fc
      .tuple(native, fc.integer({ min: 1, max: 9 }))
      .map(([element, dimensions]): CqlType => ({ kind: 'vector', element, dimensions })),
  ),
})).type;
const stored = fc.oneof(
  frozen,
  frozen.map((element): CqlType => ({ kind: 'list', element, frozen: false })),
  fc
    .tuple(native, frozen)
    .filter(([key]) => key.kind === 'native' && key.name !== 'duration')
    .map(([key, value]): CqlType => ({ kind: 'map', key, value, frozen: false })),
);
const keyType = native.filter((type) => type.kind === 'native' && type.name !== 'duration');
const names = fc.uniqueArray(
  fc.oneof(
    fc.stringMatching(/^[a-z][a-z0-9_]{0,6}$/),
    fc.constantFrom('select', 'Mixed Case', 'q"uote', 'ключ', 'order'),
  ),
  { minLength: 8, maxLength: 8 },
);

const table: fc.Arbitrary<TableMetadata> = fc
  .record({
    names,
    keys: fc.array(keyType, { minLength: 2, maxLength: 2 }),
    clusterings: fc.array(fc.record({ type: keyType, reversed: fc.boolean() }), { minLength: 1, maxLength: 2 }),
    statics: fc.array(stored, { maxLength: 1 }),
    regulars: fc.array(stored, { maxLength: 2 }),
    dropped: fc.option(fc.record({ type: frozen, time: fc.bigInt({ min: 1n, max: 2n ** 53n }) }), { nil: undefined }),
    comment: fc.string(),
    ttl: fc.integer({ min: 0, max: 630_720_000 }),
    id: fc.stringMatching(/^[0-9a-f]{32}$/),
  })
  .map(({ names: [k1, k2, c1, c2, s, r1, r2, gone], ...t }) => {
    const columns: ColumnDefinition[] = [
      { name: k1, kind: 'partition_key', type: t.keys[0] },
      { name: k2, kind: 'partition_key', type: t.keys[1] },
      ...t.clusterings.map((c, i): ColumnDefinition => ({ name: i === 0 ? c1 : c2, kind: 'clustering', ...c })),
      ...t.statics.map((type): ColumnDefinition => ({ name: s, kind: 'static', type })),
      ...t.regulars.map((type, i): ColumnDefinition => ({ name: i === 0 ? r1 : r2, kind: 'regular', type })),
    ];
    const dropped = t.dropped && {
      name: gone,
      kind: 'regular' as const,
      type: t.dropped.type,
      droppedTimeMicros: t.dropped.time * 1000n,
    };
    return defineTable({
      keyspace: 'ks',
      name: 'tab',
      id: t.id,
      columns,
      dropped: dropped && [dropped],
      options: { comment: t.comment, default_time_to_live: t.ttl },
    });
  });

test('any table survives CQL text, JSON and system_schema rows', async () => {
  await fc.assert(
    fc.asyncProperty(table, async (each) => {
      const schema = withKeyspace(emptySchema, withTable(emptyKeyspace('ks', REPLICATION), each));
      const fromCql = schemaFromCql(durableSchemaText(schema));
      expect(fromCql.problems).toEqual([]);
      expect(fromCql.schema.keyspaces.get('ks')?.tables.get('tab')).toEqual(each);
      expect(schemaFromJson(schemaToJson(schema, 'x'), 'x')).toEqual(schema);
      const fromRows = await schemaFromSystemTables(async function* (systemTable) {
        yield* systemSchemaRows(schema, systemTable.name);
      });
      expect(fromRows.schema.keyspaces.get('ks')?.tables.get('tab')).toEqual(each);
    }),
    { numRuns: 150 },
  );
});
