import type { SortKey } from '../../planner/index.ts';
import { codecOf, roughNumber, type TypeCodec } from '../../types/index.ts';
import type { StatementContext } from '../statement-context.ts';
import { MergeSort } from './merge-sort.ts';
import { PackedRows } from './packed-rows.ts';
import type { Chunk, ChunkSource } from './row-set.ts';
import { SpillFile } from './spill-file.ts';
import { type Cells, rowOrder } from './top-heap.ts';
import { WorkSlices } from './work-slices.ts';

const CHUNK_ROWS = 1024;
/** What sorting takes a row: two numbers and two indexes. */
const SORT_BYTES = 24;

/** Gives rows to a sort: the sort keys first, then the values. */
export interface SortInput {
  /** Adds some rows; false when there are no more. */
  addTo(rows: PackedRows): Promise<boolean>;
  close(): void;
}

/** All rows in order. When they outgrow the memory limit, sorted runs go to disk and are merged at the end. */
export class SortRows implements ChunkSource {
  private readonly input: SortInput;
  private readonly width: number;
  private readonly keys: readonly SortKey[];
  private readonly codecs: readonly TypeCodec[];
  private readonly signs: readonly number[];
  private readonly memoryLimitBytes: number;
  private readonly runs: SpillFile[] = [];
  private readonly slices: WorkSlices;
  private sorted: SortedRows | null = null;
  private isClosed = false;

  /** `width`: of the values. */
  constructor(
    input: SortInput,
    keys: readonly SortKey[],
    width: number,
    { memoryLimitBytes, signal }: StatementContext,
  ) {
    this.input = input;
    this.width = width;
    this.keys = keys;
    this.codecs = keys.map(({ expression }) => codecOf(expression.type));
    this.signs = keys.map(({ descending }) => (descending ? -1 : 1));
    this.memoryLimitBytes = memoryLimitBytes;
    this.slices = new WorkSlices(signal);
  }

  async next(): Promise<Chunk | null> {
    this.sorted ??= await this.sortAll();
    if (this.slices.isOver()) await this.slices.rest();
    if (this.isClosed) return null;
    const cells: (Uint8Array | null)[] = [];
    let rowCount = 0;
    while (rowCount < CHUNK_ROWS && this.sorted.appendNext(cells)) rowCount++;
    return rowCount === 0 ? null : { rowCount, width: this.width, cells };
  }

  private newRows(): PackedRows {
    return new PackedRows(this.keys.length + this.width);
  }

  private async sortAll(): Promise<SortedRows> {
    let rows = this.newRows();
    while (await this.input.addTo(rows)) {
      if (this.slices.isOver()) await this.slices.rest();
      if (rows.hasRoom(this.memoryLimitBytes, SORT_BYTES)) continue;
      await this.writeRun(rows);
      rows = this.newRows();
    }
    const first = this.keys.length;
    if (this.runs.length === 0) return new RowsInOrder(rows, await this.orderOf(rows), first);
    if (rows.count > 0) await this.writeRun(rows);
    return new MergedRuns(this.runs, rowOrder(this.keys, 0), first);
  }

  /** Compares rough numbers of the first key where its type has them, and all keys where those are equal. */
  private async orderOf(rows: PackedRows): Promise<Uint32Array> {
    const { keys, codecs, signs, slices } = this;
    const rough = roughNumber(keys[0].expression.type);
    const numbers = new Float64Array(rows.count);
    for (let i = 0; i < rows.count && rough !== null; i++) {
      numbers[i] = rows.firstNumber(i, rough, Number.NEGATIVE_INFINITY);
      if (i % CHUNK_ROWS === 0 && slices.isOver()) await slices.rest();
    }
    const sort = new MergeSort(numbers, signs[0], (a, b) => rows.compare(a, b, codecs, signs));
    while (!this.isClosed && !sort.step()) if (slices.isOver()) await slices.rest();
    return sort.result();
  }

  private async writeRun(rows: PackedRows): Promise<void> {
    const order = await this.orderOf(rows);
    if (this.isClosed) return;
    const run = new SpillFile();
    this.runs.push(run);
    for (let i = 0; i < order.length && !this.isClosed; i++) {
      rows.writeTo(run, order[i]);
      if (i % CHUNK_ROWS === 0 && this.slices.isOver()) await this.slices.rest();
    }
  }

  close(): void {
    this.isClosed = true;
    for (const run of this.runs) run.close();
    this.input.close();
  }
}

interface SortedRows {
  /** Appends the next row's values; false after the last row. */
  appendNext(cells: (Uint8Array | null)[]): boolean;
}

class RowsInOrder implements SortedRows {
  private readonly rows: PackedRows;
  private readonly order: Uint32Array;
  private readonly first: number;
  private position = 0;

  constructor(rows: PackedRows, order: Uint32Array, first: number) {
    this.rows = rows;
    this.order = order;
    this.first = first;
  }

  appendNext(cells: (Uint8Array | null)[]): boolean {
    if (this.position === this.order.length) return false;
    this.rows.appendCells(this.order[this.position++], this.first, cells);
    return true;
  }
}

/** Rows of sorted runs in order; of equal ones those of earlier runs first. A heap of the runs by their next rows. */
class MergedRuns implements SortedRows {
  private readonly order: (a: Cells, b: Cells) => number;
  private readonly first: number;
  private readonly heap: { readonly rows: Iterator<Cells>; readonly run: number; head: Cells }[] = [];

  constructor(runs: readonly SpillFile[], order: (a: Cells, b: Cells) => number, first: number) {
    this.order = order;
    this.first = first;
    runs.forEach((file, run) => {
      const rows = file.read();
      const { value, done } = rows.next();
      if (!done) this.heap.push({ rows, run, head: value });
    });
    for (let i = this.heap.length >> 1; i >= 0; i--) this.siftDown(i);
  }

  appendNext(cells: (Uint8Array | null)[]): boolean {
    const { heap, first } = this;
    if (heap.length === 0) return false;
    const [least] = heap;
    for (let i = first; i < least.head.length; i++) cells.push(least.head[i]);
    const { value, done } = least.rows.next();
    if (!done) least.head = value;
    else {
      const last = heap.pop();
      if (last !== undefined && heap.length > 0) heap[0] = last;
    }
    this.siftDown(0);
    return true;
  }

  private siftDown(start: number): void {
    const { heap } = this;
    for (let i = start; ; ) {
      let least = i;
      for (let child = 2 * i + 1; child <= 2 * i + 2 && child < heap.length; child++) {
        if (this.isBefore(child, least)) least = child;
      }
      if (least === i) return;
      [heap[i], heap[least]] = [heap[least], heap[i]];
      i = least;
    }
  }

  private isBefore(a: number, b: number): boolean {
    const [left, right] = [this.heap[a], this.heap[b]];
    return (this.order(left.head, right.head) || left.run - right.run) < 0;
  }
}
