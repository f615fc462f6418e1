import { int64 } from '../../bytes/index.ts';
import type { SSTableReader } from './sstable-reader.ts';
import { type EncodingStats, EncodingStatsCollector } from './write/encoding-stats.ts';

/**
 * Header minima for what is merged from SSTables. As Cassandra takes them, from what was written and not from the headers:
 * these have the minima of all that their inputs ever had (`SerializationHeader.make`, 5.0.8). TTLs are the exception: there
 * a cell without one counts as 0, which Cassandra's headers then have, and which makes each TTL longer.
 */
export function mergedMinima(readers: readonly SSTableReader[]): EncodingStats {
  const minima = new EncodingStatsCollector();
  for (const { statistics, header } of readers) {
    const { minTimestampMicros, minLocalSeconds } = statistics.stats;
    minima.timestamp(int64.hiOf(minTimestampMicros), int64.loOf(minTimestampMicros));
    minima.localSeconds(minLocalSeconds);
    minima.ttl(header.minima.minTtl);
  }
  return minima.result();
}
