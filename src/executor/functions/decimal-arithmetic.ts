import { Decimal } from '../../types/index.ts';

/** java.math.BigDecimal's arithmetic on Decimals: scales of results included, since they are part of the bytes. */

const MAX_PRECISION = 10_000;

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return rounded(new Decimal(atScale(a, scale) + atScale(b, scale), scale));
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, negate(b));
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return rounded(new Decimal(a.unscaled * b.unscaled, clampScale(a.scale + b.scale)));
}

export function negate(a: Decimal): Decimal {
  return new Decimal(-a.unscaled, a.scale);
}

export function abs(a: Decimal): Decimal {
  return a.unscaled < 0n ? negate(a) : a;
}

const MIN_SCALE = 32;
const MAX_SCALE = 1000;

/** `DecimalType.divide`: at least 32 significant digits, trailing zeros stripped. */
export function divide(a: Decimal, b: Decimal): Decimal {
  const firstDigit = precision(a) - a.scale - (precision(b) - b.scale);
  const scale = Math.min(Math.max(MIN_SCALE - firstDigit, a.scale, b.scale, MIN_SCALE), MAX_SCALE);
  return stripTrailingZeros(divideToScale(a, b, scale, 'halfUp'));
}

export type Rounding = 'halfUp' | 'halfEven' | 'down';

/** `BigDecimal.divide(divisor, scale, roundingMode)`. Throws a RangeError with Java's message on zero. */
export function divideToScale(a: Decimal, b: Decimal, scale: number, rounding: Rounding): Decimal {
  if (b.unscaled === 0n) throw new RangeError('BigInteger divide by zero');
  const shift = scale - a.scale + b.scale;
  const dividend = shift >= 0 ? a.unscaled * 10n ** BigInt(shift) : a.unscaled;
  const divisor = shift >= 0 ? b.unscaled : b.unscaled * 10n ** BigInt(-shift);
  return new Decimal(roundedQuotient(dividend, divisor, rounding), scale);
}

function roundedQuotient(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  const quotient = dividend / divisor;
  const rest = dividend % divisor;
  if (rest === 0n || rounding === 'down') return quotient;
  const twice = 2n * magnitude(rest);
  const size = magnitude(divisor);
  const away = twice > size || (twice === size && (rounding === 'halfUp' || quotient % 2n !== 0n));
  if (!away) return quotient;
  return quotient + (dividend < 0n === divisor < 0n ? 1n : -1n);
}

/** `BigDecimal.remainder`: what the integral quotient leaves. */
export function remainder(a: Decimal, b: Decimal): Decimal {
  if (b.unscaled === 0n) throw new RangeError(a.unscaled === 0n ? 'Division undefined' : 'Division by zero');
  const quotient = integralQuotient(a, b);
  const scale = Math.max(a.scale, quotient.scale + b.scale);
  const product = new Decimal(quotient.unscaled * b.unscaled, quotient.scale + b.scale);
  return new Decimal(atScale(a, scale) - atScale(product, scale), scale);
}

/** `divideToIntegralValue`: its scale is as near to the difference of the scales as trailing zeros let it be. */
function integralQuotient(a: Decimal, b: Decimal): Decimal {
  const preferred = a.scale - b.scale;
  const common = Math.max(a.scale, b.scale);
  const whole = atScale(a, common) / atScale(b, common);
  if (whole === 0n) return new Decimal(0n, preferred);
  let unscaled = whole;
  let scale = 0;
  for (; scale > preferred && unscaled % 10n === 0n; scale--) unscaled /= 10n;
  return scale < preferred
    ? new Decimal(unscaled * 10n ** BigInt(preferred - scale), preferred)
    : new Decimal(unscaled, scale);
}

/** `setScale(0, HALF_UP)`. */
export function round(a: Decimal): Decimal {
  return setScale(a, 0, 'halfUp');
}

function setScale(a: Decimal, scale: number, rounding: Rounding): Decimal {
  return divideToScale(a, ONE, scale, rounding);
}

const ONE = new Decimal(1n, 0);

export function stripTrailingZeros(a: Decimal): Decimal {
  if (a.unscaled === 0n) return new Decimal(0n, 0);
  let { unscaled, scale } = a;
  while (unscaled % 10n === 0n) {
    unscaled /= 10n;
    scale--;
  }
  return new Decimal(unscaled, scale);
}

/** Decimal digits of the unscaled value; 1 for zero. */
export function precision(a: Decimal): number {
  return magnitude(a.unscaled).toString().length;
}

/** Rounded to so many significant digits, halves up. */
export function rounded(a: Decimal, digits = MAX_PRECISION, rounding: Rounding = 'halfUp'): Decimal {
  // Most values are short: their text need not be made to know it.
  if (digits === MAX_PRECISION && BigInt.asIntN(1024, a.unscaled) === a.unscaled) return a;
  const excess = precision(a) - digits;
  if (excess <= 0) return a;
  const result = setScale(a, a.scale - excess, rounding);
  return precision(result) > digits ? new Decimal(result.unscaled / 10n, result.scale - 1) : result;
}

function atScale(a: Decimal, scale: number): bigint {
  return scale === a.scale ? a.unscaled : a.unscaled * 10n ** BigInt(scale - a.scale);
}

function clampScale(scale: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, scale));
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
