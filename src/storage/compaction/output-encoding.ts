import { type ColumnMetadata, isMultiCell, type TableMetadata } from '../../schema/model/index.ts';
import { codecOf } from '../../types/index.ts';
import type { ColumnLayout } from '../sstable/data/header-layout.ts';
import { mergedMinima } from '../sstable/merged-minima.ts';
import type { SSTableReader } from '../sstable/sstable-reader.ts';
import type { EncodingStats } from '../sstable/write/encoding-stats.ts';
import type { WriteVersion } from '../sstable/write/write-version.ts';
import type { StoredSSTable } from './stored-sstable.ts';

/** All that decides which bytes a row has in the outputs of a compaction. */
export interface OutputEncoding {
  readonly version: WriteVersion;
  readonly statics: readonly ColumnMetadata[];
  readonly regulars: readonly ColumnMetadata[];
  readonly minima: EncodingStats;
}

/** The minima of what the inputs have, and the table's columns that any of them has. */
export function outputEncoding(
  table: TableMetadata,
  version: WriteVersion,
  inputs: readonly StoredSSTable[],
): OutputEncoding {
  const names = new Set<string>();
  for (const { reader } of inputs) {
    for (const column of reader.header.statics) names.add(column.name);
    for (const column of reader.header.regulars) names.add(column.name);
  }
  return {
    version,
    statics: table.statics.filter((column) => names.has(column.name)),
    regulars: table.regulars.filter((column) => names.has(column.name)),
    minima: mergedMinima(inputs.map(({ reader }) => reader)),
  };
}

/**
 * The file's rows have the bytes that they would have under `encoding`: the same version, minima, and columns with values
 * of the same form. A file with cells of a dropped column has not, even when the column was added again.
 */
export function sharesEncoding({ version, layout, header }: SSTableReader, encoding: OutputEncoding): boolean {
  const { minima } = encoding;
  return (
    version.name === encoding.version &&
    header.minima.minTimestampHi === minima.minTimestampHi &&
    header.minima.minTimestampLo === minima.minTimestampLo &&
    header.minima.minLocalSeconds === minima.minLocalSeconds &&
    header.minima.minTtl === minima.minTtl &&
    sharesColumns(layout.statics, encoding.statics) &&
    sharesColumns(layout.regulars, encoding.regulars)
  );
}

function sharesColumns(stored: ColumnLayout, columns: readonly ColumnMetadata[]): boolean {
  return (
    stored.count === columns.length &&
    columns.every(
      (column, i) =>
        stored.tableIndex[i] === column.position &&
        stored.wasDropped[i] === 0 &&
        (stored.isComplex[i] === 1) === isMultiCell(column.type) &&
        stored.fixedLength[i] === codecOf(column.type).fixedLength,
    )
  );
}
