import { describe, expect, it } from 'vitest';
import {
  hiddenByTransaction,
  isTransactionLog,
  parseTransactionLog,
} from '../../../src/storage/read/transaction-log.ts';
import { formatLogRecord, type LogRecord } from '../../../src/storage/sstable/write/transaction-log.ts';

const removed: LogRecord = {
  type: 'REMOVE',
  path: '/data/ks/t/nb-1-big-',
  timeMillis: 1732000000123,
  files: 8,
};
const added: LogRecord = { type: 'ADD', path: '/data/ks/t/nb-2-big-', timeMillis: 0, files: 8 };
const commit: LogRecord = { type: 'COMMIT', path: '', timeMillis: 1732000000999, files: 0 };
const abort: LogRecord = { ...commit, type: 'ABORT' };

function log(...records: readonly LogRecord[]): string {
  return records.map((record) => `${formatLogRecord(record)}\n`).join('');
}

describe('transaction logs', () => {
  it.each([
    ['nb_txn_compaction_2f0a3b10-e55a-11f1-9785-1bd0c6bbc28a.log', true],
    ['bti-da_txn_flush_2f0a3b10-e55a-11f1-9785-1bd0c6bbc28a.log', true],
    ['txn_unknowncompactiontype_2f0a.log', true],
    ['nb-1-big-Data.db', false],
    ['CommitLog-7-1732000000000.log', false],
  ])('%s: %s', (name, isLog) => {
    expect(isTransactionLog(name)).toBe(isLog);
  });

  it.each([
    ['hides the new SSTables of an unfinished transaction', log(removed, added), ['nb-2-big-']],
    ['hides the new SSTables of an aborted one', log(removed, added, abort), ['nb-2-big-']],
    ['hides the old SSTables of a committed one', log(removed, added, commit), ['nb-1-big-']],
    ['takes a half-written commit for none', log(removed, added, commit).slice(0, -5), ['nb-2-big-']],
    [
      'takes a commit with a wrong checksum for none',
      log(removed, added) + 'COMMIT:[,1732000000999,0][1]\n',
      ['nb-2-big-'],
    ],
    ['hides nothing when empty', '', []],
  ])('%s', (_, text, hidden) => {
    expect(hiddenByTransaction(parseTransactionLog(text))).toEqual(hidden);
  });

  it('has the checksums of Cassandra 5.0.8', () => {
    const lines = [
      'REMOVE:[/data/ks/t/nb-1-big-,0,8][1126446349]',
      'ADD:[/data/ks/t/nb-2-big-,0,8][2713762194]',
      'COMMIT:[,0,0][2613697770]',
    ];
    const records = parseTransactionLog(lines.join('\n'));
    expect(records.map(formatLogRecord)).toEqual(lines);
  });

  it('reads back what it writes', () => {
    expect(parseTransactionLog(log(removed, added, commit))).toEqual([removed, added, commit]);
  });
});
