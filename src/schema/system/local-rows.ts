import type { SystemRow } from './row.ts';
import { encodeRow } from './row.ts';
import { systemTables } from './system-tables.ts';

/** What `system.local` says of the node that a session stands for. */
export interface LocalNode {
  readonly clusterName: string;
  readonly dataCenter: string;
  readonly rack: string;
  readonly hostId: string;
  readonly schemaVersion: string;
  /** Where drivers connect. */
  readonly rpcAddress: string;
  readonly rpcPort: number;
  readonly gossipGeneration: number;
}

/** What clients ask for first: the version that Cassette's answers are those of. */
const RELEASE_VERSION = '5.0.8';
const CQL_VERSION = '3.4.7';
const NATIVE_PROTOCOL_VERSION = '5';

const STORAGE_PORT = 7000;

/** The one row of `system.local`: a node that owns the whole ring. */
export function localRow(node: LocalNode): SystemRow {
  const table = systemTables.get('local')!;
  return encodeRow(table, {
    key: 'local',
    bootstrapped: 'COMPLETED',
    broadcast_address: node.rpcAddress,
    broadcast_port: STORAGE_PORT,
    cluster_name: node.clusterName,
    cql_version: CQL_VERSION,
    data_center: node.dataCenter,
    gossip_generation: node.gossipGeneration,
    host_id: node.hostId,
    listen_address: node.rpcAddress,
    listen_port: STORAGE_PORT,
    native_protocol_version: NATIVE_PROTOCOL_VERSION,
    partitioner: 'org.apache.cassandra.dht.Murmur3Partitioner',
    rack: node.rack,
    release_version: RELEASE_VERSION,
    rpc_address: node.rpcAddress,
    rpc_port: node.rpcPort,
    schema_version: node.schemaVersion,
    tokens: new Set(['0']),
    truncated_at: null,
  });
}
