import type { Schema } from '../../schema/model/index.ts';
import type { CompactionTotals, Compactor } from '../compaction/index.ts';
import { storedTables } from './table-changes.ts';
import type { TableStore } from './table-store.ts';
import type { WritePath } from './write-path.ts';

/** What an open database is made of, and what it did since it was opened. */
export interface EngineStats {
  readonly tables: readonly TableStats[];
  readonly memtableBytes: number;
  readonly memtableRows: number;
  /** Bytes and files of the log on disk. */
  readonly walBytes: number;
  readonly walSegments: number;
  readonly walBytesWritten: number;
  readonly walSyncs: number;
  readonly mutations: number;
  readonly flushes: number;
  readonly flushedBytes: number;
  readonly flushedRows: number;
  readonly compaction: CompactionTotals;
  readonly running: {
    readonly table: string;
    readonly reason: string;
    readonly bytesRead: number;
    readonly inputBytes: number;
  } | null;
}

export interface TableStats {
  readonly keyspace: string;
  readonly table: string;
  readonly sstables: number;
  /** The highest number that an SSTable of the table has had; 0 before the first. */
  readonly generation: number;
  readonly sstableBytes: number;
  readonly estimatedPartitions: number;
  /** Tombstones and expiring cells, as the SSTables' histograms count them. */
  readonly tombstones: number;
  readonly rows: number;
  readonly memtableRows: number;
  readonly memtableBytes: number;
}

export function engineStats(
  schema: Schema,
  stores: ReadonlyMap<string, TableStore>,
  writes: WritePath | null,
  compactor: Compactor | null,
): EngineStats {
  const tables: TableStats[] = [];
  for (const table of storedTables(schema)) {
    const store = stores.get(table.id);
    if (store !== undefined) tables.push(tableStats(store));
  }
  const running = compactor?.progress ?? null;
  return {
    tables,
    memtableBytes: writes?.memtableBytes ?? 0,
    memtableRows: tables.reduce((sum, table) => sum + table.memtableRows, 0),
    ...(writes?.walSize() ?? { walBytes: 0, walSegments: 0 }),
    walBytesWritten: writes?.wal.appendedBytes ?? 0,
    walSyncs: writes?.wal.syncs ?? 0,
    mutations: writes?.totals.mutations ?? 0,
    flushes: writes?.totals.flushes ?? 0,
    flushedBytes: writes?.totals.flushedBytes ?? 0,
    flushedRows: writes?.totals.flushedRows ?? 0,
    compaction: { ...(compactor?.totals ?? NO_TOTALS) },
    running:
      running === null
        ? null
        : {
            table: `${running.table.keyspace}.${running.table.name}`,
            reason: running.reason,
            bytesRead: running.bytesRead,
            inputBytes: running.inputBytes,
          },
  };
}

const NO_TOTALS: CompactionTotals = { compactions: 0, partitions: 0, rows: 0, bytesRead: 0, bytesWritten: 0 };

function tableStats(store: TableStore): TableStats {
  const { sstables } = store.versions;
  const memtables = store.memtables();
  return {
    keyspace: store.table.keyspace,
    table: store.table.name,
    sstables: sstables.length,
    generation: store.generation,
    sstableBytes: sstables.reduce((sum, sstable) => sum + sstable.bytes, 0),
    estimatedPartitions: sstables.reduce((sum, sstable) => sum + sstable.estimatedKeys, 0),
    tombstones: sstables.reduce((sum, { reader }) => sum + total(reader.statistics.stats.tombstoneDropTimes.counts), 0),
    rows: sstables.reduce((sum, sstable) => sum + sstable.reader.statistics.stats.totalRows, 0),
    memtableRows: memtables.reduce((sum, memtable) => sum + memtable.rowCount, 0),
    memtableBytes: memtables.reduce((sum, memtable) => sum + memtable.memoryBytes, 0),
  };
}

function total(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
