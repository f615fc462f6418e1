import type { ByteSink } from '../../../bytes/index.ts';
import { CqlError } from '../../../errors/index.ts';
import { type DeletionTime, MAX_DELETION_TIME, MAX_DELETION_TIME_NB, NO_DELETION_TIME } from '../../rows/index.ts';

/** The versions that are written: BIG of Cassandra 4.0 and of 5.0, and BTI. */
export type WriteVersion = 'nb' | 'oa' | 'da';

const MAX_INT32 = 0x7fffffff;
const LIVE_FLAG = 0x80;

/** `oa` and `da` have unsigned local deletion times (until 2106), a shorter form of LIVE, and covered slices. */
export function hasUnsignedTimes(version: WriteVersion): boolean {
  return version !== 'nb';
}

export function maxLocalSeconds(version: WriteVersion): number {
  return version === 'nb' ? MAX_DELETION_TIME_NB : MAX_DELETION_TIME;
}

/**
 * A deletion that is not a difference from header minima: of partitions and index blocks (`DeletionTime.Serializer`)
 *
 *   nb       i32 local seconds, i64 timestamp
 *   oa, da   80 for none, else i64 timestamp (not negative), u32 local seconds
 */
export function writeDeletionTime(sink: ByteSink, deletion: DeletionTime, version: WriteVersion): void {
  if (version === 'nb') {
    sink.i32(deletion.localSeconds === NO_DELETION_TIME ? MAX_INT32 : deletion.localSeconds);
    sink.i64(deletion.hi, deletion.lo);
  } else if (deletion.isLive()) {
    sink.u8(LIVE_FLAG);
  } else {
    if (deletion.hi < 0) {
      throw CqlError.invalidRequest(`A deletion with a negative timestamp cannot be stored in version ${version}`);
    }
    sink.i64(deletion.hi, deletion.lo);
    sink.i32(deletion.localSeconds | 0);
  }
}
