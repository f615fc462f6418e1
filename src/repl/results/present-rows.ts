import {
  type FormatOptions,
  type OutputSink,
  TableLayout,
  type TextRow,
  tableWidth,
  widestValue,
} from '../../output/index.ts';
import type { RowChunk, RowsResult } from '../../session/session.ts';

/** What becomes of results longer than a screen. */
export const LONG_RESULTS = ['cut', 'more', 'pager', 'all'] as const;
/**
 * `cut`: the first and last rows, the middle left out; `more`: page by page as cqlsh, asking between; `pager`: full
 * screen; `all`: every row.
 */
export type LongResults = (typeof LONG_RESULTS)[number];

export interface Presentation {
  readonly out: OutputSink;
  readonly formatOptions: FormatOptions;
  /** Columns of the terminal. */
  readonly columns: number;
  readonly expand: boolean;
  /** Rows that are too wide for the terminal are shown as if EXPAND were on. */
  readonly autoExpand: boolean;
  readonly longResults: 'cut' | 'more' | 'all';
  /** Rows a page of `more`. */
  readonly pageSize: number;
  /** Waits for the reader between pages; false ends the result. */
  readonly askForMore: () => Promise<boolean>;
  readonly signal: AbortSignal;
}

/** Rows shown at each end of a result that is cut in the middle. */
const CUT_ROWS = 20;
/** Widths and the choice between table and EXPAND are settled by the rows of one page. */
const PAGE_ROWS = 100;

/** Shows a result on a terminal: its first rows at once, memory that of a page however many there are. */
export async function presentRows(result: RowsResult, presentation: Presentation): Promise<void> {
  const screen = new ScreenTable(result, presentation);
  try {
    presentation.out.write('\n');
    if (presentation.longResults === 'cut') await presentCut(result, screen, presentation);
    else await presentPages(result, screen, presentation);
    await presentation.out.drain();
  } finally {
    result.close();
  }
}

async function presentCut(result: RowsResult, screen: ScreenTable, { signal }: Presentation): Promise<void> {
  const head: TextRow[] = [];
  /** The newest rows, of which the last CUT_ROWS count. */
  let tail: TextRow[] = [];
  let rowCount = 0;
  let isCut = false;
  for (let chunk = await result.next(); chunk !== null; chunk = await result.next()) {
    let row = 0;
    for (; !isCut && row < chunk.rowCount && head.length < 2 * CUT_ROWS; row++) head.push(screen.textRow(chunk, row));
    rowCount += chunk.rowCount;
    if (row === chunk.rowCount) continue;
    if (!isCut) {
      isCut = true;
      tail = head.splice(CUT_ROWS);
      await screen.writePage(head, 0);
    }
    // A million rows pass here: only those that may be the last are ever turned into text.
    for (row = Math.max(row, chunk.rowCount - CUT_ROWS); row < chunk.rowCount; row++) {
      tail.push(screen.textRow(chunk, row));
    }
    tail = tail.slice(-CUT_ROWS);
    if (signal.aborted) break;
  }
  if (!isCut) await screen.writePage(head, 0);
  else {
    screen.writeGap(rowCount - 2 * CUT_ROWS);
    await screen.writePage(tail, rowCount - tail.length);
  }
  screen.writeCount(rowCount, isCut ? 2 * CUT_ROWS : rowCount);
}

async function presentPages(result: RowsResult, screen: ScreenTable, presentation: Presentation): Promise<void> {
  const pageRows = presentation.longResults === 'more' ? presentation.pageSize : PAGE_ROWS;
  let page: TextRow[] = [];
  let written = 0;
  for (let chunk = await result.next(); chunk !== null; chunk = await result.next()) {
    for (let row = 0; row < chunk.rowCount; row++) {
      if (page.length === pageRows) {
        if (presentation.longResults === 'more') screen.repeatHeader();
        await screen.writePage(page, written);
        written += page.length;
        page = [];
        if (presentation.longResults === 'more' && !(await presentation.askForMore())) {
          screen.writeStopped(written);
          return;
        }
      }
      page.push(screen.textRow(chunk, row));
    }
    if (presentation.signal.aborted) break;
  }
  if (written > 0 && presentation.longResults === 'more') screen.repeatHeader();
  await screen.writePage(page, written);
  screen.writeCount(written + page.length, written + page.length);
}

/** A table, or rows as lines of name and value, as the width of the terminal and EXPAND have it. */
class ScreenTable {
  private readonly layout: TableLayout;
  private readonly presentation: Presentation;
  private widths: number[];
  private expanded: boolean;
  private headerPending = true;

  constructor(result: RowsResult, presentation: Presentation) {
    this.layout = new TableLayout(result.columns, presentation.formatOptions);
    this.presentation = presentation;
    this.widths = this.layout.nameWidths();
    this.expanded = presentation.expand;
  }

  textRow(chunk: RowChunk, row: number): TextRow {
    return this.layout.textRow(chunk, row);
  }

  async writePage(rows: readonly TextRow[], before: number): Promise<void> {
    const { out, autoExpand, columns } = this.presentation;
    this.widths = this.layout.widthsOf(rows, this.widths);
    if (before === 0 && autoExpand && rows.length > 0 && tableWidth(this.widths) > columns) this.expanded = true;
    let text = '';
    if (this.expanded && rows.length > 0) {
      // The rule must not wrap; the values may.
      const room = columns - this.layout.expandedNameWidth() - 5;
      const rule = this.layout.expandedRule(Math.max(1, Math.min(widestValue(rows), room))).join('');
      rows.forEach((row, i) => {
        text += `@ Row ${before + i + 1}\n${rule}${this.layout.expandedRow(row).join('')}`;
      });
    } else {
      if (this.headerPending) text += this.layout.header(this.widths);
      for (const row of rows) text += this.layout.row(row, this.widths);
    }
    this.headerPending = false;
    out.write(text);
    await out.drain();
  }

  repeatHeader(): void {
    this.headerPending = true;
  }

  writeGap(hidden: number): void {
    this.presentation.out.write(this.expanded ? `  ⋮  ${hidden} rows\n\n` : ` ⋮ ${hidden} rows\n`);
  }

  writeCount(rows: number, shown: number): void {
    if (this.layout.columns[0]?.name === '[applied]') {
      this.presentation.out.write('\n');
      return;
    }
    const blank = this.expanded && rows > 0 ? '' : '\n';
    const text = shown === rows ? `(${rows} rows)` : `${rows} rows (${shown} shown)`;
    this.presentation.out.write(`${blank}${text}\n`);
  }

  writeStopped(shown: number): void {
    this.presentation.out.write(`\n(stopped after ${shown} rows)\n`);
  }
}
