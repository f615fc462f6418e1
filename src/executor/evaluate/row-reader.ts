import type { RowBatch } from '../../storage/scan/index.ts';

/** The row that an expression is evaluated for. Bytes are not copied. */
export interface RowReader {
  value(slot: number): Uint8Array | null;
}

/** The current row of a batch. One object serves a whole scan, and is moved from row to row. */
export class BatchRow implements RowReader {
  private batch: RowBatch | null = null;
  private row = 0;

  at(batch: RowBatch, row: number): this {
    this.batch = batch;
    this.row = row;
    return this;
  }

  value(slot: number): Uint8Array | null {
    return this.batch === null ? null : this.batch.columns[slot].value(this.row);
  }
}

/** A row whose values stand in an array. */
export class ArrayRow implements RowReader {
  values: readonly (Uint8Array | null)[] = [];

  value(slot: number): Uint8Array | null {
    return this.values[slot] ?? null;
  }
}

/** For expressions that read no row. */
export const NO_ROW: RowReader = { value: () => null };
