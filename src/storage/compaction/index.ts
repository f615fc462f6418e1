/** Which SSTables to merge, and merging them. */

export {
  type CompactedTable,
  type CompactionTotals,
  type CompactionWorker,
  Compactor,
  type MaintenanceReport,
} from './compactor.ts';
export { LeveledPolicy } from './leveled.ts';
export type { CompactionCandidate, CompactionTask, MergePolicy, PolicyTime } from './merge-policy.ts';
export { policyOf } from './policy-of.ts';
export { removeIfEmpty, removeSSTables } from './remove-sstables.ts';
export { SizeTieredPolicy } from './size-tiered.ts';
export { StoredSSTable } from './stored-sstable.ts';
export { TimeWindowPolicy } from './time-window.ts';
export { UnifiedPolicy } from './unified.ts';
