import { basename, dirname } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { murmur3Token } from '../../src/bytes/index.ts';
import { columnsInSelectOrder, findTable, isMultiCell, type TableMetadata } from '../../src/schema/model/index.ts';
import { nodeFileSystem } from '../../src/storage/files/index.ts';
import { DirectoryReader, discover } from '../../src/storage/read/index.ts';
import { ClusteringPrefix, PrefixKind, readAll, type Slice } from '../../src/storage/rows/index.ts';
import type { ScanColumn, TableSource } from '../../src/storage/scan/index.ts';
import { CORPUS_NOW_SECONDS, corpusDirectories, corpusLines, corpusSchema, FORMATS } from './support/corpus.ts';
import { keyRange, request, scanRows, toJson, values } from './support/scan-rows.ts';

type Rows = (Buffer | null)[][];

describe.each(FORMATS)('corpus %s', (format) => {
  const schema = corpusSchema(format);
  const directories = corpusDirectories(format);
  const reader = new DirectoryReader(discover(directories, nodeFileSystem), nodeFileSystem);
  reader.schema = schema;
  afterAll(() => reader.close());

  describe.each(directories.map((directory) => [`${basename(dirname(directory))}/${basename(directory)}`, directory]))(
    '%s',
    (_, directory) => {
      const keyspace = basename(dirname(directory));
      const name = basename(directory).replace(/-[0-9a-f]{32}$/, '');
      const table = findTable(schema, keyspace, name);
      if (table === undefined) {
        it('is in the schema', () => expect.unreachable());
        return;
      }
      const answered = (kind: string): string[] | null => corpusLines(format, `${keyspace}.${name}.${kind}.jsonl`);
      const source = reader.open(table);

      it('gives the rows of SELECT JSON *, in order', async () => {
        const lines = answered('select') ?? [];
        const columns = values(columnsInSelectOrder(table).filter((column) => isAnswered(column.name, lines)));
        const rows = await scanRows(source, request(table, columns, CORPUS_NOW_SECONDS));
        expect(rows.map((row) => toJson(columns, row))).toEqual(lines);
      });

      it('gives write times', async () => {
        const lines = answered('writetime');
        if (lines === null) return;
        const columns = writetimeColumns(table, lines[0]);
        const rows = await scanRows(source, request(table, columns, CORPUS_NOW_SECONDS));
        expect(rows.map((row) => toJson(columns, row))).toEqual(lines);
      });

      it('counts as many rows as it gives', async () => {
        const scan = source.scan(request(table, [], CORPUS_NOW_SECONDS));
        expect(await scan.countRows()).toBe((answered('select') ?? []).length);
        const batches = source.scan(request(table, [], CORPUS_NOW_SECONDS));
        let rows = 0;
        for (let batch = await batches.next(); batch !== null; batch = await batches.next()) rows += batch.length;
        expect(rows).toBe((answered('select') ?? []).length);
      });

      it('gives the same rows backward', async () => {
        const all = await readEverything(source, table);
        const range = { ...readAll, reversed: true };
        const backward = await scanRows(source, request(table, everything(table), CORPUS_NOW_SECONDS, { range }));
        const forward = partitionsOf(table, all).flatMap((partition) => [...partition].reverse());
        expect(texts(backward)).toEqual(texts(forward));
      });

      it('gives the same rows in pieces of the ring', async () => {
        const all = await readEverything(source, table);
        const partitions = partitionsOf(table, all);
        const cuts = [0.2, 0.5, 0.9].map((share) => partitions[Math.floor(partitions.length * share)]);
        const bounds =
          partitions.length === 0 ? [] : cuts.map((partition) => murmur3Token(keyBytes(table, partition[0])));
        const pieces: Rows = [];
        for (let i = 0; i <= bounds.length; i++) {
          const lower = i === 0 ? null : { token: bounds[i - 1], inclusive: false };
          const upper = i === bounds.length ? null : { token: bounds[i], inclusive: true };
          const range = keyRange({ kind: 'tokens', lower, upper });
          pieces.push(...(await scanRows(source, request(table, everything(table), CORPUS_NOW_SECONDS, { range }))));
        }
        expect(texts(pieces)).toEqual(texts(all));
      });

      it('finds each partition and each row by its key', async () => {
        const all = await readEverything(source, table);
        const partitions = partitionsOf(table, all);
        const step = Math.max(1, Math.floor(partitions.length / PARTITIONS_SOUGHT));
        for (let i = 0; i < partitions.length; i += step) await checkPartition(source, table, partitions[i]);
      });
    },
  );
});

/** The corpus leaves out columns that Cassandra's SELECT JSON fails on: booleans without a byte. */
function isAnswered(column: string, lines: readonly string[]): boolean {
  if (lines.length === 0) return true;
  const unquoted = (name: string): string => name.replaceAll('"', '');
  return Object.keys(JSON.parse(lines[0])).some((name) => unquoted(name) === unquoted(column));
}

/** Rows as hex: buffers are compared slowly, and shown badly. */
function texts(rows: Rows): string[] {
  return rows.map((row) => row.map((value) => value?.toString('hex') ?? 'null').join(' '));
}

function everything(table: TableMetadata): ScanColumn[] {
  return values(columnsInSelectOrder(table));
}

function readEverything(source: TableSource, table: TableMetadata): Promise<Rows> {
  return scanRows(source, request(table, everything(table), CORPUS_NOW_SECONDS));
}

/** Columns by the names of a line: `k`, `writetime(v)`. */
function writetimeColumns(table: TableMetadata, line: string | undefined): ScanColumn[] {
  if (line === undefined) {
    const timed = [...table.statics, ...table.regulars].filter((column) => !isMultiCell(column.type));
    return [
      ...values([...table.partitionKey, ...table.clustering]),
      ...timed.map((column) => ({ column, wanted: 'writetime' as const })),
    ];
  }
  return Object.keys(JSON.parse(line)).map((key) => {
    const unquoted = key.replace(/^"(.*)"$/, '$1');
    const match = /^writetime\((.*)\)$/.exec(unquoted);
    const columnName = match?.[1] ?? unquoted;
    const column = table.columns.get(columnName);
    if (column === undefined) return expect.unreachable(`no column ${columnName}`);
    return { column, wanted: match === null ? 'value' : 'writetime' };
  });
}

function partitionsOf(table: TableMetadata, rows: Rows): Rows[] {
  const partitions: Rows[] = [];
  let last = '';
  for (const row of rows) {
    const key = keyBytes(table, row).toString('hex');
    if (partitions.length === 0 || key !== last) partitions.push([]);
    last = key;
    partitions[partitions.length - 1].push(row);
  }
  return partitions;
}

function keyBytes(table: TableMetadata, row: (Buffer | null)[]): Buffer {
  const components = table.partitionKey.map((_, i) => row[i] ?? Buffer.alloc(0));
  if (components.length === 1) return components[0];
  return Buffer.concat(
    components.flatMap((component) => [
      Buffer.from([component.length >> 8, component.length]),
      component,
      Buffer.from([0]),
    ]),
  );
}

/** Of large tables every so many partitions, of large partitions every so many rows. */
const PARTITIONS_SOUGHT = 150;
const ROWS_SOUGHT = 40;

async function checkPartition(source: TableSource, table: TableMetadata, partition: Rows): Promise<void> {
  const key = keyBytes(table, partition[0]);
  const keys = { kind: 'keys', keys: [{ token: murmur3Token(key), key }] } as const;
  const columns = everything(table);
  const read = (slices: readonly Slice[] | null, staticOnlyRows: boolean): Promise<Rows> =>
    scanRows(source, request(table, columns, CORPUS_NOW_SECONDS, { range: keyRange(keys, slices), staticOnlyRows }));
  expect(texts(await read(null, true))).toEqual(texts(partition));

  const from = table.partitionKey.length;
  const step = Math.max(1, Math.floor(partition.length / ROWS_SOUGHT));
  for (let i = 0; i < partition.length && table.clustering.length > 0; i += step) {
    const clustering = partition[i].slice(from, from + table.clustering.length);
    if (clustering.every((value) => value === null)) continue;
    const slice = {
      start: ClusteringPrefix.of(PrefixKind.INCLUSIVE_START_BOUND, clustering),
      end: ClusteringPrefix.of(PrefixKind.INCLUSIVE_END_BOUND, clustering),
    };
    expect(texts(await read([slice], false))).toEqual(texts([partition[i]]));
  }
}
