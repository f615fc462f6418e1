/** Which SSTables to merge, and merging them. */

export { type CompactionTotals, type CompactionWorker, Compactor, type MaintenanceReport } from './compactor.ts';
export type { CompactionCandidate, CompactionTask, MergePolicy, PolicyTime } from './merge-policy.ts';
export { policyOf } from './policy-of.ts';
export { removeDropped, removeSSTables } from './remove-sstables.ts';
export { StoredSSTable } from './stored-sstable.ts';
