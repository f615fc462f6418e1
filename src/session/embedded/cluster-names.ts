/** What a session calls itself where clients ask for a cluster: DESCRIBE CLUSTER and `system.local`. */
export const CLUSTER = {
  name: 'cassette',
  partitioner: 'org.apache.cassandra.dht.Murmur3Partitioner',
  snitch: 'org.apache.cassandra.locator.SimpleSnitch',
} as const;
