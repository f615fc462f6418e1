/**
 * An exact decimal number, unscaled × 10^−scale, as Java's BigDecimal: `1.0` and `1.00` are different values (their
 * bytes differ) that compare as equal. Immutable. `scale` is an int32. No arithmetic here.
 */
export class Decimal {
  readonly unscaled: bigint;
  readonly scale: number;

  constructor(unscaled: bigint, scale: number) {
    if ((scale | 0) !== scale) throw new RangeError(`scale ${scale} is not a 32-bit integer`);
    this.unscaled = unscaled;
    this.scale = scale;
    Object.freeze(this);
  }

  /** Java's `new BigDecimal(text)`; null when it would throw. Rejects blanks, hexadecimal, NaN and infinities. */
  static parse(text: string): Decimal | null {
    const match = DECIMAL.exec(text);
    if (match === null) return null;
    const fraction = match[3] ?? match[4] ?? '';
    const exponent = Number(match[5] ?? 0);
    const scale = fraction.length - exponent;
    if ((exponent | 0) !== exponent || (scale | 0) !== scale) return null;
    const unscaled = BigInt((match[2] ?? '') + fraction);
    return new Decimal(match[1] === '-' ? -unscaled : unscaled, scale);
  }

  /** From the text of a number, or of a JS number's shortest digits. */
  static from(value: string | number | bigint): Decimal {
    const decimal = typeof value === 'bigint' ? new Decimal(value, 0) : Decimal.parse(String(value));
    if (decimal === null) throw new TypeError(`not a decimal number: ${JSON.stringify(String(value))}`);
    return decimal;
  }

  /** By value: 1.0 equals 1.00. */
  compareTo(other: Decimal): number {
    return compareDecimals(this.unscaled, this.scale, other.unscaled, other.scale);
  }

  equals(other: Decimal): boolean {
    return this.unscaled === other.unscaled && this.scale === other.scale;
  }

  /** `BigDecimal.toString`: plain, or with an exponent when the scale is negative or the number below 10^-6. */
  toString(): string {
    const negative = this.unscaled < 0n;
    const digits = (negative ? -this.unscaled : this.unscaled).toString();
    const sign = negative ? '-' : '';
    if (this.scale === 0) return sign + digits;
    const exponent = digits.length - 1 - this.scale;
    if (this.scale > 0 && exponent >= -6) return sign + withPoint(digits, this.scale);
    const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
    if (exponent === 0) return sign + mantissa;
    return `${sign}${mantissa}E${exponent > 0 ? '+' : ''}${exponent}`;
  }

  /** As a JS number: the nearest double. */
  toNumber(): number {
    return Number(this.toString());
  }

  toJSON(): string {
    return this.toString();
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const DECIMAL = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,10}))?$/;

function withPoint(digits: string, scale: number): string {
  if (digits.length > scale) return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return `0.${digits.padStart(scale, '0')}`;
}

/** Order by value, without building huge powers of ten when the magnitudes already tell. */
export function compareDecimals(aUnscaled: bigint, aScale: number, bUnscaled: bigint, bScale: number): number {
  const aSign = signOf(aUnscaled);
  const bSign = signOf(bUnscaled);
  if (aSign !== bSign || aSign === 0) return aSign - bSign;
  if (aScale === bScale) return aUnscaled < bUnscaled ? -1 : aUnscaled > bUnscaled ? 1 : 0;
  const aTop = digitCount(aUnscaled) - aScale;
  const bTop = digitCount(bUnscaled) - bScale;
  if (aTop !== bTop) return aTop < bTop ? -aSign : aSign;
  // The tops are equal, so the scales differ by no more than the digits do.
  const left = aScale < bScale ? aUnscaled * 10n ** BigInt(bScale - aScale) : aUnscaled;
  const right = bScale < aScale ? bUnscaled * 10n ** BigInt(aScale - bScale) : bUnscaled;
  return left < right ? -1 : left > right ? 1 : 0;
}

function signOf(value: bigint): number {
  return value === 0n ? 0 : value < 0n ? -1 : 1;
}

function digitCount(value: bigint): number {
  return (value < 0n ? -value : value).toString().length;
}
