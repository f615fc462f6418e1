import { type LogRecord, parseLogRecord } from '../sstable/write/transaction-log.ts';

/**
 * Reading of Cassandra's transaction logs (`db/lifecycle/LogFile`, `LogAwareFileLister`, 5.0.8), which say what of a
 * directory counts while a flush or a compaction is under way, or was when the process died. The records' layout stands
 * where they are written. A log is `[VERSION_|FORMAT-VERSION_]txn_OPERATION_ID.log`.
 */
const LOG_NAME = /^(?:(?:[a-z]+-)?.{2}_)?txn_.*_.*\.log$/;

export function isTransactionLog(fileName: string): boolean {
  return LOG_NAME.test(fileName);
}

/** The records of a log up to the first that is damaged or half written. */
export function parseTransactionLog(text: string): readonly LogRecord[] {
  const records: LogRecord[] = [];
  for (const line of text.split('\n')) {
    const record = parseLogRecord(line);
    if (record === null) break;
    records.push(record);
  }
  return records;
}

/**
 * Base names (`nb-12-big-`) of the SSTables that do not count while this log is there: with a final COMMIT those that were
 * replaced, else those that were being made.
 */
export function hiddenByTransaction(records: readonly LogRecord[]): readonly string[] {
  const hidden = records.at(-1)?.type === 'COMMIT' ? 'REMOVE' : 'ADD';
  return records.filter((record) => record.type === hidden).map((record) => baseName(record.path));
}

/** The last part of a path; a log may come from a machine whose directories are not here. */
function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
