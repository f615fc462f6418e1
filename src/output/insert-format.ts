import type { ResultColumn, RowChunk } from '../session/session.ts';
import { codecOf, quoteIdentifier, type TypeCodec } from '../types/index.ts';
import type { FormatOptions, OutputSink, RowFormat } from './row-format.ts';

/**
 * INSERT statements that make the rows again; nulls are left out, so that no tombstones are written. Counters only take
 * UPDATE.
 */
export class InsertFormat implements RowFormat {
  private readonly columns: readonly ResultColumn[];
  private readonly sink: OutputSink;
  private readonly codecs: readonly TypeCodec[];
  private readonly names: readonly string[];
  private readonly target: string;
  private readonly isCounter: boolean;

  constructor(columns: readonly ResultColumn[], sink: OutputSink, options: FormatOptions) {
    this.columns = columns;
    this.sink = sink;
    this.codecs = columns.map((column) => codecOf(column.type));
    this.names = columns.map((column) => quoteIdentifier(column.name));
    this.isCounter = columns.some(({ type }) => type.kind === 'native' && type.name === 'counter');
    const first = columns[0];
    this.target =
      options.tableName ??
      (first === undefined ? 'result' : `${quoteIdentifier(first.keyspace)}.${quoteIdentifier(first.table)}`);
  }

  begin(): void {}

  rows(chunk: RowChunk): void {
    const width = this.columns.length;
    let text = '';
    for (let row = 0; row < chunk.rowCount; row++) {
      const names: string[] = [];
      const values: string[] = [];
      for (let i = 0; i < width; i++) {
        const bytes = chunk.cells[row * width + i];
        if (bytes === null) continue;
        names.push(this.names[i]);
        values.push(this.codecs[i].toLiteral(bytes, 0, bytes.length));
      }
      text += this.isCounter ? this.update(names, values) : this.insert(names, values);
    }
    this.sink.write(text);
  }

  private insert(names: readonly string[], values: readonly string[]): string {
    return `INSERT INTO ${this.target} (${names.join(', ')}) VALUES (${values.join(', ')});\n`;
  }

  private update(names: readonly string[], values: readonly string[]): string {
    const added: string[] = [];
    const keys: string[] = [];
    for (const [i, name] of names.entries()) {
      const { kind } = this.columns[this.names.indexOf(name)];
      if (kind === 'partition_key' || kind === 'clustering') keys.push(`${name} = ${values[i]}`);
      else added.push(`${name} = ${name} + ${values[i]}`);
    }
    return added.length === 0 ? '' : `UPDATE ${this.target} SET ${added.join(', ')} WHERE ${keys.join(' AND ')};\n`;
  }

  end(): void {}
}
