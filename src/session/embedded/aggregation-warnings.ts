import type { CheckedSelect } from '../../planner/index.ts';

const NONE: readonly string[] = [];

/** Cassandra's client warnings about aggregates and GROUP BY over several partitions (`SelectStatement`, 5.0.8). */
export function aggregationWarnings({ grouping, restrictions }: CheckedSelect): readonly string[] {
  if (grouping === null || restrictions === null) return NONE;
  const { partitionKey, token } = restrictions;
  if (partitionKey.isEmpty && token === null) return ['Aggregation query used without partition key'];
  if (partitionKey.hasIn()) return ['Aggregation query used on multiple partition keys (IN restriction)'];
  return NONE;
}
