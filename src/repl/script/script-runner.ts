import { createReadStream, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { UsageError } from '../../errors/index.ts';
import { FileSink, type FormatOptions, type OutputSink } from '../../output/index.ts';
import type { Session } from '../../session/session.ts';
import {
  CommandError,
  type CommandOutcome,
  runCommand,
  type ShellContext,
  type ShellSettings,
} from '../commands/index.ts';
import type { RedirectTarget } from '../commands/shell-command.ts';
import { cutAtHiddenEnd } from './cut-at-hidden-end.ts';
import { describeScriptError, isStatementError, type StatementError } from './describe-error.ts';
import { monotonicMillis } from './monotonic-millis.ts';
import { type InputItem, ShellInput } from './shell-input.ts';
import { runStatement } from './statement-runner.ts';
import { TeeSink } from './tee-sink.ts';

/** A piece of CQL to run. */
export type ScriptSource =
  | { readonly kind: 'text'; readonly cql: string }
  | { readonly kind: 'file'; readonly path: string };

export interface ScriptOptions {
  readonly formatOptions: FormatOptions;
  readonly continueOnError: boolean;
  readonly statistics: boolean;
  readonly signal: AbortSignal;
  /** The rows of COPY FROM STDIN; this process's standard input when absent. */
  readonly input?: () => AsyncIterable<Uint8Array>;
  /** Hears how many bytes of a file were read. */
  readonly onProgress?: (bytes: number) => void;
}

export type ScriptStatus = 'done' | 'failed' | 'interrupted';

/** Writes of a script are made durable at least this often. */
const DURABILITY_INTERVAL_MS = 100;
/** Writes between two looks at the clock. */
const MOST_APPLIED_IN_A_ROW = 100;
/** SOURCE within SOURCE: deeper than this is a file that reads itself. */
const MAX_SOURCE_DEPTH = 16;

/**
 * Runs `-e` texts, `-f` scripts and stdin in order: results to `out`, errors to `tell`. Scripts stream: memory does not
 * grow with their length. Stops at the first error unless told to go on. The shell's commands work in scripts too.
 */
export class ScriptRunner implements ShellContext {
  readonly session: Session;
  readonly settings: ShellSettings;
  readonly interactive = false;
  readonly history: readonly string[] = [];
  private readonly sink: TeeSink;
  private readonly tell: (text: string) => void;
  private readonly options: ScriptOptions;
  private failed = false;
  private depth = 0;
  private currentDirectory = process.cwd();
  private durableAt = monotonicMillis();
  private redirectedOnce = false;
  private appliedInARow = 0;

  constructor(
    session: Session,
    settings: ShellSettings,
    out: OutputSink,
    tell: (text: string) => void,
    options: ScriptOptions,
  ) {
    this.session = session;
    this.settings = settings;
    this.sink = new TeeSink(out);
    this.tell = tell;
    this.options = options;
  }

  get out(): OutputSink {
    return this.sink;
  }

  input(): AsyncIterable<Uint8Array> {
    return this.options.input?.() ?? addAbortSignal(this.options.signal, process.stdin);
  }

  get signal(): AbortSignal {
    return this.options.signal;
  }

  get columns(): number {
    return this.options.formatOptions.width ?? 80;
  }

  get directory(): string {
    return this.currentDirectory;
  }

  readonly capture = {
    path: null as string | null,
    start: (path: string): void => {
      this.sink.tee(new FileSink(path, 'a'));
      this.capture.path = path;
    },
    stop: (): void => {
      this.sink.tee(null);
      this.capture.path = null;
    },
  };

  async run(sources: readonly ScriptSource[]): Promise<ScriptStatus> {
    try {
      for (const source of sources) {
        const outcome = await this.runSource(source);
        if (this.options.signal.aborted) return 'interrupted';
        if (outcome === 'stop') return 'failed';
        if (outcome === 'exit') break;
      }
      await this.session.durable?.();
      return this.failed ? 'failed' : 'done';
    } finally {
      this.capture.stop();
      await this.sink.drain();
    }
  }

  print(text: string): void {
    this.sink.write(`${text}\n`);
  }

  printCql(text: string): void {
    this.print(text);
  }

  show(text: string): void {
    this.print(text);
  }

  showCql(text: string): void {
    this.print(text);
  }

  async runFile(path: string): Promise<void> {
    const status = statSync(path, { throwIfNoEntry: false });
    if (status === undefined) throw new CommandError(`Could not open '${path}': no such file`);
    if (status.isDirectory()) throw new CommandError(`Could not open '${path}': it is a directory`);
    if (this.depth >= MAX_SOURCE_DEPTH) throw new CommandError(`SOURCE is nested ${this.depth} deep in '${path}'`);
    await this.runSource({ kind: 'file', path }, true);
  }

  reopen(): Promise<void> {
    throw new CommandError('.open works in the interactive shell; here PATH stands on the command line');
  }

  drawChart(): void {
    throw new CommandError('CHART works in the interactive shell');
  }

  redirect(target: RedirectTarget): void {
    if (target.kind === 'pipe') throw new CommandError('pipes work in the interactive shell');
    this.sink.redirect(target.kind === 'file' ? new FileSink(target.path) : null);
    this.redirectedOnce = target.kind === 'file' && target.once;
  }

  async runCql(cql: string): Promise<void> {
    await runStatement(this.surroundings(), cql);
  }

  private async runSource(source: ScriptSource, sourced = false): Promise<'next' | 'stop' | 'exit'> {
    const previous = this.currentDirectory;
    if (source.kind === 'file' && source.path !== '-') this.currentDirectory = dirname(resolve(source.path));
    this.depth++;
    try {
      return await this.runInput(source, sourced);
    } finally {
      this.depth--;
      this.currentDirectory = previous;
    }
  }

  private async runInput(source: ScriptSource, sourced: boolean): Promise<'next' | 'stop' | 'exit'> {
    const name = source.kind === 'text' ? '<-e>' : source.path === '-' ? '<stdin>' : source.path;
    const strict = (this.settings.dialect ?? this.session.dialect) === 'strict';
    const input = new ShellInput({ tellsEmptyLines: strict });
    let bytes = 0;
    try {
      for await (const chunk of textOf(source, this.options.signal)) {
        bytes += chunk.length;
        this.options.onProgress?.(bytes);
        input.push(chunk);
        const outcome = await this.runReady(input, name, sourced);
        if (outcome !== 'next') return outcome;
      }
    } catch (error) {
      // A wait for standard input too.
      if (this.options.signal.aborted) return 'stop';
      throw error;
    }
    input.end();
    return this.runReady(input, name, sourced);
  }

  private async runReady(input: ShellInput, name: string, sourced: boolean): Promise<'next' | 'stop' | 'exit'> {
    for (let item = input.next(); item !== null; item = input.next()) {
      if (this.options.signal.aborted) return 'stop';
      try {
        if (this.applyNow(item)) continue;
        if ((await this.runItem(item)) === 'exit') return 'exit';
      } catch (error) {
        // Whatever ends after an interrupt ends because of it.
        if (this.options.signal.aborted) return 'stop';
        if (!isStatementError(error)) throw error;
        const cut = item.kind === 'cql' ? cutAtHiddenEnd(item.statement, error) : null;
        if (cut !== null) {
          input.resumeAt(cut.offset + cut.text.length);
          if (await this.retried({ kind: 'cql', statement: cut }, name)) continue;
        } else await this.report(item, name, error);
        if (!this.options.continueOnError && !sourced) return 'stop';
      }
    }
    return 'next';
  }

  private async retried(item: InputItem, name: string): Promise<boolean> {
    try {
      await this.runItem(item);
      return true;
    } catch (error) {
      if (!isStatementError(error)) throw error;
      await this.report(item, name, error);
      return false;
    }
  }

  private async report(item: InputItem, name: string, error: StatementError): Promise<void> {
    this.failed = true;
    await this.sink.drain();
    this.tell(describeScriptError(placeOf(item, name), error));
  }

  private async runItem(item: InputItem): Promise<CommandOutcome> {
    if (item.kind === 'command') return runCommand(this, item.text);
    await runStatement(this.surroundings(), item.statement);
    if (this.redirectedOnce) this.redirect({ kind: 'stdout' });
    if (monotonicMillis() - this.durableAt > DURABILITY_INTERVAL_MS) {
      await this.session.durable?.();
      this.durableAt = monotonicMillis();
    }
    return 'continue';
  }

  /** Applies a write of which nothing has to be told, without a promise; false where `runItem` must take it. */
  private applyNow(item: InputItem): boolean {
    const { session, settings } = this;
    if (item.kind !== 'cql' || session.executeNow === undefined || session.durable === undefined) return false;
    if (settings.tracing || settings.timer || this.options.statistics || this.redirectedOnce) return false;
    // Now and then one goes the long way, where durability is seen to.
    if (this.appliedInARow === MOST_APPLIED_IN_A_ROW) {
      this.appliedInARow = 0;
      return false;
    }
    this.appliedInARow++;
    return session.executeNow(item.statement, { dialect: settings.dialect });
  }

  private surroundings() {
    return {
      session: this.session,
      settings: this.settings,
      out: this.sink,
      tell: this.tell,
      formatOptions: this.options.formatOptions,
      signal: this.options.signal,
      statistics: this.options.statistics,
      deferDurability: this.session.durable !== undefined,
    };
  }
}

function placeOf(item: InputItem, name: string) {
  if (item.kind === 'command') return { name, line: item.line, column: 0, text: item.text };
  const { line, column, text } = item.statement;
  return { name, line, column, text };
}

async function* textOf(source: ScriptSource, signal: AbortSignal): AsyncIterable<string> {
  if (source.kind === 'text') {
    yield source.cql;
    return;
  }
  if (source.path !== '-') {
    const status = statSync(source.path, { throwIfNoEntry: false });
    if (status === undefined) throw new UsageError(`${source.path} does not exist`);
    if (status.isDirectory()) throw new UsageError(`${source.path} is a directory`);
  }
  const stream = source.path === '-' ? process.stdin : createReadStream(source.path, { highWaterMark: 256 * 1024 });
  stream.setEncoding('utf8');
  // Of a file the next piece is always there.
  if (source.path === '-') addAbortSignal(signal, stream);
  // A stream with an encoding delivers strings.
  for await (const chunk of stream) yield chunk as string;
}
