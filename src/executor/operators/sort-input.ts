import type { PackedRows } from './packed-rows.ts';
import type { Projection } from './project-rows.ts';
import type { ChunkSource, RowSet, RowSource } from './row-set.ts';
import type { SortInput } from './sort-rows.ts';

/** Rows of an operator, computed straight into the sort's memory. */
export class ProjectedInput implements SortInput {
  private readonly input: RowSource;
  private readonly projections: readonly Projection[];

  constructor(input: RowSource, selectors: readonly Projection[], keys: readonly Projection[]) {
    this.input = input;
    this.projections = [...keys, ...selectors];
  }

  async addTo(rows: PackedRows): Promise<boolean> {
    const set = await this.input.next();
    if (set === null) return false;
    for (let i = 0; i < set.count; i++) this.addRow(rows, set, i);
    return true;
  }

  private addRow(rows: PackedRows, set: RowSet, i: number): void {
    const { batch } = set;
    const { projections } = this;
    for (let k = 0; k < projections.length; k++) {
      const projection = projections[k];
      if ('slot' in projection && batch !== null) {
        const vector = batch.columns.columns[projection.slot];
        const row = batch.rows === null ? i : batch.rows[i];
        const end = vector.end[row];
        if (end < 0) rows.append(null, 0, 0);
        else rows.append(vector.source[row], vector.start[row], end);
      } else {
        const row = set.row(i);
        const value = 'slot' in projection ? row.value(projection.slot) : projection.evaluate(row);
        rows.append(value, 0, value?.length ?? 0);
      }
    }
    rows.endRow();
  }

  close(): void {
    this.input.close();
  }
}

/** Rows that are computed already: `width` values, the sort keys behind them. */
export class ChunkInput implements SortInput {
  private readonly input: ChunkSource;
  private readonly width: number;

  constructor(input: ChunkSource, width: number) {
    this.input = input;
    this.width = width;
  }

  async addTo(rows: PackedRows): Promise<boolean> {
    const chunk = await this.input.next();
    if (chunk === null) return false;
    const { width, cells } = chunk;
    for (let at = 0; at < chunk.rowCount * width; at += width) {
      for (let k = this.width; k < width; k++) rows.append(cells[at + k], 0, cells[at + k]?.length ?? 0);
      for (let k = 0; k < this.width; k++) rows.append(cells[at + k], 0, cells[at + k]?.length ?? 0);
      rows.endRow();
    }
    return true;
  }

  close(): void {
    this.input.close();
  }
}
