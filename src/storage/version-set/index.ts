/** Immutable versions of a table's set of SSTables. */
export { type Closeable, type SSTableVersion, VersionSet } from './version-set.ts';
