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
    // The file lives on without a name as long as it is open, so that a process that is killed leaves nothing.
    if (process.platform !== 'win32') this.removeName();
  }

  write(row: Cells): void {
    let length = 0;
    for (const value of row) length += 4 + (value?.length ?? 0);
    this.beginRow(row.length, length);
    let p = this.used;
    for (const value of row) {
      p = this.buffer.writeInt32BE(value === null ? -1 : value.length, p);
      if (value === null) continue;
      this.buffer.set(value, p);
      p += value.length;
    }
    this.used = p;
  }

  /** A row of `count` values that lie as they do in the file. */
  writePacked(count: number, source: Uint8Array, start: number, end: number): void {
    this.beginRow(count, end - start);
    this.buffer.set(source.subarray(start, end), this.used);
    this.used += end - start;
  }

  /** Room for a row, and the number of its values. */
  private beginRow(count: number, length: number): void {
    if (this.used + 4 + length > this.buffer.length) this.flush(4 + length);
    this.used = this.buffer.writeInt32BE(count, this.used);
    this.rows++;
  }

  private flush(room: number): void {
    for (let written = 0; written < this.used; ) {
      written += writeSync(this.descriptor, this.buffer, written, this.used - written, this.size + written);
    }
    this.size += this.used;
    this.used = 0;
    if (room > this.buffer.length) this.buffer = Buffer.allocUnsafe(room);
  }

  /** Every row from the first on. Nothing may be written after this. Values lie in windows of the file, which are not used again. */
  *read(): Generator<Cells> {
    this.flush(0);
    let window: Uint8Array = this.buffer.subarray(0, 0);
    let start = 0;
    let position = 0;
    const windowBytes = this.buffer.length;
    const fill = (length: number): void => {
      const rest = window.length - start;
      if (rest >= length) return;
      const next = new Uint8Array(Math.min(Math.max(windowBytes, length), rest + this.size - position));
      next.set(window.subarray(start));
      position += readSync(this.descriptor, next, rest, next.length - rest, position);
      window = next;
      start = 0;
    };
    for (let row = 0; row < this.rows; row++) {
      fill(4);
      const count = int32At(window, start);
      start += 4;
      const values: (Uint8Array | null)[] = new Array(count);
      for (let i = 0; i < count; i++) {
        fill(4);
        const length = int32At(window, start);
        start += 4;
        if (length < 0) {
          values[i] = null;
          continue;
        }
        fill(length);
        values[i] = window.subarray(start, start + length);
        start += length;
      }
      yield values;
    }
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    closeSync(this.descriptor);
    this.removeName();
  }

  private removeName(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
