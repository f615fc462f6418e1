import { int64 } from '../../../bytes/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../../schema/model/index.ts';
import { NO_PATH, type Partition, type Row, Step, type UnfilteredStream } from '../../../storage/rows/index.ts';
import type { FragmentSource } from '../../../storage/scan/index.ts';
import type { PartitionCollector } from '../fragments/read-partitions.ts';

/** How much there is of one partition; rows and cells count once a source. */
export interface PartitionCounts {
  readonly key: Uint8Array;
  readonly rows: number;
  readonly cells: number;
  readonly tombstones: number;
  /** Of the key, clustering values, paths and values. */
  readonly bytes: number;
  readonly sources: number;
}

/** What was counted of one column. */
export interface ColumnCounts {
  cells: number;
  tombstones: number;
  expiring: number;
  bytes: number;
}

/** Counts without keeping anything, so that partitions of all sizes fit. `columns` is added to. */
export class CountCollector implements PartitionCollector<PartitionCounts> {
  private readonly table: TableMetadata;
  private readonly columns: ReadonlyMap<ColumnMetadata, ColumnCounts> | null;
  private readonly times: TimeRange | null;
  private key: Uint8Array = new Uint8Array(0);
  private rows = 0;
  private cells = 0;
  private tombstones = 0;
  private bytes = 0;
  private sources = 0;

  constructor(
    table: TableMetadata,
    columns: ReadonlyMap<ColumnMetadata, ColumnCounts> | null = null,
    times: TimeRange | null = null,
  ) {
    this.table = table;
    this.columns = columns;
    this.times = times;
  }

  begin(_source: FragmentSource, { key, keyStart, keyEnd, deletion }: Partition): void {
    if (this.sources++ === 0) {
      this.key = Uint8Array.prototype.slice.call(key, keyStart, keyEnd);
      this.bytes += this.key.length;
    }
    if (!deletion.isLive()) this.addTombstone(deletion.hi, deletion.lo);
  }

  element(step: Step, { row, marker }: UnfilteredStream): void {
    if (step === Step.ROW || step === Step.STATIC_ROW) this.addRow(row);
    else if (step === Step.MARKER && !marker.opening.isLive()) this.addTombstone(marker.opening.hi, marker.opening.lo);
  }

  finish(): PartitionCounts {
    const { key, rows, cells, tombstones, bytes, sources } = this;
    return { key, rows, cells, tombstones, bytes, sources };
  }

  private addTombstone(hi: number, lo: number): void {
    this.tombstones++;
    this.times?.add(hi, lo);
  }

  private addRow(row: Row): void {
    if (!row.isStatic) {
      this.rows++;
      for (let i = 0; i < row.clustering.size; i++) this.bytes += row.clustering.value(i)?.length ?? 0;
    }
    if (!row.deletion.isLive()) this.addTombstone(row.deletion.hi, row.deletion.lo);
    if (row.hasLiveness) this.times?.add(row.livenessHi, row.livenessLo);
    for (let i = 0; i < row.complexCount; i++) this.addTombstone(row.complexHi[i], row.complexLo[i]);
    const columns = row.isStatic ? this.table.statics : this.table.regulars;
    for (let i = 0; i < row.cellCount; i++) this.addCell(row, i, columns[row.cellColumn[i]]);
  }

  private addCell(row: Row, i: number, column: ColumnMetadata): void {
    const pathBytes = row.pathEnd[i] === NO_PATH ? 0 : row.pathEnd[i] - row.pathStart[i];
    const bytes = pathBytes + row.valueEnd[i] - row.valueStart[i];
    const isTombstone = row.isTombstone(i);
    this.bytes += bytes;
    this.times?.add(row.cellHi[i], row.cellLo[i]);
    if (isTombstone) this.tombstones++;
    else this.cells++;
    const counts = this.columns?.get(column);
    if (counts === undefined) return;
    if (isTombstone) counts.tombstones++;
    else counts.cells++;
    if (row.isExpiring(i)) counts.expiring++;
    counts.bytes += bytes;
  }
}

/** The least and the greatest of timestamps in int64 halves. */
export class TimeRange {
  private isEmpty = true;
  private minHi = 0;
  private minLo = 0;
  private maxHi = 0;
  private maxLo = 0;

  add(hi: number, lo: number): void {
    if (this.isEmpty || int64.compare(hi, lo, this.minHi, this.minLo) < 0) {
      this.minHi = hi;
      this.minLo = lo;
    }
    if (this.isEmpty || int64.compare(hi, lo, this.maxHi, this.maxLo) > 0) {
      this.maxHi = hi;
      this.maxLo = lo;
    }
    this.isEmpty = false;
  }

  get min(): bigint | null {
    return this.isEmpty ? null : int64.toBigInt(this.minHi, this.minLo);
  }

  get max(): bigint | null {
    return this.isEmpty ? null : int64.toBigInt(this.maxHi, this.maxLo);
  }
}
