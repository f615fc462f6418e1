export const EMPTY_BYTES: Uint8Array = new Uint8Array(0);

/** Order of two byte ranges as unsigned bytes, shorter first on a tie (`ByteBufferUtil.compareUnsigned`). */
export function compareUnsigned(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const aLength = aEnd - aStart;
  const bLength = bEnd - bStart;
  const shared = aLength < bLength ? aLength : bLength;
  for (let i = 0; i < shared; i++) {
    const difference = a[aStart + i] - b[bStart + i];
    if (difference !== 0) return difference;
  }
  return aLength - bLength;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareUnsigned(a, 0, a.length, b, 0, b.length) === 0;
}
