export type { Finding } from './finding.ts';
export { verifySSTable } from './verify-sstable.ts';
