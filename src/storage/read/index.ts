/** Cassandra's directories opened for reading: what is there, and its tables as sources of rows. */
export { DirectoryReader, directoryOf, enforcesStrictLiveness } from './directory-reader.ts';
export { type DiscoveredTable, type Discovery, discover } from './discover.ts';
export { PinnedTable, type PinnedTableOptions } from './pinned-table.ts';
export { compareTokens, groupIntoRuns, type Selected, type SSTableSummary, selectSSTables } from './select-sstables.ts';
export { SSTableSource } from './sstable-source.ts';
