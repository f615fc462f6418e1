import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EmbeddedSession } from '../../src/session/embedded/embedded-session.ts';
import { openSession } from '../../src/session/open-session.ts';
import { importRows, jsonRows, runScript } from './copy-harness.ts';

const SCHEMA = `
  CREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};
  CREATE TABLE ks.t (id int PRIMARY KEY, n int);
  CREATE TABLE ks.wide (p int, c text, a ascii, l list<int>, s uuid STATIC, PRIMARY KEY (p, c));
  CREATE TABLE ks.plain (p int, c text, v int, PRIMARY KEY (p, c));`;

describe('rows that cannot be imported', () => {
  let directory: string;
  let session: EmbeddedSession;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'cassette-bad-rows-'));
    session = await openSession({ paths: [join(directory, 'db')], dialect: 'strict', durability: 'none' });
    await runScript(session, SCHEMA);
  });

  afterEach(async () => {
    await session.close();
    rmSync(directory, { recursive: true, force: true });
  });

  function copy(lines: readonly string[], options = '') {
    const [data, errors] = [join(directory, 'data.csv'), join(directory, 'data.err')];
    writeFileSync(data, lines.join('\n'));
    return importRows(session, `COPY ks.t FROM '${data}' WITH ERRFILE = '${errors}'${options}`);
  }
  const errorFile = () => readFileSync(join(directory, 'data.err'), 'utf8');

  it('stand in the error file, the others are imported', async () => {
    const report = await copy(['1,1', 'x,2', '3,3', '4', '5,y z']);
    expect(report).toMatchObject({ rows: 2, failed: 3, errorFile: join(directory, 'data.err') });
    expect([...report.failures.told]).toEqual([
      ["ParseError - Unable to make int from 'x', column id", { rows: 1, file: 'data.csv', line: 2 }],
      ['ParseError - Invalid row length 1 should be 2', { rows: 1, file: 'data.csv', line: 4 }],
      ["ParseError - Unable to make int from 'y z', column n", { rows: 1, file: 'data.csv', line: 5 }],
    ]);
    expect(errorFile()).toBe('x,2\n4\n5,y z\n');
    expect(await jsonRows(session, 'SELECT JSON id FROM ks.t')).toEqual(['{"id": 1}', '{"id": 3}']);
  });

  it('are told as a few messages, however many there are', async () => {
    const report = await copy(Array.from({ length: 30_000 }, (_, i) => (i % 2 === 0 ? `x${i},1` : `${i}`)));
    expect(report.failures.told.size).toBe(10);
    expect(report.failures.told.get('ParseError - Invalid row length 1 should be 2')).toEqual({
      rows: 15_000,
      file: 'data.csv',
      line: 2,
    });
    expect(report.failures.untoldRows).toBe(15_000 - 9);
    expect(errorFile().trimEnd().split('\n')).toHaveLength(30_000);
  });

  it('are in the error file when there are more of them than MAXPARSEERRORS allows', async () => {
    await expect(copy(['a,1', 'b,1', 'c,1', '1,1'], ' AND MAXPARSEERRORS = 1')).rejects.toThrow(
      "Exceeded maximum number of parse errors 1, at line 2: ParseError - Unable to make int from 'b'",
    );
    expect(errorFile()).toBe('a,1\nb,1\n');
  });

  const inputs: [string, string, string, string | Buffer, string][] = [
    ['a field too few', 'csv', 'wide (p, c, a)', '1,x', 'Invalid row length 2 should be 3'],
    ['a field too many', 'csv', 'wide (p, c, a)', '1,x,y,z', 'Invalid row length 4 should be 3'],
    ['no number', 'csv', 'wide (p, c)', 'one,x', "Unable to make int from 'one', column p"],
    ['a number too large', 'csv', 'wide (p, c)', '2147483648,x', "Unable to make int from '2147483648', column p"],
    ['a key left out', 'csv', 'wide (p, c, a)', ',x,y', 'Invalid null value in condition for column p'],
    ['a clustering left out', 'csv', 'wide (p, c, a)', '1,,y', 'Invalid null value in condition for column c'],
    [
      'bytes that are no text',
      'csv',
      'wide (p, c)',
      Buffer.from([0x31, 0x2c, 0xff, 0xfe]),
      "String didn't validate., column c",
    ],
    ['a letter that is not ASCII', 'csv', 'wide (p, c, a)', '1,x,é', 'Invalid byte for ascii: -61, column a'],
    ['a list of texts', 'csv', 'wide (p, c, l)', `1,x,"['a']"`, "Unable to make int from 'a', column l"],
    ['a list that is cut off', 'csv', 'wide (p, c, l)', '1,x,"[1, 2"', 'column l'],
    ['no UUID', 'csv', 'wide (p, c, s)', '1,x,me', "Unable to make UUID from 'me', column s"],
    ['no JSON', 'jsonl', 'wide', '{"p": 1', 'Error decoding JSON string: unexpected end of input at offset 7'],
    ['no object', 'jsonl', 'wide', '[1, 2]', 'a row is a JSON object'],
    [
      'a column that is not there',
      'jsonl',
      'wide',
      '{"p": 1, "c": "x", "z": 1}',
      'JSON values map contains unrecognized column: z',
    ],
    [
      'a number with a fraction',
      'jsonl',
      'wide',
      '{"p": 1.5, "c": "x"}',
      'Expected an int value, but got a Double: 1.5, column p',
    ],
    [
      'a list of texts in JSON',
      'jsonl',
      'wide',
      '{"p": 1, "c": "x", "l": ["a"]}',
      "Unable to make int from 'a', column l",
    ],
    ['no clustering', 'jsonl', 'plain', '{"p": 1, "v": 2}', 'Some clustering keys are missing: c'],
    ['a key alone', 'jsonl', 'plain', '{"p": 1}', 'Some clustering keys are missing: c'],
  ];

  it.each(inputs)('say what is wrong with them: %s', async (_, format, target, text, message) => {
    const data = join(directory, `data.${format}`);
    const good = format === 'csv' ? '' : '\n';
    writeFileSync(data, Buffer.concat([Buffer.from(good), Buffer.from(text)]));
    const report = await importRows(session, `COPY ks.${target} FROM '${data}' WITH ERRFILE = '${data}.err'`);
    expect(report.rows).toBe(0);
    const [[told, place]] = report.failures.told;
    expect(told).toContain(message);
    expect(place).toEqual({ rows: 1, file: `data.${format}`, line: format === 'csv' ? 1 : 2 });
  });
});
