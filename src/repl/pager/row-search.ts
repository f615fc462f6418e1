import { stripVTControlCharacters } from 'node:util';
import sliceAnsi from 'slice-ansi';
import { displayWidth, type TextRow } from '../../output/index.ts';

const INVERSE = '\u001b[7m';
const NOT_INVERSE = '\u001b[27m';

/** Which of a growing list of rows hold a text, whatever its case; rows are looked at once. */
export class RowSearch {
  readonly query: string;
  /** Numbers of the rows found so far, ascending. */
  readonly found: number[] = [];
  private readonly wanted: string;
  private readonly rows: readonly TextRow[];
  private seen = 0;

  constructor(query: string, rows: readonly TextRow[]) {
    this.query = query;
    this.wanted = query.toLowerCase();
    this.rows = rows;
  }

  /** Looks at the rows that came since. */
  update(): void {
    for (; this.seen < this.rows.length; this.seen++) {
      const { texts } = this.rows[this.seen];
      if (texts.some((text) => text.toLowerCase().includes(this.wanted))) this.found.push(this.seen);
    }
  }

  /** Place in `found` of the first row at or behind `row`, or of the last one at or before it; -1 for none. */
  nearest(row: number, direction: 1 | -1): number {
    if (direction === 1) return this.found.findIndex((number) => number >= row);
    return this.found.findLastIndex((number) => number <= row);
  }

  /** `line` is the row as TableLayout draws it; what was searched for stands in reverse video. */
  highlight(line: string, row: TextRow, widths: readonly number[]): string {
    let out = '';
    let done = 0;
    for (const [from, to] of this.places(row, widths)) {
      out += `${sliceAnsi(line, done, from)}${INVERSE}${stripVTControlCharacters(sliceAnsi(line, from, to))}${NOT_INVERSE}`;
      done = to;
    }
    return done === 0 ? line : out + sliceAnsi(line, done);
  }

  /** Display columns of the row's line that the text takes, from left to right. */
  *places(row: TextRow, widths: readonly number[]): Iterable<[from: number, to: number]> {
    let cell = 1;
    for (let i = 0; i < row.texts.length; i++) {
      const start = cell + widths[i] - row.widths[i];
      for (const [from, to] of this.placesIn(row.texts[i])) yield [start + from, start + to];
      cell += widths[i] + 3;
    }
  }

  /** Display columns of a value that the text takes. */
  private *placesIn(text: string): Iterable<[from: number, to: number]> {
    const lower = text.toLowerCase();
    // A few letters are longer in lower case: places would be wrong.
    if (lower.length !== text.length) return;
    for (let at = lower.indexOf(this.wanted); at >= 0; at = lower.indexOf(this.wanted, at + this.wanted.length)) {
      const from = displayWidth(text.slice(0, at));
      yield [from, from + displayWidth(text.slice(at, at + this.wanted.length))];
    }
  }
}
