import type { ColumnMetadata } from '../../schema/model/index.ts';
import type { ClusteringPrefix, DecoratedKey } from '../../storage/rows/index.ts';
import type { TableSource } from '../../storage/scan/index.ts';
import { sliceOf } from './current-cells.ts';

/** A visible row by column, multi-cell values in their frozen form. */
export type VisibleRow = ReadonlyMap<ColumnMetadata, Uint8Array | null>;

/**
 * The rows of a partition that a condition is about: those with these clusterings, or where there are none the first row;
 * a partition that has only static values gives one row of them. Of static and regular
 * columns only `wanted` are read.
 */
export async function readVisibleRows(
  source: TableSource,
  key: DecoratedKey,
  clusterings: readonly ClusteringPrefix[],
  wanted: readonly ColumnMetadata[],
  nowSeconds: number,
): Promise<readonly VisibleRow[]> {
  const { table } = source;
  const statics = wanted.filter((column) => column.kind === 'static');
  const columns = [...table.partitionKey, ...table.clustering, ...wanted];
  const named = table.clustering.length > 0 && clusterings.length > 0;
  const scan = source.scan({
    table,
    range: {
      partitions: { kind: 'keys', keys: [key] },
      slices: named ? clusterings.map(sliceOf) : null,
      reversed: false,
    },
    columns: columns.map((column) => ({ column, wanted: 'value' })),
    filters: [],
    nowSeconds,
    rowLimit: named ? null : 1,
    perPartitionLimit: null,
    distinctPartitions: false,
    staticOnlyRows: statics.length > 0,
  });
  // A partition may have static values, but none of those that were asked for.
  const hasClustering = (row: VisibleRow): boolean => table.clustering.every((column) => row.get(column) !== null);
  const rows: VisibleRow[] = [];
  try {
    for (let batch = await scan.next(); batch !== null; batch = await scan.next()) {
      for (let i = 0; i < batch.length; i++) {
        const row = new Map<ColumnMetadata, Uint8Array | null>();
        columns.forEach((column, c) => {
          row.set(column, batch.columns[c].value(i)?.slice() ?? null);
        });
        if (hasClustering(row) || statics.some((column) => row.get(column) !== null)) rows.push(row);
      }
    }
  } finally {
    scan.close();
  }
  return rows;
}
