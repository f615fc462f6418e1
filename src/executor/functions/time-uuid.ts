import { timeUuid, uuidUnitsOfMillis } from '../../types/index.ts';

/** The smallest timeuuid of a millisecond, in the order of the type. */
export function minTimeUuid(millis: bigint): Uint8Array {
  return timeUuid(uuidUnitsOfMillis(millis), 0x8080_8080_8080_8080n);
}

export function maxTimeUuid(millis: bigint): Uint8Array {
  return timeUuid(uuidUnitsOfMillis(millis + 1n) - 1n, 0x7f7f_7f7f_7f7f_7f7fn);
}
