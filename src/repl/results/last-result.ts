import type { ResultColumn, RowChunk, RowsResult } from '../../session/session.ts';

/** Rows kept for CHART; a chart of more says nothing on a terminal. */
const MAX_ROWS = 1_000;
/** Longer values are neither numbers nor labels. */
const MAX_CELL_BYTES = 256;

/** The beginning of the last result, kept as it streamed to the screen. */
export class LastResult {
  columns: readonly ResultColumn[] = [];
  /** Row by row, encoded; null for null and for what was too long to keep. */
  readonly rows: (Uint8Array | null)[][] = [];
  /** Rows that have come, kept or not. */
  rowCount = 0;

  /** The same result; what passes through it is kept up to MAX_ROWS. */
  keep(result: RowsResult): RowsResult {
    this.columns = result.columns;
    this.rows.length = 0;
    this.rowCount = 0;
    return {
      kind: 'rows',
      columns: result.columns,
      warnings: result.warnings,
      notes: result.notes,
      get statistics() {
        return result.statistics;
      },
      next: async () => {
        const chunk = await result.next();
        if (chunk !== null) this.take(chunk);
        return chunk;
      },
      pagingState: () => result.pagingState(),
      close: () => result.close(),
    };
  }

  private take(chunk: RowChunk): void {
    this.rowCount += chunk.rowCount;
    const width = this.columns.length;
    for (let row = 0; row < chunk.rowCount && this.rows.length < MAX_ROWS; row++) {
      // A chunk's bytes are only valid until the next one.
      this.rows.push(
        chunk.cells
          .slice(row * width, (row + 1) * width)
          .map((cell) => (cell === null || cell.length > MAX_CELL_BYTES ? null : cell.slice())),
      );
    }
  }
}
