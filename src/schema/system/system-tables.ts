import { defaultTableOptions, type TableMetadata } from '../model/index.ts';
import type { SystemTableText } from './define-system-table.ts';
import { LazyTables } from './lazy-tables.ts';

const WEEK_SECONDS = 604_800;
const HOUR_MS = 3_600_000;

function define(
  name: string,
  id: string,
  comment: string,
  columns: string,
  partitionKey: readonly string[],
  clustering: readonly string[] = [],
  more: Partial<SystemTableText> = {},
): SystemTableText {
  return {
    keyspace: 'system',
    name,
    id,
    comment,
    columns,
    partitionKey,
    clustering,
    ...more,
    options: { gc_grace_seconds: 0, memtable_flush_period_in_ms: HOUR_MS, ...more.options },
  };
}

const compaction = defaultTableOptions.compaction;
const LEVELED = 'org.apache.cassandra.db.compaction.LeveledCompactionStrategy';
const PAXOS_INDEX = 'PaxosUncommittedIndex';

/** Dropped in 4.0, at the last millisecond of int64's microseconds: no write may ever bring it back. */
const THRIFT_VERSION = {
  name: 'thrift_version',
  kind: 'regular',
  type: { kind: 'native', name: 'text' },
  droppedTimeMicros: 9_223_372_036_854_775_000n,
} as const;

/** The tables of `system` (`db/SystemKeyspace`, 5.0.8), by name: what a node knows of itself and its peers. */
export const systemTables: ReadonlyMap<string, TableMetadata> = new LazyTables([
  define(
    'local',
    '7ad54392bcdd35a684174e047860b377',
    'information about the local node',
    'key text, bootstrapped text, broadcast_address inet, broadcast_port int, cluster_name text, cql_version text, ' +
      'data_center text, gossip_generation int, host_id uuid, listen_address inet, listen_port int, ' +
      'native_protocol_version text, partitioner text, rack text, release_version text, rpc_address inet, ' +
      'rpc_port int, schema_version uuid, tokens set<text>, truncated_at map<uuid, blob>',
    ['key'],
    [],
    { dropped: [THRIFT_VERSION] },
  ),
  define(
    'peers_v2',
    'c4325fbb8e5e3bafbd070f9250ed818e',
    'information about known peers in the cluster',
    'peer inet, peer_port int, data_center text, host_id uuid, preferred_ip inet, preferred_port int, rack text, ' +
      'release_version text, native_address inet, native_port int, schema_version uuid, tokens set<text>',
    ['peer'],
    ['peer_port'],
  ),
  define(
    'peers',
    '37f71aca7dc2383ba70672528af04d4f',
    'information about known peers in the cluster',
    'peer inet, data_center text, host_id uuid, preferred_ip inet, rack text, release_version text, ' +
      'rpc_address inet, schema_version uuid, tokens set<text>',
    ['peer'],
  ),
  define(
    'batches',
    '919a4bc57a333573b03e13fc3f68b465',
    'batches awaiting replay',
    'id timeuuid, mutations list<blob>, version int',
    ['id'],
    [],
    {
      options: { compaction: new Map(compaction).set('min_threshold', '2') },
    },
  ),
  define(
    'paxos',
    'b7b7f0c2fd0a34108c053ef614bb7c2d',
    'in-progress paxos proposals',
    'row_key blob, cf_id uuid, in_progress_ballot timeuuid, in_progress_read_ballot timeuuid, ' +
      'most_recent_commit blob, most_recent_commit_at timeuuid, most_recent_commit_version int, proposal blob, ' +
      'proposal_ballot timeuuid, proposal_version int',
    ['row_key'],
    ['cf_id'],
    {
      options: { compaction: new Map(compaction).set('class', LEVELED) },
      indexes: [
        {
          name: PAXOS_INDEX,
          kind: 'CUSTOM',
          options: new Map([
            ['class_name', `org.apache.cassandra.service.paxos.uncommitted.${PAXOS_INDEX}`],
            ['target', ''],
          ]),
        },
      ],
    },
  ),
  define(
    'IndexInfo',
    '9f5c6374d48532299a0a5094af9ad1e3',
    'built column indexes',
    'table_name text, index_name text, value blob',
    ['table_name'],
    ['index_name'],
  ),
  define(
    'paxos_repair_history',
    'ecb8666740b23316bb91e612c8047457',
    'paxos repair history',
    'keyspace_name text, table_name text, points frozen<list<tuple<blob, timeuuid>>>',
    ['keyspace_name'],
    ['table_name'],
  ),
  define(
    'peer_events_v2',
    '0e65065fe40138ed9507b9213fae8d11',
    'events related to peers',
    'peer inet, peer_port int, hints_dropped map<timeuuid, int>',
    ['peer'],
    ['peer_port'],
  ),
  define(
    'compaction_history',
    'b4dbb7b4dc493fb5b3bfce6e434832ca',
    'week-long compaction history',
    'id timeuuid, bytes_in bigint, bytes_out bigint, columnfamily_name text, compacted_at timestamp, ' +
      'keyspace_name text, rows_merged map<int, bigint>, compaction_properties frozen<map<text, text>>',
    ['id'],
    [],
    { options: { default_time_to_live: WEEK_SECONDS } },
  ),
  define(
    'sstable_activity',
    '5a1ff267ace03f128563cfae6103c65e',
    'historic sstable read rates',
    'keyspace_name text, columnfamily_name text, generation int, rate_120m double, rate_15m double',
    ['keyspace_name', 'columnfamily_name', 'generation'],
  ),
  define(
    'sstable_activity_v2',
    '62efe31f3be8310c8d298963439c1288',
    'historic sstable read rates',
    'keyspace_name text, table_name text, id text, rate_120m double, rate_15m double',
    ['keyspace_name', 'table_name', 'id'],
  ),
  define(
    'size_estimates',
    '618f817b005f3678b8a453f3930b8e86',
    'per-table primary range size estimates, table is deprecated in favor of table_estimates',
    'keyspace_name text, table_name text, range_start text, range_end text, mean_partition_size bigint, ' +
      'partitions_count bigint',
    ['keyspace_name'],
    ['table_name', 'range_start', 'range_end'],
  ),
  define(
    'table_estimates',
    '176c39cdb93d33a5a2188eb06a56f66e',
    'per-table range size estimates',
    'keyspace_name text, table_name text, range_type text, range_start text, range_end text, ' +
      'mean_partition_size bigint, partitions_count bigint',
    ['keyspace_name'],
    ['table_name', 'range_type', 'range_start', 'range_end'],
  ),
  define(
    'available_ranges_v2',
    '4224a0882ac93d0c889dfbb5f0facda0',
    'available keyspace/ranges during bootstrap/replace that are ready to be served',
    'keyspace_name text, full_ranges set<blob>, transient_ranges set<blob>',
    ['keyspace_name'],
  ),
  define(
    'transferred_ranges_v2',
    '1ff78f1a7df13a2aa9986f4932270af5',
    'record of transferred ranges for streaming operation',
    'operation text, peer inet, peer_port int, keyspace_name text, ranges set<blob>',
    ['operation', 'keyspace_name'],
    ['peer', 'peer_port'],
  ),
  define(
    'view_builds_in_progress',
    '6c22df66c3bd3df6b74d21179c6a9fe9',
    'views builds current progress',
    'keyspace_name text, view_name text, start_token text, end_token text, last_token text, keys_built bigint',
    ['keyspace_name'],
    ['view_name', 'start_token', 'end_token'],
  ),
  define(
    'built_views',
    '4b3c50a9ea873d7691016dbc9c38494a',
    'built views',
    'keyspace_name text, view_name text, status_replicated boolean',
    ['keyspace_name'],
    ['view_name'],
  ),
  define(
    'top_partitions',
    '7e5a361c317c351fb15fffd8afd3dd4b',
    'Stores the top partitions',
    'keyspace_name text, table_name text, top_type text, top frozen<list<tuple<text, bigint>>>, ' +
      'last_update timestamp',
    ['keyspace_name'],
    ['table_name', 'top_type'],
  ),
  define(
    'prepared_statements',
    '18a9c2576a0c3841ba718cd529849fef',
    'prepared statements',
    'prepared_id blob, logged_keyspace text, query_string text',
    ['prepared_id'],
  ),
  define(
    'repairs',
    'a3d277d1cfaf36f5a2a738d5eea9ad6a',
    'repairs',
    'parent_id timeuuid, started_at timestamp, last_update timestamp, repaired_at timestamp, state int, ' +
      'coordinator inet, coordinator_port int, participants set<inet>, participants_wp set<text>, ' +
      'ranges set<blob>, cfids set<uuid>',
    ['parent_id'],
  ),
  define(
    'peer_events',
    '59dfeaea8db2334191ef109974d81484',
    'events related to peers',
    'peer inet, hints_dropped map<timeuuid, int>',
    ['peer'],
  ),
  define(
    'transferred_ranges',
    '6cad20f7d4f53af2b6e20da33c6c1f83',
    'record of transferred ranges for streaming operation',
    'operation text, peer inet, keyspace_name text, ranges set<blob>',
    ['operation', 'keyspace_name'],
    ['peer'],
  ),
  define(
    'available_ranges',
    'c539fcabd65a31d18133d25605643ee3',
    'available keyspace/ranges during bootstrap/replace that are ready to be served',
    'keyspace_name text, ranges set<blob>',
    ['keyspace_name'],
  ),
]);
