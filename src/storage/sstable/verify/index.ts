export type { Finding, Report } from './finding.ts';
export { verifySSTable, type VerifyOptions, type VerifyResult } from './verify-sstable.ts';
