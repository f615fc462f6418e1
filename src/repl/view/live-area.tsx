import { EventEmitter } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { type Instance, render } from 'ink';
import { displayWidth } from '../editor/graphemes.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { ShellView, type ShellViewState } from './shell-view.tsx';
import type { Theme } from './theme.ts';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const ERASE_BELOW = '\u001b[J';
/** DEC mode 2026: the terminal shows what comes between as one frame. */
const BEGIN_FRAME = '\u001b[?2026h';
const END_FRAME = '\u001b[?2026l';

/** Where the cursor stands in the frame; null hides it. */
export interface FrameCursor {
  readonly row: number;
  readonly column: number;
}

/**
 * The rows at the bottom of the output that are drawn again and again. Ink lays the frame out; this puts it on the
 * terminal in one write, and takes it away before anything else is written, so that results are ordinary scrollback and
 * the terminal never holds a stale frame. A frame is always lower than the terminal.
 */
export class LiveArea {
  private readonly terminal: Terminal;
  private readonly theme: Theme;
  private readonly canvas = new Canvas();
  private ink: Instance | null = null;
  /** Display widths of the rows that are on the terminal; empty when nothing is. */
  private shownWidths: readonly number[] = [];
  private cursor: FrameCursor = { row: 0, column: 0 };

  constructor(terminal: Terminal, theme: Theme) {
    this.terminal = terminal;
    this.theme = theme;
  }

  show(state: ShellViewState, cursor: FrameCursor | null): void {
    const { columns, rows } = this.terminal;
    const rowLimit = Math.max(1, rows - 1);
    const lines = this.layOut(state, columns, rowLimit).slice(0, rowLimit);
    let out = BEGIN_FRAME + HIDE_CURSOR + this.eraseCode() + lines.join('\r\n');
    const at = cursor === null ? null : { row: Math.min(cursor.row, lines.length - 1), column: cursor.column };
    if (at !== null) {
      const up = lines.length - 1 - at.row;
      out += `\r${up > 0 ? `\u001b[${up}A` : ''}${at.column > 0 ? `\u001b[${at.column}C` : ''}${SHOW_CURSOR}`;
    }
    this.terminal.write(out + END_FRAME);
    this.shownWidths = lines.map((line) => displayWidth(stripVTControlCharacters(line)));
    this.cursor = at ?? { row: lines.length - 1, column: this.shownWidths.at(-1) ?? 0 };
  }

  /** Takes the frame off the terminal; the cursor stands where its first row began. */
  clear(): void {
    if (this.shownWidths.length === 0) return;
    this.terminal.write(this.eraseCode() + SHOW_CURSOR);
    this.shownWidths = [];
  }

  /** The rows that a completion popup may take beside an editor of so many rows. */
  popupRows(editorRows: number): number {
    return Math.max(1, Math.min(MAX_POPUP_ROWS, this.terminal.rows - 2 - editorRows - 2));
  }

  close(): void {
    this.clear();
    this.ink?.unmount();
    this.ink?.cleanup();
    this.ink = null;
  }

  private layOut(state: ShellViewState, columns: number, rowLimit: number): string[] {
    this.canvas.columns = columns;
    this.canvas.rows = rowLimit;
    const view = (
      <ShellView
        state={state}
        theme={this.theme}
        columns={columns}
        popupRows={this.popupRows(state.editorRows.length)}
      />
    );
    if (this.ink === null) {
      this.ink = render(view, {
        // Ink asks of its stream no more than the canvas has.
        stdout: this.canvas as unknown as NodeJS.WriteStream,
        // A debugging Ink writes each frame whole and at once, which is what is wanted of it here.
        debug: true,
        exitOnCtrlC: false,
        patchConsole: false,
      });
    } else this.ink.rerender(view);
    return this.canvas.frame.split('\n');
  }

  /** Back to the first row of what is shown, and erase from there; the terminal may have been resized since. */
  private eraseCode(): string {
    if (this.shownWidths.length === 0) return '';
    const { columns } = this.terminal;
    let rowsAbove = Math.floor(Math.min(this.cursor.column, this.widthAtCursor()) / columns);
    for (const width of this.shownWidths.slice(0, this.cursor.row)) {
      rowsAbove += Math.max(1, Math.ceil(width / columns));
    }
    return `\r${rowsAbove > 0 ? `\u001b[${rowsAbove}A` : ''}${ERASE_BELOW}`;
  }

  private widthAtCursor(): number {
    return Math.max(this.shownWidths[this.cursor.row] ?? 0, this.cursor.column);
  }
}

const MAX_POPUP_ROWS = 12;

/** A stream that keeps the last frame Ink wrote. */
class Canvas extends EventEmitter {
  columns = 80;
  rows = 24;
  frame = '';
  readonly isTTY = false;

  readonly write = (frame: string): boolean => {
    this.frame = frame;
    return true;
  };
}
