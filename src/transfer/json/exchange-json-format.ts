import type { OutputSink, RowFormat } from '../../output/index.ts';
import type { ResultColumn, RowChunk } from '../../session/session.ts';
import { jsonColumnName } from '../../types/index.ts';
import { type ExchangeJson, exchangeJson } from './exchange-json.ts';

/** Rows as JSON lines that import to the same bytes (`ExchangeJson`). */
export class ExchangeJsonFormat implements RowFormat {
  private readonly sink: OutputSink;
  private readonly names: readonly string[];
  private readonly values: readonly ExchangeJson[];

  constructor(columns: readonly ResultColumn[], sink: OutputSink) {
    this.sink = sink;
    this.names = columns.map((column, i) => `${i === 0 ? '' : ', '}${JSON.stringify(jsonColumnName(column.name))}: `);
    this.values = columns.map((column) => exchangeJson(column.type));
  }

  begin(): void {}

  rows(chunk: RowChunk): void {
    const width = this.names.length;
    let text = '';
    for (let row = 0; row < chunk.rowCount; row++) {
      text += '{';
      for (let i = 0; i < width; i++) {
        const bytes = chunk.cells[row * width + i];
        text += this.names[i];
        text += bytes === null ? 'null' : this.values[i].write(bytes, 0, bytes.length);
      }
      text += '}\n';
    }
    this.sink.write(text);
  }

  end(): void {}
}
