const SLAB_BYTES = 64 * 1024;
const LARGEST_IN_SLAB = 4 * 1024;

let slab = new ArrayBuffer(SLAB_BYTES);
let used = 0;

/**
 * A copy that outlives its batch. Small ones share slabs, since an ArrayBuffer for each costs more than the bytes do; a
 * slab lives as long as any of its copies, which operators keep and drop together.
 */
export function copyCell(cell: Uint8Array | null): Uint8Array | null {
  return cell === null ? null : copyRange(cell, 0, cell.length);
}

function copyRange(source: Uint8Array, start: number, end: number): Uint8Array {
  const length = end - start;
  if (length > LARGEST_IN_SLAB) return new Uint8Array(source.subarray(start, end));
  if (used + length > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES);
    used = 0;
  }
  const copy = new Uint8Array(slab, used, length);
  used += length;
  if (length > 64) copy.set(source.subarray(start, end));
  else for (let i = 0; i < length; i++) copy[i] = source[start + i];
  return copy;
}
