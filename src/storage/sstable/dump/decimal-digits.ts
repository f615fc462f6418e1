const ZERO = 0x30;

/** The four digits of 0 to 9999, the first one in the lowest byte: one store, little-endian. */
export const DIGITS = Uint32Array.from({ length: 10_000 }, (_, value) => {
  const digit = (place: number): number => ZERO + (Math.floor(value / place) % 10);
  return digit(1000) | (digit(100) << 8) | (digit(10) << 16) | (digit(1) << 24);
});

/** The digits of an integer from 0 to 2^53; returns the place behind them. Needs room for 24 bytes. */
export function putDigits(view: DataView, at: number, value: number): number {
  if (value < 1e4) return putFirst(view, at, value);
  if (value < 1e8) {
    const high = (value / 1e4) | 0;
    const p = putFirst(view, at, high);
    view.setUint32(p, DIGITS[value - high * 1e4], true);
    return p + 4;
  }
  const high = Math.floor(value / 1e8);
  const p = putDigits(view, at, high);
  putPadded(view, p, value - high * 1e8);
  return p + 8;
}

/** Eight digits of a value below 1e8. */
export function putPadded(view: DataView, at: number, value: number): void {
  const high = (value / 1e4) | 0;
  view.setUint32(at, DIGITS[high], true);
  view.setUint32(at + 4, DIGITS[value - high * 1e4], true);
}

/** Up to four digits, without zeros in front. */
function putFirst(view: DataView, at: number, value: number): number {
  const count = value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : 4;
  view.setUint32(at, DIGITS[value] >>> (8 * (4 - count)), true);
  return at + count;
}
