import type { ResultColumn, RowChunk } from '../session/session.ts';
import { codecOf, quoteIdentifier, type TypeCodec } from '../types/index.ts';
import type { FormatOptions, OutputSink, RowFormat } from './row-format.ts';

/**
 * INSERT statements that make the rows again; nulls are left out, so that no tombstones are written. Counters only take
 * UPDATE, which adds: a static counter, which every row of its partition shows, is added with the first of them.
 */
export class InsertFormat implements RowFormat {
  private readonly columns: readonly ResultColumn[];
  private readonly sink: OutputSink;
  private readonly codecs: readonly TypeCodec[];
  private readonly names: readonly string[];
  private readonly target: string;
  private readonly isCounter: boolean;
  /** Of counter tables: the partition of the row before. */
  private partition: string | null = null;

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
    const ofKind = (kind: ResultColumn['kind']): number[] =>
      names.flatMap((name, i) => (this.columns[this.names.indexOf(name)].kind === kind ? [i] : []));
    const where = (columns: readonly number[]): string =>
      columns.map((i) => `${names[i]} = ${values[i]}`).join(' AND ');
    const updateOf = (added: readonly number[], keys: readonly number[]): string =>
      added.length === 0
        ? ''
        : `UPDATE ${this.target} SET ${added.map((i) => `${names[i]} = ${names[i]} + ${values[i]}`).join(', ')}` +
          ` WHERE ${where(keys)};\n`;
    const partitionKey = ofKind('partition_key');
    const partition = where(partitionKey);
    const isFirst = partition !== this.partition;
    this.partition = partition;
    return (
      (isFirst ? updateOf(ofKind('static'), partitionKey) : '') +
      updateOf(ofKind('regular'), [...partitionKey, ...ofKind('clustering')])
    );
  }

  end(): void {}
}
