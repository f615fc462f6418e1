import type { ResultColumn, RowChunk } from '../session/session.ts';
import { codecOf, type TypeCodec } from '../types/index.ts';
import type { OutputSink, RowFormat } from './row-format.ts';

/**
 * RFC 4180 with a header line: a field with the delimiter, a quote, CR or LF is quoted. Null is an empty field, an empty
 * text a quoted one. With a tab as delimiter this is TSV of the same rules.
 */
export class CsvFormat implements RowFormat {
  private readonly columns: readonly ResultColumn[];
  private readonly sink: OutputSink;
  private readonly delimiter: string;
  private readonly needsQuotes: RegExp;
  private readonly codecs: readonly TypeCodec[];
  /** Blobs may be large, and never need quotes: no look at them. */
  private readonly isHex: readonly boolean[];

  constructor(columns: readonly ResultColumn[], sink: OutputSink, delimiter: ',' | '\t') {
    this.columns = columns;
    this.sink = sink;
    this.delimiter = delimiter;
    this.needsQuotes = delimiter === ',' ? /[",\r\n]/ : /["\t\r\n]/;
    this.codecs = columns.map((column) => codecOf(column.type));
    this.isHex = columns.map(({ type }) => type.kind === 'native' && type.name === 'blob');
  }

  begin(): void {
    this.sink.write(`${this.columns.map((column) => this.field(column.name)).join(this.delimiter)}\r\n`);
  }

  rows(chunk: RowChunk): void {
    const width = this.columns.length;
    let text = '';
    for (let row = 0; row < chunk.rowCount; row++) {
      for (let i = 0; i < width; i++) {
        const bytes = chunk.cells[row * width + i];
        if (i > 0) text += this.delimiter;
        if (bytes === null) continue;
        const value = fieldText(this.codecs[i], bytes);
        text += this.isHex[i] ? value : this.field(value);
      }
      text += '\r\n';
    }
    this.sink.write(text);
  }

  end(): void {}

  private field(text: string): string {
    if (text === '') return '""';
    return this.needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }
}

/** Text of a simple value as it is, of all else its JSON form. */
export function fieldText(codec: TypeCodec, bytes: Uint8Array): string {
  if (codec.type.kind !== 'native') return codec.toJson(bytes, 0, bytes.length);
  switch (codec.type.name) {
    case 'float':
    case 'double':
      return codec.toDisplayString(bytes, 0, bytes.length);
    case 'blob':
      return codec.toLiteral(bytes, 0, bytes.length);
    default: {
      const json = codec.toJson(bytes, 0, bytes.length);
      // JSON.parse of a JSON string gives its text back; numbers and booleans are their own text.
      if (!json.startsWith('"')) return json;
      return json.includes('\\') ? String(JSON.parse(json)) : json.slice(1, -1);
    }
  }
}
