/** Scans: visible rows of a table by column. The executor knows storage by `TableSource` and these types only. */
export {
  BATCH_ROWS,
  ColumnVector,
  NULL_VALUE,
  type RowBatch,
  type ScanColumn,
} from './row-batch.ts';
export type { BatchStream, PushedFilter, ScanRequest, ScanStatistics } from './scan-request.ts';
export { newScanStatistics } from './scan-statistics.ts';
export { StreamScan } from './stream-scan.ts';
export type { FragmentFacts, FragmentSource, StorageReader, TableSource } from './table-source.ts';
export { TimeSlice } from './time-slice.ts';
