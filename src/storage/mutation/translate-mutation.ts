import { int64 } from '../../bytes/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';
import { Row } from '../rows/index.ts';
import type { Mutation, MutationBuilder } from './mutation-builder.ts';
import { MutationElement, type MutationReader } from './mutation-reader.ts';

/** The columns that a mutation's indexes mean, by name. */
export interface ColumnNames {
  readonly statics: readonly string[];
  readonly regulars: readonly string[];
}

/**
 * The mutation that `reader` was opened on, under another version of its table. Cells of columns that the table no longer
 * has are left out, also when a column of that name was added later; null when nothing is left.
 */
export function translateMutation(
  reader: MutationReader,
  from: ColumnNames,
  table: TableMetadata,
  builder: MutationBuilder,
): Mutation | null {
  const statics = from.statics.map((name) => successor(table, table.statics, name));
  const regulars = from.regulars.map((name) => successor(table, table.regulars, name));
  const source = new Row();
  const row = new Row();
  builder.begin(table, reader.bytes.subarray(reader.keyStart, reader.keyEnd));
  const { partitionDeletion } = reader;
  let isEmpty = partitionDeletion.isLive();
  if (!isEmpty) builder.deletePartition(partitionDeletion.hi, partitionDeletion.lo, partitionDeletion.localSeconds);
  for (let element = reader.next(); element !== MutationElement.END; element = reader.next()) {
    if (element === MutationElement.RANGE) {
      const { hi, lo, localSeconds } = reader.rangeDeletion;
      builder.addRangeTombstone(reader.rangeStart, reader.rangeEnd, hi, lo, localSeconds);
      isEmpty = false;
      continue;
    }
    reader.readRow(source);
    translateRow(source, source.isStatic ? statics : regulars, row);
    if (row.isEmpty()) continue;
    builder.addRow(row);
    isEmpty = false;
  }
  if (!isEmpty) return builder.finish();
  builder.discard();
  return null;
}

/** The column that goes by a name now, and until when cells of that name were dropped. */
interface Successor {
  readonly position: number;
  readonly dropped: { readonly hi: number; readonly lo: number } | null;
}

const GONE = -1;

function successor(table: TableMetadata, columns: readonly ColumnMetadata[], name: string): Successor {
  const micros = table.dropped.get(name)?.droppedTimeMicros;
  return {
    position: columns.findIndex((column) => column.name === name),
    dropped: micros === undefined ? null : { hi: int64.hiOf(micros), lo: int64.loOf(micros) },
  };
}

/** Where a cell or a deletion with this timestamp goes. */
function positionAt({ position, dropped }: Successor, hi: number, lo: number): number {
  return dropped !== null && int64.compare(hi, lo, dropped.hi, dropped.lo) <= 0 ? GONE : position;
}

function translateRow(source: Row, columns: readonly Successor[], row: Row): void {
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
    const column = positionAt(columns[source.complexColumn[i]], hi, lo);
    if (column !== GONE) row.addComplexDeletion(column, hi, lo, source.complexLocalSeconds[i]);
  }
  for (let i = 0; i < source.cellCount; i++) {
    const column = positionAt(columns[source.cellColumn[i]], source.cellHi[i], source.cellLo[i]);
    if (column === GONE) continue;
    row.addCellOf(source, i);
    row.cellColumn[row.cellCount - 1] = column;
  }
}
