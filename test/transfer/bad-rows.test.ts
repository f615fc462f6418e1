import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EmbeddedSession } from '../../src/session/embedded/embedded-session.ts';
import { openSession } from '../../src/session/open-session.ts';
import { importRows, jsonRows, runScript } from './copy-harness.ts';

const SCHEMA = `
  CREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};
  CREATE TABLE ks.t (id int PRIMARY KEY, n int);`;

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
      ["ParseError - Unable to make int from 'x'", { rows: 1, line: 2 }],
      ['ParseError - Invalid row length 1 should be 2', { rows: 1, line: 4 }],
      ["ParseError - Unable to make int from 'y z'", { rows: 1, line: 5 }],
    ]);
    expect(errorFile()).toBe('x,2\n4\n5,y z\n');
    expect(await jsonRows(session, 'SELECT JSON id FROM ks.t')).toEqual(['{"id": 1}', '{"id": 3}']);
  });

  it('are told as a few messages, however many there are', async () => {
    const report = await copy(Array.from({ length: 30_000 }, (_, i) => (i % 2 === 0 ? `x${i},1` : `${i}`)));
    expect(report.failures.told.size).toBe(10);
    expect(report.failures.told.get('ParseError - Invalid row length 1 should be 2')).toEqual({
      rows: 15_000,
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
});
