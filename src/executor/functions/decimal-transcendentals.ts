import { Decimal } from '../../types/index.ts';
import { precision, rounded, stripTrailingZeros } from './decimal-arithmetic.ts';

const MIN_DIGITS = 32;
const GUARD_DIGITS = 12;
/** A result of more digits than this is refused rather than computed for minutes. */
const MOST_DIGITS = 100_000;

/** e^x to as many significant digits as the argument has, at least 32 (`DecimalType.exp`). */
export function exp(x: Decimal): Decimal {
  if (x.unscaled === 0n) return new Decimal(1n, 0);
  const digits = Math.max(MIN_DIGITS, precision(x));
  const magnitude = Math.ceil(Math.abs(x.toNumber()) / Math.LN10) + 1;
  if (magnitude > MOST_DIGITS) throw new RangeError('Overflow');
  const scale = digits + GUARD_DIGITS + magnitude;
  return finish(expFixed(toFixed(x, scale), scale), scale, digits);
}

export function log(x: Decimal): Decimal {
  if (x.unscaled <= 0n) throw new RangeError('Natural log of number zero or less');
  const digits = Math.max(MIN_DIGITS, precision(x));
  const scale = digits + GUARD_DIGITS;
  return finish(logFixed(x, scale), scale, digits);
}

export function log10(x: Decimal): Decimal {
  if (x.unscaled <= 0n) throw new RangeError('Log10 of number zero or less');
  const digits = Math.max(MIN_DIGITS, precision(x));
  const power = exactPowerOf10(x);
  if (power !== null) return new Decimal(BigInt(power), 0);
  const scale = digits + GUARD_DIGITS;
  const one = 10n ** BigInt(scale);
  return finish((logFixed(x, scale) * one) / lnOf10(scale), scale, digits);
}

function exactPowerOf10(x: Decimal): number | null {
  const stripped = stripTrailingZeros(x);
  return stripped.unscaled === 1n ? -stripped.scale : null;
}

/** A fixed-point number rounded to significant digits. */
function finish(value: bigint, scale: number, digits: number): Decimal {
  if (value === 0n) return new Decimal(0n, 0);
  return rounded(new Decimal(value, scale), digits, 'halfEven');
}

function toFixed(x: Decimal, scale: number): bigint {
  const shift = scale - x.scale;
  return shift >= 0 ? x.unscaled * 10n ** BigInt(shift) : x.unscaled / 10n ** BigInt(-shift);
}

/** e^x in fixed point: the argument is halved until small, the series summed, the result squared back. */
function expFixed(x: bigint, scale: number): bigint {
  const one = 10n ** BigInt(scale);
  let halvings = 0;
  for (let size = x < 0n ? -x : x; size > one / 1024n; size /= 2n) halvings++;
  const extra = 10n ** BigInt(Math.ceil(halvings * 0.31) + 4);
  const unit = one * extra;
  const small = (x * extra) / 2n ** BigInt(halvings);
  let term = unit;
  let sum = unit;
  for (let n = 1n; term !== 0n; n++) {
    term = (term * small) / (unit * n);
    sum += term;
  }
  for (let i = 0; i < halvings; i++) sum = (sum * sum) / unit;
  return sum / extra;
}

/** ln x = ln m + k ln 10 with 0.1 ≤ m < 1 brought near 1 by square roots; ln m by its series in (m−1)/(m+1). */
function logFixed(x: Decimal, scale: number): bigint {
  const exponent = precision(x) - x.scale;
  const mantissa = new Decimal(x.unscaled, precision(x));
  const work = scale + 10;
  return (seriesLog(toFixed(mantissa, work), work) + BigInt(exponent) * lnOf10(work)) / 10n ** 10n;
}

function lnOf10(scale: number): bigint {
  const known = LN_10.get(scale);
  if (known !== undefined) return known;
  const value = seriesLog(10n * 10n ** BigInt(scale), scale);
  LN_10.set(scale, value);
  return value;
}

const LN_10 = new Map<number, bigint>();

function seriesLog(x: bigint, scale: number): bigint {
  const guard = 10n ** 10n;
  const one = 10n ** BigInt(scale) * guard;
  let value = x * guard;
  let doublings = 0n;
  for (; value > one + one / 10n || value < one - one / 10n; doublings++) value = squareRoot(value * one);
  const ratio = ((value - one) * one) / (value + one);
  const square = (ratio * ratio) / one;
  let term = ratio;
  let sum = 0n;
  for (let n = 1n; term !== 0n; n += 2n) {
    sum += term / n;
    term = (term * square) / one;
  }
  return (2n * sum * 2n ** doublings) / guard;
}

/** By Newton's method. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}
