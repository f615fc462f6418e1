import type { ByteSink } from '../../../bytes/index.ts';
import { invariant } from '../../../errors/index.ts';

/** Up to this many columns a bitmap says which are missing. */
const MAX_BITMAP_COLUMNS = 63;

/**
 * Which of the header's columns a row has (`Columns.Serializer.serializeSubset`, 5.0.8)
 *
 *   below 64 columns   unsigned vint: bit i is set when column i is missing
 *   64 and more        vint number of missing columns, then a vint index for each present column when fewer than half
 *                      are, else for each missing one
 */
export function writeColumnSubset(
  sink: ByteSink,
  present: Int32Array,
  presentCount: number,
  headerIndex: Int32Array,
  headerCount: number,
): void {
  if (headerCount <= MAX_BITMAP_COLUMNS) {
    writeBitmap(sink, present, presentCount, headerIndex, headerCount);
    return;
  }
  sink.unsignedVint(headerCount - presentCount);
  if (presentCount < Math.floor(headerCount / 2)) {
    for (let i = 0; i < presentCount; i++) sink.unsignedVint(indexOf(present[i], headerIndex));
    return;
  }
  let missing = 0;
  for (let i = 0; i < presentCount; i++) {
    const index = indexOf(present[i], headerIndex);
    for (; missing < index; missing++) sink.unsignedVint(missing);
    missing++;
  }
  for (; missing < headerCount; missing++) sink.unsignedVint(missing);
}

function writeBitmap(
  sink: ByteSink,
  present: Int32Array,
  presentCount: number,
  headerIndex: Int32Array,
  headerCount: number,
): void {
  let lo = headerCount >= 32 ? -1 : (1 << headerCount) - 1;
  let hi = headerCount > 32 ? (1 << (headerCount - 32)) - 1 : 0;
  for (let i = 0; i < presentCount; i++) {
    const index = indexOf(present[i], headerIndex);
    if (index < 32) lo &= ~(1 << index);
    else hi &= ~(1 << (index - 32));
  }
  if (hi === 0 && lo >= 0 && lo < 0x80) sink.u8(lo);
  else sink.unsignedVint64(hi, lo);
}

function indexOf(column: number, headerIndex: Int32Array): number {
  const index = headerIndex[column];
  invariant(index >= 0, 'the header lacks a column of the row');
  return index;
}
