import { codecOf, type TypeCodec } from '../../types/index.ts';
import type { SortKey } from '../../planner/index.ts';
import type { Chunk, ChunkSource } from './row-set.ts';

type Cells = readonly (Uint8Array | null)[];

/** The order of rows by sort keys that stand behind the first `width` values. Nulls come first, or last descending. */
export function rowOrder(keys: readonly SortKey[], width: number): (a: Cells, b: Cells) => number {
  const codecs = keys.map(({ expression }): TypeCodec => codecOf(expression.type));
  const signs = keys.map(({ descending }) => (descending ? -1 : 1));
  return (a, b) => {
    for (let i = 0; i < codecs.length; i++) {
      const order = compareValues(codecs[i], a[width + i], b[width + i]);
      if (order !== 0) return order * signs[i];
    }
    return 0;
  };
}

function compareValues(codec: TypeCodec, a: Uint8Array | null, b: Uint8Array | null): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  return codec.compare(a, 0, a.length, b, 0, b.length);
}

/** Copies of the rows of a chunk. */
export function copyRows({ rowCount, width, cells }: Chunk): (Uint8Array | null)[][] {
  const rows: (Uint8Array | null)[][] = [];
  for (let row = 0; row < rowCount; row++) {
    const values: (Uint8Array | null)[] = new Array(width);
    for (let column = 0; column < width; column++) {
      const value = cells[row * width + column];
      values[column] = value === null ? null : Uint8Array.prototype.slice.call(value);
    }
    rows.push(values);
  }
  return rows;
}

/** Rows as chunks of the first `width` values. */
export function chunkOf(rows: readonly Cells[], width: number): Chunk {
  const cells: (Uint8Array | null)[] = [];
  for (const row of rows) for (let column = 0; column < width; column++) cells.push(row[column]);
  return { rowCount: rows.length, width, cells };
}

/** The first `count` rows in order: a heap whose root is the last of them. Equal rows keep the order they came in. */
export class TopRows {
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

  sorted(): Cells[] {
    return [...this.heap].sort((a, b) => this.compare(a, b)).map(({ row }) => row);
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

const CHUNK_ROWS = 1024;

/** All rows in order, in memory. */
export class SortRows implements ChunkSource {
  private readonly input: ChunkSource;
  private readonly width: number;
  private readonly order: (a: Cells, b: Cells) => number;
  private readonly top: number | null;
  private rows: readonly Cells[] | null = null;
  private position = 0;

  /** `top`: only so many rows are wanted. */
  constructor(input: ChunkSource, keys: readonly SortKey[], width: number, top: number | null) {
    this.input = input;
    this.width = width;
    this.order = rowOrder(keys, width);
    this.top = top;
  }

  async next(): Promise<Chunk | null> {
    if (this.rows === null) this.rows = this.top === null ? await this.sortAll() : await this.keepTop(this.top);
    if (this.position >= this.rows.length) return null;
    const some = this.rows.slice(this.position, this.position + CHUNK_ROWS);
    this.position += some.length;
    return chunkOf(some, this.width);
  }

  private async sortAll(): Promise<Cells[]> {
    const rows: Cells[] = [];
    for (let chunk = await this.input.next(); chunk !== null; chunk = await this.input.next()) {
      for (const row of copyRows(chunk)) rows.push(row);
    }
    return rows.sort(this.order);
  }

  private async keepTop(count: number): Promise<Cells[]> {
    const top = new TopRows(this.order, count);
    for (let chunk = await this.input.next(); chunk !== null; chunk = await this.input.next()) {
      for (let row = 0; row < chunk.rowCount; row++) {
        const cells = chunk.cells.slice(row * chunk.width, (row + 1) * chunk.width);
        if (top.wants(cells)) top.add(cells.map((cell) => (cell === null ? null : Uint8Array.prototype.slice.call(cell))));
      }
    }
    return top.sorted();
  }

  close(): void {
    this.input.close();
  }
}
