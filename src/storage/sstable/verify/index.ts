export type { Finding } from './finding.ts';
export { verifyIndexes, verifySSTable, verifyStored } from './verify-sstable.ts';
