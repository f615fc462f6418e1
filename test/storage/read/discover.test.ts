import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../../../src/storage/files/index.ts';
import { discover } from '../../../src/storage/read/discover.ts';
import { formatLogRecord } from '../../../src/storage/sstable/write/transaction-log.ts';

const ID = '853beb70e55a11f197851bd0c6bbc28a';
const OTHER_ID = '111111111111111111111111bbc28a00';
let root = '';

function touch(path: string, text = ''): string {
  const file = join(root, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function found(...paths: string[]) {
  return discover(
    paths.map((path) => join(root, path)),
    nodeFileSystem,
  );
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cassette-discover-'));
  touch(`node/data/ks/t-${ID}/nb-10-big-Data.db`);
  touch(`node/data/ks/t-${ID}/nb-9-big-Data.db`);
  touch(`node/data/ks/t-${ID}/.idx/nb-1-big-Data.db`);
  touch(`node/data/ks/t-${ID}/backups/nb-8-big-Data.db`);
  touch(`node/data/ks/t-${ID}/snapshots/s1/nb-7-big-Data.db`);
  touch(`node/data/ks/t-${ID}/snapshots/s1/schema.cql`);
  mkdirSync(join(root, `node/data/ks/empty-${OTHER_ID}`));
  touch(`node/data/ks2/u-${OTHER_ID}/da-3h5p_02zj_1bsoq29evwsttol6qk-bti-Data.db`);
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

describe('discover', () => {
  it.each(['node/data', 'node'])('finds every table of a node in %s', (path) => {
    const { tables } = found(path);
    expect(tables.map((table) => [table.keyspace, table.table, table.id, table.dataFiles.length]).sort()).toEqual([
      ['ks', 'empty', OTHER_ID, 0],
      ['ks', 't', ID, 2],
      ['ks2', 'u', OTHER_ID, 1],
    ]);
  });

  it.each([
    ['a keyspace directory', 'node/data/ks', ['nb-9-big-Data.db', 'nb-10-big-Data.db']],
    ['a table directory', `node/data/ks/t-${ID}`, ['nb-9-big-Data.db', 'nb-10-big-Data.db']],
    ['a snapshot', `node/data/ks/t-${ID}/snapshots/s1`, ['nb-7-big-Data.db']],
    ['a directory of backups', `node/data/ks/t-${ID}/backups`, ['nb-8-big-Data.db']],
    ['one SSTable', `node/data/ks/t-${ID}/nb-10-big-Data.db`, ['nb-10-big-Data.db']],
  ])('reads %s, older SSTables first', (_, path, names) => {
    const table = found(path).tables.find((candidate) => candidate.table === 't');
    expect(table).toMatchObject({ keyspace: 'ks', id: ID });
    expect(table?.dataFiles.map((file) => file.slice(file.lastIndexOf('/') + 1))).toEqual(names);
  });

  it.each(['Data.db', 'Index.db', 'TOC.txt'])('takes %s for its SSTable', (component) => {
    const directory = `node/data/ks/t-${ID}`;
    touch(`${directory}/nb-9-big-TOC.txt`);
    const { tables } = found(`${directory}/nb-9-big-${component}`);
    expect(tables.map((table) => table.dataFiles)).toEqual([[join(root, directory, 'nb-9-big-Data.db')]]);
  });

  it("finds a snapshot's schema", () => {
    const { tables, schemaFiles } = found(`node/data/ks/t-${ID}/snapshots/s1`);
    expect(tables[0].schemaFile).toBe(join(root, `node/data/ks/t-${ID}/snapshots/s1/schema.cql`));
    expect(schemaFiles).toEqual([tables[0].schemaFile]);
  });

  it('joins the directories of one table on several disks', () => {
    cpSync(join(root, 'node/data'), join(root, 'disk2'), { recursive: true });
    const table = found('node/data', 'disk2').tables.find((candidate) => candidate.table === 't');
    expect(table?.directories).toHaveLength(2);
    expect(table?.dataFiles).toHaveLength(4);
  });

  it('keeps directories of one name and several ids apart', () => {
    touch(`node/data/ks/t-${OTHER_ID}/nb-1-big-Data.db`);
    expect(
      found('node/data/ks')
        .tables.filter((table) => table.table === 't')
        .map((table) => table.id),
    ).toEqual(expect.arrayContaining([ID, OTHER_ID]));
  });

  it('leaves out what an unfinished transaction adds', () => {
    touch(
      `node/data/ks/t-${ID}/nb_txn_compaction_2f0a3b10-e55a-11f1-9785-1bd0c6bbc28a.log`,
      `${formatLogRecord({ type: 'ADD', path: '/x/nb-10-big-', timeMillis: 0, files: 8 })}\n`,
    );
    const { tables, notes } = found('node/data/ks');
    expect(tables.find((table) => table.table === 't')?.dataFiles.map((file) => file.slice(-16))).toEqual([
      'nb-9-big-Data.db',
    ]);
    expect(notes[0]).toContain('unfinished transaction');
  });

  it('follows links to table directories', () => {
    mkdirSync(join(root, 'linked/ks'), { recursive: true });
    symlinkSync(join(root, `node/data/ks/t-${ID}`), join(root, `linked/ks/t-${ID}`));
    symlinkSync(join(root, 'nowhere'), join(root, `linked/ks/gone-${OTHER_ID}`));
    expect(found('linked').tables.map((table) => [table.table, table.dataFiles.length])).toEqual([['t', 2]]);
  });

  it('goes past directories that cannot be read', () => {
    const denied = join(root, 'node/data/ks2');
    const files = {
      ...nodeFileSystem,
      listSync: (path: string) => {
        if (path === denied) throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
        return nodeFileSystem.listSync(path);
      },
    };
    const { tables, notes } = discover([join(root, 'node/data')], files);
    expect(tables.map((table) => table.table).sort()).toEqual(['empty', 't']);
    expect(notes).toEqual([`${denied} cannot be read: EACCES: permission denied`]);
  });

  it('tells of a commit log beside the data', () => {
    touch('node/commitlog/CommitLog-7-1732000000000.log');
    expect(found(`node/data/ks/t-${ID}`).notes).toEqual([
      `${join(root, 'node/commitlog')} may hold writes that were not flushed; they are not read`,
    ]);
  });

  it.each([
    ['missing', 'does not exist'],
    ['bare', 'holds no Cassandra data'],
    ['missing/nb-1-big-Data.db', 'does not exist'],
    ['xx-Data.db', 'not the name of an SSTable'],
    ['notes.txt', 'not the name of an SSTable'],
  ])('refuses %s', (path, message) => {
    mkdirSync(join(root, 'bare'));
    touch('notes.txt');
    expect(() => found(path)).toThrow(message);
  });
});
