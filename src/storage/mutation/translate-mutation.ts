import type { TableMetadata } from '../../schema/model/index.ts';
import { Row } from '../rows/index.ts';
import { mapColumns, mapRow } from './column-map.ts';
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
  const statics = mapColumns(from.statics, table.statics, table);
  const regulars = mapColumns(from.regulars, table.regulars, table);
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
    mapRow(source, source.isStatic ? statics : regulars, row);
    if (row.isEmpty()) continue;
    builder.addRow(row);
    isEmpty = false;
  }
  if (!isEmpty) return builder.finish();
  builder.discard();
  return null;
}
