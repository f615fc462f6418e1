import { statSync } from 'node:fs';
import type { FormatOptions, OutputSink } from '../output/index.ts';
import type { RowsResult, Session } from '../session/session.ts';
import { chartOfResult } from './chart/chart-of-result.ts';
import { CommandError, type ShellContext, type ShellSettings } from './commands/index.ts';
import type { CaptureState, RedirectTarget } from './commands/shell-command.ts';
import type { ShellConfig } from './config/config.ts';
import { openedLine } from './greeting.ts';
import type { History } from './history/history.ts';
import type { Progress, ProgressReport } from './progress.ts';
import { Questions } from './prompt/questions.ts';
import { LastResult } from './results/last-result.ts';
import { presentRows } from './results/present-rows.ts';
import { ResultTarget } from './results/result-target.ts';
import { ScriptRunner } from './script/script-runner.ts';
import { type RunSurroundings, runStatement, writeFormatted } from './script/statement-runner.ts';
import type { KeyReader } from './terminal/key-reader.ts';
import type { ScreenSink } from './terminal/screen-sink.ts';
import type { Terminal } from './terminal/terminal.ts';
import type { LiveArea } from './view/live-area.ts';
import { paintStyle, type Theme } from './view/theme.ts';
import { wrapText } from './view/wrap-text.ts';

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

/** The commands' view of the interactive shell: its settings, where results go, how rows are shown on the screen. */
export class InteractiveContext implements ShellContext {
  session: Session;
  readonly settings: ShellSettings;
  readonly interactive = true;
  readonly directory = process.cwd();
  readonly lastResult = new LastResult();
  readonly questions: Questions;
  private readonly parts: InteractiveParts;
  private readonly target: ResultTarget;
  private readonly resizeListeners = new Set<() => void>();
  private highlight: ((text: string, theme: Theme) => string) | null = null;
  private ownsSession = false;
  signal: AbortSignal = new AbortController().signal;

  constructor(session: Session, parts: InteractiveParts) {
    this.session = session;
    this.parts = parts;
    this.questions = new Questions(parts);
    this.settings = { ...parts.config.settings };
    this.target = new ResultTarget(parts);
  }

  get out(): OutputSink {
    return this.target.sink;
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

  get capture(): CaptureState {
    return this.target.capture;
  }

  print(text: string): void {
    this.parts.screen.write(`${this.wrapped(text)}\n`);
  }

  printCql(text: string): void {
    // Not wrapped: it may be copied, and a line end within a string would be part of it.
    this.parts.screen.write(`${this.highlight === null ? text : this.highlight(text, this.parts.theme)}\n`);
  }

  show(text: string): void {
    this.target.show(this.wrapped(text), text);
  }

  showCql(text: string): void {
    this.target.show(this.highlight === null ? text : this.highlight(text, this.parts.theme), text);
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

  endStatement(): Promise<void> {
    return this.target.endItem();
  }

  /** Runs one item; a program that its results are piped to has the terminal until it ends. */
  withProgram(run: () => Promise<void>): Promise<void> {
    return this.target.withProgram(run);
  }

  /** What one CQL statement is run with. */
  surroundings(signal: AbortSignal): RunSurroundings {
    const { color, theme } = this.parts;
    this.target.use();
    return {
      session: this.session,
      settings: this.settings,
      out: guarded(this.out, signal),
      tell: (text) => {
        if (!signal.aborted) {
          this.parts.screen.write(paintStyle(theme, 'dim', this.wrapped(text.trimEnd())) + trailingSpace(text));
        }
      },
      formatOptions: { color: color && this.target.isOnScreen, width: this.parts.terminal.columns },
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
    const status = statSync(path, { throwIfNoEntry: false });
    if (status === undefined) throw new CommandError(`Could not open '${path}': no such file`);
    if (status.isDirectory()) throw new CommandError(`Could not open '${path}': it is a directory`);
    const totalBytes = status.size;
    this.target.use();
    const runner = new ScriptRunner(this.session, this.settings, this.out, (text) => this.parts.screen.write(text), {
      formatOptions: { color: this.parts.color && this.target.isOnScreen, width: this.parts.terminal.columns },
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
    this.target.redirect(target);
  }

  onResize(): void {
    for (const listener of this.resizeListeners) listener();
  }

  async close(): Promise<void> {
    this.target.close();
    if (this.ownsSession) await this.session.close();
  }

  /** Broken between words where it is too long for the terminal. */
  wrapped(text: string): string {
    return wrapText(text, this.parts.terminal.columns);
  }

  private async present(result: RowsResult, signal: AbortSignal): Promise<void> {
    const { terminal, progress, config, color } = this.parts;
    const { settings } = this;
    progress.follow(() => this.readingReport(result));
    const kept = this.lastResult.keep(result);
    const out = guarded(this.out, signal);
    const isTable = settings.format === 'table' || settings.format === 'expanded';
    if (!isTable || !this.target.isOnScreen) {
      if (this.target.isOnScreen && (settings.format === 'parquet' || settings.format === 'arrow')) {
        kept.close();
        throw new CommandError(`${settings.format} is for files: .output FILE first`);
      }
      await writeFormatted({ settings, out, formatOptions: { color: false, width: terminal.columns } }, kept);
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

  private captured(result: RowsResult): Promise<RowsResult> {
    return this.target.captured(result, this.settings, valueOptions(this.settings));
  }

  private async page(result: RowsResult, formatOptions: FormatOptions, program: string): Promise<void> {
    const { terminal, keys, progress, live, theme } = this.parts;
    if (program !== 'own') {
      await this.target.pipe(program, () =>
        writeFormatted({ settings: this.settings, out: this.out, formatOptions }, result),
      );
      return;
    }
    // It cuts styled text, and what that takes costs a start a tenth.
    const { Pager } = await import('./pager/pager.ts');
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
}

function valueOptions(settings: ShellSettings) {
  const { nullText, typeRow, floatPrecision, doublePrecision, timeFormat, timeZone } = settings;
  return { nullText, typeRow, floatPrecision, doublePrecision, timeFormat, timeZone };
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
