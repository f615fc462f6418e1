import { UsageError } from '../errors/index.ts';
import { FileSink } from '../output/index.ts';
import { defaultSettings, type ShellSettings } from '../repl/commands/index.ts';
import { ScriptRunner } from '../repl/script/script-runner.ts';
import { openSession } from '../session/open-session.ts';
import type { Dialect, Session } from '../session/session.ts';
import type { CommandLine, Options, Source } from './arguments.ts';
import { ExitCode } from './exit-code.ts';
import { onlyReads } from './only-reads.ts';
import { openOutput } from './sstable-commands.ts';

/** `cassette [PATH…]`: the interactive shell, or the statements of `-e`, `-f` and stdin. */
export async function runShellCommand(commandLine: CommandLine): Promise<number> {
  const { operands, options } = commandLine;
  if (options.initConfig) {
    const { initConfig } = await import('../repl/config/init-config.ts');
    process.stdout.write(`${initConfig()}\n`);
    return ExitCode.OK;
  }
  if (options.asOf !== undefined) throw new UsageError('--as-of: not yet');
  const sources = sourcesOf(options);
  const interactive = sources.length === 0 && !hasMutations(options) && !options.flush;
  const staysOpen = interactive || options.interactive;
  if (staysOpen && !isOnTerminal()) throw new UsageError('the interactive shell needs a terminal');
  const typed = isTyped(sources);
  if (typed && !options.quiet) process.stderr.write(TYPED_NOTE);
  const explores = typed || sources.every((source) => source.kind === 'text');
  const scriptDialect = options.dialect ?? (explores ? 'explore' : 'strict');
  const dialect = options.dialect ?? (staysOpen ? 'explore' : scriptDialect);
  const reads = onlyReads(sources) && !hasMutations(options);
  // What only reads leaves the lock to others, and the log as it is.
  const leavesFiles = reads && !staysOpen && !options.flush && options.writeDirectory === undefined;
  const openPaths = (paths: readonly string[], keyspace: string | undefined): Promise<Session> =>
    openSession({
      paths,
      schemaFile: options.schema,
      readOnly: options.readOnly,
      leavesFiles,
      writeDirectory: options.writeDirectory,
      durability: options.durability,
      keyspace,
      dialect,
      mustExist: options.readOnly || reads,
    });
  const session = await openPaths(operands, options.keyspace);
  try {
    if (!options.quiet && !interactive) for (const note of session.description.notes) process.stderr.write(`${note}\n`);
    if (hasMutations(options)) {
      const { runMutations } = await import('./run-mutations.ts');
      await runMutations(session, options.mutations, options.mutationsFile);
    }
    let changed: Partial<ShellSettings> = {};
    if (sources.length > 0) {
      const script = await runSources(session, sources, scriptDialect, options);
      // After a script that failed there is all the more to look at.
      if (!options.interactive) {
        if (script.status === ExitCode.OK && options.flush) await session.maintenance?.flush();
        return script.status;
      }
      ({ changed } = script);
    }
    if (options.flush) await session.maintenance?.flush();
    if (!staysOpen) return ExitCode.OK;
    const { runInteractiveShell } = await import('../repl/index.ts');
    return await runInteractiveShell(session, {
      history: options.history,
      color: useColor(options, process.stdout),
      settings: options.format === undefined ? changed : { format: options.format, ...changed },
      quiet: options.quiet,
      confirmLoss: operands.length > 0 || options.writeDirectory !== undefined,
      open: (path) => openPaths([path], undefined),
    });
  } finally {
    await session.close();
  }
}

function isOnTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true && !isDumb();
}

/** A terminal that moves no cursor: an editor's shell window, a build log. */
function isDumb(): boolean {
  return process.env['TERM'] === 'dumb';
}

/** A script that somebody types, where the shell's own editor cannot be. */
function isTyped(sources: readonly Source[]): boolean {
  const readsStdin = sources.some((source) => source.kind === 'file' && source.path === '-');
  return readsStdin && isDumb() && process.stdin.isTTY === true;
}

const TYPED_NOTE = 'TERM is dumb: statements are read as they are typed, without prompt and keys; Ctrl-D ends\n';

/** `-e` and `-f` in order; without any, stdin is a script unless the shell can run. */
function sourcesOf(options: Options): readonly Source[] {
  if (options.statements.length > 0) return options.statements;
  return isOnTerminal() || options.interactive || hasMutations(options) || options.flush
    ? []
    : [{ kind: 'file', path: '-' }];
}

function hasMutations(options: Options): boolean {
  return options.mutations.length > 0 || options.mutationsFile !== undefined;
}

interface ScriptEnd {
  readonly status: number;
  /** What the sources set otherwise than they found it: `-f settings.cql -i` goes on with it. */
  readonly changed: Partial<ShellSettings>;
}

async function runSources(
  session: Session,
  sources: readonly Source[],
  dialect: Dialect,
  options: Options,
): Promise<ScriptEnd> {
  const format = options.format ?? 'table';
  if ((format === 'parquet' || format === 'arrow') && options.output === undefined) {
    throw new UsageError(`--format ${format} needs --output FILE`);
  }
  const { loadBatchConfig } = await import('../repl/config/config.ts');
  const config = await loadBatchConfig();
  const out = openOutput(options.output);
  const cancel = new AbortController();
  const onInterrupt = (): void => cancel.abort();
  process.once('SIGINT', onInterrupt);
  try {
    const before = { ...defaultSettings, ...config.settings, format, dialect };
    const settings = { ...before };
    const runner = new ScriptRunner(session, settings, out, (text) => process.stderr.write(text), {
      formatOptions: {
        color: options.output === undefined && useColor(options, process.stdout, config.color),
        width: process.stdout.columns,
      },
      continueOnError: options.continueOnError || isTyped(sources),
      statistics: options.stats,
      signal: cancel.signal,
    });
    const status = await runner.run(sources);
    if (status === 'interrupted') process.stderr.write('cassette: interrupted\n');
    return { status: STATUS[status], changed: differences(before, settings) };
  } finally {
    process.off('SIGINT', onInterrupt);
    await out.drain();
    if (out instanceof FileSink) out.close();
  }
}

function differences(before: ShellSettings, after: ShellSettings): Partial<ShellSettings> {
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => before[name as keyof ShellSettings] !== value),
  );
}

const STATUS = { done: ExitCode.OK, failed: ExitCode.FAILED, interrupted: ExitCode.INTERRUPTED } as const;

/** Options first, then NO_COLOR and FORCE_COLOR, then whether the output is a terminal and the user's files allow it. */
function useColor(options: Pick<Options, 'color'>, stream: { isTTY?: boolean }, allowed = true): boolean {
  if (options.color !== undefined) return options.color;
  if (process.env['NO_COLOR']) return false;
  if (process.env['FORCE_COLOR'] !== undefined) return process.env['FORCE_COLOR'] !== '0';
  return allowed && stream.isTTY === true && !isDumb();
}
