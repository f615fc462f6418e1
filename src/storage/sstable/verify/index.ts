export type { Finding, Report } from './finding.ts';
export { type VerifyOptions, type VerifyResult, verifySSTable } from './verify-sstable.ts';
