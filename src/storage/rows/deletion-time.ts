import { int64 } from '../../bytes/index.ts';

/** A local deletion time that is none (`Cell.NO_DELETION_TIME`): the cell or row is not deleted and never expires. */
export const NO_DELETION_TIME = 0xffffffff;
/** The latest time that `oa` and `da` can hold (2106); `nb` ends at `MAX_DELETION_TIME_NB` (2038). */
export const MAX_DELETION_TIME = 0xfffffffe;
export const MAX_DELETION_TIME_NB = 0x7ffffffe;
/** A TTL that is none. */
export const NO_TTL = 0;

/**
 * When something was deleted (`db/DeletionTime`): the write timestamp in microseconds as int64 halves, and the local
 * time in seconds since 1970 that gc grace counts from. LIVE has the least timestamp and NO_DELETION_TIME.
 */
export class DeletionTime {
  hi: number = int64.MIN_HI;
  lo: number = int64.MIN_LO;
  localSeconds: number = NO_DELETION_TIME;

  static of(hi: number, lo: number, localSeconds: number): DeletionTime {
    const deletion = new DeletionTime();
    deletion.set(hi, lo, localSeconds);
    return deletion;
  }

  set(hi: number, lo: number, localSeconds: number): void {
    this.hi = hi;
    this.lo = lo;
    this.localSeconds = localSeconds;
  }

  copyFrom(other: DeletionTime): void {
    this.set(other.hi, other.lo, other.localSeconds);
  }

  clear(): void {
    this.set(int64.MIN_HI, int64.MIN_LO, NO_DELETION_TIME);
  }

  isLive(): boolean {
    return this.localSeconds === NO_DELETION_TIME && this.hi === int64.MIN_HI && this.lo === int64.MIN_LO;
  }

  /** A deletion hides what was written at or before its timestamp. */
  deletes(hi: number, lo: number): boolean {
    return int64.compare(hi, lo, this.hi, this.lo) <= 0 && !this.isLive();
  }

  /** Later timestamp, or the same with a later local time. */
  supersedes(other: DeletionTime): boolean {
    const order = int64.compare(this.hi, this.lo, other.hi, other.lo);
    return order > 0 || (order === 0 && this.localSeconds > other.localSeconds);
  }

  equals(other: DeletionTime): boolean {
    return this.hi === other.hi && this.lo === other.lo && this.localSeconds === other.localSeconds;
  }
}
