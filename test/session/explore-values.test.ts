import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, open } from '../../src/index.ts';

/** explore's SELECT over collections, UDTs, tuples, texts and times, beside the same question asked of an array. */
interface Item {
  readonly k: number;
  readonly l: readonly number[] | null;
  readonly s: readonly string[] | null;
  readonly m: Readonly<Record<string, number>> | null;
  readonly u: { readonly a: number | null; readonly b: string | null } | null;
  readonly tu: readonly [number | null, string | null] | null;
  readonly x: string | null;
  readonly at: number | null;
}

const DAY_MILLIS = 86_400_000;
const TEXTS = ['', 'Ab', 'aß', 'b😀c', 'x y', 'Zz9', 'it is'];
const TIMES = [0, -1, 1_700_000_000_123, -62_000_000_000_000, 951_782_399_999, 951_868_800_000, -2_208_988_800_001];

const items: readonly Item[] = Array.from({ length: 70 }, (_, k): Item => {
  const none = (every: number): boolean => k % every === every - 1;
  return {
    k,
    l: none(5) ? null : Array.from({ length: 1 + (k % 3) }, (_, i) => (k + i) % 4),
    s: none(4) ? null : [...new Set([TEXTS[k % 7], TEXTS[(k * 3) % 7]])],
    m: none(6) ? null : { [TEXTS[1 + (k % 3)]]: k % 5, z: k % 3 },
    u: none(7) ? null : { a: k % 3 === 0 ? null : k % 4, b: k % 4 === 0 ? 'p' : TEXTS[k % 7] },
    tu: none(8) ? null : [k % 3, k % 5 === 0 ? null : TEXTS[k % 4]],
    x: none(9) ? null : TEXTS[(k * 5) % 7],
    at: none(10) ? null : TIMES[k % 7] + (k % 3) * 40 * DAY_MILLIS,
  };
});

let db: Database;

beforeAll(async () => {
  db = await open(undefined, { mode: 'explore', durability: 'none' });
  await db.execute("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
  await db.execute('USE k');
  await db.execute('CREATE TYPE u (a int, b text)');
  await db.execute(
    'CREATE TABLE t (k int PRIMARY KEY, l list<int>, s set<text>, m map<text, int>, u u, tu tuple<int, text>, x text, at timestamp)',
  );
  const insert = db.prepare('INSERT INTO t (k, l, s, m, u, tu, x, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  for (const { k, l, s, m, u, tu, x, at } of items) {
    const maps = m === null ? null : new Map(Object.entries(m));
    await insert.execute([k, l, s === null ? null : new Set(s), maps, u, tu, x, at === null ? null : new Date(at)]);
  }
});
afterAll(() => db.close());

/** A value that a statement computes, and how the array has it. */
interface Value {
  readonly cql: string;
  readonly of: (item: Item) => unknown;
}

interface Predicate {
  readonly cql: string;
  readonly test: (item: Item) => boolean | null;
}

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const characters = (value: string): string[] => Array.from(value);

/** null stays null. */
const ofText =
  (change: (x: string) => unknown) =>
  ({ x }: Item): unknown =>
    x === null ? null : change(x);

function truncated(unit: string, millis: number): Date {
  const day = Math.floor(millis / DAY_MILLIS) * DAY_MILLIS;
  const begin = new Date(day);
  if (unit === 'hour') return new Date(Math.floor(millis / 3_600_000) * 3_600_000);
  if (unit === 'week') begin.setUTCDate(begin.getUTCDate() - ((begin.getUTCDay() + 6) % 7));
  else if (unit !== 'day') begin.setUTCDate(1);
  if (unit === 'quarter') begin.setUTCMonth(begin.getUTCMonth() - (begin.getUTCMonth() % 3));
  if (unit === 'year') begin.setUTCMonth(0);
  return begin;
}

const textValue: fc.Arbitrary<Value> = fc.oneof(
  fc.constant<Value>({ cql: 'x', of: ({ x }) => x }),
  fc.constant<Value>({ cql: 'lower(x)', of: ofText((x) => x.toLowerCase()) }),
  fc.constant<Value>({ cql: 'upper(x)', of: ofText((x) => x.toUpperCase()) }),
  fc.constant<Value>({ cql: 'trim(x)', of: ofText((x) => x.trim()) }),
  fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 4 })).map(
    ([from, count]): Value => ({
      cql: `substring(x, ${from}, ${count})`,
      of: ofText((x) =>
        characters(x)
          .slice(from - 1, from - 1 + count)
          .join(''),
      ),
    }),
  ),
  fc.constantFrom('!', 'é').map((end): Value => ({ cql: `concat(x, ${text(end)})`, of: ({ x }) => (x ?? '') + end })),
  fc.constant<Value>({ cql: 'u.b', of: ({ u }) => u?.b ?? null }),
);

const numberValue: fc.Arbitrary<Value> = fc.oneof(
  fc.constant<Value>({ cql: 'length(x)', of: ofText((x) => characters(x).length) }),
  fc.constant<Value>({ cql: 'u.a', of: ({ u }) => u?.a ?? null }),
  fc
    .constantFrom('z', 'Ab', 'b😀c', 'nosuch')
    .map((key): Value => ({ cql: `m[${text(key)}]`, of: ({ m }) => m?.[key] ?? null })),
  fc.constant<Value>({ cql: 'collection_count(l)', of: ({ l }) => l?.length ?? null }),
  fc.constant<Value>({ cql: 'collection_max(l)', of: ({ l }) => (l === null ? null : Math.max(...l)) }),
);

const timeValue: fc.Arbitrary<Value> = fc
  .constantFrom('hour', 'day', 'week', 'month', 'quarter', 'year')
  .map((unit) => ({
    cql: `date_trunc('${unit}', at)`,
    of: ({ at }) => (at === null ? null : truncated(unit, at)),
  }));

const value: fc.Arbitrary<Value> = fc.oneof(textValue, numberValue, timeValue);

/** By bytes for texts, as CQL orders them. */
function compare(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return Number(a) - Number(b);
}

const OPERATORS = {
  '=': (order: number) => order === 0,
  '!=': (order: number) => order !== 0,
  '<': (order: number) => order < 0,
  '>=': (order: number) => order >= 0,
} as const;
const operator = fc.constantFrom(...(Object.keys(OPERATORS) as (keyof typeof OPERATORS)[])); // keys of a constant

function comparison(values: fc.Arbitrary<Value>, literals: fc.Arbitrary<[string, unknown]>): fc.Arbitrary<Predicate> {
  return fc.tuple(values, operator, literals).map(
    ([{ cql, of }, name, [literal, other]]): Predicate => ({
      cql: `${cql} ${name} ${literal}`,
      test: (item) => {
        const found = of(item);
        return found === null ? null : OPERATORS[name](compare(found, other));
      },
    }),
  );
}

const aText = fc.constantFrom(...TEXTS, 'ab', 'AB', 'Zz9!').map((x): [string, unknown] => [text(x), x]);
const aNumber = fc.integer({ min: -1, max: 5 }).map((n): [string, unknown] => [String(n), n]);
const aTime = fc
  .constantFrom('1970-01-01', '2023-01-01', '1999-12-27', '0005-01-01')
  .map((day): [string, unknown] => [`'${day}T00:00:00Z'`, new Date(`${day}T00:00:00Z`)]);

/** What a null is asked for is not known. */
const asked = <T>(whole: T | null, test: (whole: T) => boolean): boolean | null =>
  whole === null ? null : test(whole);

const simple: fc.Arbitrary<Predicate> = fc.oneof(
  comparison(textValue, aText),
  comparison(numberValue, aNumber),
  comparison(timeValue, aTime),
  aNumber.map(
    ([literal, n]): Predicate => ({
      cql: `l CONTAINS ${literal}`,
      test: ({ l }) => asked(l, (all) => all.some((one) => one === n)),
    }),
  ),
  aText.map(
    ([literal, x]): Predicate => ({
      cql: `s CONTAINS ${literal}`,
      test: ({ s }) => asked(s, (all) => all.some((one) => one === x)),
    }),
  ),
  aNumber.map(
    ([literal, n]): Predicate => ({
      cql: `m CONTAINS ${literal}`,
      test: ({ m }) => asked(m, (all) => Object.values(all).some((one) => one === n)),
    }),
  ),
  aText.map(
    ([literal, x]): Predicate => ({
      cql: `m CONTAINS KEY ${literal}`,
      test: ({ m }) => asked(m, (all) => Object.keys(all).some((one) => one === x)),
    }),
  ),
  fc.constantFrom('^[A-Z]', '\\d', 's$', '.').map(
    (pattern): Predicate => ({
      cql: `regexp_matches(x, ${text(pattern)})`,
      test: ({ x }) => asked(x, (whole) => new RegExp(pattern, 'u').test(whole)),
    }),
  ),
  fc.tuple(fc.nat(3), fc.constantFrom(...TEXTS)).map(
    ([n, x]): Predicate => ({
      cql: `tu = (${n}, ${text(x)})`,
      test: ({ tu }) => asked(tu, ([a, b]) => a === n && b === x),
    }),
  ),
  fc.constantFrom('l', 's', 'm', 'u', 'tu', 'x', 'at', 'u.a', 'u.b').map(
    (name): Predicate => ({
      cql: `${name} IS NULL`,
      test: (item) =>
        (name.startsWith('u.') ? (item.u?.[name === 'u.a' ? 'a' : 'b'] ?? null) : Reflect.get(item, name)) === null,
    }),
  ),
);

const predicate: fc.Arbitrary<Predicate> = fc.letrec<{ node: Predicate }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    simple,
    tie('node').map(
      ({ cql, test }): Predicate => ({
        cql: `NOT (${cql})`,
        test: (item) => asked(test(item), (known) => !known),
      }),
    ),
    fc.tuple(tie('node'), tie('node')).map(
      ([a, b]): Predicate => ({
        cql: `(${a.cql}) OR (${b.cql})`,
        test: (item) => {
          const [left, right] = [a.test(item), b.test(item)];
          if (left === true || right === true) return true;
          return left === null || right === null ? null : false;
        },
      }),
    ),
  ),
})).node;

/** A value as the library gives it, to compare and to group by. */
const plain = (found: unknown): unknown => (found instanceof Date ? found.getTime() : found);

describe('explore over values of many types is what an array gives', () => {
  it('filters', async () => {
    await fc.assert(
      fc.asyncProperty(predicate, async ({ cql, test }) => {
        const answer = (await db.execute(`SELECT k FROM t WHERE (${cql}) OR false`)).rows.map(({ k }) => Number(k));
        expect(answer.sort((a, b) => a - b)).toEqual(items.filter((item) => test(item) === true).map(({ k }) => k));
      }),
      { numRuns: 400 },
    );
  });

  it('computes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 4 }), async (values) => {
        const columns = values.map(({ cql }, i) => `${cql} AS v${i}`).join(', ');
        const answer = (await db.execute(`SELECT ${columns} FROM t ORDER BY k`)).rows;
        expect(answer.map((row) => values.map((_, i) => plain(row[`v${i}`])))).toEqual(
          items.map((item) => values.map(({ of }) => plain(of(item)))),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('groups and sorts', async () => {
    await fc.assert(
      fc.asyncProperty(value, predicate, async ({ cql, of }, where) => {
        const answer = (
          await db.execute(
            `SELECT ${cql} AS g, count(*) AS n FROM t WHERE (${where.cql}) OR false GROUP BY ${cql} ORDER BY g`,
          )
        ).rows;
        const groups = new Map<unknown, number>();
        for (const item of items) {
          if (where.test(item) !== true) continue;
          const found = plain(of(item));
          groups.set(found, (groups.get(found) ?? 0) + 1);
        }
        const expected = [...groups].sort(([a], [b]) =>
          a === null || b === null ? Number(a !== null) - Number(b !== null) : compare(a, b),
        );
        expect(answer.map(({ g, n }) => [plain(g), Number(n)])).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });
});

describe('date_trunc', () => {
  it.each([
    ['year', '0050-01-01'],
    ['quarter', '0050-04-01'],
    ['month', '0050-06-01'],
  ])('of the first century: %s', async (unit, day) => {
    const answer = await db.execute(
      `SELECT date_trunc('${unit}', (timestamp) '0050-06-07T01:00:00Z') AS b FROM t LIMIT 1`,
    );
    expect(answer.first()?.b).toEqual(new Date(`${day}T00:00:00Z`));
  });

  it('reaches all of a timestamp', async () => {
    const answer = await db.execute("SELECT date_trunc('year', (timestamp) 9000000000000000) AS b FROM t LIMIT 1");
    // The calendar repeats every 400 years.
    const eraMillis = 146_097 * DAY_MILLIS;
    const eras = Math.floor(9_000_000_000_000_000 / eraMillis);
    const within = truncated('year', 9_000_000_000_000_000 - eras * eraMillis);
    expect(answer.first()?.b).toBe(BigInt(within.getTime()) + BigInt(eras) * BigInt(eraMillis));
  });
});
