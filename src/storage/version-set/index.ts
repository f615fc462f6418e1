/** Immutable versions of a table's set of SSTables. */
export { type SSTableVersion, VersionSet } from './version-set.ts';
