import { type ByteCursor, int64 } from '../../../bytes/index.ts';
import { type DeletionTime, NO_DELETION_TIME } from '../../rows/index.ts';

const MAX_INT32 = 0x7fffffff;
const LIVE_FLAG = 0x80;

/** Bytes that the longest form takes. */
export const MAX_DELETION_BYTES = 12;

/**
 * A deletion that is not a difference from header minima: of partitions and index blocks (`DeletionTime.Serializer` and
 * `LegacySerializer`, 5.0.8)
 *
 *   before oa   i32 local seconds (2^31 - 1 is none), i64 timestamp
 *   oa, da      80 for none, else i64 timestamp (not negative), u32 local seconds
 */
export function readDeletionTime(cursor: ByteCursor, hasUintDeletionTime: boolean, into: DeletionTime): void {
  if (!hasUintDeletionTime) {
    const seconds = cursor.i32();
    cursor.i64();
    const isLive = seconds === MAX_INT32 && cursor.hi === int64.MIN_HI && cursor.lo === int64.MIN_LO;
    into.set(cursor.hi, cursor.lo, isLive ? NO_DELETION_TIME : Math.max(0, seconds));
    return;
  }
  const flags = cursor.u8();
  if ((flags & LIVE_FLAG) !== 0) {
    if (flags !== LIVE_FLAG) cursor.fail(`flags ${flags.toString(2)} of a deletion time`);
    into.clear();
    return;
  }
  cursor.position--;
  cursor.i64();
  const { hi, lo } = cursor;
  into.set(hi, lo, cursor.u32());
}
