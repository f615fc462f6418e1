import { copyColumns } from '../../transfer/copy/copy-columns.ts';
import { CopyProgress, durationText } from '../../transfer/copy/copy-progress.ts';
import { filePath } from './files.ts';
import type { CommandOutcome, ShellCommand, ShellContext } from './shell-command.ts';

/** COPY: cqlsh's, and also of a query, and JSON lines, Parquet and Arrow. Messages are cqlsh's, with the place where a row stands. */
export const copy: ShellCommand = {
  names: ['COPY'],
  syntax: "COPY table|(SELECT …) TO|FROM 'file' [WITH …];",
  summary: 'rows to and from CSV, JSON lines, Parquet, Arrow',
  async run(context, argument): Promise<CommandOutcome> {
    const { parseCopy } = await import('../../transfer/copy/copy-statement.ts');
    const { configuredCopyOptions } = await import('../config/copy-sections.ts');
    const statement = parseCopy(`COPY ${argument}`, (target) => configuredCopyOptions(context, target));
    const progress = new CopyProgress(null, statement.options.reportFrequencySeconds);
    context.follow?.(() => ({
      label: 'COPY',
      rows: progress.rows,
      bytes: progress.bytes,
      fraction: progress.fraction,
    }));
    const environment = {
      session: context.session,
      out: context.out,
      input: () => context.input(),
      resolvePath: (name: string) => filePath(context, `'${name.replaceAll("'", "''")}'`),
      progress,
      signal: context.signal,
    };
    if (statement.direction === 'to') {
      const { copyTo } = await import('../../transfer/copy/copy-to.ts');
      if (statement.files !== null) announce(context, statement.source);
      const rows = await copyTo(environment, statement);
      progress.finish();
      if (statement.files !== null) {
        context.print(`${rows} rows exported to 1 files in ${durationText(progress.elapsedSeconds)}.`);
      }
      return 'continue';
    }
    const { copyFrom } = await import('../../transfer/copy/copy-from.ts');
    announce(context, statement.source);
    const report = await copyFrom(environment, statement);
    for (const [message, { rows, file, line }] of report.failures.told) {
      const place = `${rows > 1 ? 'first at ' : ''}line ${line}${file === null ? '' : ` of ${file}`}`;
      context.print(`Failed to import ${rows} rows: ${message},  given up without retries (${place})`);
    }
    const { untoldRows } = report.failures;
    if (untoldRows > 0) context.print(`Failed to import ${untoldRows} rows: other errors`);
    if (report.errorFile !== null) {
      context.print(`Failed to process ${report.failed} rows; failed rows written to ${report.errorFile}`);
    }
    context.print(
      `${report.rows} rows imported from ${report.files} files in ${durationText(progress.elapsedSeconds)} (${report.skipped} skipped).`,
    );
    return 'continue';
  },
};

function announce(
  context: ShellContext,
  source:
    | { kind: 'query' }
    | { kind: 'table'; keyspace: string | null; table: string; columns: readonly string[] | null },
): void {
  if (source.kind === 'query') return;
  const keyspace = source.keyspace ?? context.session.keyspace ?? '';
  const table = context.session.schema.keyspaces.get(keyspace)?.tables.get(source.table);
  const columns = source.columns ?? (table === undefined ? [] : copyColumns(table));
  context.print(`Starting copy of ${keyspace}.${source.table} with columns [${columns.join(', ')}].`);
}
