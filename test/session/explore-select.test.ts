import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, open, type Row } from '../../src/index.ts';

/** explore's SELECT beside the same question asked of an array. */
let db: Database;
let rows: readonly Row[];

beforeAll(async () => {
  db = await open(undefined, { mode: 'explore', durability: 'none' });
  await db.execute("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
  await db.execute('USE k');
  await db.execute(
    'CREATE TABLE t (p int, c int, st int static, v int, d double, s text, b boolean, PRIMARY KEY (p, c))',
  );
  const insert = db.prepare('INSERT INTO t (p, c, v, d, s, b) VALUES (?, ?, ?, ?, ?, ?)');
  const numbers = [null, -0, 0, 1.5, Number.NaN, -2, Number.POSITIVE_INFINITY];
  for (let i = 0; i < 60; i++) {
    const v = i % 7 === 0 ? null : (i * 5) % 11;
    await insert.execute([
      i % 6,
      i,
      v,
      numbers[i % 7],
      i % 5 === 0 ? null : `${'abc'[i % 3]}${i % 4}`,
      i % 4 === 0 ? null : i % 2 === 0,
    ]);
  }
  await db.execute('UPDATE t SET st = 5 WHERE p = 2');
  await db.execute('UPDATE t SET st = 7 WHERE p = 99');
  rows = (await db.execute('SELECT * FROM t')).rows;
});
afterAll(() => db.close());

/** True, false or null for unknown, as SQL has it. */
type Test = (row: Row) => boolean | null;

interface Predicate {
  readonly cql: string;
  readonly test: Test;
}

/** Doubles in Java's order: -0 before 0, NaN last and equal to itself. */
function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') {
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
    return a - b || Number(Object.is(b, -0)) - Number(Object.is(a, -0));
  }
  const left = String(a);
  const right = String(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

const OPERATORS = {
  '=': (order: number) => order === 0,
  '!=': (order: number) => order !== 0,
  '<': (order: number) => order < 0,
  '<=': (order: number) => order <= 0,
  '>': (order: number) => order > 0,
  '>=': (order: number) => order >= 0,
} as const;

const integers = fc.integer({ min: -1, max: 12 }).map((value): [string, number] => [String(value), value]);
const doubles = fc.constantFrom<[string, number]>(['0.0', 0], ['-0.0', -0], ['1.5', 1.5], ['NaN', Number.NaN]);
const texts = fc.constantFrom<[string, string]>(["'a1'", 'a1'], ["'b'", 'b'], ["'c3'", 'c3']);
const columnAndValue = fc.oneof(
  fc.tuple(fc.constantFrom('p', 'c', 'st', 'v'), integers),
  fc.tuple(fc.constant('d'), doubles),
  fc.tuple(fc.constant('s'), texts),
);

const comparison = fc
  .tuple(columnAndValue, fc.constantFrom(...(Object.keys(OPERATORS) as (keyof typeof OPERATORS)[]))) // keys of a constant
  .map(([[column, [literal, value]], operator]): Predicate => {
    const test: Test = (row) => (row[column] === null ? null : OPERATORS[operator](compare(row[column], value)));
    return { cql: `${column} ${operator} ${literal}`, test };
  });

const simple: fc.Arbitrary<Predicate> = fc.oneof(
  { arbitrary: comparison, weight: 4 },
  fc
    .constantFrom('c', 'st', 'v', 'd', 's', 'b')
    .map((column): Predicate => ({ cql: `${column} IS NULL`, test: (row) => row[column] === null })),
  fc
    .constantFrom('v', 'd', 's')
    .map((column): Predicate => ({ cql: `${column} IS NOT NULL`, test: (row) => row[column] !== null })),
  fc.tuple(integers, integers, fc.boolean()).map(
    ([[low, least], [high, greatest], negated]): Predicate => ({
      cql: `v ${negated ? 'NOT ' : ''}BETWEEN ${low} AND ${high}`,
      test: ({ v }) => (typeof v !== 'number' ? null : (v >= least && v <= greatest) !== negated),
    }),
  ),
  fc.tuple(fc.array(integers, { minLength: 1, maxLength: 3 }), fc.boolean()).map(
    ([values, negated]): Predicate => ({
      cql: `v ${negated ? 'NOT ' : ''}IN (${values.map(([literal]) => literal).join(', ')})`,
      test: ({ v }) => (v === null ? null : values.some(([, value]) => value === v) !== negated),
    }),
  ),
  fc.constantFrom('a', '1', '3').map(
    (part): Predicate => ({
      cql: `s LIKE '%${part}%'`,
      test: ({ s }) => (typeof s !== 'string' ? null : s.includes(part)),
    }),
  ),
  fc.constant<Predicate>({ cql: 'b', test: ({ b }) => (typeof b === 'boolean' ? b : null) }),
  fc.constant<Predicate>({
    cql: 'v + 1 > c',
    test: ({ v, c }) => (typeof v !== 'number' || typeof c !== 'number' ? null : v + 1 > c),
  }),
);

const predicate: fc.Arbitrary<Predicate> = fc.letrec<{ node: Predicate }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    simple,
    tie('node').map(({ cql, test }): Predicate => ({ cql: `NOT (${cql})`, test: (row) => negated(test(row)) })),
    fc.tuple(tie('node'), tie('node')).map(
      ([a, b]): Predicate => ({
        cql: `(${a.cql}) AND (${b.cql})`,
        test: (row) => both(a.test(row), b.test(row)),
      }),
    ),
    fc.tuple(tie('node'), tie('node')).map(
      ([a, b]): Predicate => ({
        cql: `(${a.cql}) OR (${b.cql})`,
        test: (row) => negated(both(negated(a.test(row)), negated(b.test(row)))),
      }),
    ),
  ),
})).node;

function negated(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

function both(a: boolean | null, b: boolean | null): boolean | null {
  if (a === false || b === false) return false;
  return a === null || b === null ? null : true;
}

function passing({ test }: Predicate): Row[] {
  return rows.filter((row) => test(row) === true);
}

/** Nulls first, as explore sorts. */
function byNullsFirst(a: unknown, b: unknown): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return compare(a, b);
}

describe('a SELECT of explore mode is what an array gives', () => {
  it('filtered', async () => {
    await fc.assert(
      fc.asyncProperty(predicate, async (where) => {
        // Relations of Cassandra keep its meaning of partitions with static values only: those have no row for them.
        const answer = (await db.execute(`SELECT * FROM t WHERE (${where.cql}) OR false`)).rows;
        expect(answer).toEqual(passing(where));
      }),
      { numRuns: 300 },
    );
  });

  it('sorted, with LIMIT and OFFSET', async () => {
    const key = fc.tuple(fc.constantFrom('v', 'd', 's', 'c', 'b'), fc.boolean());
    await fc.assert(
      fc.asyncProperty(
        fc.array(key, { minLength: 1, maxLength: 3 }),
        fc.nat(70),
        fc.integer({ min: 1, max: 70 }),
        async (keys, offset, limit) => {
          const order = keys.map(([column, descending]) => `${column}${descending ? ' DESC' : ''}`).join(', ');
          const answer = (await db.execute(`SELECT * FROM t ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}`)).rows;
          const sorted = [...rows].sort((a, b) => {
            for (const [column, descending] of keys) {
              const by = byNullsFirst(a[column], b[column]);
              if (by !== 0) return descending ? -by : by;
            }
            return 0;
          });
          expect(answer).toEqual(sorted.slice(offset, offset + limit));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('grouped, with aliases in GROUP BY, HAVING and ORDER BY', async () => {
    const column = fc.constantFrom('v', 'd', 's', 'b', 'st');
    await fc.assert(
      fc.asyncProperty(column, predicate, fc.integer({ min: 1, max: 8 }), async (by, where, least) => {
        const cql = `SELECT ${by} AS g, count(*) AS n, count(v) AS vs, sum(v) AS total FROM t WHERE (${where.cql}) OR false GROUP BY g HAVING n >= ${least} ORDER BY n DESC, n + 1, g`;
        const answer = (await db.execute(cql)).rows;
        const groups = new Map<unknown, Row[]>();
        for (const row of passing(where)) {
          const value = Object.is(row[by], -0) ? '-0' : row[by];
          groups.set(value, [...(groups.get(value) ?? []), row]);
        }
        const expected = [...groups.values()]
          .map((group) => {
            const values = group.flatMap(({ v }) => (typeof v === 'number' ? [v] : []));
            return {
              g: group[0][by],
              n: BigInt(group.length),
              vs: BigInt(values.length),
              total: values.reduce((sum, v) => sum + v, 0),
            };
          })
          .filter(({ n }) => n >= BigInt(least))
          .sort((a, b) => Number(b.n - a.n) || byNullsFirst(a.g, b.g));
        expect(answer).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  it('distinct, and counted distinct', async () => {
    for (const column of ['v', 'd', 's', 'b']) {
      const distinct = (await db.execute(`SELECT DISTINCT ${column} AS x FROM t`)).rows.map(({ x }) => x);
      const seen: unknown[] = [];
      for (const row of rows) if (!seen.some((value) => Object.is(value, row[column]))) seen.push(row[column]);
      expect(distinct).toEqual(seen);
      const counted = (await db.execute(`SELECT count(DISTINCT ${column}) AS n FROM t`)).first();
      expect(counted).toEqual({ n: BigInt(seen.filter((value) => value !== null).length) });
    }
  });

  it('aggregated by statistics of numbers of any type', async () => {
    const values = rows.flatMap(({ v }) => (typeof v === 'number' ? [v] : [])).sort((a, b) => a - b);
    const answer = (
      await db.execute('SELECT percentile(v, 1) AS most, percentile(v, 0.5) AS half, median(v) AS m FROM t')
    ).first();
    const middle = (values[(values.length - 1) >> 1] + values[values.length >> 1]) / 2;
    expect(answer?.m).toBe(middle);
    expect(answer?.half).toBe(middle);
    expect(answer?.most).toBe(values.at(-1));
  });
});

it('a function that goes back and forth groups by its values, not by what comes one after the other', async () => {
  const cql = 'SELECT abs(c - 10) AS g, count(*) AS n FROM t WHERE p = 2 GROUP BY p, c, abs(c - 10)';
  expect((await db.execute(cql)).rows).toHaveLength(rows.filter(({ p }) => p === 2).length);
  await db.execute('CREATE TABLE around (p int, c int, PRIMARY KEY (p, c))');
  for (const c of [-2, -1, 1, 2]) await db.execute('INSERT INTO around (p, c) VALUES (1, ?)', [c]);
  const grouped = await db.execute('SELECT abs(c) AS g, count(*) AS n FROM around WHERE p = 1 GROUP BY p, abs(c)');
  expect(grouped.rows.map(({ g, n }) => [g, Number(n)]).sort()).toEqual([
    [1, 2],
    [2, 2],
  ]);
});

describe('explore refuses what has no meaning, and says where', () => {
  it.each([
    ['SELECT sum(count(*)) FROM t', 'aggregate functions cannot be used as arguments of aggregate functions', 7],
    ['SELECT p FROM t WHERE count(*) > 1 OR v = 1', 'WHERE tests rows before they are aggregated', 22],
    ['SELECT p, v FROM t HAVING v > 2', 'HAVING tests groups: it needs GROUP BY or an aggregate', 26],
    ['SELECT p FROM t ORDER BY 3', 'There is no column 3 in the selection, which has 1', 25],
    ['SELECT count(*) AS n FROM t GROUP BY n', 'GROUP BY comes before aggregates', 37],
    ["SELECT p FROM t WHERE v = 'x' OR p = 1", 'Invalid STRING constant (x)', 26],
  ])('%s', async (cql, message, column) => {
    const error: unknown = await db.execute(cql).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'InvalidRequest', position: { line: 1, column } });
    expect(String(error)).toContain(message);
  });
});

describe('PER PARTITION LIMIT before an aggregate', () => {
  it.each([
    ['SELECT count(*) AS n FROM t WHERE p < 6 PER PARTITION LIMIT 2', 12],
    ['SELECT count(*) AS n FROM t PER PARTITION LIMIT 1', 7],
    ['SELECT max(c) AS n FROM t PER PARTITION LIMIT 1', 5],
    ['SELECT count(*) AS n FROM t WHERE c >= 30 PER PARTITION LIMIT 3', 18],
  ])('%s', async (cql, expected) => {
    expect((await db.execute(cql)).rows.map(({ n }) => Number(n))).toEqual([expected]);
  });
});
