/** Cassandra's directories opened for reading: what is there, and its tables as sources of rows. */
export { DirectoryReader, directoryOf, enforcesStrictLiveness } from './directory-reader.ts';
export { type DiscoveredTable, type Discovery, discover } from './discover.ts';
export { PinnedTable } from './pinned-table.ts';
export { compareTokens, groupIntoRuns, type SSTableSummary, selectSSTables } from './select-sstables.ts';
export { SSTableSource } from './sstable-source.ts';
