import { randomBytes } from 'node:crypto';
import { timeUuid, uuidUnitsOfMillis } from '../../types/index.ts';

/** Gives out version 1 UUIDs, each later than all before. */
export class TimeUuids {
  /** Made with the first UUID: random bytes cost a reader of one row milliseconds. */
  private clockAndNode: bigint | null = null;
  private lastUnits = 0n;

  /** Of a moment, or as soon behind the last one as possible. */
  next(millis: number): Uint8Array {
    const units = uuidUnitsOfMillis(BigInt(Math.trunc(millis)));
    this.lastUnits = units > this.lastUnits ? units : this.lastUnits + 1n;
    return this.at(this.lastUnits);
  }

  /** Of any moment, in units of 100 ns since 1582; the caller keeps them apart. */
  at(units: bigint): Uint8Array {
    this.clockAndNode ??= randomClockAndNode();
    return timeUuid(units, this.clockAndNode);
  }
}

function randomClockAndNode(): bigint {
  const bytes = randomBytes(8);
  bytes[0] = (bytes[0] & 0x3f) | 0x80;
  // The multicast bit marks a node that is no network card's address (RFC 4122, 4.5).
  bytes[2] |= 1;
  return BigInt(`0x${bytes.toString('hex')}`);
}
