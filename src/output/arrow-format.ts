import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  Field,
  Float32,
  Float64,
  Int32,
  Int64,
  makeBuilder,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow';
import type { ResultColumn, RowChunk } from '../session/session.ts';
import { type FileColumn, type FileColumnKind, fileColumnOf } from './column-values.ts';
import type { OutputSink, RowFormat } from './row-format.ts';

/** The Arrow IPC file format, a record batch a chunk of rows: memory does not grow with the result. */
export class ArrowFormat implements RowFormat {
  private readonly sink: OutputSink;
  private readonly readers: readonly FileColumn[];
  private readonly schema: Schema;
  private readonly writer = new RecordBatchFileWriter();
  private readonly copying: Promise<void>;

  constructor(columns: readonly ResultColumn[], sink: OutputSink) {
    this.sink = sink;
    this.readers = columns.map((column) => fileColumnOf(column.type));
    this.schema = new Schema(columns.map((column, i) => new Field(column.name, typeOf(this.readers[i].kind), true)));
    this.writer.reset(undefined, this.schema);
    this.copying = this.copy();
  }

  begin(): void {}

  rows(chunk: RowChunk): void {
    const width = this.readers.length;
    const children = this.readers.map((reader, i) => {
      const builder = makeBuilder({ type: typeOf(reader.kind), nullValues: [null] });
      for (let row = 0; row < chunk.rowCount; row++) {
        const cell = chunk.cells[row * width + i];
        builder.append(cell === null ? null : reader.read(cell));
      }
      return builder.finish().flush();
    });
    const data = makeData({ type: new Struct(this.schema.fields), length: chunk.rowCount, children });
    this.writer.write(new RecordBatch(this.schema, data));
  }

  async end(): Promise<void> {
    this.writer.finish();
    await this.copying;
  }

  private async copy(): Promise<void> {
    for await (const bytes of this.writer) this.sink.write(bytes);
  }
}

function typeOf(kind: FileColumnKind): DataType {
  switch (kind) {
    case 'boolean':
      return new Bool();
    case 'int32':
      return new Int32();
    case 'int64':
      return new Int64();
    case 'float':
      return new Float32();
    case 'double':
      return new Float64();
    case 'timestamp':
      return new TimestampMillisecond();
    case 'date':
      return new DateDay();
    case 'binary':
      return new Binary();
    case 'text':
      return new Utf8();
  }
}
