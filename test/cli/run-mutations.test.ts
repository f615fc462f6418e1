import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runMutations } from '../../src/cli/run-mutations.ts';
import type { EmbeddedSession } from '../../src/session/embedded/embedded-session.ts';
import { openSession } from '../../src/session/open-session.ts';
import { jsonRows, runScript } from '../transfer/copy-harness.ts';

const directory = mkdtempSync(join(tmpdir(), 'cassette-run-mutations-'));
const file = join(directory, 'm.jsonl');
let session: EmbeddedSession;

beforeAll(async () => {
  session = await openSession({ paths: [join(directory, 'db')], dialect: 'strict', durability: 'none' });
  await runScript(
    session,
    `CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};
     CREATE TABLE k.t (p int PRIMARY KEY, v int);`,
  );
});

afterEach(() => runScript(session, 'TRUNCATE k.t;'));

afterAll(async () => {
  await session.close();
  rmSync(directory, { recursive: true, force: true });
});

const mutation = (p: number, column = 'v'): string =>
  JSON.stringify({
    table: { keyspace: 'k', table: 't' },
    partition_key: { columns: [['p', p]] },
    operations: [{ Write: { column, value: p } }],
  });
const keys = (): Promise<string[]> => jsonRows(session, 'SELECT JSON p FROM k.t');

describe('mutations of the command line', () => {
  it.each([
    ['one', mutation(1), ['{"p": 1}']],
    ['an array', `[${mutation(1)}, ${mutation(2)}]`, ['{"p": 1}', '{"p": 2}']],
    [
      'a line each, with comments and empty lines',
      `# two\n${mutation(1)}\r\n\n${mutation(2)}\n`,
      ['{"p": 1}', '{"p": 2}'],
    ],
    ['one over several lines', JSON.stringify(JSON.parse(mutation(1)), null, 2), ['{"p": 1}']],
    ['behind a byte order mark', `\uFEFF${mutation(1)}\n`, ['{"p": 1}']],
    ['none', '\n', []],
  ])('are read from a file: %s', async (_, text, expected) => {
    writeFileSync(file, text);
    await runMutations(session, [], file);
    expect(await keys()).toEqual(expected);
  });

  it.each([
    [
      'a column that is not there, in the second line',
      `${mutation(1)}\n# a comment\n${mutation(2, 'w')}\n${mutation(3)}`,
      `${file}, line 3: mutation.operations[0].Write.column: no column "w" in t (1 written before it)`,
      ['{"p": 1}'],
    ],
    [
      'the same in an array',
      `[${mutation(2, 'w')}, ${mutation(3)}]`,
      `${file}, mutation 1: mutation.operations[0].Write.column: no column "w" in t (nothing was written)`,
      [],
    ],
    [
      'a line that is cut off',
      `${mutation(1)}\n${mutation(2).slice(0, 20)}\n`,
      `${file}, line 2: not JSON: Error decoding JSON string: unexpected end of input at offset 20`,
      [],
    ],
    [
      'an array that is cut off',
      `[${mutation(1)},\n${mutation(2)}`,
      `${file}: not JSON: Error decoding JSON string: unexpected end of input at offset 255`,
      [],
    ],
    ['what is no object', '5', `${file}: mutation: an object is expected (nothing was written)`, []],
  ])('are refused with their place: %s', async (_, text, message, written) => {
    writeFileSync(file, text);
    await expect(runMutations(session, [], file)).rejects.toThrow(message);
    expect(await keys()).toEqual(written);
  });

  it.each([
    [join(directory, 'missing'), `--mutations-file ${join(directory, 'missing')} cannot be read: no such file`],
    [directory, `--mutations-file ${directory} cannot be read: it is a directory`],
  ])('are not there: %s', async (path, message) => {
    await expect(runMutations(session, [], path)).rejects.toThrow(message);
  });

  it('are counted where there are several arguments', async () => {
    await expect(runMutations(session, [mutation(1), mutation(2, 'w')], undefined)).rejects.toThrow(
      '--mutation 2: mutation.operations[0].Write.column: no column "w" in t (1 written before it)',
    );
    await expect(runMutations(session, [''], undefined)).rejects.toThrow('--mutation: a mutation is expected, as JSON');
  });
});
