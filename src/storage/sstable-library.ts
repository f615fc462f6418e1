/** What `cassette-cql/sstable` offers: readers, dump and verify, and the ways to write. */

export type { TableMetadata } from '../schema/model/index.ts';
export { type ColumnTypes, describeTable, type TableDescription } from './export/describe-table.ts';
export { type RowValues, type WriteRowsOptions, writeRows } from './export/write-rows.ts';
export * from './sstable/index.ts';
