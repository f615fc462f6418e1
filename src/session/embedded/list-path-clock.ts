import type { ListPaths } from '../../executor/write/write-context.ts';
import { timeUuid, uuidUnitsOfMillis } from '../../types/index.ts';

/** 2010-01-01, from which prepended elements count back (`UpdateParameters`, `Lists.PrecisionTime`, 5.0.8). */
const REFERENCE_MILLIS = 1_262_304_000_000;

/**
 * Paths of list cells: version 1 UUIDs, whose order is the list's. Appended ones are of now; prepended ones mirror now at a
 * moment of the past, so that the later a prepend, the earlier its UUID.
 */
export class ListPathClock implements ListPaths {
  private readonly clock: { nowMillis(): number; nextTimeUuid(millis: number): Uint8Array };
  /** 100-nanosecond units since the reference, negative; each prepend goes below it. */
  private lowestUnits = 0n;

  constructor(clock: { nowMillis(): number; nextTimeUuid(millis: number): Uint8Array }) {
    this.clock = clock;
  }

  append(): Uint8Array {
    return this.clock.nextTimeUuid(this.clock.nowMillis());
  }

  prepend(count: number): readonly Uint8Array[] {
    const mirrored = -BigInt(Math.trunc(this.clock.nowMillis() - REFERENCE_MILLIS)) * UNITS_PER_MILLI;
    const first = (mirrored < this.lowestUnits ? mirrored : this.lowestUnits) - BigInt(count);
    this.lowestUnits = first;
    return Array.from({ length: count }, (_, i) => this.uuidAt(first + BigInt(i)));
  }

  private uuidAt(unitsFromReference: bigint): Uint8Array {
    const bytes = timeUuid(uuidUnitsOfMillis(BigInt(REFERENCE_MILLIS)) + unitsFromReference, 0n);
    // Clock sequence and node are those of every UUID of this process.
    bytes.set(this.clock.nextTimeUuid(this.clock.nowMillis()).subarray(8), 8);
    return bytes;
  }
}

const UNITS_PER_MILLI = 10_000n;
