import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { corpusSession, hasCorpus } from '../executor/corpus-session.ts';
import { decodedRows, hexRows, pagedRows, rowsOf } from '../executor/read-rows.ts';

describe.skipIf(!hasCorpus)('system_views over files of Cassandra', () => {
  const session = hasCorpus ? corpusSession('nb', 'explore') : null;
  afterAll(() => session?.close());
  const ask = async (cql: string): Promise<unknown[][]> => (session === null ? [] : decodedRows(session, cql));
  const WIDE = "keyspace_name = 'test_wide_rows' AND table_name = 'wide_partition_table'";

  /** Bytes of all files of each SSTable. */
  const diskBytes = async (where: string): Promise<number[]> =>
    (await ask(`SELECT source FROM cassette.sstables WHERE ${where}`)).map(([source]) => {
      const prefix = String(source).replace(/Data\.db$/, '');
      const directory = dirname(prefix);
      return readdirSync(directory)
        .map((name) => join(directory, name))
        .filter((path) => path.startsWith(prefix))
        .reduce((sum, path) => sum + statSync(path).size, 0);
    });
  const mebibytes = (bytes: number): bigint => BigInt(Math.ceil(bytes / 2 ** 20));

  it('tells the bytes of a table, and of its largest SSTable', async () => {
    const bytes = await diskBytes(WIDE);
    expect(bytes.length).toBeGreaterThan(0);
    const total = bytes.reduce((a, b) => a + b, 0);
    expect(await ask(`SELECT * FROM system_views.disk_usage WHERE ${WIDE}`)).toEqual([
      ['test_wide_rows', 'wide_partition_table', mebibytes(total)],
    ]);
    expect(await ask(`SELECT mebibytes FROM system_views.max_sstable_size WHERE ${WIDE}`)).toEqual([
      [mebibytes(Math.max(...bytes))],
    ]);
  });

  it('tells the largest partition and the longest span of timestamps, as Statistics.db has them', async () => {
    const [[partition]] = await ask(`SELECT mebibytes FROM system_views.max_partition_size WHERE ${WIDE}`);
    expect(Number(partition)).toBeGreaterThan(0);
    const times = await ask(`SELECT min_timestamp, max_timestamp FROM cassette.sstables WHERE ${WIDE}`);
    const spans = times.map(([min, max]) => (Number(max) - Number(min)) / 1000);
    const [[duration]] = await ask(`SELECT max_sstable_duration FROM system_views.max_sstable_duration WHERE ${WIDE}`);
    expect(Number(duration)).toBe(Math.floor(Math.max(...spans)));
  });

  it('has a row for every table, empty ones too', async () => {
    const [[count]] = await ask('SELECT count(*) FROM system_views.disk_usage');
    expect(Number(count)).toBeGreaterThan(50);
    expect(
      await ask(
        "SELECT mebibytes FROM system_views.disk_usage WHERE keyspace_name = 'test_edge' AND table_name = 'empty_table'",
      ),
    ).toEqual([[0n]]);
  });

  it('comes in the order of keys, page by page too, as a LocalPartitioner has them', async () => {
    const asText = (rows: unknown[][]): string[] => rows.map((row) => row.join('\u0000'));
    const sizes = asText(await ask('SELECT keyspace_name, table_name FROM system_views.disk_usage'));
    expect(sizes).toEqual([...sizes].sort());
    const tables = asText(await ask('SELECT keyspace_name, table_name FROM system_virtual_schema.tables'));
    expect(tables).toEqual([...tables].sort());
    for (const where of ['', ' WHERE token(keyspace_name, table_name) > 0']) {
      const cql = `SELECT keyspace_name, table_name FROM system_views.disk_usage${where}`;
      if (session === null) return;
      const rows = await hexRows(await rowsOf(session, cql));
      expect(rows.length).toBeGreaterThan(14);
      expect(await pagedRows(session, cql, 7)).toEqual(rows);
    }
  });

  it('has the settings that hold here', async () => {
    expect(await ask("SELECT value FROM system_views.settings WHERE name = 'partitioner'")).toEqual([
      ['org.apache.cassandra.dht.Murmur3Partitioner'],
    ]);
  });

  it('is empty where an embedded database has nothing to tell', async () => {
    for (const table of ['clients', 'caches', 'thread_pools', 'local_read_latency', 'sstable_tasks'])
      expect(await ask(`SELECT * FROM system_views.${table}`)).toEqual([]);
  });
});
