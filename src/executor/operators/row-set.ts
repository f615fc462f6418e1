import type { RowBatch } from '../../storage/scan/index.ts';
import type { RowReader } from '../evaluate/index.ts';
import { copyCell } from './copy-bytes.ts';

/** A set of rows that one operator hands to the next. Valid until the following `next` of its source. */
export interface RowSet {
  readonly count: number;
  /** A reader on row `i`: always the same object, so that the reader of the row before is no longer valid. */
  row(i: number): RowReader;
  /** Number of the row's partition: equal within a partition, ascending through the whole answer. */
  partition(i: number): number;
  /** Set when the rows are rows of a batch: row `i` is `rows[i]` of it, or `i` itself when `rows` is null. */
  readonly batch: { readonly columns: RowBatch; readonly rows: Int32Array | null } | null;
}

/** A pull-based operator that gives rows. */
export interface RowSource {
  next(): Promise<RowSet | null>;
  close(): void;
}

/** Rows of an answer: `cells[row * width + column]`. Valid until the following `next`. */
export interface Chunk {
  readonly rowCount: number;
  readonly width: number;
  readonly cells: (Uint8Array | null)[];
}

export interface ChunkSource {
  next(): Promise<Chunk | null>;
  close(): void;
}

/** Copies of a row's values, for operators that keep rows. */
export function copyValues(row: RowReader, count: number): (Uint8Array | null)[] {
  const values: (Uint8Array | null)[] = [];
  for (let slot = 0; slot < count; slot++) {
    const value = row.value(slot);
    values.push(copyCell(value));
  }
  return values;
}
