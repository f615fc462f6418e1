import { int32At } from '../../bytes/index.ts';
import { compareValues, endOfValue, type TypeCodec } from '../../types/index.ts';
import type { SpillFile } from './spill-file.ts';

const SLAB_BITS = 18;
const SLAB_BYTES = 2 ** SLAB_BITS;
/** A row's place is a uint32: its slab, and the offset there. */
const MOST_SLABS = 2 ** (32 - SLAB_BITS);
const NO_SLAB = new Uint8Array(0);

/**
 * Rows of `width` values without an object a row or a value, in slabs; a row lies in one slab, a long one in a slab of its own.
 *
 *   per value   int32 length (-1 null), bytes
 */
export class PackedRows {
  count = 0;
  /** Bytes of the rows and of their places. */
  byteSize = 0;
  private readonly width: number;
  private readonly slabs: Uint8Array[] = [];
  private starts = new Uint32Array(1024);
  private slab: Uint8Array = NO_SLAB;
  private used = 0;
  private rowStart = 0;

  constructor(width: number) {
    this.width = width;
  }

  /** Whether rows may be added within a limit; `rowBytes` is what goes with each and lies elsewhere. */
  hasRoom(limitBytes: number, rowBytes: number): boolean {
    return this.byteSize + this.count * rowBytes < limitBytes && this.slabs.length < MOST_SLABS - 1024;
  }

  /** Appends the next value of the row that `endRow` ends. */
  append(source: Uint8Array | null, start: number, end: number): void {
    const length = source === null ? 0 : end - start;
    if (this.used + length + 4 > this.slab.length || this.rowStart >= SLAB_BYTES) this.moveRow(length + 4);
    const marker = source === null ? -1 : length;
    const { slab } = this;
    let p = this.used;
    slab[p++] = marker >>> 24;
    slab[p++] = marker >>> 16;
    slab[p++] = marker >>> 8;
    slab[p++] = marker;
    if (source !== null) {
      if (length > 64) slab.set(source.subarray(start, end), p);
      else for (let i = 0; i < length; i++) slab[p + i] = source[start + i];
    }
    this.used = p + length;
  }

  /** To a new slab with room for the row that was begun, and for `more` bytes. */
  private moveRow(more: number): void {
    const length = this.used - this.rowStart;
    const needed = length + more;
    const slab = new Uint8Array(needed <= SLAB_BYTES ? SLAB_BYTES : 2 * needed);
    slab.set(this.slab.subarray(this.rowStart, this.used));
    // A slab that held nothing else is done with.
    if (this.rowStart === 0 && this.slabs.length > 0) this.slabs.pop();
    this.slabs.push(slab);
    this.slab = slab;
    this.rowStart = 0;
    this.used = length;
  }

  endRow(): void {
    if (this.count === this.starts.length) {
      const starts = new Uint32Array(this.starts.length * 2);
      starts.set(this.starts);
      this.starts = starts;
    }
    this.starts[this.count++] = (this.slabs.length - 1) * SLAB_BYTES + this.rowStart;
    this.byteSize += this.used - this.rowStart + 4;
    this.rowStart = this.used;
  }

  private slabOf(row: number): Uint8Array {
    return this.slabs[this.starts[row] >>> SLAB_BITS];
  }

  private offsetOf(row: number): number {
    return this.starts[row] & (SLAB_BYTES - 1);
  }

  /** Order of two rows by their first values. */
  compare(a: number, b: number, codecs: readonly TypeCodec[], signs: readonly number[]): number {
    const [aSlab, bSlab] = [this.slabOf(a), this.slabOf(b)];
    let aAt = this.offsetOf(a);
    let bAt = this.offsetOf(b);
    for (let i = 0; i < codecs.length; i++) {
      const order = compareValues(codecs[i], aSlab, aAt, bSlab, bAt);
      if (order !== 0) return order * signs[i];
      aAt = endOfValue(aSlab, aAt);
      bAt = endOfValue(bSlab, bAt);
    }
    return 0;
  }

  /** A number of the row's first value; `ofNull` where it is null. */
  firstNumber(row: number, of: (bytes: Uint8Array, start: number, end: number) => number, ofNull: number): number {
    const slab = this.slabOf(row);
    const at = this.offsetOf(row);
    const length = int32At(slab, at);
    return length < 0 ? ofNull : of(slab, at + 4, at + 4 + length);
  }

  /** Values from `first` on of the row, not copied, to the end of `into`. */
  appendCells(row: number, first: number, into: (Uint8Array | null)[]): void {
    const slab = this.slabOf(row);
    for (let i = 0, at = this.offsetOf(row); i < this.width; i++) {
      const end = endOfValue(slab, at);
      if (i >= first) into.push(int32At(slab, at) < 0 ? null : slab.subarray(at + 4, end));
      at = end;
    }
  }

  writeTo(file: SpillFile, row: number): void {
    const slab = this.slabOf(row);
    const start = this.offsetOf(row);
    let end = start;
    for (let i = 0; i < this.width; i++) end = endOfValue(slab, end);
    file.writePacked(this.width, slab, start, end);
  }
}
