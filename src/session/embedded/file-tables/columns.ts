import type { ColumnMetadata } from '../../../schema/model/index.ts';
import { cqlTypeName } from '../../../types/index.ts';
import { readPartitions } from '../fragments/read-partitions.ts';
import { type ColumnCounts, CountCollector } from './count-collector.ts';
import { type FileQuestion, fileTable } from './file-table.ts';

/** `cassette.columns`: how often each column is written, and how much. */
export const columnsTable = fileTable<readonly [ColumnMetadata, ColumnCounts]>({
  name: 'columns',
  comment: 'How many cells, tombstones and bytes the sources have of each column',
  columns: 'column_name text, kind text, type text, cells bigint, tombstones bigint, expiring bigint, bytes bigint',
  clustering: 'column_name',
  items: countedColumns,
  values: {
    column_name: ([column]) => column.name,
    kind: ([column]) => column.kind,
    type: ([column]) => cqlTypeName(column.type),
    cells: ([, { cells }]) => BigInt(cells),
    tombstones: ([, { tombstones }]) => BigInt(tombstones),
    expiring: ([, { expiring }]) => BigInt(expiring),
    bytes: ([, { bytes }]) => BigInt(bytes),
  },
});

async function* countedColumns({
  reader,
  table,
  isClosed,
}: FileQuestion): AsyncGenerator<readonly (readonly [ColumnMetadata, ColumnCounts])[]> {
  const counts = new Map<ColumnMetadata, ColumnCounts>();
  const names = [...table.statics, ...table.regulars].sort((a, b) =>
    Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)),
  );
  for (const column of names) counts.set(column, { cells: 0, tombstones: 0, expiring: 0, bytes: 0 });
  const partitions = readPartitions({ reader, table, isClosed }, () => new CountCollector(table, counts));
  while (!(await partitions.next()).done);
  yield [...counts];
}
