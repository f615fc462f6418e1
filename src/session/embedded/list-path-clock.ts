import type { ListPaths } from '../../executor/write/write-context.ts';
import { uuidUnitsOfMillis } from '../../types/index.ts';
import { TimeUuids } from './time-uuids.ts';

/** 2010-01-01, from which prepended elements count back (`UpdateParameters`, `Lists.PrecisionTime`, 5.0.8). */
const REFERENCE_MILLIS = 1_262_304_000_000;

/**
 * Paths of list cells: version 1 UUIDs, whose order is the list's. Appended ones are of now; prepended ones mirror now at a
 * moment of the past, so that the later a prepend, the earlier its UUID.
 */
export class ListPathClock implements ListPaths {
  private readonly clock: { lateMillis(): number };
  private readonly uuids = new TimeUuids();
  /** 100-nanosecond units since the reference, negative; each prepend goes below it. */
  private lowestUnits = 0n;

  constructor(clock: { lateMillis(): number }) {
    this.clock = clock;
  }

  append(): Uint8Array {
    return this.uuids.next(this.clock.lateMillis());
  }

  prepend(count: number): readonly Uint8Array[] {
    const mirrored = -BigInt(Math.trunc(this.clock.lateMillis() - REFERENCE_MILLIS)) * UNITS_PER_MILLI;
    const first = (mirrored < this.lowestUnits ? mirrored : this.lowestUnits) - BigInt(count);
    this.lowestUnits = first;
    const reference = uuidUnitsOfMillis(BigInt(REFERENCE_MILLIS));
    return Array.from({ length: count }, (_, i) => this.uuids.at(reference + first + BigInt(i)));
  }
}

const UNITS_PER_MILLI = 10_000n;
