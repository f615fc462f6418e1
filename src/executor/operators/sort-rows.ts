import type { SortKey } from '../../planner/index.ts';
import { codecOf, roughNumber, type TypeCodec } from '../../types/index.ts';
import type { StatementContext } from '../statement-context.ts';
import { copyCell } from './copy-bytes.ts';
import { MergeSort } from './merge-sort.ts';
import type { Chunk, ChunkSource } from './row-set.ts';
import { SpillFile } from './spill-file.ts';
import { WorkSlices } from './work-slices.ts';

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
function copyRows({ rowCount, width, cells }: Chunk): (Uint8Array | null)[][] {
  const rows: (Uint8Array | null)[][] = [];
  for (let row = 0; row < rowCount; row++) {
    const values: (Uint8Array | null)[] = new Array(width);
    for (let column = 0; column < width; column++) {
      const value = cells[row * width + column];
      values[column] = copyCell(value);
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

  /** The last row kept, once there are as many as wanted; null before. */
  last(): Cells | null {
    return this.heap.length < this.count ? null : (this.heap[0]?.row ?? null);
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
/** Memory of a row and of each of its values beyond their bytes. */
const ROW_BYTES = 48;
const VALUE_BYTES = 72;

/** All rows in order. When they outgrow the memory limit, sorted runs go to disk and are merged at the end. */
export class SortRows implements ChunkSource {
  private readonly input: ChunkSource;
  private readonly width: number;
  private readonly keys: readonly SortKey[];
  private readonly order: (a: Cells, b: Cells) => number;
  private readonly top: number | null;
  private readonly memoryLimitBytes: number;
  private readonly runs: SpillFile[] = [];
  private readonly slices: WorkSlices;
  private sorted: Iterator<Cells> | null = null;
  private isClosed = false;

  /** `top`: how many rows are wanted; null for all. */
  constructor(
    input: ChunkSource,
    keys: readonly SortKey[],
    width: number,
    top: number | null,
    { memoryLimitBytes, signal }: StatementContext,
  ) {
    this.input = input;
    this.width = width;
    this.keys = keys;
    this.order = rowOrder(keys, width);
    this.top = top;
    this.memoryLimitBytes = memoryLimitBytes;
    this.slices = new WorkSlices(signal);
  }

  async next(): Promise<Chunk | null> {
    this.sorted ??= this.top === null || this.top > MOST_TOP_ROWS ? await this.sortAll() : await this.keepTop(this.top);
    if (this.slices.isOver()) await this.slices.rest();
    if (this.isClosed) return null;
    const some: Cells[] = [];
    while (some.length < CHUNK_ROWS) {
      const { value, done } = this.sorted.next();
      if (done) break;
      some.push(value);
    }
    return some.length === 0 ? null : chunkOf(some, this.width);
  }

  private async sortAll(): Promise<Iterator<Cells>> {
    let rows: Cells[] = [];
    let bytes = 0;
    for (let chunk = await this.input.next(); chunk !== null; chunk = await this.input.next()) {
      for (const row of copyRows(chunk)) {
        rows.push(row);
        bytes += ROW_BYTES;
        for (const value of row) bytes += VALUE_BYTES + (value?.length ?? 0);
      }
      if (bytes < this.memoryLimitBytes) continue;
      await this.writeRun(await this.inOrder(rows));
      rows = [];
      bytes = 0;
    }
    const last = await this.inOrder(rows);
    return this.runs.length === 0 ? last : mergeRuns([...this.runs.map((run) => run.read()), last], this.order);
  }

  /** Compares rough numbers of the first key where its type has them, and all keys where those are equal. */
  private async inOrder(rows: readonly Cells[]): Promise<Iterator<Cells>> {
    const { keys, width, order, slices } = this;
    const rough = roughNumber(keys[0].expression.type);
    const numbers = new Float64Array(rows.length);
    for (let i = 0; i < rows.length && rough !== null; i++) {
      const key = rows[i][width];
      numbers[i] = key === null ? Number.NEGATIVE_INFINITY : rough(key, 0, key.length);
    }
    const sort = new MergeSort(numbers, keys[0].descending ? -1 : 1, (a, b) => order(rows[a], rows[b]));
    while (!this.isClosed && !sort.step()) if (slices.isOver()) await slices.rest();
    return rowsAt(rows, sort.result());
  }

  private async writeRun(rows: Iterator<Cells>): Promise<void> {
    if (this.isClosed) return;
    const run = new SpillFile();
    this.runs.push(run);
    for (let next = rows.next(); !next.done && !this.isClosed; next = rows.next()) {
      run.write(next.value);
      if (run.rows % CHUNK_ROWS === 0 && this.slices.isOver()) await this.slices.rest();
    }
  }

  private async keepTop(count: number): Promise<Iterator<Cells>> {
    const top = new TopRows(this.order, count);
    const candidate: (Uint8Array | null)[] = [];
    for (let chunk = await this.input.next(); chunk !== null; chunk = await this.input.next()) {
      const { width, cells } = chunk;
      candidate.length = width;
      for (let at = 0; at < chunk.rowCount * width; at += width) {
        // Sorting needs the keys only; the other values are copied for rows that are kept.
        for (let column = this.width; column < width; column++) candidate[column] = cells[at + column];
        if (!top.wants(candidate)) continue;
        const row = cells.slice(at, at + width);
        top.add(row.map(copyCell));
      }
    }
    return top.sorted()[Symbol.iterator]();
  }

  close(): void {
    this.isClosed = true;
    for (const run of this.runs) run.close();
    this.input.close();
  }
}

/** For more rows than this a sort is no slower than a heap, and it can spill to disk and work in slices. */
export const MOST_TOP_ROWS = 20_000;

function* rowsAt(rows: readonly Cells[], indexes: Uint32Array): Generator<Cells> {
  for (let i = 0; i < indexes.length; i++) yield rows[indexes[i]];
}

/** Rows of sorted runs in order; of equal ones those of earlier runs first. */
function* mergeRuns(runs: readonly Iterator<Cells>[], order: (a: Cells, b: Cells) => number): Generator<Cells> {
  const heads = runs.map((run) => run.next());
  for (;;) {
    let least = -1;
    for (let i = 0; i < heads.length; i++) {
      const head = heads[i];
      if (head.done) continue;
      if (least < 0 || order(head.value, heads[least].value) < 0) least = i;
    }
    if (least < 0) return;
    yield heads[least].value;
    heads[least] = runs[least].next();
  }
}
