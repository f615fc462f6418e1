import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CORPUS, corpusDirectories, corpusLines, FORMATS } from '../storage/support/corpus.ts';

const ROOT = join(import.meta.dirname, '../..');
const NAME = 'simple_table';

function cassette(...args: string[]): string {
  const command = [join(ROOT, 'bin/cassette.js'), ...args];
  return execFileSync(process.execPath, command, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: 'pipe' });
}

/** The built command on directories that Cassandra wrote. */
describe.each(FORMATS)('the command on %s', (format) => {
  const data = join(CORPUS, format);
  const directory = corpusDirectories(format).find((path) => basename(path).startsWith(`${NAME}-`)) ?? '';

  beforeAll(() => {
    execFileSync(process.execPath, ['build.mjs', '--quiet'], { cwd: ROOT });
  });

  it('gives the schema as Cassandra describes it', () => {
    // Keyspaces in another order than they were recorded in.
    const statements = (text: string): string[] => text.split('\n').sort();
    expect(statements(cassette('schema', data))).toEqual(statements(readFileSync(join(data, 'schema.cql'), 'utf8')));
  });

  it('counts what there is of each table', () => {
    const lines = cassette('stats', data).split('\n');
    for (const path of corpusDirectories(format)) {
      const table = basename(path).replace(/-[0-9a-f]{32}$/, '');
      expect(
        lines.filter((line) => line.includes(`.${table} `)),
        table,
      ).toHaveLength(1);
    }
  });

  it.each([
    ['data', data],
    ['keyspace', join(directory, '..')],
    ['table', directory],
  ])('reads a %s directory', (_, path) => {
    const rows = cassette(path, '--format', 'jsonl', '-e', `SELECT * FROM test_basic.${NAME}`);
    expect(existsSync(path)).toBe(true);
    expect(rows.trimEnd().split('\n')).toEqual(corpusLines(format, `test_basic.${NAME}.select.jsonl`));
  });
});
