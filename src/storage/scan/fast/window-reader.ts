import { CorruptionError } from '../../../errors/index.ts';
import type { DataWindow } from '../../sstable/data/data-window.ts';

/**
 * Reads vints at offsets of a window without checking each against its end: behind the end stand zeros or what was there
 * before, and callers trust no length that does not lie before `limit` as a whole.
 */
export abstract class WindowReader {
  protected bytes: Uint8Array = new Uint8Array(0);
  protected limit = 0;
  /** Offset in the window of the next element, or of the next partition. */
  position = 0;
  /** Behind what `vint` or `vint32` read last. */
  protected after = 0;
  /** The upper half of what `vint32` read last. */
  protected vintHigh = 0;
  private readonly file: string;
  /** Uncompressed position of `bytes[0]`, for messages. */
  private origin = 0;

  constructor(file: string) {
    this.file = file;
  }

  /** Stands on the window as it is now, at an uncompressed position within it. */
  attach(window: DataWindow, position: number): void {
    this.bytes = window.bytes;
    this.limit = window.end;
    this.origin = window.origin;
    this.position = position - window.origin;
  }

  /** The unsigned vint at `p` as a double (sizes, counts); `after` is behind it. */
  protected vint(p: number): number {
    const first = this.bytes[p];
    if (first < 0x80) {
      this.after = p + 1;
      return first;
    }
    const lo = this.vint32(p);
    return (this.vintHigh >>> 0) * 4294967296 + (lo >>> 0);
  }

  /** The low 32 bits of the unsigned vint at `p`, and the others in `vintHigh`; `after` is behind it. */
  protected vint32(p: number): number {
    const b = this.bytes;
    const first = b[p];
    this.vintHigh = 0;
    if (first < 0x80) {
      this.after = p + 1;
      return first;
    }
    const extra = Math.clz32(~(first << 24));
    let hi = 0;
    let lo = extra >= 7 ? 0 : first & (0xff >> (extra + 1));
    for (let k = 1; k <= extra; k++) {
      hi = (hi << 8) | (lo >>> 24);
      lo = (lo << 8) | b[p + k];
    }
    this.vintHigh = hi;
    this.after = p + extra + 1;
    return lo;
  }

  /** The offset behind bytes with a vint length in front. */
  protected passSized(p: number): number {
    const length = this.vint(p);
    return this.after + length;
  }

  /** The offset behind a body whose size stands at `p`; past `limit` when it or its size is not whole in the window. */
  protected endOfBody(p: number): number {
    if (p >= this.limit) return p + 1;
    const size = this.vint(p);
    return this.after > this.limit ? this.after : this.after + size;
  }

  protected corrupt(at: number, detail: string, column?: string): never {
    throw new CorruptionError(detail, { file: this.file, offset: this.origin + at, uncompressed: true, column });
  }
}

export function skipVint(bytes: Uint8Array, p: number): number {
  const first = bytes[p];
  return first < 0x80 ? p + 1 : p + 1 + Math.clz32(~(first << 24));
}
