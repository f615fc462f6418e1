import type { TableMetadata } from '../../schema/model/index.ts';
import type { ReadRange } from '../rows/index.ts';
import type { RowBatch, ScanColumn } from './row-batch.ts';

/** A test on one column that the scan applies before it delivers a row; a null value never passes, except `IS_NULL`. */
export interface PushedFilter {
  /** Index into `columns`. */
  readonly column: number;
  readonly operator: '=' | '!=' | '<' | '<=' | '>' | '>=' | 'IN' | 'IS_NULL' | 'IS_NOT_NULL';
  /** Serialized operands: one, or several for IN, or none. */
  readonly operands: readonly Uint8Array[];
}

/** A scan as a plain value: it can run on this thread or be sent to a worker. */
export interface ScanRequest {
  readonly table: TableMetadata;
  readonly range: ReadRange;
  readonly columns: readonly ScanColumn[];
  readonly filters: readonly PushedFilter[];
  /** TTLs and tombstones are judged at this time; fixed once a statement. */
  readonly nowSeconds: number;
  /** The scan may end once this many rows were delivered; null for all. */
  readonly rowLimit: number | null;
  readonly perPartitionLimit: number | null;
  /** Deliver one row a partition with partition key and static columns only (SELECT DISTINCT). */
  readonly distinctPartitions: boolean;
  /**
   * Deliver partitions that have only static values as a row with null clustering (true unless the statement restricts
   * clustering columns).
   */
  readonly staticOnlyRows: boolean;
  /**
   * A row without live primary key liveness is not visible, whatever its cells
   * (`TableMetadata.enforceStrictLiveness`): views whose key has a column that is no key column of the base table. The
   * table source sets it.
   */
  readonly strictLiveness?: boolean;
}

/** Counts for `--stats` and EXPLAIN ANALYZE. */
export interface ScanStatistics {
  sstables: number;
  sstablesSkipped: number;
  partitions: number;
  rows: number;
  tombstones: number;
  blocks: number;
  bytesRead: number;
  /** Bytes on disk that a scan of all partitions has before it; 0 of other scans, whose end is not known so. */
  bytesToRead: number;
  filterHits: number;
  filterMisses: number;
}

export interface BatchStream {
  /** The next batch, which reuses the last one's memory; null at the end. */
  next(): Promise<RowBatch | null>;
  /** Counts rows without delivering them: only valid before the first `next`, when no filter or limit is set. */
  countRows(): Promise<number>;
  readonly statistics: ScanStatistics;
  close(): void;
}
