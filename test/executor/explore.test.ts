import { afterAll, describe, expect, it } from 'vitest';
import type { EmbeddedSession } from '../../src/session/embedded/embedded-session.ts';
import { corpusSession, hasCorpus } from './corpus-session.ts';
import { sessionOver } from './empty-session.ts';
import { decodedRows, rowsOf } from './read-rows.ts';

const SCHEMA = `
  CREATE TABLE ks.t (k int, c int, v int, s text, tags set<text>, PRIMARY KEY (k, c));
  CREATE TABLE ks.vectors (id int PRIMARY KEY, v vector<float, 2>);
  CREATE CUSTOM INDEX ON ks.vectors (v) USING 'StorageAttachedIndex' WITH OPTIONS = {'similarity_function': 'euclidean'};`;

/** What explore mode says beside the answer, and that strict mode refuses it. */
describe('notes', () => {
  const explore = sessionOver({ schema: SCHEMA });
  const strict = sessionOver({ schema: SCHEMA, dialect: 'strict' });

  it.each([
    ['SELECT * FROM ks.t WHERE k = 1 OR v = 2', ['Cassandra has no OR'], 'SyntaxException'],
    ['SELECT * FROM ks.t WHERE s IS NULL', ['Cassandra has no IS NULL'], 'SyntaxException'],
    ['SELECT 1 + 1', ['Cassandra has no SELECT without FROM'], 'SyntaxException'],
    ['SELECT upper(s) FROM ks.t', ['Cassandra has no function upper'], 'InvalidRequest'],
    [
      'SELECT * FROM ks.t WHERE v != 1',
      ['Cassandra would refuse this: Unsupported "!=" relation: v != 1'],
      'InvalidRequest',
    ],
    [
      'SELECT DISTINCT v FROM ks.t',
      [
        'Cassandra would refuse this: SELECT DISTINCT queries must only request partition key columns and/or static columns (not v)',
      ],
      'InvalidRequest',
    ],
  ])('%s', async (cql, notes, kind) => {
    expect((await rowsOf(explore, cql)).notes).toEqual(notes);
    await expect(strict.execute(cql)).rejects.toMatchObject({ kind });
  });

  it('has no note for what Cassandra runs', async () => {
    expect((await rowsOf(explore, 'SELECT * FROM ks.t WHERE k = 1 AND c > 2 ORDER BY c DESC')).notes).toEqual([]);
  });
});

describe('EXPLAIN', () => {
  it.each([
    [
      "EXPLAIN SELECT v FROM ks.t WHERE k IN (1, 2) AND c >= 3 AND s = 'x' ORDER BY v DESC LIMIT 5",
      [
        'Limit',
        '    5 rows',
        '  └ Keep the first rows in order (top-k)',
        '      by v descending',
        '    └ Select',
        '        v',
        '      └ Scan ks.t',
        '          partitions by key: k in (1, 2) (bloom filter, then partition index)',
        '          slice of each partition: c >= 3',
        "          filter on encoded bytes: s = 'x'",
        '          decodes v, s',
        'note: Cassandra would refuse this: Order by is currently only supported on the clustered columns of the PRIMARY KEY, got v',
      ],
    ],
    [
      'EXPLAIN SELECT count(*) FROM ks.t',
      [
        'Select',
        '    count',
        '  └ Count rows: as Statistics.db counts them where no row is deleted or expires, else without decoding them',
        '    └ Scan ks.t',
        '        all partitions, in token order',
        '        decodes no column',
      ],
    ],
  ])('%s', async (cql, lines) => {
    const rows = await decodedRows(sessionOver({ schema: SCHEMA }), cql);
    const text = rows.map(([line]) => line);
    // The refusal differs with the first rule that is broken; the tree is what matters.
    expect(text.filter((line) => !String(line).startsWith('note:'))).toEqual(
      lines.filter((line) => !line.startsWith('note:')),
    );
  });
});

describe('ANN', () => {
  it('gives the nearest rows, nearest first', async () => {
    const vector = (x: number, y: number): Buffer => {
      const bytes = Buffer.alloc(8);
      bytes.writeFloatBE(x, 0);
      bytes.writeFloatBE(y, 4);
      return bytes;
    };
    const int = (value: number): Buffer => {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(value);
      return bytes;
    };
    const points = [
      [1, 5, 5],
      [2, 0, 1],
      [3, 9, 9],
      [4, 1, 0.5],
      [5, -3, 2],
    ] as const;
    const rows = {
      'ks.vectors': [...points.map(([id, x, y]) => ({ id: int(id), v: vector(x, y) })), { id: int(6), v: null }],
    };
    const session = sessionOver({ schema: SCHEMA, rows, dialect: 'strict' });
    expect(await decodedRows(session, 'SELECT id FROM ks.vectors ORDER BY v ANN OF [0, 0] LIMIT 3')).toEqual([
      [2],
      [4],
      [5],
    ]);
    await expect(session.execute('SELECT id FROM ks.vectors ORDER BY v ANN OF [0, 0]')).rejects.toMatchObject({
      message: 'Top-K queries must have a limit specified and the limit must be less than the query page size',
    });
  });
});

describe('virtual keyspaces', () => {
  const session = sessionOver({ schema: SCHEMA, dialect: 'strict' });

  it('answers what drivers ask first', async () => {
    expect(
      await decodedRows(session, "SELECT release_version, cql_version FROM system.local WHERE key = 'local'"),
    ).toEqual([['5.0.8', '3.4.7']]);
    expect(await decodedRows(session, 'SELECT * FROM system.peers_v2')).toEqual([]);
  });

  it('describes the tables', async () => {
    const cql =
      "SELECT column_name, kind, position FROM system_schema.columns WHERE keyspace_name = 'ks' AND table_name = 't'";
    expect(await decodedRows(session, cql)).toEqual([
      ['c', 'clustering', 0],
      ['k', 'partition_key', 0],
      ['s', 'regular', -1],
      ['tags', 'regular', -1],
      ['v', 'regular', -1],
    ]);
  });
});

describe.skipIf(!hasCorpus)('keyspace cassette', () => {
  let session: EmbeddedSession;
  afterAll(() => session?.close());

  it('shows every fragment, and the live ones are those that a query sees', async () => {
    session = corpusSession('nb', 'explore');
    const where = "keyspace_name = 'test_edge' AND table_name = 'merge_overlap'";
    const cells = await decodedRows(
      session,
      `SELECT count(*) FROM cassette.cells WHERE ${where} AND live = true AND column_name = 'a'`,
    );
    const seen = await decodedRows(session, 'SELECT count(a) FROM test_edge.merge_overlap');
    expect(cells).toEqual(seen);
  });

  it('counts partitions as a scan does', async () => {
    const rows = await decodedRows(
      session,
      "SELECT count(*) FROM cassette.partitions WHERE keyspace_name = 'test_basic' AND table_name = 'simple_table'",
    );
    expect(rows).toEqual(await decodedRows(session, 'SELECT count(*) FROM test_basic.simple_table'));
  });
});
