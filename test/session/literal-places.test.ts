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
