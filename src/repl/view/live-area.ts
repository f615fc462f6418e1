import { stripVTControlCharacters } from 'node:util';
import { displayWidth } from '../editor/graphemes.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { InkFrame } from './ink-frame.tsx';
import type { ShellViewState } from './shell-view.tsx';
import { paintStyle, type Theme } from './theme.ts';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const ERASE_BELOW = '\u001b[J';
/** DEC mode 2026: the terminal shows what comes between as one frame. */
const BEGIN_FRAME = '\u001b[?2026h';
const END_FRAME = '\u001b[?2026l';
const MAX_POPUP_ROWS = 12;

/** Where the cursor stands in the frame; null hides it. */
export interface FrameCursor {
  readonly row: number;
  readonly column: number;
}

/**
 * The rows at the bottom of the output that are drawn again and again. Ink lays the frame out; this puts it on the
 * terminal in one write, and takes it away before anything else is written, so that results are ordinary scrollback and
 * the terminal never holds a stale frame. A frame is always lower than the terminal.
 *
 * Ink takes a quarter of a second to load: the first prompt is drawn without it, while it loads.
 */
export class LiveArea {
  private readonly terminal: Terminal;
  private readonly theme: Theme;
  private ink: InkFrame | null = null;
  private loading: Promise<void> | null = null;
  private closed = false;
  /** What is shown, to be drawn again once Ink is there; null while nothing is. */
  private shown: { readonly state: ShellViewState; readonly cursor: FrameCursor | null } | null = null;
  /** Display widths of the rows that are on the terminal; empty when nothing is. */
  private shownWidths: readonly number[] = [];
  private cursor: FrameCursor = { row: 0, column: 0 };

  constructor(terminal: Terminal, theme: Theme) {
    this.terminal = terminal;
    this.theme = theme;
  }

  show(state: ShellViewState, cursor: FrameCursor | null): void {
    const rowLimit = Math.max(1, this.terminal.rows - 1);
    const lines = this.layOut(state).slice(0, rowLimit);
    let out = BEGIN_FRAME + HIDE_CURSOR + this.eraseCode() + lines.join('\r\n');
    const at = cursor === null ? null : { row: Math.min(cursor.row, lines.length - 1), column: cursor.column };
    if (at !== null) {
      const up = lines.length - 1 - at.row;
      out += `\r${up > 0 ? `\u001b[${up}A` : ''}${at.column > 0 ? `\u001b[${at.column}C` : ''}${SHOW_CURSOR}`;
    }
    this.terminal.write(out + END_FRAME);
    this.shownWidths = lines.map((line) => displayWidth(stripVTControlCharacters(line)));
    this.cursor = at ?? { row: lines.length - 1, column: this.shownWidths.at(-1) ?? 0 };
    this.shown = { state, cursor };
  }

  /** Takes the frame off the terminal; the cursor stands where its first row began. */
  clear(): void {
    if (this.shownWidths.length === 0) return;
    this.terminal.write(this.eraseCode() + SHOW_CURSOR);
    this.shownWidths = [];
    this.shown = null;
  }

  close(): void {
    this.clear();
    this.closed = true;
    this.ink?.close();
    this.ink = null;
  }

  private layOut(state: ShellViewState): string[] {
    const { columns } = this.terminal;
    if (this.ink !== null) return this.ink.layOut(state, this.theme, columns, this.popupRows(state));
    this.loading ??= this.load();
    return plainFrame(state, this.theme);
  }

  private async load(): Promise<void> {
    // From Node 22 on, an import reads all its files before it returns: the prompt goes first.
    await new Promise((resolve) => setImmediate(resolve));
    const { InkFrame } = await import('./ink-frame.tsx');
    if (this.closed) return;
    this.ink = new InkFrame();
    if (this.shown?.state.popup) this.show(this.shown.state, this.shown.cursor);
  }

  private popupRows({ editorRows }: ShellViewState): number {
    return Math.max(1, Math.min(MAX_POPUP_ROWS, this.terminal.rows - editorRows.length - 4));
  }

  /** Back to the first row of what is shown, and erase from there; the terminal may have been resized since. */
  private eraseCode(): string {
    if (this.shownWidths.length === 0) return '';
    const { columns } = this.terminal;
    let rowsAbove = Math.floor(this.cursor.column / columns);
    for (const width of this.shownWidths.slice(0, this.cursor.row)) {
      rowsAbove += Math.max(1, Math.ceil(width / columns));
    }
    return `\r${rowsAbove > 0 ? `\u001b[${rowsAbove}A` : ''}${ERASE_BELOW}`;
  }
}

/** A frame without a popup, as Ink lays it out too: its rows are as wide as they are. */
function plainFrame({ editorRows, message, progress, status }: ShellViewState, theme: Theme): string[] {
  const others = [message, progress, status === null ? null : paintStyle(theme, 'dim', status)];
  return [...editorRows, ...others.filter((line) => line !== null)];
}
