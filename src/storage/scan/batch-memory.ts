import { ByteArena } from './byte-arena.ts';
import { BATCH_ROWS, ColumnVector, type RowBatch, type ScanColumn } from './row-batch.ts';

/** A batch ends early at this many bytes of values, so that rows of megabytes do not pile up by the thousand. */
const BATCH_BYTES = 4 * 1024 * 1024;

/** The one batch of a scan, filled again and again, with the scratch space of its values. */
export class BatchMemory implements RowBatch {
  length = 0;
  readonly columns: readonly ColumnVector[];
  readonly partitionOrdinal = new Int32Array(BATCH_ROWS);
  readonly tokenHi = new Int32Array(BATCH_ROWS);
  readonly tokenLo = new Int32Array(BATCH_ROWS);
  readonly arena = new ByteArena();

  constructor(columns: readonly ScanColumn[]) {
    this.columns = columns.map(() => new ColumnVector());
  }

  reset(): void {
    this.length = 0;
    this.arena.reset();
  }

  isFull(): boolean {
    return this.length === BATCH_ROWS || this.arena.used >= BATCH_BYTES;
  }
}
