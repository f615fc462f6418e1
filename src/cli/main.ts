import { CorruptionError, CqlError, NotYetError, UsageError } from '../errors/index.ts';
import { isBrokenPipe } from '../output/sinks.ts';
import { type CommandLine, parseCommandLine } from './arguments.ts';
import { ExitCode } from './exit-code.ts';

/** Runs the command line and returns its exit code; nothing below calls `process.exit`. */
export async function main(argv: readonly string[]): Promise<number> {
  let commandLine: CommandLine | undefined;
  try {
    commandLine = parseCommandLine(argv);
    if (commandLine.options.help) {
      const { helpText } = await import('./help.ts');
      process.stdout.write(helpText(commandLine.command));
      return ExitCode.OK;
    }
    if (commandLine.options.version) {
      const { versionText } = await import('./version.ts');
      process.stdout.write(`${versionText()}\n`);
      return ExitCode.OK;
    }
    return await dispatch(commandLine);
  } catch (error) {
    return reportFailure(error, commandLine?.options.debug ?? argv.includes('--debug'));
  }
}

async function dispatch(commandLine: CommandLine): Promise<number> {
  switch (commandLine.command) {
    case 'shell': {
      const { runShellCommand } = await import('./shell-command.ts');
      return runShellCommand(commandLine);
    }
    case 'dump':
    case 'inspect':
    case 'verify': {
      const { runSSTableCommand } = await import('./sstable-commands.ts');
      return runSSTableCommand(commandLine);
    }
    case 'serve':
      throw new NotYetError('cassette serve');
    case 'connect':
      throw new NotYetError('cassette connect');
    default: {
      const { runDatabaseCommand } = await import('./database-commands.ts');
      return runDatabaseCommand(commandLine);
    }
  }
}

/** One line that says what to do; a stack only with --debug or for a bug of ours. */
function reportFailure(error: unknown, debug: boolean): number {
  // Nothing is wrong when nobody reads any more.
  if (isBrokenPipe(error)) return ExitCode.OK;
  const usage = error instanceof UsageError || error instanceof NotYetError;
  if (usage) process.stderr.write(`cassette: ${error.message}\n`);
  else if (error instanceof CqlError) process.stderr.write(`cassette: ${error.kind}: ${error.message}\n`);
  else if (error instanceof CorruptionError) process.stderr.write(`cassette: ${error.code}: ${error.message}\n`);
  else if (isSystemError(error)) process.stderr.write(`cassette: ${error.message}\n`);
  else {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`cassette: internal error: ${text} (please report this; --debug shows where)\n`);
  }
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  if (usage || isSystemError(error)) return ExitCode.USAGE;
  return ExitCode.FAILED;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
