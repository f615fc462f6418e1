import type { SortKey } from '../../planner/index.ts';
import { codecOf, roughNumber, type TypeCodec } from '../../types/index.ts';
import type { StatementContext } from '../statement-context.ts';
import { copyCell } from './copy-bytes.ts';
import { type NumberSearch, numberSearch } from './number-search.ts';
import type { Projection } from './project-rows.ts';
import type { Chunk, ChunkSource, RowSet, RowSource } from './row-set.ts';
import { chunkOf, rowOrder, TopHeap } from './top-heap.ts';
import { WorkSlices } from './work-slices.ts';

/** For more rows than this a sort is no slower than a heap, and it can spill to disk and work in slices. */
export const MOST_TOP_ROWS = 20_000;

/** Rows between two looks at the clock: each may cost as many comparisons as the heap is deep. */
const ROWS_A_STEP = 256;

/**
 * ORDER BY … LIMIT over rows of batches: a row's first key is compared in place with the last row kept so far, and only
 * rows that stay are computed and copied.
 */
export class TopProjectedRows implements ChunkSource {
  private readonly input: RowSource;
  private readonly selectors: readonly Projection[];
  private readonly keys: readonly Projection[];
  private readonly top: TopHeap;
  private readonly codec: TypeCodec;
  private readonly rough: ReturnType<typeof roughNumber>;
  private readonly search: NumberSearch | null;
  private readonly sign: number;
  private readonly slices: WorkSlices;
  private done = false;
  /** The first key of the last row kept, once so many rows are. */
  private worst: Uint8Array | null = null;
  private worstNumber = Number.NEGATIVE_INFINITY;
  private isFull = false;

  constructor(
    input: RowSource,
    selectors: readonly Projection[],
    keys: readonly Projection[],
    sortKeys: readonly SortKey[],
    count: number,
    { signal }: StatementContext,
  ) {
    this.slices = new WorkSlices(signal);
    this.input = input;
    this.selectors = selectors;
    this.keys = keys;
    this.top = new TopHeap(rowOrder(sortKeys, selectors.length), count);
    this.codec = codecOf(sortKeys[0].expression.type);
    this.rough = roughNumber(sortKeys[0].expression.type);
    this.sign = sortKeys[0].descending ? -1 : 1;
    this.search = numberSearch(sortKeys[0].expression.type, this.sign);
  }

  async next(): Promise<Chunk | null> {
    if (this.done) return null;
    this.done = true;
    for (let set = await this.input.next(); set !== null; set = await this.input.next()) {
      for (let from = 0; from < set.count; from += ROWS_A_STEP) {
        this.addRows(set, from, Math.min(set.count, from + ROWS_A_STEP));
        if (this.slices.isOver()) await this.slices.rest();
      }
    }
    const rows = await this.top.sorted(this.slices);
    return rows.length === 0 ? null : chunkOf(rows, this.selectors.length);
  }

  private addRows(set: RowSet, from: number, to: number): void {
    const [first] = this.keys;
    const { batch } = set;
    const vector = batch !== null && 'slot' in first ? batch.columns.columns[first.slot] : null;
    for (let i = from; i < to; i++) {
      if (this.isFull && batch !== null && vector !== null) {
        if (this.worst !== null && this.search !== null) {
          i = this.search(vector, batch.rows, i, to, this.worstNumber);
          if (i === to) return;
        }
        const row = batch.rows === null ? i : batch.rows[i];
        if (this.isBeyond(vector.source[row], vector.start[row], vector.end[row])) continue;
      }
      this.consider(set, i);
    }
  }

  /** The first key alone says that the row comes after all that are kept. */
  private isBeyond(source: Uint8Array, start: number, end: number): boolean {
    const { worst } = this;
    if (end < 0) return this.sign < 0 && worst !== null;
    if (worst === null) return this.sign > 0;
    if (this.rough !== null) {
      const difference = this.rough(source, start, end) - this.worstNumber;
      if (difference !== 0 && !Number.isNaN(difference)) return difference * this.sign > 0;
    }
    return this.codec.compare(source, start, end, worst, 0, worst.length) * this.sign > 0;
  }

  private consider(set: RowSet, i: number): void {
    const { selectors, keys, top } = this;
    const candidate: (Uint8Array | null)[] = new Array(selectors.length + keys.length).fill(null);
    for (let k = 0; k < keys.length; k++) candidate[selectors.length + k] = valueOf(keys[k], set, i);
    if (!top.wants(candidate)) return;
    for (let k = 0; k < selectors.length; k++) candidate[k] = valueOf(selectors[k], set, i);
    top.add(candidate.map(copyCell));
    const last = top.last();
    this.isFull = last !== null;
    if (last === null) return;
    this.worst = last[selectors.length];
    this.worstNumber =
      this.worst === null || this.rough === null
        ? Number.NEGATIVE_INFINITY
        : this.rough(this.worst, 0, this.worst.length);
  }

  close(): void {
    this.input.close();
  }
}

function valueOf(projection: Projection, set: RowSet, i: number): Uint8Array | null {
  const row = set.row(i);
  return 'slot' in projection ? row.value(projection.slot) : projection.evaluate(row);
}
