/**
 * int64 values as two int32 halves (`hi` signed, `lo` its raw 32 bits kept as int32), so that hot loops never make a
 * bigint. A timestamp, a token and a bigint cell all travel this way.
 */

/** Signed order of (aHi, aLo) and (bHi, bLo): negative, 0 or positive. */
export function compare(aHi: number, aLo: number, bHi: number, bLo: number): number {
  if (aHi !== bHi) return aHi < bHi ? -1 : 1;
  if (aLo === bLo) return 0;
  return aLo >>> 0 < bLo >>> 0 ? -1 : 1;
}

export function toBigInt(hi: number, lo: number): bigint {
  return (BigInt(hi) << 32n) | BigInt(lo >>> 0);
}

export function hiOf(value: bigint): number {
  return Number(BigInt.asIntN(32, value >> 32n));
}

export function loOf(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

/** The value as a double: exact while |value| ≤ 2^53. */
export function toNumber(hi: number, lo: number): number {
  return hi * 4294967296 + (lo >>> 0);
}

/** Halves of an integer double, |value| ≤ 2^53. */
export function hiOfNumber(value: number): number {
  return Math.floor(value / 4294967296) | 0;
}

export function loOfNumber(value: number): number {
  return (value % 4294967296) | 0;
}

/** Decimal digits, without a bigint where the value is small enough. */
function decimalText(hi: number, lo: number): string {
  return hi >= -0x200000 && hi < 0x200000 ? String(toNumber(hi, lo)) : toBigInt(hi, lo).toString();
}

export const MIN_HI = -0x80000000;
export const MIN_LO = 0;
export const MAX_HI = 0x7fffffff;
export const MAX_LO = -1;

export { decimalText as toString };
