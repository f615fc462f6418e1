import { TimeUuids } from './time-uuids.ts';

/**
 * The only clock of a session: nothing below reads one. Microseconds are monotonic: no two writes share a timestamp, and
 * none is before what the database gave out in an earlier session, whatever the machine's clock says now.
 */
export class SessionClock {
  private readonly readMillis: () => number;
  private readonly uuids = new TimeUuids();
  /** A number: exact for the next 250 years, and a bigint costs a write as much as a column. */
  private lastMicros: number;
  private readonly firstMillis: number;

  /** `lastMicros` is the greatest timestamp that was given out before; 0 for none. */
  constructor(readMillis: () => number = Date.now, lastMicros = 0) {
    this.readMillis = readMillis;
    this.lastMicros = lastMicros;
    this.firstMillis = lastMicros === 0 ? 0 : Math.floor(lastMicros / 1000) + 1;
  }

  /** As the machine's clock has it. */
  nowMillis(): number {
    return this.readMillis();
  }

  /** Now, but behind all that was given out in earlier sessions. */
  lateMillis(): number {
    return Math.max(this.readMillis(), this.firstMillis);
  }

  /** Greater than every timestamp given out before. */
  nextMicros(): bigint {
    this.lastMicros = Math.max(Math.trunc(this.readMillis() * 1000), this.lastMicros + 1);
    return BigInt(this.lastMicros);
  }

  /** The greatest timestamp given out. */
  get latestMicros(): number {
    return this.lastMicros;
  }

  /** A version 1 UUID of a moment, different from all before. */
  nextTimeUuid(millis: number): Uint8Array {
    return this.uuids.next(millis);
  }
}
