import { isCompactTable, isCounterTable, type TableMetadata } from '../../schema/model/index.ts';
import { NO_DELETION_TIME } from '../rows/index.ts';
import type { ScanRequest } from '../scan/index.ts';
import type { SSTableReader } from '../sstable/sstable-reader.ts';

/**
 * How many rows of one SSTable a scan of everything sees, where Statistics.db says it: `totalRows` counts every row that
 * was written, and each of them is seen exactly when
 *
 * - nothing in the file is a deletion or expires. The least local deletion time is taken over every cell, liveness and
 *   deletion of any kind (of a cell, a collection, a row, a range, a partition): when it is none, all of them are alive now
 *   and for ever. A row that is not empty then has a liveness or a cell that is seen;
 * - no cell is of a column that the schema does not have, or had before: it would make no row visible;
 * - there are no static rows, which `totalRows` counts and SELECT does not;
 * - the table is no view that hides rows without liveness, and of no old kind whose rows are not its partitions' rows.
 *
 * Only for versions whose Statistics.db has checksums, and where it counts a row for each partition at least: other tools
 * write SSTables too, and not all fill in every statistic. The caller sees to it that no other source has to be reconciled.
 */
export function knownRows(reader: SSTableReader, request: ScanRequest): number | null {
  const { table, header, statistics, version } = reader;
  const { range } = request;
  if (range.partitions.kind !== 'all' || range.slices !== null || request.strictLiveness === true) return null;
  const { minLocalSeconds, tombstoneDropTimes, hasPartitionLevelDeletions, partitionSizes, totalRows } =
    statistics.stats;
  const isAlive = minLocalSeconds === NO_DELETION_TIME && tombstoneDropTimes.counts.every((count) => count === 0);
  if (!version.hasMetadataChecksum || !isAlive) return null;
  if (version.hasPartitionLevelDeletionMarker && hasPartitionLevelDeletions) return null;
  if (header.statics.length > 0 || !isPlainTable(table)) return null;
  const partitions = partitionSizes.counts.reduce((sum, count) => sum + count, 0);
  if (partitions === 0 || totalRows < partitions) return null;
  return header.regulars.every(({ name }) => table.columns.get(name)?.kind === 'regular') ? totalRows : null;
}

function isPlainTable(table: TableMetadata): boolean {
  return table.dropped.size === 0 && !isCompactTable(table) && !isCounterTable(table);
}
