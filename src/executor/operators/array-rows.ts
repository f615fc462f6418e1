import { ArrayRow, type RowReader } from '../evaluate/index.ts';
import type { RowSet, RowSource } from './row-set.ts';

/** Rows whose values stand in arrays: groups, nearest rows, the one row of SELECT without FROM. */
export class ArrayRowSet implements RowSet {
  readonly batch = null;
  private readonly rows: readonly (readonly (Uint8Array | null)[])[];
  private readonly reader = new ArrayRow();

  constructor(rows: readonly (readonly (Uint8Array | null)[])[]) {
    this.rows = rows;
  }

  get count(): number {
    return this.rows.length;
  }

  row(i: number): RowReader {
    this.reader.values = this.rows[i];
    return this.reader;
  }

  partition(i: number): number {
    return i;
  }
}

/** One set of rows, then no more. */
export class OnceRows implements RowSource {
  private readonly make: () => Promise<RowSet>;
  private readonly release: () => void;
  private done = false;

  constructor(make: () => Promise<RowSet>, release: () => void = () => {}) {
    this.make = make;
    this.release = release;
  }

  async next(): Promise<RowSet | null> {
    if (this.done) return null;
    this.done = true;
    return this.make();
  }

  close(): void {
    this.release();
  }
}
