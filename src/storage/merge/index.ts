/** Many sources of one table made one: reconciled by Cassandra's rules, joined end to end, purged for compaction. */
export { ChainedStream } from './chained-stream.ts';
export { type CounterTotal, counterTotal, mergeCounterContexts } from './counter-context.ts';
export { incrementedCounter } from './counter-increment.ts';
export { EmptyStream } from './empty-stream.ts';
export { mergeStreams } from './merge-streams.ts';
export { closeStreams, openStreams } from './open-streams.ts';
export { PartitionHeap, type PartitionPlace } from './partition-heap.ts';
export { type MergeSource, PartitionMerge } from './partition-merge.ts';
export { PurgedStream, type PurgeOptions } from './purge.ts';
export { cellWins, type Liveness, livenessSupersedes } from './reconcile-cells.ts';
export { pathType, RowMerger } from './row-merger.ts';
