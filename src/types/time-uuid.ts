import { int32At, uint16At } from '../bytes/index.ts';

/**
 * Version 1 UUIDs (RFC 4122) count units of 100 ns since 1582-10-15:
 *
 *   u32   time, low
 *   u16   time, middle
 *   u16   version (4 bits), time, high (12 bits)
 *   u16   variant and clock sequence
 *   6 B   node
 */
const UNITS_PER_MILLI = 10_000n;
const UNITS_PER_MICRO = 10n;
/** From 1582-10-15 to 1970-01-01. */
const EPOCH_UNITS = 12_219_292_800_000n * UNITS_PER_MILLI;

export function uuidUnitsOfMillis(millisSinceEpoch: bigint): bigint {
  return millisSinceEpoch * UNITS_PER_MILLI + EPOCH_UNITS;
}

export function uuidUnitsOfMicros(microsSinceEpoch: bigint): bigint {
  return microsSinceEpoch * UNITS_PER_MICRO + EPOCH_UNITS;
}

/** Milliseconds since 1970 of a version 1 UUID. */
export function timeUuidMillis(bytes: Uint8Array): bigint {
  const high = BigInt(uint16At(bytes, 6) & 0xfff);
  const units = (high << 48n) | (BigInt(uint16At(bytes, 4)) << 32n) | BigInt(int32At(bytes, 0) >>> 0);
  return units / UNITS_PER_MILLI - EPOCH_UNITS / UNITS_PER_MILLI;
}

/** Clock sequence and node are the low eight bytes. Times beyond 60 bits run into the version's, as Cassandra's do. */
export function timeUuid(units: bigint, clockAndNode: bigint): Uint8Array {
  const bytes = Buffer.alloc(16);
  const time = BigInt.asUintN(64, units);
  bytes.writeUInt32BE(Number(time & 0xffff_ffffn), 0);
  bytes.writeUInt16BE(Number((time >> 32n) & 0xffffn), 4);
  bytes.writeUInt16BE(Number(time >> 48n) | 0x1000, 6);
  bytes.writeBigUInt64BE(BigInt.asUintN(64, clockAndNode), 8);
  return bytes;
}
