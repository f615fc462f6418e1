import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Client } from 'cassandra-driver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableMetadata } from '../../src/schema/model/index.ts';
import { findTable } from '../../src/schema/model/index.ts';
import { nodeFileSystem } from '../../src/storage/files/node-file-system.ts';
import { readAll } from '../../src/storage/rows/index.ts';
import { openSSTable } from '../../src/storage/sstable/sstable-reader.ts';
import { timeBasedId } from '../../src/storage/sstable/write/sstable-id.ts';
import { writeSSTable } from '../../src/storage/sstable/write/write-sstable.ts';
import type { WriteVersion } from '../../src/storage/sstable/write/write-version.ts';
import { corpusLines, corpusSchema } from '../storage/support/corpus.ts';
import {
  applySchema,
  CORPUS,
  connect,
  hasOracle,
  nodetool,
  type Place,
  runTools,
  selectJson,
  startDaemon,
  stopDaemon,
  type ToolJob,
} from './oracle.ts';

/** Tables of the corpus with all features; the hidden index tables and views of some are not rebuilt by loading files. */
const WITHOUT_QUERIES = /idx2_table|sai_table|mv_base/;
/** TTLs that end after 2038 cannot go to nb. */
const NOT_IN_NB = 'test_edge.ttl_far';
/** SELECT JSON of a zero-length boolean fails in Cassandra. */
const NO_SELECT = 'test_edge.empty_boolean';

/** Wide partitions with range tombstones, counters, static columns, Zstandard. */
const IMPORTED = ['test_edge.wide_rt', 'test_basic.counters', 'test_basic.static_columns_table', 'test_edge.comp_zstd'];

/** Small blocks in every version: many blocks for the reversed and the deep reads. */
const INDEX_BYTES = 4096;

interface CorpusTable {
  readonly table: TableMetadata;
  readonly files: readonly string[];
}

function corpusTables(): CorpusTable[] {
  const schema = corpusSchema('oa');
  const found: CorpusTable[] = [];
  for (const keyspace of readdirSync(join(CORPUS, 'oa'), { withFileTypes: true })) {
    if (!keyspace.isDirectory()) continue;
    for (const directory of readdirSync(join(CORPUS, 'oa', keyspace.name))) {
      const path = join(CORPUS, 'oa', keyspace.name, directory);
      const table = findTable(schema, keyspace.name, directory.slice(0, -33));
      if (table === undefined || table.view !== undefined) continue;
      const files = readdirSync(path).filter((name) => name.endsWith('-Data.db'));
      found.push({ table, files: files.map((name) => join(path, name)) });
    }
  }
  return found;
}

const nameOf = (table: TableMetadata): string => `${table.keyspace}.${table.name}`;

/** Writes each of a table's SSTables again; the Data.db paths. */
async function rewrite({ table, files }: CorpusTable, version: WriteVersion, directory: string): Promise<string[]> {
  mkdirSync(directory, { recursive: true });
  const paths: string[] = [];
  for (const file of files) {
    const reader = await openSSTable(nodeFileSystem, file, { table });
    const number = Number(basename(file).split('-')[1]);
    const stream = await reader.stream(readAll);
    const columnsOf = (header: readonly { name: string }[], columns: TableMetadata['regulars']) =>
      columns.filter((column) => header.some(({ name }) => name === column.name));
    const description = await writeSSTable(
      nodeFileSystem,
      {
        directory,
        id: version === 'da' ? timeBasedId(1_700_000_000_000_000n + BigInt(number), BigInt(number)) : String(number),
        version,
        table,
        statics: columnsOf(reader.header.statics, table.statics),
        regulars: columnsOf(reader.header.regulars, table.regulars),
        encodingStats: reader.header.minima,
        estimatedKeys: reader.estimatedKeys,
        columnIndexBytes: INDEX_BYTES,
      },
      stream,
    );
    stream.close();
    reader.close();
    if (description !== null) paths.push(description.dataPath);
  }
  return paths;
}

interface Query {
  readonly cql: string;
  readonly columns: readonly (readonly [string, string])[];
  readonly rows?: readonly unknown[][];
}

/** Recorded reads of tables that are loaded: those that SELECT JSON can be made of, without times of now. */
function queries(): Query[] {
  const lines = readFileSync(join(CORPUS, 'queries.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines
    .map((line): Query & { format: string } => JSON.parse(line))
    .filter(
      ({ format, cql, rows, columns }) =>
        format === 'oa' &&
        rows !== undefined &&
        /^SELECT (?!JSON|DISTINCT)/.test(cql) &&
        / FROM test_/.test(cql) &&
        !/now\(|current|writetime|ttl\(/i.test(cql) &&
        !WITHOUT_QUERIES.test(cql) &&
        !cql.includes(NO_SELECT) &&
        new Set(columns.map(([name]) => name)).size === columns.length,
    );
}

/** The rows of a recorded query, asked again through SELECT JSON. */
async function ask(client: Client, query: Query): Promise<unknown[][]> {
  const lines = await selectJson(client, query.cql.replace(/^SELECT/, 'SELECT JSON'));
  return lines.map((line) => {
    const row: Record<string, unknown> = JSON.parse(line);
    return query.columns.map(([name]) => (name in row ? row[name] : row[`"${name.replaceAll('"', '""')}"`]));
  });
}

/** Dumps without places in the file, and without the clock's "expired". */
function dumpLines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && line !== '[' && line !== ']')
    .map((line) => line.replace(/"position":\d+,?/g, '').replace(/,}/g, '}'));
}

const HOOK_MILLIS = 300_000;
const place: Place = { directory: join(tmpdir(), 'cassette-interop-25'), number: 25 };
const output = hasOracle ? mkdtempSync(join(tmpdir(), 'cassette-written-')) : '';

describe.skipIf(!hasOracle)('SSTables that are written here', () => {
  const tables = hasOracle ? corpusTables() : [];
  let dataRoot = '';
  const directories = new Map<string, string>();

  beforeAll(async () => {
    await startDaemon(place, 'oa', true);
    await applySchema(place, join(CORPUS, 'oa/schema-internals.cql.gz'));
    const client = await connect(place);
    const ids = await client.execute('SELECT keyspace_name, table_name, id FROM system_schema.tables');
    dataRoot = join(place.directory, 'data/data');
    for (const row of ids.rows) {
      const id = String(row.id).replaceAll('-', '');
      directories.set(
        `${row.keyspace_name}.${row.table_name}`,
        join(dataRoot, row.keyspace_name, `${row.table_name}-${id}`),
      );
    }
    await client.shutdown();
    await nodetool(place, 'drain');
    await stopDaemon(place);
  }, HOOK_MILLIS);

  afterAll(async () => {
    await stopDaemon(place).catch(() => {});
    rmSync(place.directory, { recursive: true, force: true });
    rmSync(output, { recursive: true, force: true });
  }, HOOK_MILLIS);

  describe.each(['nb', 'oa', 'da'] as const)('%s', (version) => {
    const loaded: CorpusTable[] = [];
    const written = new Map<string, string[]>();

    beforeAll(async () => {
      for (const entry of tables) {
        const directory = directories.get(nameOf(entry.table));
        expect(directory, nameOf(entry.table)).toBeDefined();
        if (directory === undefined || (version === 'nb' && nameOf(entry.table) === NOT_IN_NB)) continue;
        for (const file of existsSync(directory) ? readdirSync(directory, { withFileTypes: true }) : []) {
          if (file.isFile()) rmSync(join(directory, file.name));
        }
        written.set(nameOf(entry.table), await rewrite(entry, version, directory));
        loaded.push(entry);
      }
    }, HOOK_MILLIS);

    // Before the dump, which knows no schema and deletes summaries of another min_index_interval than the default.
    it('pass sstableverify with extended checks', async () => {
      mkdirSync(join(output, version), { recursive: true });
      const jobs = loaded.map(({ table }): ToolJob => {
        const out = join(output, version, `${nameOf(table)}.verify`);
        return [out, 'org.apache.cassandra.tools.StandaloneVerifier', '-f', '-e', table.keyspace, table.name];
      });
      expect(await runTools(jobs, place)).toEqual([]);
    });

    /** `nodetool import` verifies every cell and token before it takes the files. */
    async function checkImport(client: Client, name: string, into: WriteVersion): Promise<void> {
      const entry = loaded.find(({ table }) => nameOf(table) === name);
      if (entry === undefined) throw new Error(`the corpus has no ${name}`);
      // Dots and dashes in the directory's name would tell Cassandra of another table, or an index.
      const directory = join(place.directory, 'import', into, entry.table.name);
      await rewrite(entry, into, directory);
      await client.execute(`TRUNCATE ${name}`);
      expect(await selectJson(client, `SELECT JSON * FROM ${name}`)).toEqual([]);
      await nodetool(place, 'import', '-l', '-e', entry.table.keyspace, entry.table.name, directory);
      expect(await selectJson(client, `SELECT JSON * FROM ${name}`), name).toEqual(
        corpusLines('oa', `${name}.select.jsonl`),
      );
    }

    it('are dumped by sstabledump as Cassandra’s own are', async () => {
      const jobs: ToolJob[] = [];
      const expected = new Map<string, string>();
      for (const { table, files } of loaded) {
        // The rows are read through the schema: without dropped columns, and with a UDT's later field names.
        if (table.dropped.size > 0 || table.name === 'altered_udt') continue;
        for (const [i, path] of (written.get(nameOf(table)) ?? []).entries()) {
          const golden = join(CORPUS, 'oa', `${nameOf(table)}.${basename(files[i]).split('-')[1]}.dump.jsonl`);
          if (!existsSync(golden) && !existsSync(`${golden}.gz`)) continue;
          const out = join(output, version, `${nameOf(table)}.${i}`);
          jobs.push([out, 'org.apache.cassandra.tools.SSTableExport', path, '-l', '-t']);
          expected.set(out, existsSync(golden) ? golden : `${golden}.gz`);
        }
      }
      expect(jobs.length).toBeGreaterThan(100);
      expect(await runTools(jobs)).toEqual([]);
      for (const [out, golden] of expected) {
        const bytes = readFileSync(golden);
        const text = (golden.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
        expect(dumpLines(readFileSync(out, 'utf8')), golden).toEqual(dumpLines(text));
      }
    });

    it('are loaded at the start, and read as the originals: whole, by key, by slice, reversed', async () => {
      await startDaemon(place, version === 'da' ? 'da' : 'oa', false);
      const client = await connect(place);
      try {
        for (const { table } of loaded) {
          if (nameOf(table) === NO_SELECT) continue;
          const name = `${table.keyspace}.${/^[a-z][a-z0-9_]*$/.test(table.name) ? table.name : `"${table.name}"`}`;
          const golden = corpusLines('oa', `${nameOf(table)}.select.jsonl`);
          if (golden === null) continue;
          expect(await selectJson(client, `SELECT JSON * FROM ${name}`), name).toEqual(golden);
        }
        const asked = queries().filter(({ cql }) => version !== 'nb' || !cql.includes(NOT_IN_NB));
        expect(asked.length).toBeGreaterThan(200);
        for (const query of asked) expect(await ask(client, query), query.cql).toEqual(query.rows);
        for (const name of IMPORTED) await checkImport(client, name, version);
      } finally {
        await client.shutdown();
        await stopDaemon(place);
      }
    });
  });
});
