import { UsageError } from '../errors/index.ts';
import { describeSchema } from '../schema/index.ts';
import { openSession } from '../session/open-session.ts';
import type { MaintenanceCommands, MaintenanceReport, Session } from '../session/session.ts';
import type { CommandLine, Options } from './arguments.ts';
import { ExitCode } from './exit-code.ts';
import { tableName } from './table-name.ts';
import { writeStatistics } from './write-statistics.ts';

/** Subcommands that open a database: schema, stats, flush, compact, maintenance, export-sstable, import. */
export async function runDatabaseCommand(commandLine: CommandLine): Promise<number> {
  const { command, operands, options } = commandLine;
  switch (command) {
    case 'schema':
      return withDatabase(operands, options, async (session) => {
        process.stdout.write(describeSchema(session.schema));
      });
    case 'stats':
    case 'write-stats':
      return withDatabase(operands, options, async (session) => {
        writeStatistics(await maintenanceOf(session).stats(), options.format === 'json', process.stdout);
      });
    case 'flush':
      return withDatabase(operands, options, async (session) => {
        const flushed = await maintenanceOf(session).flush();
        for (const sstable of flushed) {
          process.stdout.write(`${sstable.path}: ${sstable.partitions} partitions, ${sstable.rows} rows\n`);
        }
        if (flushed.length === 0) process.stdout.write('nothing to flush\n');
      });
    case 'compact': {
      const [path, table] = operands;
      return withDatabase([path].filter(isGiven), options, async (session) => {
        const target = table === undefined ? null : tableName(table);
        process.stdout.write(describeReport(await maintenanceOf(session).compact(target)));
      });
    }
    case 'maintenance': {
      const { budgetMs } = options;
      if (budgetMs === undefined) throw new UsageError('maintenance needs --budget-ms N');
      return withDatabase(operands, options, async (session) => {
        process.stdout.write(describeReport(await maintenanceOf(session).maintenance({ budgetMs })));
      });
    }
    case 'export-sstable':
      return exportSSTable(operands, options);
    case 'import': {
      const { runImport } = await import('./import-command.ts');
      return runImport(operands, options);
    }
    default:
      throw new UsageError(`unknown command ${command}`);
  }
}

async function exportSSTable(operands: readonly string[], options: Options): Promise<number> {
  const [out, ...paths] = operands;
  const { keyspace, table } = options;
  if (out === undefined || paths.length === 0 || keyspace === undefined || table === undefined) {
    throw new UsageError('export-sstable needs OUT, PATH, --keyspace KS and --table T');
  }
  return withDatabase(paths, { ...options, keyspace: undefined }, async (session) => {
    const report = await maintenanceOf(session).exportSSTables(out, {
      keyspace,
      table,
      format: options.sstableFormat ?? 'nb',
      generation: options.generation,
      compact: !options.noCompact,
      validate: !options.noValidate,
    });
    if (options.format === 'json') process.stdout.write(`${JSON.stringify(report)}\n`);
    else {
      process.stdout.write(`${report.files.join('\n')}\n`);
      process.stdout.write(`${report.partitions} partitions, ${report.rows} rows, ${report.bytes} bytes\n`);
    }
  });
}

async function withDatabase(
  paths: readonly string[],
  options: Options,
  action: (session: Session) => Promise<void>,
): Promise<number> {
  if (paths.length === 0) throw new UsageError('a PATH is needed');
  const session = await openSession({
    paths,
    schemaFile: options.schema,
    readOnly: options.readOnly,
    writeDirectory: options.writeDirectory,
    durability: options.durability,
    keyspace: options.keyspace,
    dialect: options.dialect ?? 'strict',
    mustExist: true,
  });
  try {
    if (!options.quiet) for (const note of session.description.notes) process.stderr.write(`${note}\n`);
    await action(session);
    return ExitCode.OK;
  } finally {
    await session.close();
  }
}

function maintenanceOf(session: Session): MaintenanceCommands {
  if (session.maintenance === undefined) throw new UsageError('this works on files only, not on a cluster');
  return session.maintenance;
}

function isGiven(path: string | undefined): path is string {
  return path !== undefined;
}

function describeReport(report: MaintenanceReport): string {
  return (
    `${report.partitions} partitions, ${report.rows} rows, ${report.bytesRead} bytes read, ` +
    `${report.bytesWritten} bytes written, ${report.elapsedMs.toFixed(0)} ms, ${report.pending} tasks pending\n`
  );
}
