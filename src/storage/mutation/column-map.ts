import { int64 } from '../../bytes/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';
import type { Row } from '../rows/index.ts';

/** Columns of a later version of a table by their indexes in an earlier one. */
export interface ColumnMap {
  /** GONE for columns that the later version lacks. */
  readonly index: Int32Array;
  /** 1 where a column of the name was dropped in between, or earlier; cells at or before that time went with it. */
  readonly wasDropped: Uint8Array;
  readonly droppedHi: Int32Array;
  readonly droppedLo: Int32Array;
}

const GONE = -1;

/** Columns are matched by name: `names` in the order of the earlier version, `columns` statics or regulars of `table`. */
export function mapColumns(
  names: readonly string[],
  columns: readonly ColumnMetadata[],
  table: TableMetadata,
): ColumnMap {
  const map = {
    index: new Int32Array(names.length),
    wasDropped: new Uint8Array(names.length),
    droppedHi: new Int32Array(names.length),
    droppedLo: new Int32Array(names.length),
  };
  names.forEach((name, i) => {
    const now = columns.findIndex((column) => column.name === name);
    map.index[i] = now === -1 ? GONE : now;
    const dropped = table.dropped.get(name);
    if (dropped === undefined) return;
    map.wasDropped[i] = 1;
    map.droppedHi[i] = int64.hiOf(dropped.droppedTimeMicros);
    map.droppedLo[i] = int64.loOf(dropped.droppedTimeMicros);
  });
  return map;
}

/**
 * Makes `row` of `source` under the later version. Cells and complex deletions of dropped columns are left out, also where
 * the column was added again later. The order of columns is kept: it depends on names and on nothing that ALTER changes.
 */
export function mapRow(source: Row, map: ColumnMap, row: Row): void {
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
    const column = columnAt(map, source.complexColumn[i], hi, lo);
    if (column !== GONE) row.addComplexDeletion(column, hi, lo, source.complexLocalSeconds[i]);
  }
  for (let i = 0; i < source.cellCount; i++) {
    const column = columnAt(map, source.cellColumn[i], source.cellHi[i], source.cellLo[i]);
    if (column === GONE) continue;
    row.addCellOf(source, i);
    row.cellColumn[row.cellCount - 1] = column;
  }
}

/** Where a cell or a deletion with this timestamp goes. */
function columnAt(map: ColumnMap, column: number, hi: number, lo: number): number {
  const isDropped =
    map.wasDropped[column] === 1 && int64.compare(hi, lo, map.droppedHi[column], map.droppedLo[column]) <= 0;
  return isDropped ? GONE : map.index[column];
}
