import { randomBytes } from 'node:crypto';
import { timeUuid, uuidUnitsOfMillis } from '../../types/index.ts';

/** The only clock of a session: nothing below reads one. Microseconds are monotonic: no two writes share a timestamp. */
export class SessionClock {
  private readonly readMillis: () => number;
  /** Made with the first UUID: random bytes cost a reader of one row milliseconds. */
  private clockAndNode: bigint | null = null;
  /** A number: exact for the next 250 years, and a bigint costs a write as much as a column. */
  private lastMicros = 0;
  private lastUnits = 0n;

  constructor(readMillis: () => number = Date.now) {
    this.readMillis = readMillis;
  }

  nowMillis(): number {
    return this.readMillis();
  }

  /** Greater than every timestamp given out before. */
  nextMicros(): bigint {
    this.lastMicros = Math.max(Math.trunc(this.readMillis() * 1000), this.lastMicros + 1);
    return BigInt(this.lastMicros);
  }

  /** A version 1 UUID of a moment, different from all before. */
  nextTimeUuid(millis: number): Uint8Array {
    const units = uuidUnitsOfMillis(BigInt(Math.trunc(millis)));
    this.lastUnits = units > this.lastUnits ? units : this.lastUnits + 1n;
    this.clockAndNode ??= randomClockAndNode();
    return timeUuid(this.lastUnits, this.clockAndNode);
  }
}

function randomClockAndNode(): bigint {
  const bytes = randomBytes(8);
  bytes[0] = (bytes[0] & 0x3f) | 0x80;
  // The multicast bit marks a node that is no network card's address (RFC 4122, 4.5).
  bytes[2] |= 1;
  return BigInt(`0x${bytes.toString('hex')}`);
}
