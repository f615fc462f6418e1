/** Reads of one row need little; scans come to the larger size at once. */
const FIRST_CHUNK_BYTES = 2 * 1024;
const CHUNK_BYTES = 256 * 1024;

/**
 * Scratch space for the values of one batch. A copy stays where it is until `reset`: a full chunk is never moved, a new
 * one is begun. `reset` keeps one chunk, so that scans of small values allocate nothing.
 */
export class ByteArena {
  /** Where the last copy lies: `chunk[start, start + length)`. */
  chunk: Uint8Array = Buffer.allocUnsafe(FIRST_CHUNK_BYTES);
  start = 0;
  /** Bytes held by all copies since `reset`. */
  used = 0;
  private position = 0;

  reset(): void {
    if (this.chunk.length > CHUNK_BYTES) this.chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    this.position = 0;
    this.used = 0;
  }

  /** Makes room for `length` bytes at `start` of `chunk`, to be written by the caller. */
  allocate(length: number): void {
    if (length > this.chunk.length - this.position) {
      this.chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, length));
      this.position = 0;
    }
    this.start = this.position;
    this.position += length;
    this.used += length;
  }

  /** Gives back what lies behind the first `length` bytes of the last allocation. */
  shrink(length: number): void {
    this.used -= this.position - this.start - length;
    this.position = this.start + length;
  }

  copy(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.allocate(length);
    const target = this.chunk;
    let p = this.start;
    if (length > 64) target.set(source.subarray(start, end), p);
    else for (let i = start; i < end; i++) target[p++] = source[i];
  }
}
