import stringWidth from 'string-width';
import type { ResultColumn, RowChunk } from '../session/session.ts';
import { formatCqlsh } from '../types/index.ts';
import { NULL_COLOR, nameColor, paint, valueColor } from './colors.ts';
import type { FormatOptions, OutputSink, RowFormat } from './row-format.ts';

/** cqlsh's EXPAND layout: `@ Row N`, a rule, then ` name | value` lines. */
export class ExpandedFormat implements RowFormat {
  private readonly columns: readonly ResultColumn[];
  private readonly sink: OutputSink;
  private readonly options: FormatOptions;
  private readonly nameWidth: number;
  private rowCount = 0;

  constructor(columns: readonly ResultColumn[], sink: OutputSink, options: FormatOptions) {
    this.columns = columns;
    this.sink = sink;
    this.options = options;
    this.nameWidth = Math.max(0, ...columns.map((column) => stringWidth(column.name)));
  }

  begin(): void {
    this.sink.write('\n');
  }

  rows(chunk: RowChunk): void {
    const width = this.columns.length;
    let out = '';
    for (let row = 0; row < chunk.rowCount; row++) {
      const texts: string[] = [];
      for (let i = 0; i < width; i++) {
        const bytes = chunk.cells[row * width + i];
        texts.push(
          bytes === null
            ? (this.options.nullText ?? 'null')
            : formatCqlsh(this.columns[i].type, bytes, 0, bytes.length, this.options),
        );
      }
      const valueWidth = Math.max(0, ...texts.map((text) => stringWidth(text)));
      out += `@ Row ${++this.rowCount}\n-${'-'.repeat(this.nameWidth)}-+-${'-'.repeat(valueWidth)}-\n`;
      texts.forEach((text, i) => {
        const name = this.columns[i].name;
        const padding = ' '.repeat(this.nameWidth - stringWidth(name));
        const isNull = chunk.cells[row * width + i] === null;
        const color = isNull ? NULL_COLOR : valueColor(this.columns[i].type);
        out += this.options.color
          ? ` ${paint(name, nameColor(this.columns[i]))}${padding} | ${text === '' ? '' : paint(text, color)}\n`
          : ` ${name}${padding} | ${text}\n`;
      });
      out += '\n';
    }
    this.sink.write(out);
  }

  end(): void {
    this.sink.write(`(${this.rowCount} rows)\n`);
  }
}
