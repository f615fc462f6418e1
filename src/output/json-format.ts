import type { ResultColumn, RowChunk } from '../session/session.ts';
import { codecOf, jsonColumnName, type TypeCodec } from '../types/index.ts';
import type { OutputSink, RowFormat } from './row-format.ts';

/**
 * Rows as Cassandra's `SELECT JSON` renders them: `array` puts a result on one line as a JSON array, `lines` a row on a
 * line. A row that is itself the answer of SELECT JSON (one column `[json]`) keeps its shape: an object with that key.
 */
export class JsonFormat implements RowFormat {
  private readonly sink: OutputSink;
  private readonly layout: 'array' | 'lines';
  private readonly names: readonly string[];
  private readonly codecs: readonly TypeCodec[];
  private isEmpty = true;

  constructor(columns: readonly ResultColumn[], sink: OutputSink, layout: 'array' | 'lines') {
    this.sink = sink;
    this.layout = layout;
    this.names = columns.map((column, i) => `${i === 0 ? '' : ', '}${JSON.stringify(jsonColumnName(column.name))}: `);
    this.codecs = columns.map((column) => codecOf(column.type));
  }

  /** The bracket comes with the first rows: of a statement whose first rows cannot be rendered nothing stands in the output. */
  begin(): void {}

  rows(chunk: RowChunk): void {
    const width = this.names.length;
    let text = '';
    for (let row = 0; row < chunk.rowCount; row++) {
      if (this.layout === 'array') text += this.isEmpty && row === 0 ? '[' : ', ';
      text += '{';
      for (let i = 0; i < width; i++) {
        const bytes = chunk.cells[row * width + i];
        text += this.names[i];
        text += bytes === null ? 'null' : this.codecs[i].toJson(bytes, 0, bytes.length);
      }
      text += this.layout === 'array' ? '}' : '}\n';
    }
    if (chunk.rowCount > 0) this.isEmpty = false;
    this.sink.write(text);
  }

  end(): void {
    if (this.layout === 'array') this.sink.write(this.isEmpty ? '[]\n' : ']\n');
  }
}
