import type { ResultColumn, RowChunk } from '../session/session.ts';
import type { FormatOptions, OutputSink, RowFormat } from './row-format.ts';
import { TableLayout, type TextRow } from './table-layout.ts';
import { TextPage } from './text-page.ts';

/**
 * cqlsh's EXPAND (6.2.2, `print_formatted_result_vertically`): `@ Row N`, a rule as wide as the widest value of the page
 * of 100 rows, ` name | value` lines. An empty result is shown as a table's header.
 */
export class ExpandedFormat implements RowFormat {
  private readonly layout: TableLayout;
  private readonly sink: OutputSink;
  private readonly page = new TextPage();
  private rowCount = 0;

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
      if (this.page.isFull) this.writePage();
    }
  }

  end(): void {
    this.writePage();
    if (this.rowCount === 0) this.sink.write(`${this.layout.header(this.layout.nameWidths())}\n`);
    // A conditional write's answer has no count.
    if (this.layout.columns[0]?.name !== '[applied]') this.sink.write(`\n(${this.rowCount} rows)\n`);
  }

  private writePage(): void {
    const rule = this.layout.expandedRule(widestValue(this.page.rows));
    for (const row of this.page.rows) {
      this.sink.write(`@ Row ${++this.rowCount}\n`);
      for (const part of rule) this.sink.write(part);
      for (const part of this.layout.expandedRow(row)) this.sink.write(part);
    }
    this.page.clear();
  }
}

export function widestValue(rows: readonly TextRow[]): number {
  return rows.reduce((widest, { widths }) => Math.max(widest, ...widths), 0);
}
