import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
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
    const sstables = files.flatMap(dataFilesOf);
    if (sstables.length > 0) await importSSTables(session, target, sstables);
    const rowFiles = files.filter((file) => dataFilesOf(file).length === 0);
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
  for (const [message, { rows, line }] of told) process.stderr.write(`${rows} rows, from line ${line}: ${message}\n`);
  if (untoldRows > 0) process.stderr.write(`${untoldRows} rows: other errors\n`);
  if (report.errorFile !== null) process.stderr.write(`failed rows written to ${report.errorFile}\n`);
  process.stdout.write(`${report.rows} rows imported in ${durationText(progress.elapsedSeconds)}\n`);
  return report.failed > 0 ? ExitCode.FAILED : ExitCode.OK;
}

/** Data.db files that a path names or holds. */
function dataFilesOf(path: string): string[] {
  if (path.endsWith('-Data.db')) return [resolve(path)];
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith('-Data.db'))
    .map((name) => resolve(join(path, name)));
}
