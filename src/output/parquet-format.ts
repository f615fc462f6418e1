import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { ResultColumn, RowChunk } from '../session/session.ts';
import { type FileColumn, type FileColumnKind, type FileValue, fileColumnOf } from './column-values.ts';
import type { OutputSink, RowFormat } from './row-format.ts';

/** A row group ends after so many rows, or bytes of cells: enough to compress well, few enough to be held in memory. */
const ROW_GROUP_ROWS = 10_000;
const ROW_GROUP_BYTES = 4 * 1024 * 1024;

/** Parquet with Snappy, a row group at a time: memory does not grow with the result. */
export class ParquetFormat implements RowFormat {
  private readonly columns: readonly ResultColumn[];
  private readonly sink: OutputSink;
  private readonly readers: readonly FileColumn[];
  private readonly bytes: ByteWriter;
  private readonly writer: ParquetWriter;
  private values: FileValue[][];
  private rowCount = 0;
  private cellBytes = 0;

  constructor(columns: readonly ResultColumn[], sink: OutputSink) {
    this.columns = columns;
    this.sink = sink;
    this.readers = columns.map((column) => fileColumnOf(column.type));
    this.values = columns.map(() => []);
    this.bytes = new ByteWriter();
    this.writer = new ParquetWriter({
      writer: this.bytes,
      schema: [
        { name: 'root', num_children: columns.length },
        ...columns.map((column, i) => ({
          name: column.name,
          repetition_type: 'OPTIONAL' as const,
          ...ELEMENTS[this.readers[i].kind],
        })),
      ],
      createdBy: 'cassette',
    });
  }

  begin(): void {}

  rows(chunk: RowChunk): void {
    const width = this.columns.length;
    for (let row = 0; row < chunk.rowCount; row++) {
      for (let i = 0; i < width; i++) {
        const cell = chunk.cells[row * width + i];
        this.values[i].push(cell === null ? null : this.readers[i].read(cell));
        this.cellBytes += cell?.length ?? 0;
      }
      if (++this.rowCount === ROW_GROUP_ROWS || this.cellBytes >= ROW_GROUP_BYTES) this.writeRowGroup();
    }
  }

  end(): void {
    if (this.rowCount > 0) this.writeRowGroup();
    this.writer.finish();
    this.handOver();
  }

  private writeRowGroup(): void {
    this.writer.write({
      columnData: this.columns.map((column, i) => ({ name: column.name, data: this.values[i] })),
      rowGroupSize: this.rowCount,
    });
    this.values = this.columns.map(() => []);
    this.rowCount = 0;
    this.cellBytes = 0;
    this.handOver();
  }

  /** Gives what was written to the sink; `offset` goes on counting, only the buffer is emptied. */
  private handOver(): void {
    this.sink.write(this.bytes.getBytes().slice());
    this.bytes.index = 0;
  }
}

const ELEMENTS = {
  boolean: { type: 'BOOLEAN' },
  int32: { type: 'INT32' },
  int64: { type: 'INT64' },
  float: { type: 'FLOAT' },
  double: { type: 'DOUBLE' },
  timestamp: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
  date: { type: 'INT32', converted_type: 'DATE' },
  binary: { type: 'BYTE_ARRAY' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
} as const satisfies Record<FileColumnKind, object>;
