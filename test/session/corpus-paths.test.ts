import { copyFileSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../src/session/open-session.ts';
import { hexRows } from '../executor/read-rows.ts';
import { CORPUS, CORPUS_NOW_SECONDS, corpusDirectories, corpusLines, FORMATS } from '../storage/support/corpus.ts';

/** Every kind of PATH that holds Cassandra's data, for every table: each answers with all rows. */
describe.each(FORMATS)('paths of %s', (format) => {
  let scratch = '';
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'cassette-paths-'));
  });
  afterAll(() => rmSync(scratch, { recursive: true }));

  const tables = corpusDirectories(format).map((directory) => {
    const keyspace = basename(dirname(directory));
    const name = basename(directory).replace(/-[0-9a-f]{32}$/, '');
    const components = readdirSync(directory).filter((file) => /-(big|bti)-/.test(file));
    const generations = [...new Set(components.map((file) => file.slice(0, file.lastIndexOf('-'))))].sort();
    const rows = corpusLines(format, `${keyspace}.${name}.select.jsonl`)?.length ?? 0;
    return {
      label: `${keyspace}.${name}`,
      cql: `${keyspace}."${name}"`,
      directory,
      keyspace,
      components,
      generations,
      rows,
    };
  });
  const written = tables.filter(({ generations }) => generations.length > 0);

  it.each(written)('$label: its directory', async ({ cql, directory, rows }) => {
    expect(await count([directory], cql)).toBe(rows);
  });

  it.each(tables)('$label: its keyspace', async ({ cql, directory, rows }) => {
    expect(await count([dirname(directory)], cql)).toBe(rows);
  });

  it.each(written)('$label: a snapshot of it', async ({ cql, directory, keyspace, components, rows }) => {
    const snapshot = join(scratch, 'snapshot', keyspace, basename(directory), 'snapshots/1700000000000');
    fill(snapshot, directory, components);
    copyFileSync(join(CORPUS, format, 'schema.cql'), join(snapshot, 'schema.cql'));
    // Without the table's id and dropped columns, which a snapshot's own schema.cql has.
    copyFileSync(join(CORPUS, format, 'schema-internals.cql.gz'), join(snapshot, 'schema-internals.cql.gz'));
    expect(await count([snapshot], cql)).toBe(rows);
  });

  it.each(written)('$label: its SSTables over two data directories', async (table) => {
    const { cql, directory, keyspace, components, generations, rows } = table;
    const homes = ['data1', 'data2'].map((data) => join(scratch, data, keyspace, basename(directory)));
    homes.forEach((home, half) => {
      const own = generations.filter((_, i) => i % 2 === half);
      fill(
        home,
        directory,
        components.filter((file) => own.includes(file.slice(0, file.lastIndexOf('-')))),
      );
    });
    const data = homes.map((home) => dirname(dirname(home)));
    const schemaFile = join(CORPUS, format, 'schema-internals.cql.gz');
    expect(await count(data, cql, schemaFile)).toBe(rows);
  });

  const single = written.filter(({ generations }) => generations.length === 1);
  it.each(single)('$label: its Data.db', async ({ cql, directory, generations, rows }) => {
    expect(await count([join(directory, `${generations[0]}-Data.db`)], cql)).toBe(rows);
  });
});

describe('the keyspace that a session begins in', () => {
  const [directory] = corpusDirectories('nb');
  const keyspace = basename(dirname(directory));

  it.each([
    ['a table directory', [directory], 'explore', keyspace],
    ['a keyspace directory', [dirname(directory)], 'explore', keyspace],
    ['files of several keyspaces', [dirname(dirname(directory))], 'explore', null],
    ['a table directory, strictly', [directory], 'strict', null],
  ] as const)('of %s', async (_, paths, dialect, expected) => {
    const session = await openSession({ paths, dialect });
    try {
      expect(session.keyspace).toBe(expected);
    } finally {
      await session.close();
    }
  });
});

/** Links where that can be done: the corpus is read only. */
function fill(target: string, source: string, files: readonly string[]): void {
  mkdirSync(target, { recursive: true });
  for (const file of files) {
    if (existsSync(join(target, file))) continue;
    try {
      linkSync(join(source, file), join(target, file));
    } catch {
      copyFileSync(join(source, file), join(target, file));
    }
  }
}

async function count(paths: readonly string[], cql: string, schemaFile?: string): Promise<number> {
  const clock = (): number => CORPUS_NOW_SECONDS * 1000;
  const session = await openSession({ paths, schemaFile, dialect: 'strict', clock });
  try {
    const result = await session.execute(`SELECT count(*) FROM ${cql}`);
    if (result.kind !== 'rows') throw new TypeError(cql);
    const [[hex]] = await hexRows(result);
    return Number(BigInt(`0x${hex}`));
  } finally {
    await session.close();
  }
}
