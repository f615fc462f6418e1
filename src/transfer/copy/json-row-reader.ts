import { CorruptionError, CqlError } from '../../errors/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import { type CqlType, type JsonValue, parseJson, withCqlNames } from '../../types/index.ts';
import { type ExchangeJson, exchangeJson } from '../json/exchange-json.ts';

export type JsonRow =
  | {
      readonly kind: 'row';
      readonly columns: readonly string[];
      readonly cells: readonly (Uint8Array | null)[];
      readonly line: number;
      readonly text: string;
    }
  | { readonly kind: 'bad'; readonly message: string; readonly line: number; readonly text: string };

/** JSON lines, each an object as INSERT JSON takes it or COPY TO wrote it, into cells. A file that is one array of objects is read too. */
export class JsonRowReader {
  private readonly table: TableMetadata;
  private readonly skipped: ReadonlySet<string>;
  private readonly values = new Map<string, ExchangeJson>();

  constructor(table: TableMetadata, skipColumns: readonly string[]) {
    this.table = table;
    this.skipped = new Set(skipColumns);
  }

  private valuesOf(name: string, type: CqlType): ExchangeJson {
    let values = this.values.get(name);
    if (values === undefined) {
      values = exchangeJson(type);
      this.values.set(name, values);
    }
    return values;
  }

  private read(name: string, type: CqlType, value: JsonValue): Uint8Array | null {
    try {
      return this.valuesOf(name, type).read(value);
    } catch (error) {
      if (!(error instanceof CqlError) && !(error instanceof CorruptionError)) throw error;
      throw CqlError.invalidRequest(`${error.message}, column ${name}`);
    }
  }

  async *rows(chunks: AsyncIterable<Uint8Array>): AsyncIterable<JsonRow> {
    let line = 0;
    for await (const text of linesOf(chunks)) {
      line++;
      const trimmed = text
        .trim()
        .replace(/^\[(?=\s*\{)/, '')
        .replace(/,$|(?<=\})\s*\]$/, '');
      if (trimmed === '' || trimmed === '[' || trimmed === ']') continue;
      yield this.rowOf(trimmed, line);
    }
  }

  private rowOf(text: string, line: number): JsonRow {
    try {
      const value = parseJson(text);
      if (!isObject(value)) throw CqlError.invalidRequest('a row is a JSON object');
      const columns: string[] = [];
      const cells: (Uint8Array | null)[] = [];
      for (const [name, cell] of withCqlNames(value)) {
        if (this.skipped.has(name)) continue;
        const column = this.table.columns.get(name);
        if (column === undefined)
          throw CqlError.invalidRequest(`JSON values map contains unrecognized column: ${name}`);
        columns.push(name);
        cells.push(cell === null ? null : this.read(name, column.type, cell));
      }
      return { kind: 'row', columns, cells, line, text };
    } catch (error) {
      if (!(error instanceof CqlError) && !(error instanceof CorruptionError)) throw error;
      return { kind: 'bad', message: error.message, line, text };
    }
  }
}

function isObject(value: JsonValue): value is ReadonlyMap<string, JsonValue> {
  return value instanceof Map;
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
