import type { TableMetadata } from '../../../schema/model/index.ts';
import type { FragmentFacts, FragmentSource } from '../../../storage/scan/index.ts';
import { keyText } from '../../../storage/sstable/dump/key-text.ts';
import { readPartitions } from '../fragments/read-partitions.ts';
import { CountCollector, TimeRange } from './count-collector.ts';
import { type FileQuestion, fileTable } from './file-table.ts';

interface SourceSummary {
  readonly source: string;
  readonly partitions: number;
  readonly rows: number;
  readonly cells: number;
  readonly tombstones: number;
  readonly bytes: number | null;
  readonly minTimestamp: bigint | null;
  readonly maxTimestamp: bigint | null;
  readonly level: number | null;
  readonly repairedAt: Date | null;
  readonly firstKey: string | null;
  readonly lastKey: string | null;
}

/** `cassette.sstables`: what each SSTable says of itself, and what is in the memtables. No data of SSTables is read. */
export const sstablesTable = fileTable<SourceSummary>({
  name: 'sstables',
  comment: 'SSTables, as their Statistics.db tells of them, and memtables: what a read of the table opens',
  columns:
    'source text, partitions bigint, rows bigint, cells bigint, tombstones bigint, bytes bigint, min_timestamp bigint, max_timestamp bigint, level int, repaired_at timestamp, first_key text, last_key text',
  clustering: 'source',
  items: sources,
  values: {
    source: ({ source }) => source,
    partitions: ({ partitions }) => BigInt(partitions),
    rows: ({ rows }) => BigInt(rows),
    cells: ({ cells }) => BigInt(cells),
    tombstones: ({ tombstones }) => BigInt(tombstones),
    bytes: ({ bytes }) => (bytes === null ? null : BigInt(bytes)),
    min_timestamp: ({ minTimestamp }) => minTimestamp,
    max_timestamp: ({ maxTimestamp }) => maxTimestamp,
    level: ({ level }) => level,
    repaired_at: ({ repairedAt }) => repairedAt,
    first_key: ({ firstKey }) => firstKey,
    last_key: ({ lastKey }) => lastKey,
  },
});

async function* sources(question: FileQuestion): AsyncGenerator<readonly SourceSummary[]> {
  const { reader, table } = question;
  const summaries: SourceSummary[] = [];
  const pinned = reader.open(table);
  try {
    for (const source of pinned.sources()) {
      if (source.facts !== undefined) summaries.push(sstableSummary(source.name, source.facts(), table));
    }
  } finally {
    pinned.release();
  }
  const unflushed = await memtableSummary(question);
  if (unflushed.partitions > 0) summaries.push(unflushed);
  yield summaries.sort((a, b) => Buffer.compare(Buffer.from(a.source), Buffer.from(b.source)));
}

function sstableSummary(source: string, facts: FragmentFacts, table: TableMetadata): SourceSummary {
  const { repairedAtMillis } = facts;
  return {
    source,
    partitions: facts.estimatedPartitions,
    rows: facts.rows,
    cells: facts.cells,
    tombstones: facts.tombstones,
    bytes: facts.bytes,
    minTimestamp: facts.minTimestampMicros,
    maxTimestamp: facts.maxTimestampMicros,
    level: facts.level,
    repairedAt: repairedAtMillis === 0n ? null : new Date(Number(repairedAtMillis)),
    firstKey: keyText(table, facts.firstKey),
    lastKey: keyText(table, facts.lastKey),
  };
}

async function memtableSummary({ reader, table, isClosed }: FileQuestion): Promise<SourceSummary> {
  const times = new TimeRange();
  const sum = { partitions: 0, rows: 0, cells: 0, tombstones: 0 };
  const which = (source: FragmentSource): boolean => source.facts === undefined;
  const collector = () => new CountCollector(table, null, times);
  for await (const counts of readPartitions({ reader, table, isClosed, which }, collector)) {
    sum.partitions++;
    sum.rows += counts.rows;
    sum.cells += counts.cells;
    sum.tombstones += counts.tombstones;
  }
  const unknown = { bytes: null, level: null, repairedAt: null, firstKey: null, lastKey: null };
  return { source: 'memtable', ...sum, ...unknown, minTimestamp: times.min, maxTimestamp: times.max };
}
