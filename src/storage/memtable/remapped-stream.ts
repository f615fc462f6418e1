import { int64 } from '../../bytes/index.ts';
import { invariant } from '../../errors/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';
import { type Partition, type RangeTombstoneMarker, Row, Step, type UnfilteredStream } from '../rows/index.ts';

/** Column indexes of a later table version for those of an earlier one; dropped columns have GONE. */
interface ColumnMap {
  readonly index: Int32Array;
  /** Cells at or before this time were dropped with an earlier column of the name. */
  readonly droppedHi: Int32Array;
  readonly droppedLo: Int32Array;
}

const GONE = -1;

/**
 * Rows written under an earlier version of a table, under its columns of now. Columns are matched by name; cells of
 * dropped columns are left out, also where the column was added again later. The order of columns is kept: it depends
 * on names and on nothing that ALTER changes.
 */
export class RemappedStream implements UnfilteredStream {
  readonly table: TableMetadata;
  readonly row = new Row();
  private readonly source: UnfilteredStream;
  private readonly statics: ColumnMap;
  private readonly regulars: ColumnMap;

  private constructor(source: UnfilteredStream, table: TableMetadata) {
    this.source = source;
    this.table = table;
    this.statics = mapColumns(source.table.statics, table.statics, table);
    this.regulars = mapColumns(source.table.regulars, table.regulars, table);
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
      this.remap(this.source.row, step === Step.STATIC_ROW ? this.statics : this.regulars);
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

  private remap(source: Row, map: ColumnMap): void {
    const { row } = this;
    row.clear(source.isStatic);
    row.clustering.shareFrom(source.clustering);
    if (source.hasLiveness) {
      row.setLiveness(source.livenessHi, source.livenessLo, source.livenessTtl, source.livenessLocalSeconds);
    }
    row.deletion.copyFrom(source.deletion);
    row.deletionIsShadowable = source.deletionIsShadowable;
    for (let i = 0; i < source.complexCount; i++) {
      const hi = source.complexHi[i];
      const lo = source.complexLo[i];
      const column = columnAfter(map, source.complexColumn[i], hi, lo);
      if (column !== GONE) row.addComplexDeletion(column, hi, lo, source.complexLocalSeconds[i]);
    }
    for (let i = 0; i < source.cellCount; i++) {
      const column = columnAfter(map, source.cellColumn[i], source.cellHi[i], source.cellLo[i]);
      if (column === GONE) continue;
      row.addCellOf(source, i);
      row.cellColumn[row.cellCount - 1] = column;
    }
  }
}

function columnAfter(map: ColumnMap, column: number, hi: number, lo: number): number {
  return int64.compare(hi, lo, map.droppedHi[column], map.droppedLo[column]) <= 0 ? GONE : map.index[column];
}

function mapColumns(from: readonly ColumnMetadata[], to: readonly ColumnMetadata[], table: TableMetadata): ColumnMap {
  const map = {
    index: new Int32Array(from.length),
    droppedHi: new Int32Array(from.length).fill(int64.MIN_HI),
    droppedLo: new Int32Array(from.length),
  };
  from.forEach((column, i) => {
    const now = to.find((candidate) => candidate.name === column.name);
    map.index[i] = now === undefined ? GONE : now.position;
    const dropped = table.dropped.get(column.name);
    if (dropped === undefined) return;
    map.droppedHi[i] = int64.hiOf(dropped.droppedTimeMicros);
    map.droppedLo[i] = int64.loOf(dropped.droppedTimeMicros);
  });
  return map;
}
