import { compareUnsigned, int64 } from '../../bytes/index.ts';
import { NO_DELETION_TIME, NO_TTL, type Row } from '../rows/index.ts';

/**
 * Whether cell `i` of `a` wins over cell `j` of `b`, both of the same column and path (`db/rows/Cells.resolveRegular`,
 * 5.0.8). On equal timestamps: a tombstone or an expiring cell beats a plain one, expired or not, whatever the clock; a
 * tombstone beats an expiring cell; then the later local deletion time; then the lower TTL; then the larger value.
 */
export function cellWins(a: Row, i: number, b: Row, j: number): boolean {
  const byTimestamp = int64.compare(a.cellHi[i], a.cellLo[i], b.cellHi[j], b.cellLo[j]);
  if (byTimestamp !== 0) return byTimestamp > 0;
  const aLocalSeconds = a.cellLocalSeconds[i];
  const bLocalSeconds = b.cellLocalSeconds[j];
  if (aLocalSeconds !== NO_DELETION_TIME || bLocalSeconds !== NO_DELETION_TIME) {
    if (aLocalSeconds === NO_DELETION_TIME) return false;
    if (bLocalSeconds === NO_DELETION_TIME) return true;
    const aTtl = a.cellTtl[i];
    const bTtl = b.cellTtl[j];
    if ((aTtl === NO_TTL) !== (bTtl === NO_TTL)) return aTtl === NO_TTL;
    if (aLocalSeconds !== bLocalSeconds) return aLocalSeconds > bLocalSeconds;
    if (aTtl !== bTtl) return aTtl < bTtl;
  }
  return (
    compareUnsigned(a.cellSource[i], a.valueStart[i], a.valueEnd[i], b.cellSource[j], b.valueStart[j], b.valueEnd[j]) >=
    0
  );
}

/** A TTL that marks liveness already dead (`LivenessInfo.EXPIRED_LIVENESS_TTL`): views write it to hide a row. */
const EXPIRED_LIVENESS_TTL = 0x7fffffff;

/** A row's primary key liveness. */
export type Liveness = Pick<Row, 'hasLiveness' | 'livenessHi' | 'livenessLo' | 'livenessTtl' | 'livenessLocalSeconds'>;

/** Whether the primary key liveness of `a` wins over that of `b` (`db/LivenessInfo.supersedes`); `b` may have none. */
export function livenessSupersedes(a: Liveness, b: Liveness): boolean {
  if (!a.hasLiveness) return false;
  if (!b.hasLiveness) return true;
  const byTimestamp = int64.compare(a.livenessHi, a.livenessLo, b.livenessHi, b.livenessLo);
  if (byTimestamp !== 0) return byTimestamp > 0;
  const aExpired = a.livenessTtl === EXPIRED_LIVENESS_TTL;
  if (aExpired !== (b.livenessTtl === EXPIRED_LIVENESS_TTL)) return aExpired;
  const aExpiring = a.livenessTtl !== NO_TTL;
  if (aExpiring !== (b.livenessTtl !== NO_TTL)) return aExpiring;
  if (a.livenessLocalSeconds !== b.livenessLocalSeconds) return a.livenessLocalSeconds > b.livenessLocalSeconds;
  return a.livenessTtl < b.livenessTtl;
}
