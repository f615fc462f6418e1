import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CORPUS, corpusDirectories, FORMATS } from '../storage/support/corpus.ts';

const matrix = readFileSync(join(import.meta.dirname, '../../docs/compatibility.md'), 'utf8');

/** The cells of a table's row; `test/support/compatibility-reporter.ts` writes them from what the suites found. */
function cellsOf(table: string): string[] {
  const line = matrix.split('\n').find((row) => row.startsWith(`| ${table} |`));
  return (line ?? '')
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

describe('docs/compatibility.md is current', () => {
  it.each(FORMATS)('has each table of %s, with every check of its SSTables', (format) => {
    for (const directory of corpusDirectories(format)) {
      const table = `${basename(dirname(directory))}.${basename(directory).replace(/-[0-9a-f]{32}$/, '')}`;
      const [select, dump, verify, pointReads, reversed] = cellsOf(table).map((cell) => cell.split(' '));
      for (const cell of [select, pointReads, reversed]) expect(cell, table).toContain(format);
      if (!readdirSync(directory).some((file) => file.endsWith('-Data.db'))) continue;
      expect(verify, table).toContain(format);
      // The one that sstabledump cannot print, which the corpus says.
      if (table !== 'test_edge.empty_boolean') expect(dump, table).toContain(format);
    }
  });

  const legacy = join(CORPUS, 'legacy');
  const versions = existsSync(legacy) ? readdirSync(legacy).filter((name) => /-[a-z]{2}$/.test(name)) : [];
  it.each(versions)('has each table of %s', (version) => {
    for (const table of readdirSync(join(legacy, version, 'sstables'))) {
      const [select, , verify] = cellsOf(table).map((cell) => cell.split(' '));
      for (const cell of [select, verify]) expect(cell, table).toContain(version);
    }
  });

  it('tells of nothing that fails', () => {
    expect(matrix.split('\n').filter((line) => line.startsWith('| ') && line.includes('**'))).toEqual([]);
  });
});
