import { crc32 } from 'node:zlib';

/**
 * Cassandra's transaction logs (`db/lifecycle/LogFile`, `LogRecord`, 5.0.8): which SSTables of a directory a flush or a
 * compaction is making or replacing. The file is `[VERSION_|FORMAT-VERSION_]txn_OPERATION_ID.log`, a record a line:
 *
 *   add:[PATH,time,files][crc]        an SSTable being made       PATH is absolute and ends in `nb-12-big-`
 *   remove:[PATH,time,files][crc]     an SSTable being replaced   time in milliseconds, files is their number
 *   commit:[,time,0][crc]             the removed ones are gone, the added ones count
 *   abort:[,time,0][crc]              the added ones are gone
 *
 * The crc is the CRC-32 of PATH, the record's type in capitals, the low and the high half of the time and the number of
 * files. A log without a final record is of a transaction that did not end: its added SSTables do not count.
 */
export interface TransactionRecord {
  readonly type: TransactionRecordType;
  /** Empty for `commit` and `abort`. */
  readonly path: string;
  readonly timeMillis: number;
  readonly files: number;
}

export type TransactionRecordType = 'add' | 'remove' | 'commit' | 'abort';

const LOG_NAME = /^(?:(?:[a-z]+-)?.{2}_)?txn_.*_.*\.log$/;
const RECORD = /^(add|remove|commit|abort):\[([^,]*),?([^,]*),?([^,]*)\]\[(\d*)\]$/i;

export function isTransactionLog(fileName: string): boolean {
  return LOG_NAME.test(fileName);
}

/** The records of a log up to the first that is damaged or half written. */
export function parseTransactionLog(text: string): readonly TransactionRecord[] {
  const records: TransactionRecord[] = [];
  for (const line of text.split('\n')) {
    const match = RECORD.exec(line);
    if (match === null) break;
    const [, type, path, time, files, crc] = match;
    const record: TransactionRecord = {
      type: recordType(type),
      path,
      timeMillis: Number(time),
      files: Number(files),
    };
    if (checksum(record) !== Number(crc)) break;
    records.push(record);
  }
  return records;
}

/** One line of a log, without its newline. */
export function formatTransactionRecord(record: TransactionRecord): string {
  return `${record.type.toUpperCase()}:[${record.path},${record.timeMillis},${record.files}][${checksum(record)}]`;
}

/** Base names (`nb-12-big-`) of the SSTables that do not count while this log is there. */
export function hiddenByTransaction(records: readonly TransactionRecord[]): readonly string[] {
  const committed = records.at(-1)?.type === 'commit';
  const hidden = committed ? 'remove' : 'add';
  return records.filter((record) => record.type === hidden).map((record) => baseName(record.path));
}

function recordType(text: string): TransactionRecordType {
  switch (text.toLowerCase()) {
    case 'add':
      return 'add';
    case 'remove':
      return 'remove';
    case 'commit':
      return 'commit';
    default:
      return 'abort';
  }
}

function checksum(record: TransactionRecord): number {
  const numbers = Buffer.alloc(12);
  numbers.writeInt32BE(record.timeMillis | 0, 0);
  numbers.writeInt32BE(Math.floor(record.timeMillis / 4294967296), 4);
  numbers.writeInt32BE(record.files, 8);
  return crc32(numbers, crc32(record.type.toUpperCase(), crc32(record.path)));
}

/** The last part of a path; a log may come from a machine whose directories are not here. */
function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
