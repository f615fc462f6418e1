/** The files of one SSTable, by the last part of their names (`SSTableFormat.Components`, `BigFormat`, `BtiFormat`). */
export const Component = {
  DATA: 'Data.db',
  STATISTICS: 'Statistics.db',
  COMPRESSION_INFO: 'CompressionInfo.db',
  FILTER: 'Filter.db',
  DIGEST: 'Digest.crc32',
  CRC: 'CRC.db',
  TOC: 'TOC.txt',
  /** BIG only. */
  INDEX: 'Index.db',
  SUMMARY: 'Summary.db',
  /** BTI only. */
  PARTITIONS: 'Partitions.db',
  ROWS: 'Rows.db',
} as const;
export type Component = (typeof Component)[keyof typeof Component];
