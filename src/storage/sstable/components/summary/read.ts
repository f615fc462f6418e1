import { ByteCursor } from '../../../../bytes/index.ts';

/** Cassandra's level of a summary that was not thinned out (`Downsampling.BASE_SAMPLING_LEVEL`). */
const BASE_SAMPLING_LEVEL = 128;

/**
 * A sample of Index.db: every so many-th key with its place there. See `write.ts` beside for the layout. Offsets and
 * positions are in the order of the machine that wrote the file before 5.0, so both orders are read.
 */
export interface Summary {
  readonly minIndexInterval: number;
  readonly samplingLevel: number;
  readonly entriesAtFullSampling: number;
  readonly count: number;
  /** Entry `i` has the key `bytes[keyStart[i], keyEnd[i])` and begins at `positions[i]` of Index.db. */
  readonly bytes: Uint8Array;
  readonly keyStart: Float64Array;
  readonly keyEnd: Float64Array;
  readonly positions: Float64Array;
  readonly firstKey: Uint8Array;
  readonly lastKey: Uint8Array;
}

const POSITION_BYTES = 8;

export function readSummary(bytes: Uint8Array, file: string): Summary {
  const cursor = new ByteCursor(bytes, 0, bytes.length, file);
  const minIndexInterval = cursor.i32();
  const count = cursor.i32();
  const partBytes = cursor.i64Number();
  const samplingLevel = cursor.i32();
  const entriesAtFullSampling = cursor.i32();
  const start = cursor.position;
  if (minIndexInterval < 1 || samplingLevel < 1 || samplingLevel > BASE_SAMPLING_LEVEL) {
    cursor.fail(`an index interval of ${minIndexInterval} at sampling level ${samplingLevel}`);
  }
  if (count < 0 || partBytes < count * 4 || partBytes > cursor.remaining) {
    cursor.fail(`${count} entries in ${partBytes} bytes, ${cursor.remaining} are left`);
  }
  const isBigEndian = count > 0 && isFirstOffset(cursor.i32(), count);
  const keyStart = new Float64Array(count);
  const keyEnd = new Float64Array(count);
  const positions = new Float64Array(count);
  cursor.position = start;
  for (let i = 0; i < count; i++) keyStart[i] = start + (isBigEndian ? cursor.i32() : cursor.i32LittleEndian());
  for (let i = 0; i < count; i++) {
    const end = i + 1 < count ? keyStart[i + 1] : start + partBytes;
    keyEnd[i] = end - POSITION_BYTES;
    if (keyStart[i] < start + count * 4 || keyEnd[i] < keyStart[i] || end > start + partBytes) {
      cursor.fail(`entry ${i} would be at ${keyStart[i]} to ${end}`);
    }
    cursor.position = keyEnd[i];
    positions[i] = isBigEndian ? cursor.i64Number() : cursor.i64LittleEndianNumber();
    if (positions[i] < 0 || (i > 0 && positions[i] <= positions[i - 1])) {
      cursor.fail(`entry ${i} is at ${positions[i]} of Index.db, out of order`);
    }
  }
  cursor.position = start + partBytes;
  const firstKey = cursor.slice(cursor.i32());
  const lastKey = cursor.slice(cursor.i32());
  return {
    minIndexInterval,
    samplingLevel,
    entriesAtFullSampling,
    count,
    bytes,
    keyStart,
    keyEnd,
    positions,
    firstKey,
    lastKey,
  };
}

/** The first entry stands behind all offsets. */
function isFirstOffset(offset: number, count: number): boolean {
  return offset === count * 4;
}
