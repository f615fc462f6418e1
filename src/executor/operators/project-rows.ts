import type { Evaluator } from '../evaluate/index.ts';
import type { Chunk, ChunkSource, RowSet, RowSource } from './row-set.ts';

/** Paging listens in on projection: it is told of every row, in order. */
export interface RowObserver {
  /** Rows that may still be delivered. */
  room(): number;
  delivered(set: RowSet, from: number, count: number, more: boolean): void;
}

/** One selected value: the slot of an input column, or a computed value. */
export type Projection = { readonly slot: number } | { readonly evaluate: Evaluator };

/** Values of each row, a chunk for each set of rows. */
export class ProjectRows implements ChunkSource {
  private readonly input: RowSource;
  private readonly projections: readonly Projection[];
  private readonly observer: RowObserver | null;

  constructor(input: RowSource, projections: readonly Projection[], observer: RowObserver | null) {
    this.input = input;
    this.projections = projections;
    this.observer = observer;
  }

  async next(): Promise<Chunk | null> {
    const { observer } = this;
    if (observer !== null && observer.room() <= 0) return null;
    const set = await this.input.next();
    if (set === null) return null;
    const count = observer === null ? set.count : Math.min(set.count, observer.room());
    observer?.delivered(set, 0, count, count < set.count);
    return this.project(set, count);
  }

  private project(set: RowSet, rowCount: number): Chunk {
    const { projections } = this;
    const width = projections.length;
    const cells = new Array<Uint8Array | null>(rowCount * width);
    for (let column = 0; column < width; column++) {
      const projection = projections[column];
      if ('slot' in projection && set.batch !== null)
        copyColumn(set, set.batch, projection.slot, cells, column, rowCount, width);
      else {
        const evaluate = 'slot' in projection ? null : projection.evaluate;
        for (let i = 0; i < rowCount; i++) {
          const row = set.row(i);
          cells[i * width + column] =
            evaluate === null ? ('slot' in projection ? row.value(projection.slot) : null) : evaluate(row);
        }
      }
    }
    return { rowCount, width, cells };
  }

  close(): void {
    this.input.close();
  }
}

function copyColumn(
  set: RowSet,
  { columns, rows }: NonNullable<RowSet['batch']>,
  slot: number,
  cells: (Uint8Array | null)[],
  column: number,
  rowCount: number,
  width: number,
): void {
  const vector = columns.columns[slot];
  let cell = column;
  for (let i = 0; i < rowCount && i < set.count; i++, cell += width)
    cells[cell] = vector.value(rows === null ? i : rows[i]);
}
