import type { RowGenerator } from '../../executor/virtual/virtual-source.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import { encodeRow, systemViewsTables } from '../../schema/system/index.ts';
import type { FragmentFacts } from '../../storage/scan/index.ts';
import type { EmbeddedStorage } from '../embedded-storage.ts';
import { CLUSTER } from './cluster-names.ts';

/** What an SSTable says of itself, and the bytes of all its files. */
type SSTableFacts = FragmentFacts & { readonly diskBytes: number };

/**
 * The tables of `system_views` that are about files and settings, which an embedded database has too; what they hold is
 * counted as a node counts it (`db/virtual/TableMetricTables`, 5.0.8). All others are empty: there are no clients, caches,
 * thread pools, peers or repairs, and latencies are not gathered.
 */
export function systemViewsRows(storage: EmbeddedStorage, name: string): RowGenerator {
  const table = systemViewsTables.get(name);
  const measure = table === undefined ? undefined : MEASURES[name];
  return async ({ wants }) => {
    if (table === undefined) return [];
    if (name === 'settings') return settings(storage).map((row) => encodeRow(table, row));
    if (measure === undefined) return [];
    return storedTables(storage)
      .map((stored) => ({ stored, key: { keyspace_name: stored.keyspace, table_name: stored.name } }))
      .filter(({ key }) => wants(encodeRow(table, key)))
      .map(({ stored, key }) => encodeRow(table, { ...key, ...measure(sstablesOf(storage, stored)) }));
  };
}

const MEBIBYTE = 1024 * 1024;
const mebibytes = (bytes: number): { mebibytes: bigint } => ({ mebibytes: BigInt(Math.ceil(bytes / MEBIBYTE)) });
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);

const MEASURES: Readonly<Record<string, (sstables: readonly SSTableFacts[]) => Record<string, bigint>>> = {
  disk_usage: (sstables) => mebibytes(sstables.reduce((sum, { diskBytes }) => sum + diskBytes, 0)),
  max_partition_size: (sstables) => mebibytes(most(sstables.map(({ largestPartitionBytes }) => largestPartitionBytes))),
  max_sstable_size: (sstables) => mebibytes(most(sstables.map(({ diskBytes }) => diskBytes))),
  max_sstable_duration: (sstables) => ({
    max_sstable_duration: sstables
      .map(({ minTimestampMicros, maxTimestampMicros }) => (maxTimestampMicros - minTimestampMicros) / 1000n)
      .reduce((a, b) => (a > b ? a : b), 0n),
  }),
};

function sstablesOf({ reader }: EmbeddedStorage, table: TableMetadata): SSTableFacts[] {
  const pinned = reader.open(table);
  try {
    return pinned
      .sources()
      .flatMap((source) =>
        source.facts === undefined ? [] : [{ ...source.facts(), diskBytes: source.diskBytes?.() ?? 0 }],
      );
  } finally {
    pinned.release();
  }
}

function storedTables({ schema }: EmbeddedStorage): TableMetadata[] {
  return [...schema.keyspaces.values()]
    .filter((keyspace) => !keyspace.virtual)
    .flatMap((keyspace) => [...keyspace.tables.values(), ...keyspace.views.values()]);
}

/** Of cassandra.yaml's settings those that hold here. */
function settings({ engine }: EmbeddedStorage): { name: string; value: string }[] {
  const values: Record<string, string> = {
    cluster_name: CLUSTER.name,
    partitioner: CLUSTER.partitioner,
    endpoint_snitch: 'SimpleSnitch',
    materialized_views_enabled: 'true',
    sasi_indexes_enabled: 'true',
    user_defined_functions_enabled: 'true',
    dynamic_data_masking_enabled: 'true',
    drop_compact_storage_enabled: 'true',
    batch_size_warn_threshold: '5KiB',
    batch_size_fail_threshold: '50KiB',
    ...(engine === null ? {} : { storage_compatibility_mode: engine.compatibility === 'nb' ? 'CASSANDRA_4' : 'NONE' }),
  };
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}
