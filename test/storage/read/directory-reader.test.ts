import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { murmur3Token } from '../../../src/bytes/index.ts';
import {
  defineTable,
  emptySchema,
  findTable,
  type Schema,
  type TableMetadata,
} from '../../../src/schema/model/index.ts';
import { nodeFileSystem } from '../../../src/storage/files/index.ts';
import { DirectoryReader, directoryOf, discover, enforcesStrictLiveness } from '../../../src/storage/read/index.ts';
import { readAll } from '../../../src/storage/rows/index.ts';
import { modelTable } from '../merge/plain-model.ts';
import { CORPUS_NOW_SECONDS, corpusDirectories, corpusSchema, FORMATS } from '../support/corpus.ts';
import { keyRange, request, scanRows, values } from '../support/scan-rows.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cassette-reader-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function corpusTable(schema: Schema, name: string): { table: TableMetadata; directory: string } {
  const directory = corpusDirectories('oa').find((path) => basename(path).startsWith(`${name}-`)) ?? '';
  const table = findTable(schema, basename(dirname(directory)), name);
  return table === undefined ? expect.unreachable(name) : { table, directory };
}

describe.skipIf(FORMATS.length === 0)('DirectoryReader', () => {
  const schema = corpusSchema('oa');
  const { table, directory } = corpusTable(schema, 'merge_overlap');
  const columns = values([...table.columns.values()]);
  const rowsOf = async (paths: readonly string[]) => {
    const reader = new DirectoryReader(discover(paths, nodeFileSystem), nodeFileSystem);
    const rows = await scanRows(reader.open(table), request(table, columns, CORPUS_NOW_SECONDS));
    reader.close();
    return rows.map((row) => row.map((value) => value?.toString('hex') ?? 'null').join(' '));
  };

  it('reconciles a table whose SSTables lie on several disks', async () => {
    const place = join(basename(dirname(directory)), basename(directory));
    for (const disk of ['disk0', 'disk1']) mkdirSync(join(root, disk, place), { recursive: true });
    for (const file of readdirSync(directory)) {
      const disk = Number(/-(\d+)-/.exec(file)?.[1]) % 2;
      cpSync(join(directory, file), join(root, `disk${disk}`, place, file));
    }
    const apart = await rowsOf([join(root, 'disk0'), join(root, 'disk1')]);
    expect(apart).toEqual(await rowsOf([directory]));
    expect(apart).not.toEqual(await rowsOf([join(root, 'disk0')]));
  });

  it('reads a table without a directory as empty', async () => {
    const reader = new DirectoryReader(discover([directory], nodeFileSystem), nodeFileSystem);
    expect(await scanRows(reader.open(modelTable), request(modelTable, values(modelTable.partitionKey), 0))).toEqual(
      [],
    );
    const scan = reader.open(modelTable).scan(request(modelTable, [], 0, { range: readAll }));
    expect(await scan.countRows()).toBe(0);
  });

  it('reads no SSTable that is older than a deletion of the partition asked for', async () => {
    const { table: deleted, directory: where } = corpusTable(schema, 'all_deleted');
    const reader = new DirectoryReader(discover([where], nodeFileSystem), nodeFileSystem);
    const source = reader.open(deleted);
    const [first] = source.sources();
    const stream = await first.stream(readAll);
    let step = stream.next();
    while (step === 6) {
      await stream.load();
      step = stream.next();
    }
    const key = stream.partition.key.slice(stream.partition.keyStart, stream.partition.keyEnd);
    const range = keyRange({ kind: 'keys', keys: [{ key, token: murmur3Token(key) }] });
    const scan = source.scan(request(deleted, [], CORPUS_NOW_SECONDS, { range }));
    expect(await scan.countRows()).toBe(0);
    expect(scan.statistics.sstables + scan.statistics.sstablesSkipped).toBe(source.sources().length);
    reader.close();
  });
});

describe('directoryOf', () => {
  const ids = ['a'.repeat(32), 'b'.repeat(32)];
  const found = (id: string | null, files = 1) => ({
    keyspace: 'ks',
    table: 't',
    id,
    directories: [`/data/ks/t-${id}`],
    dataFiles: Array.from({ length: files }, (_, i) => `nb-${i}-big-Data.db`),
    schemaFile: null,
  });
  const among = (...tables: ReturnType<typeof found>[]) => ({ tables, schemaFiles: [], notes: [] });

  it.each([
    ['the one with the id of the schema', among(found(ids[0]), found(ids[1]), found(modelTable.id)), modelTable.id],
    ['the only one, whatever its id', among(found(ids[0])), ids[0]],
    ['the only one with data', among(found(ids[0], 0), found(ids[1])), ids[1]],
    ['none where there is none', among(), undefined],
  ])('takes %s', (_, discovery, id) => {
    expect(directoryOf(discovery, modelTable)?.id).toBe(id);
  });

  it('does not guess between several', () => {
    expect(() => directoryOf(among(found(ids[0]), found(ids[1])), modelTable)).toThrow('several directories');
  });
});

describe('enforcesStrictLiveness', () => {
  const int = { kind: 'native', name: 'int' } as const;
  const view = (keys: readonly string[]): TableMetadata =>
    defineTable({
      keyspace: 'ks',
      name: 'v',
      id: 'f'.repeat(32),
      columns: keys.map((name, i) => ({ name, kind: i === 0 ? 'partition_key' : 'clustering', type: int })),
      view: { baseTableId: modelTable.id, baseTable: 't', includeAllColumns: true, whereClause: '' },
    });
  const schema: Schema = {
    ...emptySchema,
    keyspaces: new Map([
      [
        'ks',
        {
          name: 'ks',
          replication: new Map(),
          durableWrites: true,
          tables: new Map([['t', modelTable]]),
          views: new Map(),
          types: new Map(),
          functions: [],
          aggregates: [],
        },
      ],
    ]),
  };

  it.each([
    ['a table', modelTable, schema, false],
    ['a view of the same key', view(['a', 'pk', 'b']), schema, false],
    ['a view with another column in its key', view(['v', 'pk', 'a', 'b']), schema, true],
    ['a view of an unknown table', view(['a', 'pk', 'b']), null, true],
  ])('%s', (_, table, known, strict) => {
    expect(enforcesStrictLiveness(table, known)).toBe(strict);
  });
});
