import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { schemaFromCql } from '../../../src/schema/sources/cql-source.ts';
import { EmbeddedSession } from '../../../src/session/embedded/embedded-session.ts';
import { nodeFileSystem } from '../../../src/storage/files/index.ts';
import { DirectoryReader, discover } from '../../../src/storage/read/index.ts';
import type { ReadRange } from '../../../src/storage/rows/index.ts';
import type { StorageReader } from '../../../src/storage/scan/index.ts';
import { CORPUS, corpusSession, corpusText, hasCorpus } from '../../executor/corpus-session.ts';
import { decodedRows } from '../../executor/read-rows.ts';
import { corpusAnswers } from '../../storage/sstable/corpus-files.ts';

const TABLES = [
  'test_edge.tombstones',
  'test_edge.range_tombstones',
  'test_collections.collection_table',
  'test_edge.liveness',
];

describe.skipIf(!hasCorpus)('keyspace cassette over files of Cassandra', () => {
  const session = hasCorpus ? corpusSession('nb', 'explore') : null;
  afterAll(() => session?.close());

  const ask = async (cql: string): Promise<unknown[][]> => (session === null ? [] : decodedRows(session, cql));

  it.each(corpusAnswers('nb', 'dump.jsonl').filter(({ name }) => TABLES.some((table) => name.includes(table))))(
    '$name: as many cells, deletions and liveness as sstabledump prints',
    async ({ dataPath, answer }) => {
      const [, keyspace, table] = /\/(\w+)\/(\w+)-[0-9a-f]+\/[^/]+$/.exec(dataPath) ?? [];
      const rows = await ask(
        `SELECT kind, count(*) FROM cassette.cells WHERE keyspace_name = '${keyspace}' AND table_name = '${table}' AND source = '${dataPath}' GROUP BY kind`,
      );
      const counts = Object.fromEntries(rows.map(([kind, count]) => [String(kind), Number(count)]));
      expect(counts).toEqual(countsOfDump(answer));
    },
  );

  it('reads only the partition that is named', async () => {
    const { storage, ranges } = watchedStorage();
    const watched = new EmbeddedSession(storage, { dialect: 'strict' });
    const where = "keyspace_name = 'test_basic' AND table_name = 'composite_key_table'";
    const [[key]] = await decodedRows(watched, `SELECT partition_key FROM cassette.cells WHERE ${where} LIMIT 1`);
    const all = await decodedRows(
      watched,
      `SELECT partition_key, kind, value, writetime FROM cassette.cells WHERE ${where}`,
    );
    ranges.length = 0;
    const one = await decodedRows(
      watched,
      `SELECT partition_key, kind, value, writetime FROM cassette.cells WHERE ${where} AND partition_key = '${key}'`,
    );
    expect(one).toEqual(all.filter(([partition]) => partition === key));
    expect(one.length).toBeGreaterThan(0);
    expect(ranges.length).toBeGreaterThan(0);
    expect(ranges.every(({ partitions }) => partitions.kind === 'keys' && partitions.keys.length === 1)).toBe(true);
    expect(
      await decodedRows(watched, `SELECT * FROM cassette.cells WHERE ${where} AND partition_key = 'nonsense'`),
    ).toEqual([]);
    await watched.close();
  });

  it('answers of sstables without reading their data', async () => {
    const { storage, ranges } = watchedStorage();
    const watched = new EmbeddedSession(storage, { dialect: 'strict' });
    const rows = await decodedRows(
      watched,
      "SELECT partitions, rows, bytes, first_key FROM cassette.sstables WHERE keyspace_name = 'test_basic' AND table_name = 'simple_table'",
    );
    const [[count]] = await decodedRows(watched, 'SELECT count(*) FROM test_basic.simple_table');
    expect(rows.map(([partitions, stored]) => [partitions, stored])).toEqual([[count, count]]);
    expect(ranges).toEqual([]);
    await watched.close();
  });

  it('gives rows in order either way', async () => {
    const sql =
      "SELECT number, partition_key FROM cassette.partitions WHERE keyspace_name = 'test_wide_rows' AND table_name = 'chat_messages'";
    const rows = await ask(sql);
    expect(rows.map(([number]) => number)).toEqual(rows.map((_, i) => i));
    expect(await ask(`${sql} ORDER BY number DESC`)).toEqual([...rows].reverse());
  });
});

/** What one line of sstabledump says of a partition, in the words of `cassette.cells`. */
function countsOfDump(dump: string): Record<string, number> {
  const counts: Record<string, number> = {};
  const count = (kind: string): void => {
    counts[kind] = (counts[kind] ?? 0) + 1;
  };
  for (const line of dump.trimEnd().split('\n')) {
    const { partition, rows } = JSON.parse(line);
    if (partition.deletion_info !== undefined) count('partition deletion');
    for (const row of rows) {
      if (row.type === 'range_tombstone_bound') {
        if (row.start !== undefined) count('range deletion');
        continue;
      }
      if (row.type === 'range_tombstone_boundary') {
        count('range deletion');
        continue;
      }
      if (row.liveness_info !== undefined) count('liveness');
      if (row.deletion_info !== undefined) count('row deletion');
      for (const cell of row.cells ?? []) {
        const isCollection = cell.deletion_info !== undefined && cell.deletion_info.marked_deleted !== undefined;
        if (isCollection) count('collection deletion');
        else
          count(
            'value' in cell || (cell.path !== undefined && cell.deletion_info === undefined)
              ? 'cell'
              : 'cell tombstone',
          );
      }
    }
  }
  return counts;
}

/** The corpus with an account of what is read of its sources. */
function watchedStorage() {
  const { schema } = schemaFromCql(corpusText('nb/schema-internals.cql'));
  const reader = new DirectoryReader(discover([join(CORPUS, 'nb')], nodeFileSystem), nodeFileSystem);
  reader.schema = schema;
  const ranges: ReadRange[] = [];
  const watching: StorageReader = {
    open: (table) => {
      const source = reader.open(table);
      const sources = source.sources.bind(source);
      source.sources = () =>
        sources().map((one) => ({
          name: one.name,
          facts: one.facts?.bind(one),
          stream: (range) => {
            ranges.push(range);
            return one.stream(range);
          },
        }));
      return source;
    },
  };
  const storage = {
    reader: watching,
    engine: null,
    schema,
    description: { kind: 'foreign', name: 'watched', readOnly: true, notes: [] },
    close: async () => reader.close(),
  } as const;
  return { storage, ranges };
}
