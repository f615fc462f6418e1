import type { ResultColumn, RowChunk } from '../session/session.ts';
import { cellText, isNumericColumn } from './markdown-format.ts';
import type { OutputSink, RowFormat } from './row-format.ts';

/** A plain HTML table; null is an empty cell of class `null`. */
export class HtmlFormat implements RowFormat {
  private readonly columns: readonly ResultColumn[];
  private readonly sink: OutputSink;

  constructor(columns: readonly ResultColumn[], sink: OutputSink) {
    this.columns = columns;
    this.sink = sink;
  }

  begin(): void {
    const header = this.columns.map((column) => `<th>${escapeHtml(column.name)}</th>`).join('');
    this.sink.write(`<table>\n<thead><tr>${header}</tr></thead>\n<tbody>\n`);
  }

  rows(chunk: RowChunk): void {
    const width = this.columns.length;
    let text = '';
    for (let row = 0; row < chunk.rowCount; row++) {
      text += '<tr>';
      for (let i = 0; i < width; i++) {
        const bytes = chunk.cells[row * width + i];
        if (bytes === null) text += '<td class="null"></td>';
        else {
          const align = isNumericColumn(this.columns[i]) ? ' align="right"' : '';
          text += `<td${align}>${escapeHtml(cellText(this.columns[i], bytes))}</td>`;
        }
      }
      text += '</tr>\n';
    }
    this.sink.write(text);
  }

  end(): void {
    this.sink.write('</tbody>\n</table>\n');
  }
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
