import { join, resolve } from 'node:path';
import { CqlError, invariant } from '../../../errors/index.ts';
import type { File, FileSystem } from '../../files/file-system.ts';
import { crcOf } from './component-file.ts';
import type { WriteVersion } from './write-version.ts';

/** What the transaction is for, in the log's name (`db/compaction/OperationType.fileName`). */
export type TransactionKind = 'flush' | 'compaction' | 'write' | 'cleanup';

/**
 * A record of a transaction log (`db/lifecycle/LogRecord`, 5.0.8), a line each
 *
 *   TYPE:[PATH,TIME,FILES][CRC]   TYPE   ADD, REMOVE, COMMIT or ABORT
 *                                 PATH   absolute, up to the dash before the component; empty for COMMIT and ABORT
 *                                 TIME   of a REMOVE the newest file's modification, milliseconds, Statistics.db left out; else 0
 *                                 CRC    CRC32 of path, type, low and high i32 of the time, i32 files; decimal
 */
export interface LogRecord {
  readonly type: 'ADD' | 'REMOVE' | 'COMMIT' | 'ABORT';
  readonly path: string;
  readonly timeMillis: number;
  readonly files: number;
}

export function formatLogRecord(record: LogRecord): string {
  return `${record.type}:[${record.path},${record.timeMillis},${record.files}][${checksum(record)}]`;
}

const RECORD = /^(add|remove|commit|abort):\[([^,]*),?([^,]*),?([^,]*)\]\[(\d*)\]$/i;

/** The record of a line; null when it is none, or damaged. */
export function parseLogRecord(line: string): LogRecord | null {
  const match = RECORD.exec(line);
  if (match === null) return null;
  const record: LogRecord = {
    // One of the four by the expression.
    type: match[1].toUpperCase() as LogRecord['type'],
    path: match[2],
    timeMillis: Number(match[3]),
    files: Number(match[4]),
  };
  return String(checksum(record)) === match[5] ? record : null;
}

function checksum(record: LogRecord): number {
  const numbers = Buffer.alloc(12);
  numbers.writeInt32BE(record.timeMillis | 0, 0);
  numbers.writeInt32BE(Math.floor(record.timeMillis / 4294967296), 4);
  numbers.writeInt32BE(record.files, 8);
  return crcOf(Buffer.concat([Buffer.from(record.path), Buffer.from(record.type), numbers]));
}

/** A COMMIT may be on the disk and cannot be taken back: which SSTables count, the next look at the directory decides. */
export class UnknownOutcomeError extends Error {
  override readonly name = 'UnknownOutcomeError';
  readonly code = 'UnknownOutcome';

  constructor(log: string, cause: unknown) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    super(`${log}: its commit failed and could not be undone (${detail})`, { cause });
  }
}

/** Files that an SSTable to come may have: the count is not exact before it is written, as in Cassandra. */
const EXPECTED_FILES = 8;

/**
 * Makes SSTables appear, and those that they replace disappear, at once: readers leave out what a log without COMMIT adds,
 * and what a log with COMMIT removes. Order on disk: log with its records, synced; files, synced by their writers;
 * COMMIT, synced; old files removed; log removed.
 */
export class SSTableTransaction {
  readonly path: string;
  private readonly files: FileSystem;
  private readonly directory: string;
  private readonly log: File;
  private readonly added: string[] = [];
  private readonly removed: string[] = [];
  private isDone = false;
  /** COMMIT was begun: from then on the disk may have it, even if writing or syncing it failed. */
  private mayBeCommitted = false;

  private constructor(files: FileSystem, directory: string, path: string, log: File) {
    this.files = files;
    this.directory = directory;
    this.path = path;
    this.log = log;
  }

  /** `uuid` names the log; it is a version-1 UUID in Cassandra. */
  static async begin(
    files: FileSystem,
    directory: string,
    kind: TransactionKind,
    version: WriteVersion,
    uuid: string,
  ): Promise<SSTableTransaction> {
    const path = join(directory, `${version === 'da' ? 'bti-da' : version}_txn_${kind}_${uuid}.log`);
    return new SSTableTransaction(files, directory, path, await files.open(path, 'create'));
  }

  /** Before any file of the SSTable exists. */
  async add(baseName: string): Promise<void> {
    await this.append({ type: 'ADD', path: this.prefix(baseName), timeMillis: 0, files: EXPECTED_FILES });
    await this.files.syncDirectory(this.directory);
    this.added.push(baseName);
  }

  /**
   * SSTables that go when the transaction commits. Cassandra checks the records of a log that was left behind against the
   * files that it finds, and does not start when their time or count is another.
   */
  async remove(baseNames: readonly string[]): Promise<void> {
    const names = await fileNames(this.files, this.directory);
    const records = baseNames.map((baseName): LogRecord => {
      const own = componentsOf(baseName, names);
      // Cassandra may rewrite Statistics.db at any time, and leaves it out.
      const lasting = own.filter((name) => !name.endsWith('-Statistics.db'));
      const times = lasting.map((name) => this.files.modifiedMillis(join(this.directory, name)));
      return { type: 'REMOVE', path: this.prefix(baseName), timeMillis: Math.max(0, ...times), files: own.length };
    });
    await this.append(...records);
    this.removed.push(...baseNames);
  }

  /** From here on the new SSTables are the ones. `keepRemoved` leaves old files to the caller, who calls `clean` later. */
  async commit(keepRemoved = false): Promise<void> {
    this.mayBeCommitted = true;
    await this.append({ type: 'COMMIT', path: '', timeMillis: 0, files: 0 });
    this.isDone = true;
    this.log.closeSync();
    if (!keepRemoved) await this.clean();
  }

  /** Removes the files that the commit replaced, then the log. Until both are gone a later open goes on with it. */
  async clean(): Promise<void> {
    invariant(this.isDone, 'cleaned before its end');
    try {
      await removeComponents(this.files, this.directory, this.removed);
      await this.forgetLog();
    } catch {
      // The commit stands all the same.
    }
  }

  /**
   * The old SSTables stay the ones, also after a commit that failed. New files that cannot be removed do not count. Throws
   * an UnknownOutcomeError where it is not sure that the commit can be found by nobody; then both stay as they are.
   */
  async abort(): Promise<void> {
    if (this.isDone) return;
    // A full disk takes no record. A log without COMMIT says the same; one that may have it must say more.
    const isSaid = await this.append({ type: 'ABORT', path: '', timeMillis: 0, files: 0 }).then(
      () => true,
      () => false,
    );
    this.isDone = true;
    this.log.closeSync();
    try {
      // New files may only go once no COMMIT can be found that says the old ones should.
      if (this.mayBeCommitted && !isSaid) await this.forgetLog();
    } catch (error) {
      throw new UnknownOutcomeError(this.path, error);
    }
    try {
      await removeComponents(this.files, this.directory, this.added);
      if (this.files.exists(this.path)) await this.forgetLog();
    } catch {
      // The log stays without a commit that counts.
    }
  }

  private async forgetLog(): Promise<void> {
    await this.files.remove(this.path);
    await this.files.syncDirectory(this.directory);
  }

  private prefix(baseName: string): string {
    return resolve(this.directory, `${baseName}-`);
  }

  private async append(...records: readonly LogRecord[]): Promise<void> {
    invariant(!this.isDone, 'transaction used after its end');
    this.log.writeSync(Buffer.from(records.map((record) => `${formatLogRecord(record)}\n`).join('')));
    await this.log.sync();
  }
}

/** Removes all components; Data.db last, so that what a crash leaves is still known as an SSTable of the log. */
export async function removeComponents(
  files: FileSystem,
  directory: string,
  baseNames: readonly string[],
): Promise<void> {
  if (baseNames.length === 0) return;
  const names = await fileNames(files, directory);
  for (const baseName of baseNames) {
    const own = componentsOf(baseName, names);
    own.sort((a, b) => Number(a.endsWith('-Data.db')) - Number(b.endsWith('-Data.db')));
    for (const name of own) await files.remove(join(directory, name));
  }
}

async function fileNames(files: FileSystem, directory: string): Promise<string[]> {
  return (await files.list(directory)).filter((entry) => !entry.isDirectory).map((entry) => entry.name);
}

function componentsOf(baseName: string, names: readonly string[]): string[] {
  return names.filter((name) => name.startsWith(`${baseName}-`));
}

const LOG_NAME = /^(?:(?:[a-z]+-)?.{2}_)?txn_(.*)_(.*)\.log$/;

/**
 * Ends what a crash left half-done in a directory of one table that no other process writes: committed logs lose their
 * old SSTables, others their new ones. Returns the logs' names. A log with a damaged record before its last line is
 * refused, and nothing is removed by it.
 */
export async function recoverTransactions(files: FileSystem, directory: string): Promise<readonly string[]> {
  const logs = (await files.list(directory)).filter((entry) => !entry.isDirectory && LOG_NAME.test(entry.name));
  for (const { name } of logs) {
    const path = join(directory, name);
    const lines = (await files.readFile(path))
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
    const records: LogRecord[] = [];
    lines.forEach((line, i) => {
      const record = parseLogRecord(line);
      if (record !== null) records.push(record);
      else if (i < lines.length - 1)
        throw new CqlError('ServerError', `${path}, line ${i + 1}: damaged record ${line}`);
    });
    // The last one counts, as in Cassandra: an ABORT may follow a COMMIT that could not be synced.
    const isCommitted = records.at(-1)?.type === 'COMMIT';
    const doomed = records.filter((record) => record.type === (isCommitted ? 'REMOVE' : 'ADD')).map(baseNameOf);
    await syncFile(files, path);
    await removeComponents(files, directory, doomed);
    await files.remove(path);
  }
  if (logs.length > 0) await files.syncDirectory(directory);
  return logs.map((log) => log.name);
}

/** The process that died need not have synced what it says: by what the power can take back nothing may be removed. */
async function syncFile(files: FileSystem, path: string): Promise<void> {
  const file = await files.open(path, 'append');
  try {
    await file.sync();
  } finally {
    file.closeSync();
  }
}

/** The directory may have moved since: only the name counts. */
function baseNameOf(record: LogRecord): string {
  return record.path.slice(record.path.lastIndexOf('/') + 1).replace(/-$/, '');
}
