import type { Chunk, ChunkSource } from './row-set.ts';

/** Rows whose first `width` values no row before had. */
export class DistinctRows implements ChunkSource {
  private readonly input: ChunkSource;
  private readonly width: number;
  private readonly seen = new Set<string>();

  constructor(input: ChunkSource, width: number) {
    this.input = input;
    this.width = width;
  }

  async next(): Promise<Chunk | null> {
    for (let chunk = await this.input.next(); chunk !== null; chunk = await this.input.next()) {
      const kept: (Uint8Array | null)[] = [];
      let rowCount = 0;
      for (let row = 0; row < chunk.rowCount; row++) {
        const cells = chunk.cells.slice(row * chunk.width, (row + 1) * chunk.width);
        const key = rowKey(cells, this.width);
        if (this.seen.has(key)) continue;
        this.seen.add(key);
        kept.push(...cells);
        rowCount++;
      }
      if (rowCount > 0) return { rowCount, width: chunk.width, cells: kept };
    }
    return null;
  }

  close(): void {
    this.input.close();
  }
}

/** A text that two rows share when their values have the same bytes. */
export function rowKey(cells: readonly (Uint8Array | null)[], width: number): string {
  let key = '';
  for (let column = 0; column < width; column++) {
    const cell = cells[column];
    key +=
      cell === null
        ? 'n|'
        : `${cell.length}:${Buffer.from(cell.buffer, cell.byteOffset, cell.length).toString('latin1')}|`;
  }
  return key;
}
