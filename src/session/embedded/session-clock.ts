import { randomBytes } from 'node:crypto';

/** 1582-10-15 to 1970-01-01 in milliseconds: the epoch of version 1 UUIDs. */
const UUID_EPOCH_OFFSET_MILLIS = 12_219_292_800_000n;

/** The one place below which nobody reads a clock. Microseconds are monotonic: no two writes share one. */
export class SessionClock {
  private readonly readMillis: () => number;
  private readonly clockAndNode = clockAndNode();
  private lastMicros = 0n;
  private lastUnits = 0n;

  constructor(readMillis: () => number = Date.now) {
    this.readMillis = readMillis;
  }

  nowMillis(): number {
    return this.readMillis();
  }

  /** Later than every one before. */
  nextMicros(): bigint {
    const micros = BigInt(Math.trunc(this.readMillis() * 1000));
    this.lastMicros = micros > this.lastMicros ? micros : this.lastMicros + 1n;
    return this.lastMicros;
  }

  /** A version 1 UUID of a moment, different from all before. */
  nextTimeUuid(millis: number): Uint8Array {
    const units = (BigInt(Math.trunc(millis)) + UUID_EPOCH_OFFSET_MILLIS) * 10_000n;
    this.lastUnits = units > this.lastUnits ? units : this.lastUnits + 1n;
    const bytes = Buffer.alloc(16);
    bytes.writeUInt32BE(Number(this.lastUnits & 0xffff_ffffn), 0);
    bytes.writeUInt16BE(Number((this.lastUnits >> 32n) & 0xffffn), 4);
    bytes.writeUInt16BE(Number((this.lastUnits >> 48n) & 0xfffn) | 0x1000, 6);
    bytes.set(this.clockAndNode, 8);
    return bytes;
  }
}

function clockAndNode(): Uint8Array {
  const bytes = randomBytes(8);
  bytes[0] = (bytes[0] & 0x3f) | 0x80;
  // A node that is no network card's address.
  bytes[2] |= 1;
  return bytes;
}
