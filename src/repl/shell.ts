import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { warmUp } from '../parser/parse.ts';
import type { DatabaseStatistics, Session } from '../session/session.ts';
import type { CommandOutcome } from './commands/index.ts';
import { CommandError, findCommand, isCommandLine } from './commands/index.ts';
import { Completer } from './completion/completer.ts';
import type { ShellConfig } from './config/config.ts';
import { destructionOf } from './confirm.ts';
import type { NameScope } from './highlight/style-input.ts';
import type { History } from './history/history.ts';
import { InteractiveContext } from './interactive-context.ts';
import { groupDigits, Progress, type ProgressReport } from './progress.ts';
import { InputPrompt } from './prompt/input-prompt.ts';
import { describeShellError } from './script/describe-error.ts';
import { type InputItem, ShellInput } from './script/shell-input.ts';
import { runStatement } from './script/statement-runner.ts';
import { statusLine } from './status-line.ts';
import { KeyReader } from './terminal/key-reader.ts';
import { ScreenSink } from './terminal/screen-sink.ts';
import { Terminal, type TerminalInput, type TerminalOutput } from './terminal/terminal.ts';
import { LiveArea } from './view/live-area.ts';
import { guessTheme, paintStyle, type Theme, themeOf } from './view/theme.ts';

export interface ShellOptions {
  readonly input: TerminalInput;
  readonly output: TerminalOutput;
  readonly config: ShellConfig;
  readonly history: History;
  readonly color: boolean;
  /** DROP, TRUNCATE and whole-partition DELETE ask first. */
  readonly confirmLoss: boolean;
  /** Opens another database for `.open`; absent where there is none. */
  readonly open?: (path: string) => Promise<Session>;
}

/** How a shell ended: by its user, or because its terminal went away. */
export type ShellEnd = { readonly kind: 'exit' } | { readonly kind: 'signal'; readonly signal: NodeJS.Signals };

/** A statement that does not hear its cancellation is left behind after so long; the prompt comes back. */
const CANCEL_PATIENCE_MS = 60;
const WARM_UP_DELAY_MS = 300;
/** Keys are heard at least this often while an input's statements run. */
const LISTEN_INTERVAL_MS = 20;

/** The interactive shell: reads an input, runs it, shows what comes of it, until its user leaves. */
export class Shell {
  private readonly options: ShellOptions;
  private readonly terminal: Terminal;
  private readonly keys: KeyReader;
  private readonly live: LiveArea;
  private readonly theme: Theme;
  private readonly prompt: InputPrompt;
  private readonly screen: ScreenSink;
  private readonly context: InteractiveContext;
  private readonly completer: Completer;
  private readonly progress: Progress;
  private statistics: DatabaseStatistics | null = null;
  private elapsedMs: number | null = null;
  private listenedAt = 0;
  private signal: NodeJS.Signals | null = null;
  /** The text for `\e` when nothing is being typed. */
  private lastInput = '';

  constructor(session: Session, options: ShellOptions) {
    this.options = options;
    const { config } = options;
    this.terminal = new Terminal(options.input, options.output);
    this.keys = new KeyReader(options.input);
    const theme = config.theme === 'auto' ? guessTheme(process.env) : config.theme;
    const color = options.color && theme !== 'none';
    this.theme = themeOf(color ? theme : 'none');
    this.live = new LiveArea(this.terminal, this.theme);
    this.screen = new ScreenSink(this.terminal, () => this.live.clear());
    this.progress = new Progress(
      (line) => this.showProgress(line),
      () => this.terminal.columns,
    );
    this.context = new InteractiveContext(session, {
      terminal: this.terminal,
      keys: this.keys,
      screen: this.screen,
      live: this.live,
      theme: this.theme,
      progress: this.progress,
      color,
      config,
      history: options.history,
      open: options.open,
    });
    this.completer = new Completer(() => ({ ...this.scope(), directory: this.context.directory }));
    this.prompt = new InputPrompt({
      terminal: this.terminal,
      keys: this.keys,
      live: this.live,
      theme: this.theme,
      history: options.history,
      viKeys: config.keys === 'vi',
      scope: () => this.scope(),
      promptText: () => this.promptText(),
      statusLine: (columns) => (config.statusLine ? this.status(columns) : null),
      complete: (text, cursor) => this.completer.complete(text, cursor),
      editExternally: (text) => this.editExternally(text),
    });
  }

  /** Runs until the end of input. The terminal is as before when it resolves, and when it rejects. */
  async run(greeting: string): Promise<ShellEnd> {
    this.terminal.start((signal) => {
      this.signal = signal;
      this.keys.end();
    }, this.onResize);
    this.options.output.on('resize', this.onResize);
    // Windows has no way to stop a process and go on.
    if (process.platform !== 'win32') this.keys.onSuspend = () => this.suspend();
    try {
      if (greeting !== '') this.screen.write(this.context.wrapped(greeting));
      this.refreshStatistics();
      // The parsers are built while the reader looks at the prompt: the first Tab or statement is as quick as the others.
      setTimeout(() => {
        warmUp();
        void this.context.loadHighlighter();
      }, WARM_UP_DELAY_MS).unref();
      let initial = '';
      for (;;) {
        const text = await this.prompt.read(initial);
        initial = '';
        if (text === null) break;
        if (text.trim() === '') continue;
        const outcome = await this.runInput(text);
        if (outcome === 'exit') break;
        if (outcome === 'edit') initial = this.editExternally(this.lastInput) ?? '';
        else this.lastInput = text;
      }
      return this.signal === null ? { kind: 'exit' } : { kind: 'signal', signal: this.signal };
    } finally {
      this.progress.stop();
      this.options.output.off('resize', this.onResize);
      this.live.close();
      this.keys.close();
      await this.context.close();
      this.terminal.stop();
    }
  }

  /** The statements and commands of one input, in order. An error ends its statement, Ctrl-C ends them all. */
  private async runInput(text: string): Promise<CommandOutcome> {
    this.options.history.add(text);
    const input = new ShellInput();
    input.push(`${text}\n`);
    input.end();
    const startedAt = performance.now();
    let ran = 0;
    this.listenedAt = startedAt;
    try {
      for (let item = input.next(); item !== null; item = input.next()) {
        const place = item.kind === 'cql' ? item.statement.offset : undefined;
        const report = ran++ === 0 || place === undefined ? null : partDone(ran, place / text.length);
        const outcome = await this.runCancellable(item, report);
        if (outcome === 'cancelled') break;
        if (outcome === 'clear-screen') this.terminal.write('\u001b[2J\u001b[3J\u001b[H');
        else if (outcome !== 'continue') return outcome;
      }
    } finally {
      this.progress.stop();
      this.live.clear();
      await this.makeDurable(text);
      this.elapsedMs = performance.now() - startedAt;
      this.refreshStatistics();
    }
    return 'continue';
  }

  /** Writes of one input become durable together, before the prompt comes back. */
  private async makeDurable(text: string): Promise<void> {
    try {
      await this.context.session.durable?.();
    } catch (error) {
      this.reportError(text, error);
    }
  }

  /** Runs one item; Ctrl-C aborts it and brings the prompt back even when the work does not hear. */
  private async runCancellable(item: InputItem, report: ProgressReport | null): Promise<CommandOutcome | 'cancelled'> {
    const text = item.kind === 'command' ? item.text : item.statement.text;
    if (!(await this.isAgreedTo(text))) return 'continue';
    const cancel = new AbortController();
    this.keys.onInterrupt = () => cancel.abort();
    this.context.beginStatement(cancel.signal);
    this.progress.start(() => report ?? { label: firstWords(text) });
    try {
      await this.listen();
      if (this.keys.takeInterrupt()) cancel.abort();
      if (!cancel.signal.aborted) {
        const work = this.runItem(item, cancel.signal);
        const outcome = await Promise.race([work, abandoned(cancel.signal)]);
        if (outcome === 'cancelled') work.catch(() => {});
        if (outcome !== 'cancelled' && !cancel.signal.aborted) return outcome;
      }
    } catch (error) {
      if (!cancel.signal.aborted) {
        this.reportError(text, error);
        return 'continue';
      }
    } finally {
      this.keys.onInterrupt = null;
      await this.context.endStatement();
    }
    if (!this.screen.atLineStart) this.screen.write('\n');
    this.screen.write(`${paintStyle(this.theme, 'dim', 'Cancelled.')}\n`);
    return 'cancelled';
  }

  /** Lets keys and timers through, which statements that wait for nothing would not. */
  private async listen(): Promise<void> {
    if (performance.now() - this.listenedAt < LISTEN_INTERVAL_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.listenedAt = performance.now();
  }

  private async runItem(item: InputItem, signal: AbortSignal): Promise<CommandOutcome> {
    if (item.kind === 'cql') {
      const { statement } = item;
      await this.context.withProgram(async () => {
        await runStatement(this.context.surroundings(signal), statement);
      });
      return 'continue';
    }
    const found = findCommand(item.text);
    if (found === null) throw new CommandError(`not a command: ${item.text}`);
    const { command, argument } = found;
    if (command.usesTerminal === true) {
      this.live.clear();
      return this.terminal.lend(() => command.run(this.context, argument));
    }
    let outcome: CommandOutcome = 'continue';
    await this.context.withProgram(async () => {
      outcome = await command.run(this.context, argument);
    });
    return outcome;
  }

  /** Asks before a statement that destroys; anything but `y` is no. */
  private async isAgreedTo(text: string): Promise<boolean> {
    if (!this.options.confirmLoss || !this.options.config.confirm || isCommandLine(text)) return true;
    const loss = destructionOf(text, this.scope());
    if (loss === null) return true;
    const answer = await this.context.questions.ask(`This will ${loss}. Go on? [y/N] `);
    if (/^y(es)?$/i.test(answer)) return true;
    this.screen.write(`${paintStyle(this.theme, 'dim', 'Not run.')}\n`);
    return false;
  }

  private reportError(text: string, error: unknown): void {
    if (!this.screen.atLineStart) this.screen.write('\n');
    const paint = (part: string): string => paintStyle(this.theme, 'error', this.context.wrapped(part));
    this.screen.write(describeShellError(text, error, paint));
  }

  private showProgress(line: string): void {
    if (!this.screen.atLineStart || this.context.questions.isAsking) return;
    const progress = paintStyle(this.theme, 'dim', line);
    this.live.show({ editorRows: [], popup: null, message: null, progress, status: null }, null);
  }

  private promptText(): string {
    const { keyspace } = this.context.session;
    return keyspace === null ? 'cassette> ' : `cassette:${keyspace}> `;
  }

  private scope(): NameScope {
    const { schema, keyspace } = this.context.session;
    return { schema, keyspace };
  }

  private status(columns: number): string {
    const { session, settings } = this.context;
    return statusLine(
      {
        session,
        dialect: settings.dialect ?? session.dialect,
        consistency: settings.consistency,
        statistics: this.statistics,
        elapsedMs: this.elapsedMs,
      },
      columns,
    );
  }

  /** Counts for the status line, whenever they come; the prompt does not wait for them. */
  private refreshStatistics(): void {
    const { session } = this.context;
    session.maintenance?.stats().then(
      (statistics) => {
        if (session !== this.context.session) return;
        this.statistics = statistics;
        this.prompt.redraw();
      },
      () => {
        // A status line without counts is as good an answer.
      },
    );
  }

  /** Ctrl-Z, whatever the shell does at the time. */
  private suspend(): void {
    this.live.clear();
    this.terminal.suspend();
    this.onResize();
  }

  private readonly onResize = (): void => {
    this.prompt.redraw();
    this.context.onResize();
  };

  private editExternally(text: string): string | null {
    const editor = process.env['VISUAL'] || process.env['EDITOR'] || 'vi';
    const directory = mkdtempSync(join(tmpdir(), 'cassette-'));
    const path = join(directory, 'statement.cql');
    try {
      writeFileSync(path, text, { mode: 0o600 });
      const { status } = this.terminal.lend(() => spawnSync(`${editor} '${path}'`, { shell: true, stdio: 'inherit' }));
      if (status !== 0 || !existsSync(path)) return null;
      return readFileSync(path, 'utf8').trimEnd();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
}

/** Resolves when a cancelled statement has had its time to end by itself. */
function abandoned(signal: AbortSignal): Promise<'cancelled'> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => setTimeout(() => resolve('cancelled'), CANCEL_PATIENCE_MS).unref(), {
      once: true,
    });
  });
}

/** Of an input of many statements: how many ran, and how far into its text they are. */
function partDone(statements: number, fraction: number): ProgressReport {
  return { label: `${groupDigits(statements)} statements`, fraction };
}

function firstWords(text: string): string {
  return text.trim().split(/\s+/).slice(0, 2).join(' ').slice(0, 30);
}
