import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findTable, type TableMetadata } from '../../../src/schema/model/index.ts';
import { checkSource } from '../../../src/storage/export/check-source.ts';
import { nodeFileSystem } from '../../../src/storage/files/node-file-system.ts';
import { writeRows } from '../../../src/storage/sstable-library.ts';
import { openDatabase, schemaOf as schemaOfTables } from '../engine/test-database.ts';
import { MemoryFileSystem } from '../files/memory-file-system.ts';
import { corpusDirectories, corpusSchema, FORMATS, schemaOf } from '../support/corpus.ts';

function tableOf(columns: string): TableMetadata {
  const schema = schemaOf(`
    CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};
    CREATE TABLE k.t (${columns});`);
  const table = findTable(schema, 'k', 't');
  if (table === undefined) throw new TypeError(columns);
  return table;
}

const SOURCE = '/source/nb-1-big-Data.db';

/** An SSTable of `p int, c text, v int, s text static`. */
async function source(): Promise<MemoryFileSystem> {
  const files = new MemoryFileSystem();
  const table = tableOf('p int, c text, v int, s text STATIC, PRIMARY KEY (p, c)');
  const rows = Array.from({ length: 50 }, (_, p) => ({ p, c: 'x', v: p, s: 'y' }));
  await writeRows({ directory: '/source', table, rows, timestampMicros: 5n, files });
  return files;
}

describe('an SSTable is imported', () => {
  it.each([
    'p int, c text, v int, s text STATIC, PRIMARY KEY (p, c)',
    'p int, c text, v int, s text STATIC, more int, PRIMARY KEY (p, c)',
    'other int, name text, v varint, s blob STATIC, PRIMARY KEY (other, name)',
  ])('into a table that holds what it holds: %s', async (columns) => {
    await checkSource(await source(), SOURCE, tableOf(columns));
  });

  it.each([
    ['p text, c text, v int, s text STATIC, PRIMARY KEY (p, c)', 'partition key p is int in it, and text in the table'],
    ['p int, q int, c text, v int, PRIMARY KEY ((p, q), c)', "its partition key is of 1 columns, the table's of 2"],
    ['p int, c int, v int, s text STATIC, PRIMARY KEY (p, c)', 'clustering c is text in it, and int in the table'],
    [
      'p int, c text, v int, s text STATIC, PRIMARY KEY (p, c)) WITH CLUSTERING ORDER BY (c DESC',
      "its rows are in ascending order of c, the table's are not",
    ],
    ['p int PRIMARY KEY, v int', 'the file has 1 clustering columns, the schema 0'],
    ['p int, c text, v text, s text STATIC, PRIMARY KEY (p, c)', 'column v is int in it, and text in the table'],
    ['p int, c text, v list<int>, s text STATIC, PRIMARY KEY (p, c)', 'it has a column v int'],
    [
      'p int, c text, s text STATIC, PRIMARY KEY (p, c)',
      'it has a column v int, which the table has not (ALTER TABLE k.t ADD v int makes a place for it)',
    ],
    [
      'p int, c text, v int, PRIMARY KEY (p, c)',
      'it has a column s text, which the table has not (ALTER TABLE k.t ADD s text static makes a place for it)',
    ],
    [
      'p int, c text, v int, s text, PRIMARY KEY (p, c)',
      'it has a column s text, which the table has not of this kind',
    ],
  ])('not into another one, which is told: %s', async (columns, message) => {
    await expect(checkSource(await source(), SOURCE, tableOf(columns))).rejects.toThrow(message);
  });

  it.each([
    ['Data.db', 'the file is missing'],
    ['Index.db', 'the file is missing'],
    ['Statistics.db', 'the file is missing'],
    ['CompressionInfo.db', 'the file is missing, TOC.txt lists it'],
    ['Digest.crc32', 'the file is missing, TOC.txt lists it'],
  ])('not without its %s', async (component, message) => {
    const files = await source();
    await files.remove(`/source/nb-1-big-${component}`);
    const table = tableOf('p int, c text, v int, s text STATIC, PRIMARY KEY (p, c)');
    await expect(checkSource(files, SOURCE, table)).rejects.toThrow(
      new RegExp(`nb-1-big-${component.replace('.', '\\.')}.*${message}|no such file|ENOENT.*${component}`),
    );
  });

  it.each(['Data.db', 'Index.db', 'Statistics.db', 'CompressionInfo.db', 'Digest.crc32'])(
    'not with a damaged or shortened %s',
    async (component) => {
      const table = tableOf('p int, c text, v int, s text STATIC, PRIMARY KEY (p, c)');
      const path = `/source/nb-1-big-${component}`;
      for (const shorten of [false, true]) {
        const files = await source();
        const bytes = files.readFileSync(path);
        // A byte of the first key, the last of the offsets, or any other.
        const at =
          component === 'Index.db' ? 4 : component === 'CompressionInfo.db' ? bytes.length - 1 : bytes.length >> 1;
        bytes[at] ^= 0x55;
        const file = await files.open(path, 'create');
        await file.write(shorten ? bytes.subarray(0, bytes.length - 1) : bytes);
        await file.close();
        await expect(checkSource(files, SOURCE, table), `${component} ${shorten}`).rejects.toThrow();
      }
    },
  );

  it.each(['xx-1-big', 'jb-1-big', 'nb-1-bti'])('not in a version that is not known: %s', async (name) => {
    const files = await source();
    await files.link(SOURCE, `/source/${name}-Data.db`);
    const table = tableOf('p int, c text, v int, s text STATIC, PRIMARY KEY (p, c)');
    await expect(checkSource(files, `/source/${name}-Data.db`, table)).rejects.toThrow(/SSTable/);
  });

  it.each(FORMATS)(
    'and all that Cassandra wrote are, into their own tables: %s',
    async (format) => {
      const schema = corpusSchema(format);
      let checked = 0;
      for (const directory of corpusDirectories(format)) {
        const [keyspace, name] = directory.split('/').slice(-2);
        const table = findTable(schema, keyspace, name.slice(0, -33));
        if (table === undefined) continue;
        for (const file of readdirSync(directory).filter((entry) => entry.endsWith('-Data.db'))) {
          await checkSource(nodeFileSystem, join(directory, file), table);
          checked++;
        }
      }
      expect(checked).toBeGreaterThan(20);
    },
    60_000,
  );
});

describe('an import that is refused', () => {
  it('leaves the table as it was, whichever file it is for', async () => {
    const files = await source();
    const table = tableOf('p int, c text, v int, s text STATIC, PRIMARY KEY (p, c)');
    const engine = await openDatabase(files);
    await engine.changeSchema(schemaOfTables(table));
    const other = tableOf('p int, c text, w int, PRIMARY KEY (p, c)');
    await writeRows({ directory: '/other', table: other, rows: [{ p: 1, c: 'x', w: 1 }], timestampMicros: 5n, files });
    await expect(engine.importSSTables(table, ['/source', '/other'])).rejects.toThrow('it has a column w int');
    expect(engine.stats().tables[0].sstables).toBe(0);
    expect(files.paths().filter((path) => path.startsWith('/db/data'))).toEqual([]);
    await engine.importSSTables(table, ['/source']);
    expect(engine.stats().tables[0].rows).toBe(100);
    await engine.close();
  });
});
