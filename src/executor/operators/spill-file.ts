import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { int32At } from '../../bytes/index.ts';

type Cells = readonly (Uint8Array | null)[];

const BUFFER_BYTES = 1024 * 1024;

/**
 * Rows on disk for a sort or a hash that outgrew its memory: written once, read once, gone when closed.
 *
 *   per row     int32 number of values, then per value int32 length (-1 null), bytes
 */
export class SpillFile {
  rows = 0;
  private readonly directory = mkdtempSync(join(tmpdir(), 'cassette-spill-'));
  private readonly descriptor = openSync(join(this.directory, 'rows'), 'w+', 0o600);
  private buffer: Buffer;
  private used = 0;
  private size = 0;
  private isClosed = false;

  constructor(bufferBytes = BUFFER_BYTES) {
    this.buffer = Buffer.allocUnsafe(bufferBytes);
  }

  write(row: Cells): void {
    let length = 4;
    for (const value of row) length += 4 + (value?.length ?? 0);
    if (this.used + length > this.buffer.length) this.flush(length);
    let p = this.buffer.writeInt32BE(row.length, this.used);
    for (const value of row) {
      p = this.buffer.writeInt32BE(value === null ? -1 : value.length, p);
      if (value === null) continue;
      this.buffer.set(value, p);
      p += value.length;
    }
    this.used = p;
    this.rows++;
  }

  private flush(room: number): void {
    writeSync(this.descriptor, this.buffer, 0, this.used, this.size);
    this.size += this.used;
    this.used = 0;
    if (room > this.buffer.length) this.buffer = Buffer.allocUnsafe(room);
  }

  /** Every row from the first on. Nothing may be written after this. */
  *read(): Generator<(Uint8Array | null)[]> {
    this.flush(0);
    let window: Buffer = this.buffer;
    let start = 0;
    let end = 0;
    let position = 0;
    const fill = (length: number): void => {
      if (end - start >= length) return;
      const next = length > window.length ? Buffer.allocUnsafe(length * 2) : window;
      window.copy(next, 0, start, end);
      end -= start;
      start = 0;
      window = next;
      const read = readSync(this.descriptor, window, end, window.length - end, position);
      position += read;
      end += read;
    };
    for (let row = 0; row < this.rows; row++) {
      fill(4);
      const count = int32At(window, start);
      start += 4;
      const values: (Uint8Array | null)[] = [];
      for (let i = 0; i < count; i++) {
        fill(4);
        const length = int32At(window, start);
        start += 4;
        if (length < 0) {
          values.push(null);
          continue;
        }
        fill(length);
        values.push(Uint8Array.prototype.slice.call(window, start, start + length));
        start += length;
      }
      yield values;
    }
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    closeSync(this.descriptor);
    rmSync(this.directory, { recursive: true, force: true });
  }
}
