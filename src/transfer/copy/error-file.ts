import { appendFileSync } from 'node:fs';

/** Rows that could not be imported, kept as they stood, so that they can be mended and imported again. */
export class ErrorFile {
  readonly path: string;
  count = 0;

  constructor(path: string) {
    this.path = path;
  }

  add(row: Uint8Array | string): void {
    this.count++;
    appendFileSync(this.path, row);
    if (row.length === 0 || row.at(-1) !== '\n') appendFileSync(this.path, '\n');
  }
}
