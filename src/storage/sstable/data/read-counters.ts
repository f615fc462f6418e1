/** What reading an SSTable touched; a part of `ScanStatistics`, so that one of these can be handed down. */
export interface ReadCounters {
  /** Chunks of Data.db decoded, and pages or ranges of the index read. */
  blocks: number;
  /** Stored bytes read from all files. */
  bytesRead: number;
  filterHits: number;
  filterMisses: number;
}

export function newReadCounters(): ReadCounters {
  return { blocks: 0, bytesRead: 0, filterHits: 0, filterMisses: 0 };
}
