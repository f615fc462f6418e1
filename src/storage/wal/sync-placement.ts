/** A longer sync is one for the thread pool, and so are the next ones. */
const FAST_MILLIS = 1;
/** Fast syncs of a lone writer in a row before one of its syncs holds the event loop. */
const LONE_SYNCS = 8;
/** How long syncs hold the event loop before everybody else has a turn; a timer of `periodic` waits as long. */
const SLICE_MILLIS = 10;

/**
 * Where the log is synced: on the thread pool, or by the calling thread. The hop to the pool and back is a tenth of a
 * sync on a fast disk, so the syncs of a writer that is alone hold the event loop. One in every SLICE_MILLIS goes to the
 * pool all the same: the loop turns meanwhile, and writers that came share the next syncs there.
 */
export class SyncPlacement {
  private loneSyncs = 0;
  private heldMillis = 0;

  /** Whether a sync that so many writers wait for may hold the event loop. */
  mayHold(waiters: number): boolean {
    return waiters === 1 && this.loneSyncs >= LONE_SYNCS && this.heldMillis < SLICE_MILLIS;
  }

  /** A sync held the event loop for `millis`. */
  held(millis: number): void {
    this.heldMillis += millis;
    if (millis > FAST_MILLIS) this.loneSyncs = 0;
  }

  /** A sync on the pool took `millis`; `waiters` waited for it, and `arrivals` came meanwhile. */
  pooled(millis: number, waiters: number, arrivals: number): void {
    this.heldMillis = 0;
    const wasLone = waiters === 1 && arrivals === 0;
    this.loneSyncs = wasLone && millis <= FAST_MILLIS ? this.loneSyncs + 1 : 0;
  }
}
