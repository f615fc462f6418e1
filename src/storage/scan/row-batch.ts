import type { ColumnMetadata } from '../../schema/model/index.ts';

/** Rows of one batch; small enough that a batch's arrays stay in the L2 cache. */
export const BATCH_ROWS = 1024;

/** `end[i]` of a null. */
export const NULL_VALUE = -1;

/** What a scan delivers of one column: its value, or what is known about its cells. */
export interface ScanColumn {
  readonly column: ColumnMetadata;
  /**
   * value       serialized bytes; collections and UDTs that are not frozen are assembled to their frozen form
   * writetime   int64 bytes (micros); of a multi-cell column a frozen list<bigint>, an entry a live cell
   * ttl         int32 bytes (seconds left at now), null without TTL; of a multi-cell column a frozen list<int>
   */
  readonly wanted: 'value' | 'writetime' | 'ttl';
}

/**
 * One column of a batch: value `i` is `source[i][start[i], end[i])`, or null when `end[i]` is NULL_VALUE. The bytes belong
 * to pinned blocks or to the batch's own scratch space, and are valid until the batch's stream moves on.
 */
export class ColumnVector {
  readonly source: Uint8Array[] = [];
  readonly start: Int32Array;
  readonly end: Int32Array;

  constructor(capacity = BATCH_ROWS) {
    this.start = new Int32Array(capacity);
    this.end = new Int32Array(capacity);
  }

  set(i: number, source: Uint8Array, start: number, end: number): void {
    this.source[i] = source;
    this.start[i] = start;
    this.end[i] = end;
  }

  setNull(i: number): void {
    this.end[i] = NULL_VALUE;
  }

  isNull(i: number): boolean {
    return this.end[i] === NULL_VALUE;
  }

  /**
   * The bytes of value `i`, not copied; null for null. Never a Buffer, whose `slice` would not copy either: values that
   * outlive the batch are kept with `slice()`.
   */
  value(i: number): Uint8Array | null {
    const end = this.end[i];
    if (end === NULL_VALUE) return null;
    const source = this.source[i];
    const start = this.start[i];
    return new Uint8Array(source.buffer, source.byteOffset + start, end - start);
  }
}

/**
 * Up to BATCH_ROWS rows as CQL sees them, by column, in the order of the scan's `columns`. A partition with only static
 * values, of which all rows were asked for, is one row whose clustering and regular values are null.
 */
export interface RowBatch {
  length: number;
  readonly columns: readonly ColumnVector[];
  /** Counts partitions of the scan from 0: rows of one partition share it. For DISTINCT, PER PARTITION LIMIT, GROUP BY. */
  readonly partitionOrdinal: Int32Array;
  /** Token halves of each row's partition. */
  readonly tokenHi: Int32Array;
  readonly tokenLo: Int32Array;
}
