import { describe, expect, it } from 'vitest';
import { CqlError } from '../../src/errors/index.ts';
import { nativeCatalog } from '../../src/executor/index.ts';
import { parseStatement } from '../../src/parser/parse.ts';
import { type PlanContext, type PlannedSelect, planStatement } from '../../src/planner/index.ts';
import { schemaFromCql } from '../../src/schema/sources/cql-source.ts';

const { schema, problems } = schemaFromCql(`
  CREATE TYPE ks.point (x double, y double);
  CREATE TABLE ks.t (
    k1 int, k2 text, a int, b int, c int, v int, s text static, l list<int>, m map<text, int>, fm frozen<map<text, int>>,
    d duration, p point, PRIMARY KEY ((k1, k2), a, b, c)) WITH CLUSTERING ORDER BY (a ASC, b DESC, c ASC);
  CREATE TABLE ks.one (k int PRIMARY KEY, v int, t text, vec vector<float, 2>);
  CREATE INDEX one_v ON ks.one (v);
`);

const context: PlanContext = { schema, keyspace: 'ks', dialect: 'strict', functions: nativeCatalog };

function plan(cql: string): PlannedSelect {
  const statement = parseStatement(cql);
  if (statement.kind !== 'select') throw new TypeError(cql);
  return planStatement(statement, context, false);
}

/** Statements with the words in which Cassandra 5.0.8 refuses them (`cql3/restrictions`, `cql3/statements`). */
const FILTERING = /^Cannot execute this query as it might involve data filtering .* use ALLOW FILTERING$/;
const REFUSALS: readonly (readonly [where: string, message: string | RegExp])[] = [
  ['k1 = 1', FILTERING],
  ["k1 = 1 AND k2 = 'x' AND v = 1", FILTERING],
  ["k1 > 1 AND k2 = 'x'", FILTERING],
  ["k1 = 1 AND k1 = 2 AND k2 = 'x'", 'k1 cannot be restricted by more than one relation if it includes an Equal'],
  ["k1 IN (1, 2) AND k1 = 2 AND k2 = 'x'", 'k1 cannot be restricted by more than one relation if it includes a IN'],
  [
    "k1 = 1 AND k2 = 'x' AND b = 1",
    'PRIMARY KEY column "b" cannot be restricted as preceding column "a" is not restricted',
  ],
  [
    "k1 = 1 AND k2 = 'x' AND a > 1 AND b = 1",
    'Clustering column "b" cannot be restricted (preceding column "a" is restricted by a non-EQ relation)',
  ],
  [
    "k1 = 1 AND k2 = 'x' AND b = 1 AND a > 1",
    'PRIMARY KEY column "b" cannot be restricted (preceding column "a" is restricted by a non-EQ relation)',
  ],
  ["k1 = 1 AND k2 = 'x' AND a > 1 AND a > 2", 'More than one restriction was found for the start bound on a'],
  ["k1 = 1 AND k2 = 'x' AND a < 1 AND a <= 2", 'More than one restriction was found for the end bound on a'],
  [
    "k1 = 1 AND k2 = 'x' AND a > 1 AND a = 2",
    'Column "a" cannot be restricted by both an equality and an inequality relation',
  ],
  [
    "k1 = 1 AND k2 = 'x' AND (a, c) = (1, 2)",
    'Clustering columns must appear in the PRIMARY KEY order in multi-column relations: (a, c) = (1, 2)',
  ],
  ["k1 = 1 AND k2 = 'x' AND (a, a) = (1, 2)", 'Column "a" appeared twice in a relation: (a, a) = (1, 2)'],
  ["(k1, k2) = (1, 'x')", 'Multi-column relations can only be applied to clustering columns but was applied to: k1'],
  ["k1 = 1 AND k2 = 'x' AND (a, b) = (1)", 'Expected 2 elements in value tuple, but got 1: (1)'],
  ['token(k1) > 0', 'The token() function must be applied to all partition key components or none of them'],
  ['token(k2, k1) > 0', 'The token function arguments must be in the partition key order: k1, k2'],
  ['token(k1, k2) > 0 AND token(k1, k2) > 5', 'More than one restriction was found for the start bound on k1, k2'],
  ['l = [1]', "Collection column 'l' (list<int>) cannot be restricted by a '=' relation"],
  ["m['a'] > 1", 'Only EQ relations are supported on map entries'],
  ["fm['a'] = 1", 'Map-entry equality predicates on frozen map column fm are not supported'],
  ['l[0] = 1', 'Indexes on list entries (l[index] = value) are not currently supported.'],
  ['d > 1d', 'Slice restrictions are not supported on duration columns'],
  ['p = {x: 1}', "Non-frozen UDT column 'p' (point) cannot be restricted by any relation"],
  ['v CONTAINS KEY 1', 'Cannot use CONTAINS KEY on non-map column v'],
  ['v != 1', 'Unsupported "!=" relation: v != 1'],
  ['nope = 1', 'Undefined column name nope in table ks.t'],
  ['k1 = 1.5', 'Invalid FLOAT constant (1.5) for "k1" of type int'],
  ['v IN (1, true)', 'Invalid BOOLEAN constant (true) for "v" of type int'],
];

describe('WHERE', () => {
  it.each(REFUSALS)('%s', (where, message) => {
    expect(problems).toEqual([]);
    expect(() => plan(`SELECT * FROM t WHERE ${where}`)).toThrow(
      expect.objectContaining({
        kind: 'InvalidRequest',
        message: expect.stringMatching(message instanceof RegExp ? message : exactly(message)),
      }),
    );
  });

  it.each([
    [
      "SELECT s FROM t WHERE k1 = 1 AND k2 = 'x' AND a = 1",
      'Cannot restrict clustering columns when selecting only static columns',
    ],
    ['SELECT DISTINCT k1 FROM t', 'SELECT DISTINCT queries must request all the partition key columns (missing k2)'],
    [
      "SELECT DISTINCT k1, k2 FROM t WHERE k1 = 1 AND k2 = 'x' AND a = 1",
      'SELECT DISTINCT with WHERE clause only supports restriction by partition key and/or static columns.',
    ],
    ["SELECT * FROM t WHERE k1 = 1 AND k2 = 'x' ORDER BY a DESC, b DESC", 'Unsupported order by relation'],
    [
      "SELECT * FROM t WHERE k1 = 1 AND k2 = 'x' ORDER BY b",
      'Order by currently only supports the ordering of columns following their declared order in the PRIMARY KEY',
    ],
    [
      'SELECT * FROM one WHERE v = 1 ORDER BY k',
      'ORDER BY with 2ndary indexes is not supported, except for ANN queries.',
    ],
    [
      'SELECT * FROM one WHERE v = 1 AND k IN (1, 2)',
      'Select on indexed columns and with IN clause for the PRIMARY KEY are not supported',
    ],
    [
      'SELECT * FROM one ORDER BY vec ANN OF [1, 2] LIMIT 1',
      'ANN ordering by vector requires the column to be indexed',
    ],
    ['SELECT k1, k2, count(*) FROM t GROUP BY k1', 'Group by is not supported on only a part of the partition key'],
    [
      'SELECT k1, k2, count(*) FROM t GROUP BY k1, k2, b',
      'Group by currently only support groups of columns following their declared order in the PRIMARY KEY',
    ],
    ['SELECT max(min(v)) FROM one', 'aggregate functions cannot be used as arguments of aggregate functions'],
    ['SELECT 1 FROM one', 'Cannot infer type for term 1 in selection clause (try using a cast to force a type)'],
    ['SELECT p.z FROM t', 'p of type point has no field z'],
    ['SELECT v.x FROM t', 'Invalid field selection: v of type int is not a user type'],
    ['SELECT ttl(a) FROM t', 'Cannot use selection function ttl on PRIMARY KEY part a'],
    ['SELECT abs(t) FROM one', /^Invalid call to function abs, none of its type signatures match/],
    [
      'SELECT token(k1) FROM t',
      'Invalid number of arguments in call to function system.token: 2 required but 1 provided',
    ],
    [
      'SELECT map_keys(v) FROM one',
      'Function system.map_keys requires a map argument, but found argument v of type int',
    ],
  ] as const)('%s', (cql, message) => {
    expect(() => plan(cql)).toThrow(
      expect.objectContaining({
        kind: 'InvalidRequest',
        message: expect.stringMatching(message instanceof RegExp ? message : exactly(message)),
      }),
    );
  });

  it('suggests a column that was probably meant', () => {
    const error = (() => {
      try {
        plan('SELECT * FROM one WHERE vex = [1, 2]');
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toBeInstanceOf(CqlError);
    expect(error).toMatchObject({ suggestion: 'did you mean "vec"?' });
  });
});

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`);
}

/** What is read, and how: the access path and the columns decoded. */
describe('plans', () => {
  it.each([
    ["SELECT v FROM t WHERE k1 IN (1, 2) AND k2 = 'x' AND a = 1 AND b > 2", 'keys', 2],
    ['SELECT v FROM t WHERE token(k1, k2) > 5', 'range', 0],
    ['SELECT v FROM t WHERE a = 1 ALLOW FILTERING', 'range', 1],
    ['SELECT k FROM one WHERE v = 3', 'range', 0],
  ] as const)('%s', (cql, kind, slices) => {
    let { plan: at } = plan(cql);
    while ('input' in at) at = at.input;
    expect(at).toMatchObject({ kind: 'scan', access: { partitions: { kind } } });
    expect(at.kind === 'scan' && at.access.clustering.length).toBe(slices);
  });

  it('counts rows of a bare scan without decoding them', () => {
    expect(plan('SELECT count(*) FROM one').plan).toMatchObject({
      input: { kind: 'countRows', input: { columns: [] } },
    });
  });
});
