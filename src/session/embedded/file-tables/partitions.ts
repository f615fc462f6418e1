import { keyText } from '../../../storage/sstable/dump/key-text.ts';
import { readPartitions } from '../fragments/read-partitions.ts';
import { CountCollector, type PartitionCounts } from './count-collector.ts';
import { type FileQuestion, fileTable } from './file-table.ts';

/** `cassette.partitions`: largest first. */
export const partitionsTable = fileTable<PartitionCounts>({
  name: 'partitions',
  comment: 'The partitions of each table, by the bytes of their keys and values',
  columns: 'number int, partition_key text, bytes bigint, rows bigint, cells bigint, tombstones bigint, sources int',
  clustering: 'number',
  items: largestFirst,
  values: {
    number: (_, __, place) => place,
    partition_key: ({ key }, { table }) => keyText(table, key),
    bytes: ({ bytes }) => BigInt(bytes),
    rows: ({ rows }) => BigInt(rows),
    cells: ({ cells }) => BigInt(cells),
    tombstones: ({ tombstones }) => BigInt(tombstones),
    sources: ({ sources }) => sources,
  },
});

const PARTITIONS_AT_ONCE = 1024;

/** All are read whatever is asked, since `number` is a partition's place among all. */
async function* largestFirst({ reader, table, isClosed }: FileQuestion): AsyncGenerator<readonly PartitionCounts[]> {
  const all: PartitionCounts[] = [];
  const collector = () => new CountCollector(table);
  for await (const partition of readPartitions({ reader, table, isClosed }, collector)) all.push(partition);
  all.sort((a, b) => b.bytes - a.bytes);
  for (let i = 0; i < all.length; i += PARTITIONS_AT_ONCE) yield all.slice(i, i + PARTITIONS_AT_ONCE);
}
