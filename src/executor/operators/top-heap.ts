import type { SortKey } from '../../planner/index.ts';
import { codecOf, type TypeCodec } from '../../types/index.ts';
import { MergeSort } from './merge-sort.ts';
import type { Chunk } from './row-set.ts';
import type { WorkSlices } from './work-slices.ts';

export type Cells = readonly (Uint8Array | null)[];

/** The first `count` rows in order: a heap whose root is the last of them. Equal rows keep the order they came in. */
export class TopHeap {
  private readonly order: (a: Cells, b: Cells) => number;
  private readonly count: number;
  private readonly heap: { readonly row: Cells; readonly sequence: number }[] = [];
  private sequence = 0;

  constructor(order: (a: Cells, b: Cells) => number, count: number) {
    this.order = order;
    this.count = count;
  }

  /** Whether a row would be kept; asked before it is copied. */
  wants(row: Cells): boolean {
    return this.heap.length < this.count || (this.count > 0 && this.order(row, this.heap[0].row) < 0);
  }

  add(row: Cells): void {
    const entry = { row, sequence: this.sequence++ };
    const { heap } = this;
    if (heap.length < this.count) {
      heap.push(entry);
      this.siftUp(heap.length - 1);
    } else if (this.count > 0) {
      heap[0] = entry;
      this.siftDown();
    }
  }

  /** The last row kept, once there are as many as wanted; null before. */
  last(): Cells | null {
    return this.heap.length < this.count ? null : (this.heap[0]?.row ?? null);
  }

  async sorted(slices: WorkSlices): Promise<Cells[]> {
    const { heap } = this;
    const sort = new MergeSort(new Float64Array(heap.length), 1, (a, b) => this.compare(heap[a], heap[b]));
    while (!sort.step()) if (slices.isOver()) await slices.rest();
    return Array.from(sort.result(), (i) => heap[i].row);
  }

  private compare(a: { row: Cells; sequence: number }, b: { row: Cells; sequence: number }): number {
    return this.order(a.row, b.row) || a.sequence - b.sequence;
  }

  private siftUp(start: number): void {
    const { heap } = this;
    for (let i = start; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (this.compare(heap[i], heap[parent]) <= 0) return;
      [heap[i], heap[parent]] = [heap[parent], heap[i]];
      i = parent;
    }
  }

  private siftDown(): void {
    const { heap } = this;
    for (let i = 0; ; ) {
      let largest = i;
      for (let child = 2 * i + 1; child <= 2 * i + 2 && child < heap.length; child++) {
        if (this.compare(heap[child], heap[largest]) > 0) largest = child;
      }
      if (largest === i) return;
      [heap[i], heap[largest]] = [heap[largest], heap[i]];
      i = largest;
    }
  }
}

/** The order of rows by sort keys that stand behind the first `width` values. Nulls come first, or last descending. */
export function rowOrder(keys: readonly SortKey[], width: number): (a: Cells, b: Cells) => number {
  const codecs = keys.map(({ expression }): TypeCodec => codecOf(expression.type));
  const signs = keys.map(({ descending }) => (descending ? -1 : 1));
  return (a, b) => {
    for (let i = 0; i < codecs.length; i++) {
      const order = compareCells(codecs[i], a[width + i], b[width + i]);
      if (order !== 0) return order * signs[i];
    }
    return 0;
  };
}

function compareCells(codec: TypeCodec, a: Uint8Array | null, b: Uint8Array | null): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  return codec.compare(a, 0, a.length, b, 0, b.length);
}

/** Rows as chunks of the first `width` values. */
export function chunkOf(rows: readonly Cells[], width: number): Chunk {
  const cells: (Uint8Array | null)[] = [];
  for (const row of rows) for (let column = 0; column < width; column++) cells.push(row[column]);
  return { rowCount: rows.length, width, cells };
}
