import type { ResultColumn, RowChunk } from '../session/session.ts';
import { formatCqlsh, isNumeric } from '../types/index.ts';
import type { OutputSink, RowFormat } from './row-format.ts';

/** A GitHub table; pipes and line ends in values are escaped. */
export class MarkdownFormat implements RowFormat {
  private readonly columns: readonly ResultColumn[];
  private readonly sink: OutputSink;

  constructor(columns: readonly ResultColumn[], sink: OutputSink) {
    this.columns = columns;
    this.sink = sink;
  }

  begin(): void {
    this.sink.write(`| ${this.columns.map((column) => escapeCell(column.name)).join(' | ')} |\n`);
    this.sink.write(`|${this.columns.map((column) => (isNumericColumn(column) ? '--:' : '---')).join('|')}|\n`);
  }

  rows(chunk: RowChunk): void {
    const width = this.columns.length;
    let text = '';
    for (let row = 0; row < chunk.rowCount; row++) {
      for (let i = 0; i < width; i++) {
        const bytes = chunk.cells[row * width + i];
        text += `| ${bytes === null ? '' : escapeCell(cellText(this.columns[i], bytes))} `;
      }
      text += '|\n';
    }
    this.sink.write(text);
  }

  end(): void {}
}

/** As cqlsh shows values, but texts as they are: what it escapes in them for the terminal would be read as theirs here. */
export function cellText({ type }: ResultColumn, bytes: Uint8Array): string {
  const isText = type.kind === 'native' && (type.name === 'text' || type.name === 'ascii');
  return isText ? Buffer.from(bytes).toString('utf8') : formatCqlsh(type, bytes, 0, bytes.length);
}

/** Such columns are set flush right. */
export function isNumericColumn({ type }: ResultColumn): boolean {
  return type.kind === 'native' && isNumeric(type.name);
}

function escapeCell(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('\n', '<br>');
}
