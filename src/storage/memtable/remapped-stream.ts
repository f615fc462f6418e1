import { invariant } from '../../errors/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';
import { type ColumnMap, mapColumns, mapRow } from '../mutation/column-map.ts';
import { type Partition, type RangeTombstoneMarker, Row, Step, type UnfilteredStream } from '../rows/index.ts';

/** Rows written under an earlier version of a table, under its columns of now. */
export class RemappedStream implements UnfilteredStream {
  readonly table: TableMetadata;
  readonly row = new Row();
  private readonly source: UnfilteredStream;
  private readonly statics: ColumnMap;
  private readonly regulars: ColumnMap;

  private constructor(source: UnfilteredStream, table: TableMetadata) {
    this.source = source;
    this.table = table;
    this.statics = mapColumns(namesOf(source.table.statics), table.statics, table);
    this.regulars = mapColumns(namesOf(source.table.regulars), table.regulars, table);
  }

  static over(source: UnfilteredStream, table: TableMetadata): UnfilteredStream {
    invariant(source.table.id === table.id, 'a stream is of another table');
    return new RemappedStream(source, table);
  }

  get reversed(): boolean {
    return this.source.reversed;
  }

  get partition(): Partition {
    return this.source.partition;
  }

  get marker(): RangeTombstoneMarker {
    return this.source.marker;
  }

  next(): Step {
    for (;;) {
      const step = this.source.next();
      if (step !== Step.ROW && step !== Step.STATIC_ROW) return step;
      mapRow(this.source.row, step === Step.STATIC_ROW ? this.statics : this.regulars, this.row);
      if (!this.row.isEmpty()) return step;
    }
  }

  load(): Promise<void> {
    return this.source.load();
  }

  skipPartition(): void {
    this.source.skipPartition();
  }

  close(): void {
    this.source.close();
  }
}

function namesOf(columns: readonly ColumnMetadata[]): string[] {
  return columns.map((column) => column.name);
}
