import type { ScanStatistics } from './scan-request.ts';

export function newScanStatistics(): ScanStatistics {
  return {
    sstables: 0,
    sstablesSkipped: 0,
    partitions: 0,
    rows: 0,
    tombstones: 0,
    blocks: 0,
    bytesRead: 0,
    bytesToRead: 0,
    filterHits: 0,
    filterMisses: 0,
  };
}
