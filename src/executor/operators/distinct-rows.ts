import type { CqlType } from '../../types/index.ts';
import { equalityFormOf } from '../../types/index.ts';
import type { StatementContext } from '../statement-context.ts';
import { DistinctSet } from './distinct-set.ts';
import type { Chunk, ChunkSource } from './row-set.ts';
import { WorkSlices } from './work-slices.ts';

/** Rows whose first values, of these types, no row before had. Those for which memory has no room come last. */
export class DistinctRows implements ChunkSource {
  private readonly input: ChunkSource;
  private readonly set: DistinctSet;
  private readonly slices: WorkSlices;
  private width = 0;
  private isRead = false;

  constructor(input: ChunkSource, types: readonly CqlType[], { memoryLimitBytes, signal }: StatementContext) {
    this.input = input;
    this.set = new DistinctSet(types.map(equalityFormOf), memoryLimitBytes);
    this.slices = new WorkSlices(signal);
  }

  async next(): Promise<Chunk | null> {
    while (!this.isRead) {
      if (this.slices.isOver()) await this.slices.rest();
      const chunk = await this.input.next();
      if (chunk === null) {
        this.isRead = true;
        break;
      }
      this.width = chunk.width;
      const kept = this.firstRows(chunk);
      if (kept.rowCount > 0) return kept;
    }
    const rows = await this.set.nextSpilled(this.slices);
    return rows === null ? null : { rowCount: rows.length, width: this.width, cells: rows.flat() };
  }

  private firstRows({ rowCount, width, cells }: Chunk): Chunk {
    const kept: (Uint8Array | null)[] = [];
    for (let at = 0; at < rowCount * width; at += width) {
      if (!this.set.isFirst(cells, at, width)) continue;
      for (let column = 0; column < width; column++) kept.push(cells[at + column]);
    }
    return { rowCount: kept.length / width, width, cells: kept };
  }

  close(): void {
    this.set.close();
    this.input.close();
  }
}
