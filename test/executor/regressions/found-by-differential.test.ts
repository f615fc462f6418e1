import { afterEach, describe, expect, it } from 'vitest';
import { CqlError } from '../../../src/errors/index.ts';
import type { EmbeddedSession } from '../../../src/session/embedded/embedded-session.ts';
import { openSession } from '../../../src/session/open-session.ts';
import type { BoundValue } from '../../../src/session/session.ts';
import { cqlTypeName } from '../../../src/types/index.ts';

/** What test/interop/differential found: the last statement answers this, as Cassandra 5.0.8 does. */
interface Regression {
  readonly name: string;
  /** `t`'s columns and key. */
  readonly table: string;
  readonly statements: readonly string[];
  /** Of the last statement. */
  readonly values?: readonly BoundValue[];
  /** An error's message; or columns, warnings and rows of hexadecimal cells. */
  readonly answer:
    | string
    | { readonly columns?: string[]; readonly types?: string[]; readonly warnings?: string[]; readonly rows: string[] };
}

const DESCENDING = {
  table:
    'p int, l frozen<list<int>>, m frozen<map<int, int>>, v vector<float, 2>, PRIMARY KEY (p, l, m, v)) ' +
    'WITH CLUSTERING ORDER BY (l DESC, m DESC, v DESC',
  insert: 'INSERT INTO t (p, l, m, v) VALUES (1, [1, 2], {1: 2}, [1, 2])',
} as const;

function refusedOfDescending(statement: string, answer: string): Regression {
  return {
    name: `a column with descending order is no collection or vector: ${statement}`,
    table: DESCENDING.table,
    statements: [DESCENDING.insert, statement],
    answer,
  };
}

const REGRESSIONS: readonly Regression[] = [
  ...[
    [
      'SELECT collection_count(l) FROM t',
      'Function system.collection_count requires a collection argument, but found argument l of type frozen<list<int>>',
    ],
    [
      'SELECT collection_min(l) FROM t',
      'Function system.collection_min requires a set or list argument, but found argument l of type frozen<list<int>>',
    ],
    [
      'SELECT collection_sum(l) FROM t',
      'Function system.collection_sum requires a numeric set/list argument, but found argument l of type frozen<list<int>>',
    ],
    [
      'SELECT map_keys(m) FROM t',
      'Function system.map_keys requires a map argument, but found argument m of type frozen<map<int, int>>',
    ],
    [
      'SELECT similarity_cosine(v, [1, 2]) FROM t',
      'Function system.similarity_cosine requires a float vector argument, but found argument v of type vector<float, 2>',
    ],
    ['SELECT p FROM t WHERE l CONTAINS 1 ALLOW FILTERING', 'Cannot use CONTAINS on non-collection column l'],
    ['SELECT p FROM t WHERE m CONTAINS KEY 1 ALLOW FILTERING', 'Cannot use CONTAINS KEY on non-map column m'],
    ['SELECT p FROM t WHERE m[1] = 2 ALLOW FILTERING', 'Column m cannot be used as a map'],
  ].map(([statement, answer]) => refusedOfDescending(statement, answer)),
  {
    name: 'an element of a map in a column with descending order',
    table: DESCENDING.table,
    statements: [DESCENDING.insert, 'SELECT m[1] FROM t'],
    answer: { columns: ['m[1]'], rows: ['00000002'] },
  },
  {
    name: 'the least timeuuid of a column with descending order is a timeuuid, not a class without a name in CQL',
    table: 'p int, a timeuuid, b timeuuid, PRIMARY KEY (p, a, b)) WITH CLUSTERING ORDER BY (a DESC, b ASC',
    statements: ['SELECT min(a), max(b) FROM t WHERE p = 1'],
    answer: { types: ['timeuuid', "'org.apache.cassandra.db.marshal.LegacyTimeUUIDType'"], rows: ['null,null'] },
  },
  {
    name: 'an empty ascii is an empty text',
    table: 'p int PRIMARY KEY, v ascii',
    statements: ["INSERT INTO t (p, v) VALUES (1, '')", 'SELECT cast(v AS text) FROM t'],
    answer: { columns: ['cast(v as text)'], rows: [''] },
  },
  {
    name: 'a failed IF EXISTS shows no static values that it did not read',
    table: 'p int, c int, s int static, v int, PRIMARY KEY (p, c)',
    statements: ['INSERT INTO t (p, s) VALUES (1, 7)', 'DELETE FROM t WHERE p = 1 AND c = 1 IF EXISTS'],
    answer: { columns: ['[applied]'], rows: ['00'] },
  },
  {
    name: 'a failed condition on a static column alone shows it also where the row is not there',
    table: 'p int, c int, s int static, v int, PRIMARY KEY (p, c)',
    statements: ['INSERT INTO t (p, c) VALUES (1, 2)', 'UPDATE t SET v = 1 WHERE p = 1 AND c = 1 IF s = 3'],
    answer: { columns: ['[applied]', 's'], rows: ['00,null'] },
  },
  {
    name: 'a list where no list belongs',
    table: 'p int PRIMARY KEY, v set<double>',
    statements: ['INSERT INTO t (p, v) VALUES (1, [1])'],
    answer: "Unexpected receiver type 'set<double>'; only list and vector are expected",
  },
  {
    name: 'a negative index is looked at in IF where a frozen list has a value',
    table: 'p int PRIMARY KEY, l frozen<list<int>>',
    statements: ['DELETE l FROM t WHERE p = 1 IF l[-1] <= 5'],
    answer: { columns: ['[applied]'], rows: ['00'] },
  },
  {
    name: 'a negative index is looked at in IF where a list has none of its cells',
    table: 'p int PRIMARY KEY, l list<int>',
    statements: ['DELETE l FROM t WHERE p = 1 IF l[-1] <= 5'],
    answer: 'Invalid negative list index -1',
  },
  {
    name: 'CONTAINS in IF names the element',
    table: 'p int PRIMARY KEY, v set<uuid>',
    statements: ['UPDATE t SET v = {} WHERE p = 1 IF v CONTAINS blobAsInt(0x00000001)'],
    answer: 'Type error: cannot assign result of function system.blobasint (type int) to value(v) (type uuid)',
  },
  {
    name: 'bytes of a client that are no map',
    table: 'p int PRIMARY KEY, v frozen<map<int, int>>',
    statements: ['INSERT INTO t (p, v) VALUES (1, ?)'],
    values: [Uint8Array.of(0, 0)],
    answer: 'Not enough bytes to read a map',
  },
  {
    name: 'INSERT JSON DEFAULT UNSET without the key',
    table: 'p int PRIMARY KEY, v int',
    statements: [`INSERT INTO t JSON '{"v": 1}' DEFAULT UNSET`],
    answer: 'Invalid unset value for column p',
  },
  {
    name: 'a conditional batch meets another partition before the bad key of a later statement',
    table: 'p int, c int, v int, PRIMARY KEY (p, c)',
    statements: [
      'BEGIN BATCH INSERT INTO t (p, c) VALUES (1, 1) IF NOT EXISTS; INSERT INTO t (p, c) VALUES (2, 1); INSERT INTO t (p, c) VALUES (2, null); APPLY BATCH',
    ],
    answer: 'Batch with conditions cannot span multiple partitions',
  },
  {
    name: 'the JSON of an INSERT is read before later statements of the batch',
    table: 'p int PRIMARY KEY, v frozen<set<int>>',
    statements: [`BEGIN BATCH INSERT INTO t JSON '{"p": [1]}'; UPDATE t SET v = v + {1} WHERE p = 1; APPLY BATCH`],
    answer: 'Error decoding JSON value for p: Expected an int value, but got a ArrayList: [1]',
  },
  {
    name: 'types of a batch are checked before its timestamps',
    table: 'p int PRIMARY KEY, v counter',
    statements: [
      'BEGIN COUNTER BATCH UPDATE t USING TIMESTAMP 1 SET v = v + 1 WHERE p = 1; UPDATE t SET v = v + 1 WHERE p = 2.5; APPLY BATCH',
    ],
    answer: 'Invalid FLOAT constant (2.5) for "p" of type int',
  },
  {
    name: 'an empty collection in IF is named in small letters',
    table: 'p int PRIMARY KEY, v map<int, int>',
    statements: ['UPDATE t SET v = {1: 1} WHERE p = 1 IF v >= {}'],
    answer: 'Invalid comparison with an empty map for operator ">="',
  },
  {
    name: 'faults of WHERE are told before those of selectors',
    table: 'p int PRIMARY KEY, v int',
    statements: ['SELECT nosuch FROM t WHERE v = 1'],
    answer:
      'Cannot execute this query as it might involve data filtering and thus may have unpredictable performance. If you want to execute this query despite the performance unpredictability, use ALLOW FILTERING',
  },
  {
    name: 'selectors are checked one after the other',
    table: 'p int PRIMARY KEY, v list<int>',
    statements: ['SELECT v[1], nosuch(p) FROM t'],
    answer: 'Element selection is only allowed on sets and maps, but v is a list',
  },
  {
    name: 'columns of unfrozen collections in tuples and lists',
    table: 'p int PRIMARY KEY, v set<int>, w u',
    statements: ['SELECT (v, p), [w, w] FROM t'],
    answer: { columns: ['(v, p)', '[w, w]'], rows: [] },
  },
  {
    name: 'a type hint that does not fit is named frozen',
    table: 'p int PRIMARY KEY',
    statements: ['SELECT (list<int>) 1 FROM t'],
    answer: 'Cannot assign value (list<int>)1 to (list<int>)1 of type frozen<list<int>>',
  },
  {
    name: 'the time of an element of what has none',
    table: 'p int PRIMARY KEY, v uuid',
    statements: ['SELECT writetime(v[1]) FROM t'],
    answer: 'Invalid element selection: v is of type uuid is not a collection',
  },
  {
    name: 'two bounds on several columns',
    table: 'p int, c int, d int, PRIMARY KEY (p, c, d)',
    statements: ['SELECT * FROM t WHERE (c, d) < (1, 2) AND (c, d) < (3, 4) ALLOW FILTERING'],
    answer: 'More than one restriction was found for the end bound on c ,d',
  },
  {
    name: 'conditions on static columns are tested first',
    table: 'p int, c int, s list<int> static, v int, PRIMARY KEY (p, c)',
    statements: ['UPDATE t SET v = 1 WHERE p = 1 AND c = 1 IF v = 1 AND s[-1] = 1'],
    answer: 'Invalid negative list index -1',
  },
  {
    name: 'IN under a condition is refused before the values of the row are looked at',
    table: 'p int, c int, d int, v int, PRIMARY KEY (p, c, d)',
    statements: ['UPDATE t SET v = 1 WHERE p = 1 AND c IN (1, 2) AND d = null IF EXISTS'],
    answer: 'IN on the clustering key columns is not supported with conditional updates',
  },
  {
    name: 'a batch looks at all partition keys before any row',
    table: 'p int, c int, v int, PRIMARY KEY (p, c)',
    statements: [
      'BEGIN BATCH DELETE v FROM t WHERE p = 1 AND c = null; DELETE v FROM t WHERE p = null AND c = 1; APPLY BATCH',
    ],
    answer: 'Invalid null value in condition for column p',
  },
  {
    name: 'fields of a literal are printed in the order of their hashes',
    table: 'p int PRIMARY KEY, v frozen<u>',
    statements: ['UPDATE t SET v = v + {x: 1, "Y y": 2} WHERE p = 1'],
    answer: 'Invalid operation (v = v + {Y y: 2, x: 1}) for tuple column v',
  },
  {
    name: 'a list of columns keeps their nulls',
    table: 'p int PRIMARY KEY, v int',
    statements: ['INSERT INTO t (p) VALUES (1)', 'SELECT [v, v] FROM t'],
    answer: { rows: ['00000002ffffffffffffffff'] },
  },
  {
    name: 'a null bound comes before all values',
    table: 'p int, c int, PRIMARY KEY (p, c)',
    statements: ['INSERT INTO t (p, c) VALUES (1, 2)', 'SELECT c FROM t WHERE p = 1 AND c > ?'],
    values: [null],
    answer: { rows: ['00000002'] },
  },
  {
    name: 'no value is beyond a null bound where larger ones come first',
    table: 'p int, c int, PRIMARY KEY (p, c)) WITH CLUSTERING ORDER BY (c DESC',
    statements: ['INSERT INTO t (p, c) VALUES (1, 2)', 'SELECT c FROM t WHERE p = 1 AND c > ?'],
    values: [null],
    answer: { rows: [] },
  },
  {
    name: 'DELETE takes no null bound',
    table: 'p int, c int, PRIMARY KEY (p, c)',
    statements: ['DELETE FROM t WHERE p = 1 AND c > null'],
    answer: 'Invalid null value in condition for column c',
  },
  {
    name: 'a function of nothing',
    table: 'p int PRIMARY KEY',
    statements: ['SELECT * FROM t WHERE token(p) = token(?)'],
    values: [undefined],
    answer: 'Invalid unset value for argument in call to function token',
  },
  {
    name: 'an unset list of IN',
    table: 'p int PRIMARY KEY',
    statements: ['SELECT * FROM t WHERE p IN ?'],
    values: [undefined],
    answer: 'Invalid unset value for column p',
  },
  {
    name: 'aggregates without a partition key are warned of',
    table: 'p int PRIMARY KEY, v int',
    statements: ['SELECT max(v) FROM t'],
    answer: { warnings: ['Aggregation query used without partition key'], rows: ['null'] },
  },
  {
    name: 'aggregates over several partitions are warned of',
    table: 'p int PRIMARY KEY, v int',
    statements: ['SELECT count(v) FROM t WHERE p IN (1, 2)'],
    answer: {
      warnings: ['Aggregation query used on multiple partition keys (IN restriction)'],
      rows: ['0000000000000000'],
    },
  },
];

describe('found by random statements', () => {
  let session: EmbeddedSession | null = null;
  afterEach(async () => {
    await session?.close();
    session = null;
  });

  it.each(REGRESSIONS)('$name', async ({ table, statements, values, answer }) => {
    session = await openSession({ paths: [], dialect: 'strict', durability: 'none' });
    await session.execute("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
    await session.execute('USE k');
    await session.execute('CREATE TYPE u (a int, b text)');
    await session.execute(`CREATE TABLE t (${table})`);
    for (const statement of statements.slice(0, -1)) await session.execute(statement);
    const answered = await answerOf(session, statements[statements.length - 1], values);
    if (typeof answer === 'string') expect(answered).toBe(answer);
    else expect(answered).toMatchObject(answer);
  });
});

async function answerOf(session: EmbeddedSession, cql: string, values: readonly BoundValue[] = []): Promise<unknown> {
  try {
    const result = await session.execute(cql, { values });
    if (result.kind !== 'rows') return { columns: [], warnings: result.warnings, rows: [] };
    const width = result.columns.length;
    const rows: string[] = [];
    for (let chunk = await result.next(); chunk !== null; chunk = await result.next()) {
      for (let row = 0; row < chunk.rowCount; row++) {
        const cells = chunk.cells.slice(row * width, (row + 1) * width);
        rows.push(cells.map((cell) => (cell === null ? 'null' : Buffer.from(cell).toString('hex'))).join());
      }
    }
    const types = result.columns.map((column) => cqlTypeName(column.type));
    return { columns: result.columns.map((column) => column.name), types, warnings: result.warnings, rows };
  } catch (error) {
    if (error instanceof CqlError) return error.message;
    throw error;
  }
}
