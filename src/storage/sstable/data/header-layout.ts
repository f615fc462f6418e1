import { int64 } from '../../../bytes/index.ts';
import { type ColumnMetadata, isMultiCell, type TableMetadata } from '../../../schema/model/index.ts';
import type { HeaderColumn, SerializationHeader } from '../components/statistics/serialization-header.ts';
import type { ClusteringLayout } from './read-clustering.ts';

/** A header's column that the table does not have: its cells are decoded past. */
export const NOT_IN_TABLE = -1;

/**
 * The columns of a header against those of the table as it is now, as flat arrays for the decoder. Index: the column's
 * place in the header.
 */
export interface ColumnLayout {
  readonly count: number;
  /** Index in the table's `statics` or `regulars`, or NOT_IN_TABLE. */
  readonly tableIndex: Int32Array;
  readonly fixedLength: Int32Array;
  readonly isComplex: Uint8Array;
  /** Cells written at or before the drop time are hidden; the least int64 when the column was never dropped. */
  readonly dropHi: Int32Array;
  readonly dropLo: Int32Array;
  readonly wasDropped: Uint8Array;
  readonly names: readonly string[];
  /** The header's order is the table's order (it always is, unless a name means another kind of column now). */
  readonly inTableOrder: boolean;
}

export interface HeaderLayout {
  readonly statics: ColumnLayout;
  readonly regulars: ColumnLayout;
  readonly clustering: ClusteringLayout;
  readonly minTimestampHi: number;
  readonly minTimestampLo: number;
  readonly minLocalSeconds: number;
  readonly minTtl: number;
  /** Columns of the header that the table neither has nor has dropped: their data is left out, and should be told. */
  readonly unknownColumns: readonly string[];
}

export function headerLayout(header: SerializationHeader, table: TableMetadata): HeaderLayout {
  const unknownColumns: string[] = [];
  return {
    statics: columnLayout(header.statics, table.statics, table, unknownColumns),
    regulars: columnLayout(header.regulars, table.regulars, table, unknownColumns),
    clustering: {
      lengths: Int32Array.from(header.clustering, (type) => type.fixedLength),
      names: table.clustering.map((column) => column.name),
    },
    minTimestampHi: header.minima.minTimestampHi,
    minTimestampLo: header.minima.minTimestampLo,
    minLocalSeconds: header.minima.minLocalSeconds,
    minTtl: header.minima.minTtl,
    unknownColumns,
  };
}

function columnLayout(
  stored: readonly HeaderColumn[],
  columns: readonly ColumnMetadata[],
  table: TableMetadata,
  unknownColumns: string[],
): ColumnLayout {
  const count = stored.length;
  const tableIndex = new Int32Array(count).fill(NOT_IN_TABLE);
  const dropHi = new Int32Array(count).fill(int64.MIN_HI);
  const dropLo = new Int32Array(count).fill(int64.MIN_LO);
  const wasDropped = new Uint8Array(count);
  const byName = new Map(columns.map((column) => [column.name, column]));
  const isComplex = new Uint8Array(count);
  let inTableOrder = true;
  let previous = -1;
  stored.forEach((column, i) => {
    const known = byName.get(column.name);
    // Whether a UDT is frozen the schema knows better: old headers leave it out.
    const isUserType = column.type.kind === 'udt' && known?.type.kind === 'udt';
    isComplex[i] = (isUserType ? isMultiCell(known.type) : column.isComplex) ? 1 : 0;
    const dropped = table.dropped.get(column.name);
    if (dropped !== undefined) {
      dropHi[i] = int64.hiOf(dropped.droppedTimeMicros);
      dropLo[i] = int64.loOf(dropped.droppedTimeMicros);
      wasDropped[i] = 1;
    }
    if (known !== undefined && isMultiCell(known.type) === (isComplex[i] === 1)) {
      tableIndex[i] = known.position;
      if (known.position < previous) inTableOrder = false;
      previous = known.position;
    } else if (dropped === undefined) {
      unknownColumns.push(column.name);
    }
  });
  return {
    count,
    tableIndex,
    fixedLength: Int32Array.from(stored, (column) => column.fixedLength),
    isComplex,
    dropHi,
    dropLo,
    wasDropped,
    names: stored.map((column) => column.name),
    inTableOrder,
  };
}
