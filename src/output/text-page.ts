import type { TextRow } from './table-layout.ts';

/** cqlsh sizes its columns by pages of this many rows, and so its layout is only reproduced by the same pages. */
export const PAGE_ROWS = 100;
/** What a page may hold of text, so that a hundred rows of large blobs are several pages. In UTF-16 units. */
const PAGE_CHARACTERS = 2 * 1024 * 1024;

/** Rows that wait for the width of their columns: those of one page. */
export class TextPage {
  private readonly maxRows: number;
  private waiting: TextRow[] = [];
  private characters = 0;

  constructor(maxRows = PAGE_ROWS) {
    this.maxRows = maxRows;
  }

  get rows(): readonly TextRow[] {
    return this.waiting;
  }

  get isFull(): boolean {
    return this.waiting.length >= this.maxRows || this.characters >= PAGE_CHARACTERS;
  }

  push(row: TextRow): void {
    this.waiting.push(row);
    for (const text of row.texts) this.characters += text.length;
  }

  clear(): void {
    this.waiting = [];
    this.characters = 0;
  }
}
