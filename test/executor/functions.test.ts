import { describe, expect, it } from 'vitest';
import { Decimal } from '../../src/types/index.ts';
import { sessionOver } from './empty-session.ts';
import { decodedRows } from './read-rows.ts';

const NOW = Date.UTC(2024, 1, 29, 12, 34, 56, 789);
const session = sessionOver({ schema: '', clock: () => NOW });

async function value(expression: string): Promise<unknown> {
  const [[result]] = await decodedRows(session, `SELECT ${expression}`);
  return result instanceof Decimal ||
    (typeof result === 'object' && result !== null && 'toJSON' in result && !Buffer.isBuffer(result))
    ? String((result as { toJSON(): unknown }).toJSON()) // a Date, a Decimal, a Duration…: its text is what is compared
    : result;
}

/** Results as JDK 17 and Cassandra 5.0.8 compute them: scales of decimals, wrapping integers, dates cut to a month's end. */
describe('functions', () => {
  it.each([
    ['(int) 2147483647 + (int) 1', -2147483648],
    ['(tinyint) 127 + (tinyint) 1', -128],
    ['(bigint) 9223372036854775807 + (bigint) 1', -9223372036854775808n],
    ['(int) -7 / (int) 2', -3],
    ['(int) -7 % (int) 3', -1],
    ['(varint) 7 * (varint) 100000000000000000000', 700000000000000000000n],
    ['(decimal) 1.10 + (decimal) 2.205', '3.305'],
    ['(decimal) 1.50 * (decimal) 2.0', '3.000'],
    ['(decimal) 1 / (decimal) 3', '0.33333333333333333333333333333333'],
    ['(decimal) 10 / (decimal) 4', '2.5'],
    ['(decimal) 19.99 % (decimal) 3.0', '1.99'],
    ['(float) 1.5 + (double) 0.25', 1.75],
    ['-(int) 5', -5],
    ["'a' + 'b'", 'ab'],
    ['abs((int) -3)', 3],
    ['exp((double) 0)', 1],
    ['round((decimal) 2.5)', '3'],
    ['round((double) -2.5)', -2],
    ['log10((decimal) 1000)', '3'],
    ['exp((decimal) 1)', '2.7182818284590452353602874713527'],
    ['log((decimal) 2)', '0.69314718055994530941723212145818'],
    ['cast((double) 1e10 AS int)', 2147483647],
    ['cast((int) 300 AS tinyint)', 44],
    ['cast((double) 1.1 AS decimal)', '1.1'],
    ['cast((int) 5 AS text)', '5'],
    ["cast((timestamp) '2011-02-03T04:05:06Z' AS date)", '2011-02-03'],
    ["(timestamp) '2024-01-31T10:00:00Z' + 1mo", '2024-02-29T10:00:00.000Z'],
    ["(date) '2024-03-31' - 1mo", '2024-02-29'],
    ["to_unix_timestamp((date) '1970-01-02')", 86400000n],
    ["to_timestamp(min_timeuuid((timestamp) '2020-01-02T03:04:05.678Z'))", '2020-01-02T03:04:05.678Z'],
    ["floor((timestamp) '2020-05-20T10:17:31Z', 5m)", '2020-05-20T10:15:00.000Z'],
    ["floor((timestamp) '2020-05-20T10:17:31Z', 2mo)", '2020-05-01T00:00:00.000Z'],
    ["floor((date) '2020-05-20', 7d)", '2020-05-14'],
    ["mask_inner('12345678', 2, 2)", '12****78'],
    ["mask_inner('e\u{1f642}', 1, 1)", 'e*?'],
    ["mask_outer('12345678', 2, 2, '#')", '##3456##'],
    ["mask_default('secret')", '****'],
    ['blob_as_int(0x0000002a)', 42],
    ["text_as_blob('ab')", Buffer.from('ab')],
    ['current_timestamp()', '2024-02-29T12:34:56.789Z'],
    ['collection_sum([1, 2, 3])', 6],
    ['collection_avg([1, 2, 4])', 2],
    ['collection_max({3, 9, 5})', 9],
    ["map_keys({'a': 1, 'b': 2})", new Set(['a', 'b'])],
    ["to_json({'a': [1, 2]})", '{"a": [1, 2]}'],
    ['similarity_dot_product((vector<float, 2>) [1, 2], (vector<float, 2>) [3, 4])', 6],
    ["substring('héllo', 2, 3)", 'éll'],
    ["date_trunc('week', (timestamp) '2024-02-29T12:00:00Z')", '2024-02-26T00:00:00.000Z'],
    ["regexp_matches('user-42', '^user-\\d+$')", true],
  ])('%s', async (expression, expected) => {
    expect(await value(expression)).toEqual(expected);
  });

  it.each([
    ['(int) 1 / (int) 0', 'FunctionFailure', "the operation 'int / int' failed: / by zero"],
    [
      '(decimal) 1 / (decimal) 0',
      'FunctionFailure',
      "the operation 'decimal / decimal' failed: BigInteger divide by zero",
    ],
    [
      "(date) '2024-01-01' + 1h",
      'FunctionFailure',
      "the operation 'date + duration' failed: The duration must have a day precision. Was: 1h",
    ],
    [
      'blob_as_int(0x01)',
      'InvalidRequest',
      'In call to function system.blob_as_int, value 0x01 is not a valid binary representation for type int',
    ],
    [
      "mask_inner('abc', 1, 1, '##')",
      'InvalidRequest',
      "The padding argument for function system.mask_inner should be single-character, but '##' has 2 characters.",
    ],
  ])('%s fails', async (expression, kind, message) => {
    await expect(value(expression)).rejects.toMatchObject({ kind, message });
  });

  it('makes another timeuuid at each call of now', async () => {
    const [[a, b]] = await decodedRows(session, 'SELECT now(), now()');
    expect(a).not.toBe(b);
  });
});
