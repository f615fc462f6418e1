import { BATCH_BYTES, type BatchTarget } from './batch-target.ts';
import { ByteArena } from './byte-arena.ts';
import { BATCH_ROWS, ColumnVector, type ScanColumn } from './row-batch.ts';

/** The first batch of a scan is small: most reads are of few rows. */
const FIRST_BATCH_ROWS = 16;

/** The one batch of a scan, filled again and again, with the scratch space of its values. */
export class BatchMemory implements BatchTarget {
  length = 0;
  columns: readonly ColumnVector[] = [];
  partitionOrdinal = new Int32Array(0);
  tokenHi = new Int32Array(0);
  tokenLo = new Int32Array(0);
  readonly arena = new ByteArena();
  private readonly columnCount: number;
  private capacity = 0;

  constructor(columns: readonly ScanColumn[]) {
    this.columnCount = columns.length;
    this.allocate(FIRST_BATCH_ROWS);
  }

  reset(): void {
    if (this.length === this.capacity && this.capacity < BATCH_ROWS) this.allocate(BATCH_ROWS);
    this.length = 0;
    this.arena.reset();
  }

  setToken(i: number, hi: number, lo: number): void {
    this.tokenHi[i] = hi;
    this.tokenLo[i] = lo;
  }

  isFull(): boolean {
    return this.length === this.capacity || this.arena.used >= BATCH_BYTES;
  }

  private allocate(capacity: number): void {
    this.capacity = capacity;
    this.columns = Array.from({ length: this.columnCount }, () => new ColumnVector(capacity));
    this.partitionOrdinal = new Int32Array(capacity);
    this.tokenHi = new Int32Array(capacity);
    this.tokenLo = new Int32Array(capacity);
  }
}
