import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { columnsInSelectOrder, findTable } from '../../src/schema/model/index.ts';
import { nodeFileSystem } from '../../src/storage/files/index.ts';
import { discover, PinnedTable, SSTableSource } from '../../src/storage/read/index.ts';
import { openSSTableSync } from '../../src/storage/sstable/sstable-reader.ts';
import { CORPUS, CORPUS_NOW_SECONDS, schemaOf } from './support/corpus.ts';
import { request, scanRows, toJson, values } from './support/scan-rows.ts';

const LEGACY = join(CORPUS, 'legacy');
const VERSIONS = existsSync(LEGACY) ? readdirSync(LEGACY).filter((name) => /-[a-z]{2}$/.test(name)) : [];

/** Rows without regard to their order and that of the keys of any object. */
function asSet(rows: readonly Record<string, unknown>[]): string[] {
  const sorted = (_: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return rows.map((row) => JSON.stringify(row, sorted)).sort();
}

/** What Cassandra 5.0.8 returns for tables that older versions wrote. */
describe.each(VERSIONS)('rows of %s', (version) => {
  const schema = schemaOf(readFileSync(join(LEGACY, version, 'schema.cql'), 'utf8'));
  const answers: Record<string, Record<string, unknown>[]> = JSON.parse(
    readFileSync(join(LEGACY, version, 'select-5.0.json'), 'utf8'),
  );

  it.each(Object.keys(answers))('%s', async (name) => {
    const table = findTable(schema, 'legacy', name);
    if (table === undefined) return expect.unreachable(`no table ${name}`);
    const [found] = discover([join(LEGACY, version, 'sstables', name)], nodeFileSystem).tables;
    expect(basename(found.directories[0])).toBe(name);
    const sstables = found.dataFiles.map((path) => new SSTableSource(openSSTableSync(nodeFileSystem, path, { table })));
    const columns = values(columnsInSelectOrder(table));
    const source = new PinnedTable({ table, sstables });
    const rows = await scanRows(source, request(table, columns, CORPUS_NOW_SECONDS));
    expect(asSet(rows.map((row) => JSON.parse(toJson(columns, row))))).toEqual(asSet(answers[name]));
    for (const { reader } of sstables) reader.close();
  });
});
