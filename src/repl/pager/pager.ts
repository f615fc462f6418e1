import sliceAnsi from 'slice-ansi';
import { displayWidth, type FormatOptions, TableLayout, type TextRow, tableWidth } from '../../output/index.ts';
import type { RowChunk, RowsResult } from '../../session/session.ts';
import type { KeyEvent } from '../editor/key-decoder.ts';
import { groupDigits } from '../progress.ts';
import type { KeyReader } from '../terminal/key-reader.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { paintStyle, type Theme } from '../view/theme.ts';
import { RowSearch } from './row-search.ts';

export interface PagerSurroundings {
  readonly terminal: Terminal;
  readonly keys: KeyReader;
  readonly theme: Theme;
  readonly formatOptions: FormatOptions;
  readonly signal: AbortSignal;
}

/** Rows kept; a reader who wants more than these scrolls a query, not a pager. */
const MAX_ROWS = 100_000;
/** Header, rule and the line at the bottom. */
const FIXED_ROWS = 3;
const HORIZONTAL_STEP = 8;
const CLEAR_LINE_END = '\u001b[K';

/**
 * A result on the whole screen: rows are fetched as they are scrolled to, key columns stay at the left while the others
 * move under them, `/` searches and `n`, `N` go on to the next row found. Column widths only grow, so that nothing jumps.
 */
export class Pager {
  private readonly result: RowsResult;
  private readonly with: PagerSurroundings;
  private readonly layout: TableLayout;
  private readonly rows: TextRow[] = [];
  private widths: number[];
  private isComplete = false;
  /** Ctrl-C came while rows were awaited. */
  private isInterrupted = false;
  private top = 0;
  /** Display columns that the moving part is shifted by. */
  private left = 0;
  private search: RowSearch | null = null;
  /** The row found last. */
  private foundRow = 0;
  /** What is being typed behind `/`; null while nothing is. */
  private typing: string | null = null;
  private note = '';

  constructor(result: RowsResult, surroundings: PagerSurroundings) {
    this.result = result;
    this.with = surroundings;
    this.layout = new TableLayout(result.columns, { ...surroundings.formatOptions, typeRow: false });
    this.widths = this.layout.nameWidths();
  }

  /**
   * Until the reader leaves; returns what stays in the scrollback: a line, or the whole result when that fits onto the
   * screen and needs no pager. `beforeScreen` is called once the first rows are there.
   */
  async run(beforeScreen: () => void): Promise<string> {
    const { terminal, keys } = this.with;
    // One more than fit: when that does not come, these are all.
    await this.fetchTo(this.pageRows + 1);
    beforeScreen();
    if (this.isComplete && this.rows.length <= this.pageRows && this.hiddenWidth() === 0) return this.wholeResult();
    terminal.enterAlternateScreen();
    terminal.write('\u001b[?25l');
    try {
      while (!this.isInterrupted) {
        if (keys.isIdle) this.redraw();
        const event = await keys.next();
        if (event === null || this.with.signal.aborted) break;
        if (!(await this.handleAll(event))) break;
      }
    } finally {
      this.result.close();
      terminal.leaveAlternateScreen();
      terminal.write('\u001b[?25h');
    }
    return this.isComplete ? `(${this.rows.length} rows)` : `(${this.rows.length} rows or more)`;
  }

  private wholeResult(): string {
    this.result.close();
    const rows = this.rows.map((row) => this.layout.row(row, this.widths)).join('');
    return `\n${this.layout.header(this.widths)}${rows}\n(${this.rows.length} rows)`;
  }

  redraw(): void {
    const { terminal } = this.with;
    const lines = this.screenLines();
    terminal.write(`\u001b[H${lines.map((line) => line + CLEAR_LINE_END).join('\r\n')}`);
  }

  private get pageRows(): number {
    return Math.max(1, this.with.terminal.rows - FIXED_ROWS);
  }

  /** Text comes in runs; each character of it is a key. */
  private async handleAll(event: KeyEvent): Promise<boolean> {
    if (event.kind !== 'text') return this.handle(event);
    for (const text of event.text) if (!(await this.handle({ kind: 'text', text }))) return false;
    return true;
  }

  /** False when the reader leaves. */
  private async handle(event: KeyEvent): Promise<boolean> {
    this.note = '';
    if (this.typing !== null) return this.handleTyping(event, this.typing);
    const name = event.kind === 'key' ? event.name : event.text;
    if (event.kind === 'key' && event.ctrl) {
      if (name === 'c' || name === 'd') return false;
      if (name === 'f') await this.scrollTo(this.top + this.pageRows);
      if (name === 'b') await this.scrollTo(this.top - this.pageRows);
      return true;
    }
    switch (name) {
      case 'q':
      case 'Q':
      case 'escape':
        return false;
      case 'down':
      case 'enter':
      case 'j':
        await this.scrollTo(this.top + 1);
        return true;
      case 'up':
      case 'k':
        await this.scrollTo(this.top - 1);
        return true;
      case 'pagedown':
      case ' ':
      case 'f':
        await this.scrollTo(this.top + this.pageRows);
        return true;
      case 'pageup':
      case 'b':
        await this.scrollTo(this.top - this.pageRows);
        return true;
      case 'home':
      case 'g':
        await this.scrollTo(0);
        return true;
      case 'end':
      case 'G':
        await this.fetchTo(MAX_ROWS);
        await this.scrollTo(this.rows.length);
        return true;
      case 'right':
      case 'l':
        this.left = Math.min(this.left + HORIZONTAL_STEP, this.hiddenWidth());
        return true;
      case 'left':
      case 'h':
        this.left = Math.max(0, this.left - HORIZONTAL_STEP);
        return true;
      case '0':
        this.left = 0;
        return true;
      case '/':
        this.typing = '';
        return true;
      case 'n':
        await this.findFrom(this.lastSeen(1) + 1, 1);
        return true;
      case 'N':
        await this.findFrom(this.lastSeen(-1) - 1, -1);
        return true;
      default:
        return true;
    }
  }

  private async handleTyping(event: KeyEvent, typed: string): Promise<boolean> {
    if (event.kind === 'text') this.typing = typed + event.text;
    else if (event.kind === 'key' && event.name === 'backspace') this.typing = typed === '' ? null : typed.slice(0, -1);
    else if (event.kind === 'key' && event.name === 'enter') {
      this.typing = null;
      if (typed !== '') this.search = new RowSearch(typed, this.rows);
      await this.findFrom(this.top, 1);
    } else this.typing = null;
    return true;
  }

  /** Where a search goes on: at the row found last while it is on the screen, else at the edge of the screen. */
  private lastSeen(direction: 1 | -1): number {
    const end = this.top + this.pageRows;
    if (this.foundRow >= this.top && this.foundRow < end) return this.foundRow;
    return direction === 1 ? this.top - 1 : end;
  }

  private async findFrom(row: number, direction: 1 | -1): Promise<void> {
    const { search } = this;
    if (search === null) return;
    search.update();
    let place = search.nearest(row, direction);
    while (place < 0 && direction === 1 && !this.isComplete && !this.isInterrupted && this.rows.length < MAX_ROWS) {
      await this.fetchTo(this.rows.length + 1_000);
      search.update();
      place = search.nearest(row, direction);
    }
    const { found, query } = search;
    if (place < 0) {
      this.note = found.length === 0 ? `not found: ${query}` : `no more of ${query}`;
      return;
    }
    this.foundRow = found[place];
    const isOnScreen = this.foundRow >= this.top && this.foundRow < this.top + this.pageRows;
    if (!isOnScreen) await this.scrollTo(this.foundRow);
    this.reveal(search, this.rows[this.foundRow]);
    search.update();
    const total = `${groupDigits(found.length)}${this.isComplete ? '' : '+'}`;
    this.note = `${query}: row ${groupDigits(this.foundRow + 1)}, ${groupDigits(place + 1)} of ${total} · n N go on`;
  }

  /** Scrolls sideways when the row has what was found, but none of it on the screen: that then begins at a third of it. */
  private reveal(search: RowSearch, row: TextRow): void {
    const places = [...search.places(row, this.widths)];
    const frozen = this.frozenWidth();
    const room = this.with.terminal.columns - frozen;
    const isSeen = ([from, to]: [from: number, to: number]): boolean =>
      to <= frozen || (from >= frozen + this.left && to <= frozen + this.left + room);
    if (places.length === 0 || places.some(isSeen)) return;
    const [[from, to]] = places;
    const before = Math.max(0, Math.min(Math.floor(room / 3), room - (to - from)));
    this.left = Math.max(0, Math.min(from - frozen - before, this.hiddenWidth()));
  }

  private async scrollTo(row: number): Promise<void> {
    await this.fetchTo(Math.min(MAX_ROWS, row + this.pageRows));
    this.top = Math.max(0, Math.min(row, this.rows.length - this.pageRows));
  }

  private async fetchTo(wanted: number): Promise<void> {
    while (this.rows.length < wanted && !this.isComplete && !this.isInterrupted && !this.with.signal.aborted) {
      const chunk = await this.nextChunk();
      if (chunk === 'interrupted') return;
      if (chunk === null) {
        this.isComplete = true;
        return;
      }
      const added: TextRow[] = [];
      for (let row = 0; row < chunk.rowCount; row++) added.push(this.layout.textRow(chunk, row));
      this.widths = this.layout.widthsOf(added, this.widths);
      for (const row of added) this.rows.push(row);
    }
  }

  /** The result's next rows, unless Ctrl-C comes first, which ends the pager. */
  private async nextChunk(): Promise<RowChunk | null | 'interrupted'> {
    const { keys } = this.with;
    if (keys.takeInterrupt()) {
      this.isInterrupted = true;
      return 'interrupted';
    }
    const outer = keys.onInterrupt;
    try {
      const interruption = new Promise<'interrupted'>((resolve) => {
        keys.onInterrupt = () => {
          this.isInterrupted = true;
          outer?.();
          resolve('interrupted');
        };
      });
      return await Promise.race([this.result.next(), interruption]);
    } finally {
      keys.onInterrupt = outer;
    }
  }

  private screenLines(): string[] {
    const [header, rule] = this.layout.header(this.widths).split('\n');
    const shown = this.rows.slice(this.top, this.top + this.pageRows);
    const lines = [header, rule, ...shown.map((row) => this.rowLine(row))].map((line) => this.window(line));
    while (lines.length < this.pageRows + 2) lines.push('');
    lines.push(this.bottomLine(shown.length));
    return lines;
  }

  private rowLine(row: TextRow): string {
    const line = this.layout.row(row, this.widths).trimEnd();
    return this.search === null ? line : this.search.highlight(line, row, this.widths);
  }

  /** The frozen key columns, then the rest from `left` on. */
  private window(line: string): string {
    const { columns } = this.with.terminal;
    const frozen = this.frozenWidth();
    if (this.left === 0) return sliceAnsi(line, 0, columns);
    return sliceAnsi(line, 0, frozen) + sliceAnsi(line, frozen + this.left, columns + this.left);
  }

  /** Width of the leading key columns, as long as they leave half of the screen to the others. */
  private frozenWidth(): number {
    let width = 1;
    for (let i = 0; i < this.layout.columns.length; i++) {
      const { kind } = this.layout.columns[i];
      if (kind !== 'partition_key' && kind !== 'clustering') break;
      if (width + this.widths[i] + 3 > this.with.terminal.columns / 2) break;
      width += this.widths[i] + 3;
    }
    return width === 1 ? 0 : width;
  }

  /** How much of the rows does not fit onto the screen. */
  private hiddenWidth(): number {
    return Math.max(0, tableWidth(this.widths) - this.with.terminal.columns);
  }

  private bottomLine(shown: number): string {
    const { theme, terminal } = this.with;
    if (this.typing !== null) return `/${this.typing}`;
    const last = this.top + shown;
    const total = this.isComplete ? groupDigits(this.rows.length) : `${groupDigits(this.rows.length)}+`;
    const help = '↑↓ ←→ scroll · space page · g G ends · / search · q quit';
    const place = `rows ${groupDigits(Math.min(this.top + 1, last))}–${groupDigits(last)} of ${total}`;
    const room = terminal.columns - 1;
    let line = `${place} · ${this.note === '' ? help : this.note}`;
    // A note is news; the place can be seen again at the next key.
    if (this.note !== '' && displayWidth(line) > room) line = this.note;
    return paintStyle(theme, 'selected', displayWidth(line) > room ? sliceAnsi(line, 0, room) : line);
  }
}
