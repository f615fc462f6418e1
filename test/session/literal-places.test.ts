import { afterAll, beforeAll, expect, it } from 'vitest';
import { CqlError } from '../../src/errors/index.ts';
import { splitSingle } from '../../src/parser/splitter.ts';
import { openSession } from '../../src/session/open-session.ts';
import type { Session } from '../../src/session/session.ts';

let session: Session;

beforeAll(async () => {
  session = await openSession({ paths: [], dialect: 'explore' });
  for (const cql of [
    "CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
    'CREATE TABLE k.t (k int PRIMARY KEY, d date, u uuid, ts timestamp, i inet, m map<text, int>)',
  ]) {
    await session.execute(cql);
  }
});
afterAll(() => session.close());

function split(cql: string) {
  const statement = splitSingle(cql);
  if (statement === null) throw new TypeError(cql);
  return statement;
}

/** What fits, what does not in its place, and the message of Cassandra, to which the place adds nothing. */
const VALUES: readonly [statement: string, fits: string, wrong: string, message: string][] = [
  ['INSERT INTO k.t (k, d) VALUES (1, @)', "'2024-01-01'", "'2024-13-01'", "Unable to coerce '2024-13-01'"],
  ['INSERT INTO k.t (k, d) VALUES (@, null)', '2', '99999999999', "Unable to make int from '99999999999'"],
  ['INSERT INTO k.t (k, ts) VALUES (1, @)', "'2024-01-01'", "'soon'", "Unable to parse a date/time from 'soon'"],
  ["INSERT INTO k.t (k, m) VALUES (1, {'a': @})", '1', '99999999999', 'Unable to make int'],
  ['UPDATE k.t SET i = @ WHERE k = 1', "'::1'", "'300.1.1.1'", 'Unable to make inet address'],
  ['SELECT * FROM k.t WHERE k = @', '1', '99999999999', 'Unable to make int'],
  ['SELECT * FROM k.t WHERE d = @', "'2024-01-01'", "'2024-13-01'", 'Unable to coerce'],
  ['SELECT * FROM k.t WHERE u = @', '00000000-0000-1000-8000-000000000000', "'abc'", 'Invalid STRING constant'],
  ['SELECT * FROM k.t LIMIT @', '1', '0', 'LIMIT must be strictly positive'],
  ['SELECT * FROM k.t WHERE k = 1 LIMIT @', '1', '-1', 'LIMIT must be strictly positive'],
  ['SELECT * FROM k.t PER PARTITION LIMIT @ LIMIT 5', '1', '0', 'LIMIT must be strictly positive'],
  ['INSERT INTO k.t (k) VALUES (1) USING TTL @', '5', '-5', 'A TTL must be greater or equal to 0'],
  ['INSERT INTO k.t (k) VALUES (1) USING TIMESTAMP 1 AND TTL @', '5', '630720001', 'ttl is too large'],
  ['UPDATE k.t USING TTL @ SET i = null WHERE k = 1', '5', '-5', 'A TTL must be greater or equal to 0'],
  ['INSERT INTO k.t (k) VALUES (1) USING TIMESTAMP @', '5', '-9223372036854775808', 'Out of bound timestamp'],
  ['DELETE FROM k.t USING TIMESTAMP @ WHERE k = 1', '5', '-9223372036854775808', 'Out of bound timestamp'],
];

async function faultOf(run: () => unknown): Promise<CqlError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof CqlError) return error;
    throw error;
  }
  throw new TypeError('nothing was wrong');
}

it.each(VALUES)(
  '%s tells where a wrong value stands, also when its plan is shared',
  async (statement, fits, wrong, message) => {
    const offset = statement.indexOf('@');
    const cql = statement.replace('@', wrong);
    const faults = [await faultOf(() => session.execute(cql)), await faultOf(() => session.execute(split(cql)))];
    await session.execute(split(statement.replace('@', fits)));
    faults.push(await faultOf(() => session.execute(split(cql), { dialect: 'strict' })));
    if (!cql.startsWith('SELECT')) faults.push(await faultOf(() => session.executeNow?.(split(cql))));
    for (const fault of faults) {
      expect(fault.message).toContain(message);
      expect(fault.position).toMatchObject({ line: 1, offset, length: wrong.length });
    }
  },
);

it('a LIMIT and an OFFSET that are wrong are told apart by their places', async () => {
  for (const [cql, wrong] of [
    ['SELECT * FROM k.t LIMIT 0 OFFSET 1', 24],
    ['SELECT * FROM k.t LIMIT 1 OFFSET -1', 33],
    ['SELECT * FROM k.t PER PARTITION LIMIT 0 LIMIT 1 OFFSET 1', 38],
  ] as const) {
    for (const statement of [cql, split(cql)]) {
      expect((await faultOf(() => session.execute(statement))).position).toMatchObject({ offset: wrong });
    }
  }
});

it('a wrong time in a batch is told with its place', async () => {
  const cql = `BEGIN BATCH
    INSERT INTO k.t (k) VALUES (1) USING TTL 5;
    INSERT INTO k.t (k) VALUES (2) USING TTL -5;
  APPLY BATCH`;
  for (const statement of [cql, split(cql)]) {
    expect((await faultOf(() => session.execute(statement))).position).toMatchObject({
      line: 3,
      column: 45,
      length: 2,
    });
  }
});

it('a value that is bound has no place', async () => {
  const fault = await faultOf(() => session.execute('SELECT * FROM k.t LIMIT ?', { values: [new Uint8Array(4)] }));
  expect(fault.message).toBe('LIMIT must be strictly positive');
  expect(fault.position).toBeUndefined();
});
