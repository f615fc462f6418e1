import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import wrapAnsi from 'wrap-ansi';
import {
  createRowFormat,
  FileSink,
  type FormatOptions,
  isBrokenPipe,
  type OutputSink,
  StreamSink,
} from '../output/index.ts';
import type { RowsResult, Session } from '../session/session.ts';
import { chartOfResult } from './chart/chart-of-result.ts';
import { CommandError, type ShellContext, type ShellSettings } from './commands/index.ts';
import type { CaptureState, RedirectTarget } from './commands/shell-command.ts';
import type { ShellConfig } from './config/config.ts';
import { openedLine } from './greeting.ts';
import type { History } from './history/history.ts';
import { Pager } from './pager/pager.ts';
import type { Progress, ProgressReport } from './progress.ts';
import { Questions } from './prompt/questions.ts';
import { LastResult } from './results/last-result.ts';
import { presentRows } from './results/present-rows.ts';
import { ScriptRunner } from './script/script-runner.ts';
import { type RunSurroundings, runStatement, writeFormatted } from './script/statement-runner.ts';
import { TeeSink } from './script/tee-sink.ts';
import type { KeyReader } from './terminal/key-reader.ts';
import type { ScreenSink } from './terminal/screen-sink.ts';
import type { Terminal } from './terminal/terminal.ts';
import type { LiveArea } from './view/live-area.ts';
import { paintStyle, type Theme } from './view/theme.ts';

export interface InteractiveParts {
  readonly terminal: Terminal;
  readonly keys: KeyReader;
  readonly screen: ScreenSink;
  readonly live: LiveArea;
  readonly theme: Theme;
  readonly progress: Progress;
  readonly color: boolean;
  readonly config: ShellConfig;
  readonly history: History;
  readonly open: ((path: string) => Promise<Session>) | undefined;
}

/** What results are piped to. */
interface RunningProgram {
  readonly process: ChildProcess;
  readonly sink: StreamSink;
}

/** The commands' view of the interactive shell: its settings, where results go, how rows are shown on the screen. */
export class InteractiveContext implements ShellContext {
  session: Session;
  readonly settings: ShellSettings;
  readonly interactive = true;
  readonly directory = process.cwd();
  readonly lastResult = new LastResult();
  readonly questions: Questions;
  private readonly parts: InteractiveParts;
  private readonly sink: TeeSink;
  private readonly resizeListeners = new Set<() => void>();
  private redirected: RedirectTarget = { kind: 'stdout' };
  private captureFile: FileSink | null = null;
  private program: RunningProgram | null = null;
  private highlight: ((text: string, theme: Theme) => string) | null = null;
  private ownsSession = false;
  signal: AbortSignal = new AbortController().signal;

  constructor(session: Session, parts: InteractiveParts) {
    this.session = session;
    this.parts = parts;
    this.questions = new Questions(parts);
    this.settings = { ...parts.config.settings };
    this.sink = new TeeSink(parts.screen);
  }

  get out(): OutputSink {
    return this.sink;
  }

  get columns(): number {
    return this.parts.terminal.columns;
  }

  input(): AsyncIterable<Uint8Array> {
    return this.questions.rows(this.signal);
  }

  get history(): readonly string[] {
    return this.parts.history.entries;
  }

  readonly capture: CaptureState & { path: string | null } = {
    path: null,
    start: (path) => {
      this.captureFile = new FileSink(path, 'a');
      this.sink.tee(this.captureFile);
      this.capture.path = path;
    },
    stop: () => {
      this.sink.tee(null);
      this.captureFile = null;
      this.capture.path = null;
    },
  };

  print(text: string): void {
    this.parts.screen.write(`${this.wrapped(text)}\n`);
  }

  printCql(text: string): void {
    // Not wrapped: it may be copied, and a line end within a string would be part of it.
    this.parts.screen.write(`${this.highlight === null ? text : this.highlight(text, this.parts.theme)}\n`);
  }

  /** The highlighter knows many languages and takes its time to load: after the first prompt, before it is needed. */
  async loadHighlighter(): Promise<void> {
    if (!this.parts.color) return;
    const { highlightCql } = await import('./highlight/highlight-cql.ts');
    this.highlight = highlightCql;
  }

  beginStatement(signal: AbortSignal): void {
    this.signal = signal;
  }

  /** `.once` ends with the statement that it was for. */
  endStatement(): void {
    if (this.redirected.kind !== 'stdout' && this.redirected.once && this.redirectUsed)
      this.redirect({ kind: 'stdout' });
  }

  /** What one CQL statement is run with. */
  surroundings(signal: AbortSignal): RunSurroundings {
    const { color, theme } = this.parts;
    this.redirectUsed = this.redirected.kind !== 'stdout';
    return {
      session: this.session,
      settings: this.settings,
      out: guarded(this.sink, signal),
      tell: (text) => {
        if (!signal.aborted) {
          this.parts.screen.write(paintStyle(theme, 'dim', this.wrapped(text.trimEnd())) + trailingSpace(text));
        }
      },
      formatOptions: { color: color && this.isOnScreen, width: this.parts.terminal.columns },
      signal,
      statistics: false,
      deferDurability: this.session.durable !== undefined,
      present: (result) => this.present(result, signal),
    };
  }

  async runCql(cql: string): Promise<void> {
    await runStatement(this.surroundings(this.signal), cql);
  }

  async runFile(path: string): Promise<void> {
    if (!existsSync(path)) throw new CommandError(`Could not open '${path}': no such file`);
    const totalBytes = statSync(path).size;
    const runner = new ScriptRunner(this.session, this.settings, this.out, (text) => this.parts.screen.write(text), {
      formatOptions: { color: this.parts.color && this.isOnScreen, width: this.parts.terminal.columns },
      continueOnError: true,
      statistics: false,
      signal: this.signal,
      input: () => this.input(),
      onProgress: (bytes) => {
        const fraction = totalBytes === 0 ? undefined : bytes / totalBytes;
        this.parts.progress.follow(() => ({ label: `SOURCE ${path}`, bytes, fraction }));
      },
    });
    await runner.run([{ kind: 'file', path }]);
  }

  async reopen(path: string): Promise<void> {
    const { open } = this.parts;
    if (open === undefined) throw new CommandError('.open works on files only');
    // Opened first: when that fails, all stays as it is.
    const opened = await open(path);
    await this.session.close();
    this.session = opened;
    this.ownsSession = true;
    this.print(paintStyle(this.parts.theme, 'dim', openedLine(opened)));
    for (const note of opened.description.notes) this.print(paintStyle(this.parts.theme, 'dim', note));
  }

  follow(report: () => ProgressReport): void {
    this.parts.progress.follow(report);
  }

  drawChart(argument: string): void {
    const { columns, rows } = this.parts.terminal;
    this.print(chartOfResult(this.lastResult, argument, columns, rows).join('\n'));
  }

  redirect(target: RedirectTarget): void {
    this.closeProgram();
    this.redirected = target;
    this.redirectUsed = false;
    if (target.kind === 'file') this.sink.redirect(new FileSink(target.path));
    else if (target.kind === 'stdout') this.sink.redirect(null);
    else {
      const child = spawn(target.command, { shell: true, stdio: ['pipe', 'inherit', 'inherit'] });
      const sink = new StreamSink(child.stdin);
      this.program = { process: child, sink };
      this.sink.redirect({
        write: (data) => sink.write(data),
        drain: () => sink.drain(),
        close: () => child.stdin.end(),
      });
    }
  }

  onResize(): void {
    for (const listener of this.resizeListeners) listener();
  }

  async close(): Promise<void> {
    this.capture.stop();
    this.redirect({ kind: 'stdout' });
    if (this.ownsSession) await this.session.close();
  }

  private redirectUsed = false;

  /** Lines broken between words where they are too long for the terminal; what goes on is indented as its line is. */
  wrapped(text: string): string {
    const { columns } = this.parts.terminal;
    const wrap = (line: string): string => {
      const indent = /^ */.exec(line)?.[0].slice(0, columns / 2) ?? '';
      return (
        wrapAnsi(line.slice(indent.length), columns - indent.length, { trim: false })
          // The blank where a line is broken belongs to neither part.
          .replace(/\n((?:\u001b\[[\d;]*m)*) /g, '\n$1')
          .replace(/^/gm, indent)
      );
    };
    return text
      .split('\n')
      .map((line) => (line === '' ? '' : wrap(line)))
      .join('\n');
  }

  private get isOnScreen(): boolean {
    return this.redirected.kind === 'stdout';
  }

  private async present(result: RowsResult, signal: AbortSignal): Promise<void> {
    const { terminal, progress, config, color } = this.parts;
    const { settings } = this;
    progress.follow(() => this.readingReport(result));
    const kept = this.lastResult.keep(result);
    const out = guarded(this.sink, signal);
    const isTable = settings.format === 'table' || settings.format === 'expanded';
    if (!isTable || !this.isOnScreen) {
      await this.writeAway(kept, { color: false, width: terminal.columns }, out);
      return;
    }
    const formatOptions = {
      color,
      width: terminal.columns,
      ...valueOptions(settings),
      maxValueWidth: settings.maxValueWidth === 0 ? undefined : settings.maxValueWidth,
    };
    const { longResults } = settings;
    if (longResults === 'pager' && !settings.expand) {
      await this.page(await this.captured(kept), formatOptions, config.pager);
      return;
    }
    await presentRows(await this.captured(kept), {
      // Past the sink that copies: the file gets rows of its own.
      out: guarded(this.parts.screen, signal),
      formatOptions,
      columns: terminal.columns,
      expand: settings.expand || settings.format === 'expanded',
      autoExpand: settings.autoExpand,
      // Lines of name and value do not scroll sideways: they come page by page.
      longResults: longResults === 'pager' ? 'more' : longResults,
      pageSize: settings.pageSize,
      askForMore: () => this.questions.goOn(signal),
      signal,
    });
  }

  private readingReport({ statistics: { bytesRead, bytesToRead } }: RowsResult): ProgressReport {
    const fraction = bytesToRead === 0 ? undefined : Math.min(1, bytesRead / bytesToRead);
    return { label: 'reading', rows: this.lastResult.rowCount, bytes: bytesRead, fraction };
  }

  /** The same result; what passes through it also goes to CAPTURE's file, whole and without colours. */
  private async captured(result: RowsResult): Promise<RowsResult> {
    const { captureFile, settings } = this;
    if (captureFile === null) return result;
    const name = settings.expand ? 'expanded' : settings.format;
    const format = await createRowFormat(name, result.columns, captureFile, {
      color: false,
      ...valueOptions(settings),
    });
    let isOpen = true;
    const end = async (): Promise<void> => {
      if (!isOpen) return;
      isOpen = false;
      await format.end();
      await captureFile.drain();
    };
    format.begin();
    return {
      ...result,
      next: async () => {
        const chunk = await result.next();
        if (chunk === null) await end();
        else format.rows(chunk);
        return chunk;
      },
      close: () => {
        void end();
        result.close();
      },
    };
  }

  private async page(result: RowsResult, formatOptions: FormatOptions, program: string): Promise<void> {
    const { terminal, keys, progress, live, theme } = this.parts;
    if (program !== 'own') {
      progress.stop();
      live.clear();
      this.redirect({ kind: 'pipe', command: program, once: true });
      await this.writeAway(result, formatOptions, this.sink);
      return;
    }
    const interrupt = keys.onInterrupt;
    const pager = new Pager(result, { terminal, keys, theme, formatOptions, signal: this.signal });
    const redraw = (): void => pager.redraw();
    this.resizeListeners.add(redraw);
    try {
      const shown = await pager.run(() => {
        progress.stop();
        live.clear();
        keys.onInterrupt = null;
      });
      this.parts.screen.write(`${shown}\n`);
    } finally {
      this.resizeListeners.delete(redraw);
      keys.onInterrupt = interrupt;
    }
  }

  /** Rows that do not go to the screen. A program that they are piped to has the terminal until it ends. */
  private async writeAway(result: RowsResult, formatOptions: FormatOptions, out: OutputSink): Promise<void> {
    const { program, settings } = this;
    if (program === null) return writeFormatted({ settings, out, formatOptions }, result);
    const { terminal, progress, live } = this.parts;
    progress.stop();
    live.clear();
    await terminal.lendWhile(async () => {
      await writeFormatted({ settings, out, formatOptions }, result).catch((error: unknown) => {
        // A program may end before it has read all, as pagers do.
        if (!isBrokenPipe(error)) throw error;
      });
      await finish(program);
    });
    this.redirect({ kind: 'stdout' });
  }

  private closeProgram(): void {
    this.program?.process.stdin?.end();
    this.program = null;
  }
}

function valueOptions(settings: ShellSettings) {
  const { nullText, typeRow, floatPrecision, doublePrecision, timeFormat, timeZone } = settings;
  return { nullText, typeRow, floatPrecision, doublePrecision, timeFormat, timeZone };
}

async function finish({ process: child, sink }: RunningProgram): Promise<void> {
  await sink.drain().catch((error: unknown) => {
    if (!isBrokenPipe(error)) throw error;
  });
  child.stdin?.end();
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** The sink until the statement is cancelled; nothing after. */
function guarded(sink: OutputSink, signal: AbortSignal): OutputSink {
  return {
    write: (data) => {
      if (!signal.aborted) sink.write(data);
    },
    drain: () => sink.drain(),
  };
}

function trailingSpace(text: string): string {
  return text.slice(text.trimEnd().length);
}
