import { int32At, uint16At } from '../../bytes/index.ts';

/**
 * Version 1 UUIDs: 100 ns units since 1582-10-15, low part first.
 *
 *   int32   time, low
 *   int16   time, middle
 *   int16   version (4 bits), time, high (12 bits)
 *   int16   variant and clock sequence
 *   6 B     node
 */
const EPOCH_MILLIS = -12_219_292_800_000n;
const UNITS_PER_MILLI = 10_000n;

export function timeUuidMillis(bytes: Uint8Array): bigint {
  const high = BigInt(uint16At(bytes, 6) & 0xfff);
  const units = (high << 48n) | (BigInt(uint16At(bytes, 4)) << 32n) | BigInt(int32At(bytes, 0) >>> 0);
  return units / UNITS_PER_MILLI + EPOCH_MILLIS;
}

/** The smallest timeuuid of a millisecond, in the order of the type. */
export function minTimeUuid(millis: bigint): Uint8Array {
  return timeUuid((millis - EPOCH_MILLIS) * UNITS_PER_MILLI, 0x8080_8080_8080_8080n);
}

export function maxTimeUuid(millis: bigint): Uint8Array {
  return timeUuid((millis + 1n - EPOCH_MILLIS) * UNITS_PER_MILLI - 1n, 0x7f7f_7f7f_7f7f_7f7fn);
}

export function timeUuid(units: bigint, clockAndNode: bigint): Uint8Array {
  const bytes = Buffer.alloc(16);
  // Times beyond the 60 bits run into the version's, as Cassandra's do.
  const time = BigInt.asUintN(64, units);
  bytes.writeUInt32BE(Number(time & 0xffff_ffffn), 0);
  bytes.writeUInt16BE(Number((time >> 32n) & 0xffffn), 4);
  bytes.writeUInt16BE(Number(time >> 48n) | 0x1000, 6);
  bytes.writeBigUInt64BE(BigInt.asUintN(64, clockAndNode), 8);
  return bytes;
}
