import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../../../../src/storage/files/node-file-system.ts';
import {
  formatLogRecord,
  parseLogRecord,
  recoverTransactions,
  SSTableTransaction,
} from '../../../../src/storage/sstable/write/transaction-log.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'transaction-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const put = (...names: string[]): void => {
  for (const name of names) writeFileSync(join(directory, name), name);
};
const names = (): string[] => readdirSync(directory).sort();
const OLD = ['nb-1-big-Data.db', 'nb-1-big-TOC.txt'];
const NEW = ['nb-2-big-Data.db', 'nb-2-big-TOC.txt'];
const UUID = '5c681600-e547-11f1-94b6-1dcb5e8a915c';

/** A transaction that replaces SSTable 1 by 2, whose files both exist, and has not ended. */
async function replacing(): Promise<SSTableTransaction> {
  put(...OLD, 'nb-10-big-Data.db');
  const transaction = await SSTableTransaction.begin(nodeFileSystem, directory, 'compaction', 'nb', UUID);
  await transaction.add('nb-2-big');
  put(...NEW);
  await transaction.remove(['nb-1-big']);
  return transaction;
}

describe('records', () => {
  it.each([
    [{ type: 'ADD', path: '/d/nb-2-big-', timeMillis: 0, files: 8 } as const, 'ADD:[/d/nb-2-big-,0,8][783388279]'],
    [{ type: 'COMMIT', path: '', timeMillis: 0, files: 0 } as const, 'COMMIT:[,0,0][2613697770]'],
  ])('are written as Cassandra does: %o', (record, line) => {
    expect(formatLogRecord(record)).toBe(line);
    expect(parseLogRecord(line)).toEqual(record);
  });

  it('are read in lower case too, and not at all with a wrong checksum', () => {
    expect(parseLogRecord('commit:[,0,0][2613697770]')?.type).toBe('COMMIT');
    expect(parseLogRecord('COMMIT:[,0,0][2613697771]')).toBeNull();
    expect(parseLogRecord('COMMIT:[,0,')).toBeNull();
  });
});

describe('a transaction', () => {
  it('has a log with Cassandra’s name until it is over, then the new files only', async () => {
    const transaction = await replacing();
    expect(names()).toContain(`nb_txn_compaction_${UUID}.log`);
    await transaction.commit();
    expect(names()).toEqual(['nb-10-big-Data.db', ...NEW].sort());
  });

  it('tells the newest time of the files that it removes, but for Statistics.db, and their count', async () => {
    put(...OLD, 'nb-1-big-Statistics.db', 'nb-10-big-Data.db');
    const times: [string, number][] = [
      ['Data.db', 1_700_000_001.5],
      ['TOC.txt', 1_700_000_002.25],
      ['Statistics.db', 1_700_000_009],
    ];
    for (const [name, seconds] of times) utimesSync(join(directory, `nb-1-big-${name}`), seconds, seconds);
    const transaction = await SSTableTransaction.begin(nodeFileSystem, directory, 'cleanup', 'nb', UUID);
    await transaction.remove(['nb-1-big']);
    const [line] = readFileSync(transaction.path, 'utf8').split('\n');
    const path = join(directory, 'nb-1-big-');
    expect(parseLogRecord(line)).toEqual({ type: 'REMOVE', path, timeMillis: 1_700_000_002_250, files: 3 });
  });

  it('that is aborted leaves the old files only', async () => {
    const transaction = await replacing();
    await transaction.abort();
    expect(names()).toEqual(['nb-1-big-Data.db', 'nb-1-big-TOC.txt', 'nb-10-big-Data.db']);
  });

  it('cut off before its commit is rolled back', async () => {
    await replacing();
    await recoverTransactions(nodeFileSystem, directory);
    expect(names()).toEqual(['nb-1-big-Data.db', 'nb-1-big-TOC.txt', 'nb-10-big-Data.db']);
  });

  it('cut off after its commit is finished', async () => {
    const transaction = await replacing();
    await transaction.commit(true);
    await recoverTransactions(nodeFileSystem, directory);
    expect(names()).toEqual(['nb-10-big-Data.db', ...NEW].sort());
  });

  it('with a torn last line is rolled back, at every length of the line', async () => {
    const transaction = await replacing();
    await transaction.commit(true);
    const path = join(directory, `nb_txn_compaction_${UUID}.log`);
    const log = readFileSync(path, 'utf8');
    const lastLine = log.trimEnd().lastIndexOf('\n') + 1;
    for (let length = lastLine; length < log.trimEnd().length; length++) {
      put(...OLD, ...NEW);
      writeFileSync(path, log.slice(0, length));
      await recoverTransactions(nodeFileSystem, directory);
      expect(names()).toEqual(['nb-1-big-Data.db', 'nb-1-big-TOC.txt', 'nb-10-big-Data.db']);
    }
  });

  it('with damage in the middle is refused, and nothing goes', async () => {
    await replacing();
    const path = join(directory, `nb_txn_compaction_${UUID}.log`);
    writeFileSync(path, readFileSync(path, 'utf8').replace('ADD:', 'AXD:'));
    const before = names();
    await expect(recoverTransactions(nodeFileSystem, directory)).rejects.toThrow(/line 1: damaged record/);
    expect(names()).toEqual(before);
  });
});
