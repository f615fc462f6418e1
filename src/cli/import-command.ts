import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CqlError, UsageError } from '../errors/index.ts';
import { StreamSink } from '../output/index.ts';
import { openSession } from '../session/open-session.ts';
import type { Session } from '../session/session.ts';
import { copyFrom } from '../transfer/copy/copy-from.ts';
import { copyOptions } from '../transfer/copy/copy-options.ts';
import { CopyProgress, durationText } from '../transfer/copy/copy-progress.ts';
import type { Options } from './arguments.ts';
import { ExitCode } from './exit-code.ts';
import { type TableName, tableName } from './table-name.ts';

/** `cassette import PATH KS.TABLE FILE…`: CSV with a header line, JSON lines, or SSTables into a table. */
export async function runImport(operands: readonly string[], options: Options): Promise<number> {
  const [path, table, ...files] = operands;
  if (path === undefined || table === undefined || files.length === 0) {
    throw new UsageError('import needs PATH, KS.TABLE and files');
  }
  const target = tableName(table);
  const session = await openSession({
    paths: [path],
    schemaFile: options.schema,
    durability: options.durability,
    dialect: 'strict',
    mustExist: true,
  });
  try {
    const sstables = files.filter(isOfSSTables);
    if (sstables.length > 0)
      await importSSTables(
        session,
        target,
        sstables.map((file) => resolve(file)),
      );
    const rowFiles = files.filter((file) => !isOfSSTables(file));
    return rowFiles.length === 0 ? ExitCode.OK : await importRows(session, target, rowFiles, options);
  } catch (error) {
    if (error instanceof CqlError) {
      process.stderr.write(`${error.kind}: ${error.message}\n`);
      return ExitCode.FAILED;
    }
    throw error;
  } finally {
    await session.close();
  }
}

async function importSSTables(session: Session, target: TableName, files: readonly string[]): Promise<void> {
  if (session.maintenance === undefined) throw new UsageError('SSTables are imported into a database of files');
  for (const loaded of await session.maintenance.importSSTables(target, files)) {
    process.stdout.write(`${loaded.path}: ${loaded.partitions} partitions, ${loaded.rows} rows\n`);
  }
}

async function importRows(
  session: Session,
  target: TableName,
  files: readonly string[],
  options: Options,
): Promise<number> {
  const showsProgress = process.stderr.isTTY && !options.quiet;
  const progress = new CopyProgress(showsProgress ? (text) => void process.stderr.write(text) : null, 0.25);
  const report = await copyFrom(
    {
      session,
      out: new StreamSink(process.stdout),
      input: () => process.stdin,
      resolvePath: (name) => resolve(name),
      progress,
      signal: new AbortController().signal,
    },
    {
      direction: 'from',
      source: { kind: 'table', keyspace: target.keyspace, table: target.name, columns: null },
      files,
      // Quotes doubled, as RFC 4180 and most programs have it; cqlsh's backslash is for COPY.
      options: copyOptions(
        'from',
        new Map([
          ['HEADER', 'true'],
          ['ESCAPE', '"'],
        ]),
      ),
    },
  );
  const { told, untoldRows } = report.failures;
  for (const [message, { rows, file, line }] of told) {
    process.stderr.write(`${file}:${line}: ${message}${rows > 1 ? ` (and ${rows - 1} more rows)` : ''}\n`);
  }
  if (untoldRows > 0) process.stderr.write(`${untoldRows} rows: other errors\n`);
  if (report.errorFile !== null) process.stderr.write(`failed rows written to ${report.errorFile}\n`);
  process.stdout.write(`${report.rows} rows imported in ${durationText(progress.elapsedSeconds)}\n`);
  return report.failed > 0 ? ExitCode.FAILED : ExitCode.OK;
}

/** A Data.db file, or a directory of them. */
function isOfSSTables(path: string): boolean {
  return path.endsWith('-Data.db') || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
