import type { Chunk, ChunkSource } from './row-set.ts';

/** OFFSET and LIMIT: skips the first rows, then ends after a number of rows. */
export class LimitRows implements ChunkSource {
  private readonly input: ChunkSource;
  private toSkip: number;
  private remaining: number;

  constructor(input: ChunkSource, limit: number | null, offset: number) {
    this.input = input;
    this.toSkip = offset;
    this.remaining = limit ?? Number.POSITIVE_INFINITY;
  }

  async next(): Promise<Chunk | null> {
    while (this.remaining > 0) {
      const chunk = await this.input.next();
      if (chunk === null) return null;
      const skipped = Math.min(this.toSkip, chunk.rowCount);
      this.toSkip -= skipped;
      const rowCount = Math.min(chunk.rowCount - skipped, this.remaining);
      if (rowCount === 0) continue;
      this.remaining -= rowCount;
      if (rowCount === chunk.rowCount) return chunk;
      const { width } = chunk;
      return { rowCount, width, cells: chunk.cells.slice(skipped * width, (skipped + rowCount) * width) };
    }
    return null;
  }

  close(): void {
    this.input.close();
  }
}
