import stringWidth from 'string-width';
import type { ResultColumn, RowChunk } from '../session/session.ts';
import { cqlTypeName, formatCqlsh } from '../types/index.ts';
import { NULL_COLOR, nameColor, paint, valueColor } from './colors.ts';
import type { FormatOptions, OutputSink, RowFormat } from './row-format.ts';

/** cqlsh sizes its columns by pages of this many rows, and so its layout is only reproduced by the same pages. */
const PAGE_ROWS = 100;

/**
 * cqlsh's table (6.2.2, `print_formatted_result` as for output that is no terminal): a blank line, the header once, each
 * page of rows right-justified to the widths of its page, a blank line, `(N rows)`.
 */
export class TableFormat implements RowFormat {
  private readonly columns: readonly ResultColumn[];
  private readonly sink: OutputSink;
  private readonly options: FormatOptions;
  private page: string[][] = [];
  /** Parallel to `page`: which cells are null, for their colour. */
  private nulls: boolean[][] = [];
  private rowCount = 0;
  private headerPending = true;

  constructor(columns: readonly ResultColumn[], sink: OutputSink, options: FormatOptions) {
    this.columns = columns;
    this.sink = sink;
    this.options = options;
  }

  begin(): void {
    this.sink.write('\n');
  }

  rows(chunk: RowChunk): void {
    const width = this.columns.length;
    for (let row = 0; row < chunk.rowCount; row++) {
      const texts: string[] = [];
      const nulls: boolean[] = [];
      for (let i = 0; i < width; i++) {
        const bytes = chunk.cells[row * width + i];
        nulls.push(bytes === null);
        texts.push(
          bytes === null
            ? (this.options.nullText ?? 'null')
            : formatCqlsh(this.columns[i].type, bytes, 0, bytes.length, this.options),
        );
      }
      this.page.push(texts);
      this.nulls.push(nulls);
      this.rowCount++;
      if (this.page.length === PAGE_ROWS) this.writePage();
    }
  }

  end(): void {
    if (this.page.length > 0 || this.headerPending) this.writePage();
    if (this.rowCount === 0) this.sink.write('\n');
    // A conditional write's answer has no count.
    if (this.columns[0]?.name === '[applied]') this.sink.write('\n');
    else this.sink.write(`\n(${this.rowCount} rows)\n`);
  }

  private writePage(): void {
    const headers = this.columns.map((column) => column.name);
    const types = this.options.typeRow ? this.columns.map((column) => cqlTypeName(column.type)) : null;
    const widths = headers.map((name, i) => Math.max(stringWidth(name), types === null ? 0 : stringWidth(types[i])));
    for (const texts of this.page) {
      for (let i = 0; i < texts.length; i++) widths[i] = Math.max(widths[i], displayWidth(texts[i]));
    }
    let out = '';
    if (this.headerPending) {
      out += ` ${this.justifyLeft(headers, widths, (i) => nameColor(this.columns[i]))}\n`;
      if (types !== null) out += ` ${this.justifyLeft(types, widths, () => '2')}\n`;
      out += `-${widths.map((width) => '-'.repeat(width)).join('-+-')}-\n`;
      this.headerPending = false;
    }
    this.page.forEach((texts, row) => {
      out += ' ';
      texts.forEach((text, i) => {
        if (i > 0) out += ' | ';
        out += ' '.repeat(widths[i] - displayWidth(text)) + this.paintValue(text, i, this.nulls[row][i]);
      });
      out += '\n';
    });
    this.sink.write(out);
    this.page = [];
    this.nulls = [];
  }

  private justifyLeft(texts: readonly string[], widths: readonly number[], color: (i: number) => string): string {
    const padded = texts.map((text, i) => {
      const painted = this.options.color ? paint(text, color(i)) : text;
      return painted + ' '.repeat(widths[i] - stringWidth(text));
    });
    return padded.join(' | ').trimEnd();
  }

  private paintValue(text: string, column: number, isNull: boolean): string {
    if (!this.options.color || text === '') return text;
    return paint(text, isNull ? NULL_COLOR : valueColor(this.columns[column].type));
  }
}

const ASCII = /^[\x20-\x7e]*$/;

/** Terminal columns of a text; the common case needs no segmentation. */
function displayWidth(text: string): number {
  return ASCII.test(text) ? text.length : stringWidth(text);
}
