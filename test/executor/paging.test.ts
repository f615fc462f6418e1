import { afterAll, describe, expect, it } from 'vitest';
import type { EmbeddedSession } from '../../src/session/embedded/embedded-session.ts';
import { corpusSession, hasCorpus } from './corpus-session.ts';
import { sessionOver } from './empty-session.ts';
import { hexRows, pagedRows, rowsOf } from './read-rows.ts';

/** Pages of every size, one after the other, are the whole answer: nothing twice, nothing missed, in the same order. */
const QUERIES = [
  'SELECT * FROM test_basic.static_columns_table',
  'SELECT * FROM test_basic.static_columns_table PER PARTITION LIMIT 2',
  'SELECT * FROM test_edge.only_static',
  'SELECT DISTINCT dept, budget FROM test_basic.static_columns_table',
  'SELECT * FROM test_edge.tombstones LIMIT 17',
  'SELECT * FROM test_edge.tombstones WHERE id = 10 ORDER BY a DESC, b ASC, c DESC',
  'SELECT a, b FROM test_edge.tombstones WHERE id IN (10, 12, 4, 13) AND a > 3',
  "SELECT * FROM test_edge.tombstones WHERE id = 10 AND a IN (1, 3, 5, 7, 13) AND b > 'b'",
  'SELECT id, c FROM test_edge.lcs_compacted WHERE c > 5 ALLOW FILTERING',
  'SELECT id, c, v FROM test_edge.lcs_compacted WHERE c > 3 PER PARTITION LIMIT 2 ALLOW FILTERING',
  'SELECT id, count(*) FROM test_edge.tombstones GROUP BY id',
  'SELECT JSON * FROM test_edge.order_double',
  'SELECT k FROM test_edge.token_extremes WHERE token(k) > 0 LIMIT 20',
  'SELECT * FROM test_edge.frozen_keys',
  'SELECT * FROM test_edge.empty_values',
];

describe.skipIf(!hasCorpus).each(['nb', 'da'])('pages of %s', (format) => {
  let session: EmbeddedSession | undefined;
  afterAll(() => session?.close());

  it.each(QUERIES)('%s', async (cql) => {
    session ??= corpusSession(format);
    const whole = await hexRows(await rowsOf(session, cql));
    for (const pageSize of [1, 2, 3, 7, 100]) expect(await pagedRows(session, cql, pageSize)).toEqual(whole);
  });
});

describe('pages of ORDER BY over several partitions', () => {
  const session = sessionOver({ schema: 'CREATE TABLE ks.t (k int, c int, PRIMARY KEY (k, c));', dialect: 'strict' });

  it.each([
    'SELECT * FROM ks.t WHERE k IN (1, 2) ORDER BY c',
    'SELECT * FROM ks.t WHERE k IN (1, 2) ORDER BY c LIMIT 1',
  ])('%s is refused', async (cql) => {
    await expect(session.execute(cql, { pageSize: 10 })).rejects.toThrow(
      /^Cannot page queries with both ORDER BY and a IN/,
    );
  });

  it.each([
    'SELECT * FROM ks.t WHERE k IN () ORDER BY c',
    'SELECT * FROM ks.t WHERE k IN (1, 2) AND c IN () ORDER BY c',
  ])('%s reads nothing, and is not', async (cql) => {
    expect(await pagedRows(session, cql, 10)).toEqual([]);
  });
});
