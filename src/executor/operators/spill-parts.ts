import { SpillFile } from './spill-file.ts';

const PARTS = 16;
const BUFFER_BYTES = 64 * 1024;

/** Rows on disk, split by a hash of their key: rows of one key are in one part, and each part is read after the others. */
export class SpillParts {
  private readonly files = new Map<number, SpillFile>();

  write(hash: number, row: readonly (Uint8Array | null)[]): void {
    const part = (hash >>> 8) % PARTS;
    let file = this.files.get(part);
    if (file === undefined) {
      file = new SpillFile(BUFFER_BYTES);
      this.files.set(part, file);
    }
    file.write(row);
  }

  /** A part that was not read yet, for the caller to close; null when there is none. */
  take(): SpillFile | null {
    for (const [part, file] of this.files) {
      this.files.delete(part);
      return file;
    }
    return null;
  }

  close(): void {
    for (const file of this.files.values()) file.close();
    this.files.clear();
  }
}
