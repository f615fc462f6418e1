import type { ResultColumn, RowChunk } from '../session/session.ts';
import type { FormatOptions, OutputSink, RowFormat } from './row-format.ts';
import { TableLayout } from './table-layout.ts';
import { TextPage } from './text-page.ts';

/**
 * cqlsh's table (6.2.2, `print_formatted_result` as for output that is no terminal): a blank line, the header once, each
 * page of rows right-justified to the widths of its page, a blank line, `(N rows)`.
 */
export class TableFormat implements RowFormat {
  private readonly layout: TableLayout;
  private readonly sink: OutputSink;
  private readonly page = new TextPage();
  private rowCount = 0;
  private headerPending = true;

  constructor(columns: readonly ResultColumn[], sink: OutputSink, options: FormatOptions) {
    this.layout = new TableLayout(columns, options);
    this.sink = sink;
  }

  begin(): void {
    this.sink.write('\n');
  }

  rows(chunk: RowChunk): void {
    for (let row = 0; row < chunk.rowCount; row++) {
      this.page.push(this.layout.textRow(chunk, row));
      this.rowCount++;
      if (this.page.isFull) this.writePage();
    }
  }

  end(): void {
    if (this.page.rows.length > 0 || this.headerPending) this.writePage();
    if (this.rowCount === 0) this.sink.write('\n');
    // A conditional write's answer has no count.
    if (this.layout.columns[0]?.name !== '[applied]') this.sink.write(`\n(${this.rowCount} rows)\n`);
  }

  private writePage(): void {
    const widths = this.layout.widthsOf(this.page.rows);
    if (this.headerPending) this.sink.write(this.layout.header(widths));
    this.headerPending = false;
    for (const row of this.page.rows) this.sink.write(this.layout.row(row, widths));
    this.page.clear();
  }
}
