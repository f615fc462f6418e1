import type { ColumnMetadata } from '../../schema/model/index.ts';
import { ClusteringPrefix, type DecoratedKey, PrefixKind, readAll, Step } from '../../storage/rows/index.ts';
import type { TableSource } from '../../storage/scan/index.ts';
import { sliceOf } from './current-cells.ts';

/** A visible row by column, multi-cell values in their frozen form. */
export type VisibleRow = ReadonlyMap<ColumnMetadata, Uint8Array | null>;

/**
 * The rows of a partition that a condition is about: those with these clusterings, or where there are none the first row;
 * a partition that has only static values gives one row of them. Of static and regular columns only `wanted` are read.
 * Where no regular ones are (`onlyStatics`), the first row is the first with a liveness of its own: of one that only UPDATE
 * made nothing is read (`CQL3CasRequest.columnsToRead`, 5.0.8).
 */
export async function readVisibleRows(
  source: TableSource,
  key: DecoratedKey,
  clusterings: readonly ClusteringPrefix[],
  wanted: readonly ColumnMetadata[],
  nowSeconds: number,
  onlyStatics: boolean,
): Promise<readonly VisibleRow[]> {
  const { table } = source;
  const statics = wanted.filter((column) => column.kind === 'static');
  const columns = [...table.partitionKey, ...table.clustering, ...wanted];
  const read = onlyStatics ? await firstMarkedRow(source, key, nowSeconds) : clusterings;
  const named = table.clustering.length > 0 && (onlyStatics || clusterings.length > 0);
  const scan = source.scan({
    table,
    range: {
      partitions: { kind: 'keys', keys: [key] },
      slices: named ? read.map(sliceOf) : null,
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

/** The clustering of the first row whose primary key liveness is live, if there is one. */
async function firstMarkedRow(
  source: TableSource,
  key: DecoratedKey,
  nowSeconds: number,
): Promise<readonly ClusteringPrefix[]> {
  const stream = await source.stream({ ...readAll, partitions: { kind: 'keys', keys: [key] } });
  try {
    for (;;) {
      const step = stream.next();
      if (step === Step.END) return [];
      if (step === Step.NEED_MORE) await stream.load();
      else if (step === Step.ROW && stream.row.isLiveLiveness(nowSeconds)) {
        const { clustering } = stream.row;
        const values = Array.from({ length: clustering.size }, (_, i) => clustering.value(i)?.slice() ?? null);
        return [ClusteringPrefix.of(PrefixKind.CLUSTERING, values)];
      }
    }
  } finally {
    stream.close();
  }
}
