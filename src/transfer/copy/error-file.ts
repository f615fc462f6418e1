import { appendFileSync } from 'node:fs';

/** Written at once: a file whose every row fails is as long as the file. */
const BUFFERED_CHARACTERS = 1 << 16;

/** Rows that could not be imported, kept as they stood, so that they can be mended and imported again. */
export class ErrorFile {
  readonly path: string;
  count = 0;
  private text = '';

  constructor(path: string) {
    this.path = path;
  }

  add(row: string): void {
    this.count++;
    this.text += row.endsWith('\n') ? row : `${row}\n`;
    if (this.text.length >= BUFFERED_CHARACTERS) this.flush();
  }

  flush(): void {
    if (this.text === '') return;
    appendFileSync(this.path, this.text);
    this.text = '';
  }
}
