import { displayWidth, graphemesOf } from '../editor/graphemes.ts';
import type { StyledSpan } from '../highlight/style-input.ts';
import { paintStyle, type Theme } from './theme.ts';

/** The editable text as rows of a terminal, styled, with the place of the cursor in them. */
export interface EditorLayout {
  readonly rows: readonly string[];
  readonly cursorRow: number;
  readonly cursorColumn: number;
}

export interface EditorView {
  readonly text: string;
  /** UTF-16 offset in `text`. */
  readonly cursor: number;
  readonly spans: readonly StyledSpan[];
  /** `cassette:ks> `; further lines get `... ` aligned under it. */
  readonly prompt: string;
  readonly columns: number;
  /** Rows at most; a window of them around the cursor when there are more. */
  readonly maxRows: number;
  readonly theme: Theme;
  /** What is shown for a character of its own, such as the placeholder of a paste. */
  readonly labelOf: (character: string) => string;
}

/** Breaks lines at the terminal's width and finds the cursor. Long lines go on under their text. */
export function layoutEditor(view: EditorView): EditorLayout {
  const painter = new RowPainter(view);
  const { text, cursor, spans } = view;
  let span = 0;
  for (const { segment, index } of graphemesOf(text)) {
    if (index >= cursor) painter.markCursor();
    while (span < spans.length && spans[span].end <= index) span++;
    const style = span < spans.length && spans[span].start <= index ? view.theme[spans[span].style] : '';
    if (segment === '\n' || segment === '\r\n') painter.breakLine();
    else painter.put(segment, style);
  }
  painter.markCursor();
  return painter.finish(view.maxRows);
}

/** The prompt of lines after the first, as cqlsh aligns it. */
function continuationOf(prompt: string): string {
  return '... '.padStart(displayWidth(prompt));
}

class RowPainter {
  private readonly view: EditorView;
  private readonly rows: string[] = [];
  private readonly continuation: string;
  private readonly hangingIndent: number;
  private row: string;
  private column: number;
  private style = '';
  private cursorRow = -1;
  private cursorColumn = 0;

  constructor(view: EditorView) {
    this.view = view;
    const width = displayWidth(view.prompt);
    // On a terminal too narrow for the prompt and some text, text wins.
    const isNarrow = width > view.columns / 2;
    const prompt = isNarrow ? '> ' : view.prompt;
    this.continuation = paintStyle(view.theme, 'dim', isNarrow ? '. ' : continuationOf(view.prompt));
    this.hangingIndent = isNarrow ? 2 : width;
    this.row = paintStyle(view.theme, 'prompt', prompt);
    this.column = this.hangingIndent;
  }

  /** The cursor stands at the next cell; only the first call counts. */
  markCursor(): void {
    if (this.cursorRow !== -1) return;
    if (this.column >= this.view.columns) this.wrap();
    this.cursorRow = this.rows.length;
    this.cursorColumn = this.column;
  }

  put(grapheme: string, style: string): void {
    const label = this.view.labelOf(grapheme);
    if (label !== grapheme) {
      for (const character of label) this.putCell(character, this.view.theme.paste);
    } else this.putCell(visible(grapheme), style);
  }

  breakLine(): void {
    this.endRow();
    this.row = this.continuation;
    this.column = this.hangingIndent;
  }

  finish(maxRows: number): EditorLayout {
    this.endRow();
    const { rows, cursorRow, cursorColumn } = this;
    if (rows.length <= maxRows) return { rows, cursorRow, cursorColumn };
    const first = Math.max(0, Math.min(rows.length - maxRows, cursorRow - Math.floor(maxRows / 2)));
    return { rows: rows.slice(first, first + maxRows), cursorRow: cursorRow - first, cursorColumn };
  }

  private putCell(cell: string, style: string): void {
    const width = displayWidth(cell);
    if (this.column + width > this.view.columns) this.wrap();
    if (style !== this.style) {
      if (this.style !== '') this.row += '\u001b[0m';
      if (style !== '') this.row += `\u001b[${style}m`;
      this.style = style;
    }
    this.row += cell;
    this.column += width;
  }

  private wrap(): void {
    this.endRow();
    this.row = ' '.repeat(this.hangingIndent);
    this.column = this.hangingIndent;
  }

  private endRow(): void {
    if (this.style !== '') this.row += '\u001b[0m';
    this.style = '';
    this.rows.push(this.row);
  }
}

/** Characters that would move the cursor are shown as what they are: a tab as blanks, others as `^X`. */
function visible(grapheme: string): string {
  if (grapheme === '\t') return '  ';
  return grapheme.replace(/[\u0000-\u001f\u007f]/g, (control) =>
    control === '\u007f' ? '^?' : `^${String.fromCharCode(control.charCodeAt(0) + 64)}`,
  );
}
