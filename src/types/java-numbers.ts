/**
 * Texts of floating-point numbers as the JDK 17 that runs Cassandra prints and reads them. Up to JDK 18
 * `Double.toString` (`jdk.internal.math.FloatingDecimal`) does not always find the shortest digits: `2^-44` prints as
 * `5.684341886080802E-14` in JavaScript and in newer JDKs, `5.6843418860808015E-14` here; `5e-324` is `4.9E-324`.
 */

const DOUBLE_BITS = 53;
const FLOAT_BITS = 24;
/** Up to 2^52 the shortest digits, if they are at least two, are also the JDK's, except for powers of two. */
const MAX_SHORTEST_DOUBLE = 2 ** 52;
const MAX_SHORTEST_FLOAT = 2 ** 21;
const MIN_NORMAL_DOUBLE = 2 ** -1022;
const MIN_NORMAL_FLOAT = 2 ** -126;

const scratch = new DataView(new ArrayBuffer(8));

/** `Double.toString` of JDK 17. */
export function doubleToString(value: number): string {
  return specialText(value) ?? smallIntegerText(value) ?? layOut(value < 0, doubleDigits(Math.abs(value)));
}

/** `Float.toString` of JDK 17; `value` is a float widened to a double. */
export function floatToString(value: number): string {
  return specialText(value) ?? layOut(value < 0, floatDigits(Math.abs(value)));
}

function specialText(value: number): string | null {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (Number.isFinite(value)) return null;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

function smallIntegerText(value: number): string | null {
  return Number.isInteger(value) && Math.abs(value) < 1e7 ? `${value}.0` : null;
}

/** The value is 0.DIGITS × 10^exponent. */
interface Digits {
  readonly digits: string;
  readonly exponent: number;
}

/** `FloatingDecimal.BinaryToASCIIBuffer.getChars`: plain from 10^-3 to 10^7, else with an exponent; always a point. */
function layOut(negative: boolean, { digits, exponent }: Digits): string {
  const sign = negative ? '-' : '';
  if (exponent > 0 && exponent < 8) {
    const whole = digits.slice(0, exponent).padEnd(exponent, '0');
    return `${sign}${whole}.${digits.slice(exponent) || '0'}`;
  }
  if (exponent <= 0 && exponent > -3) return `${sign}0.${'0'.repeat(-exponent)}${digits}`;
  return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent - 1}`;
}

function doubleDigits(value: number): Digits {
  scratch.setFloat64(0, value);
  const mantissaHigh = scratch.getUint32(0) & 0xfffff;
  const powerOfTwo = mantissaHigh === 0 && scratch.getUint32(4) === 0;
  if (!powerOfTwo && value >= MIN_NORMAL_DOUBLE && value < MAX_SHORTEST_DOUBLE) {
    const shortest = digitsOf(value.toExponential());
    if (shortest.digits.length > 1) return shortest;
  }
  const bits = scratch.getBigUint64(0);
  const exponentBits = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  return jdkDigits(fraction, exponentBits, 1023, DOUBLE_BITS);
}

function floatDigits(value: number): Digits {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  const fraction = bits & 0x7fffff;
  if (fraction !== 0 && value >= MIN_NORMAL_FLOAT && value < MAX_SHORTEST_FLOAT && !Number.isInteger(value)) {
    const shortest = digitsOf(shortestFloat(value));
    if (shortest.digits.length > 1 && !isTie(value, shortest.digits.length)) return shortest;
  }
  return jdkDigits(BigInt(fraction), bits >>> 23, 127, FLOAT_BITS);
}

/** Six digits are coarser than any float, so that a shorter text is the six-digit one less its zeros. */
function shortestFloat(value: number): string {
  for (let digits = 5; digits < 8; digits++) {
    const text = value.toExponential(digits);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toExponential(8);
}

/** The value lies exactly between two numbers of so many digits: JavaScript then takes the larger, the JDK the even. */
function isTie(value: number, digits: number): boolean {
  const longer = value.toExponential(digits);
  return longer[longer.indexOf('e') - 1] === '5' && Number(longer) === value;
}

/** From `d.ddde±x`. */
function digitsOf(exponential: string): Digits {
  const mark = exponential.indexOf('e');
  const digits = mark === 1 ? exponential[0] : exponential[0] + exponential.slice(2, mark);
  return { digits: digits.replace(/0+$/, '') || '0', exponent: Number(exponential.slice(mark + 1)) + 1 };
}

/** Bits of 5^i, as the JDK tabulates them; beyond the table it takes 3i. */
const BITS_OF_POWER_OF_5 = Array.from({ length: 27 }, (_, i) => (i === 0 ? 0 : (5n ** BigInt(i)).toString(2).length));

function bitsOfPowerOf5(power: number): number {
  return power < BITS_OF_POWER_OF_5.length ? BITS_OF_POWER_OF_5[power] : power * 3;
}

/**
 * Digits by `FloatingDecimal.BinaryToASCIIBuffer.dtoa` of JDK 17: value = B/S × 10^decimalExponent with 1 ≤ B/S < 10, M
 * is half an ulp scaled as B; digits are picked off until what is left is under M. `fraction` and `exponentBits` are the
 * IEEE fields.
 */
function jdkDigits(fraction: bigint, exponentBits: number, bias: number, precision: number): Digits {
  let significantBits = precision;
  let binaryExponent = exponentBits - bias;
  let mantissa = fraction;
  if (exponentBits === 0) {
    significantBits = fraction.toString(2).length;
    const shift = precision - significantBits;
    mantissa = fraction << BigInt(shift);
    binaryExponent = 1 - shift - bias;
  } else {
    mantissa |= 1n << BigInt(precision - 1);
  }
  const tailZeros = trailingZeros(mantissa);
  const fractionBits = precision - tailZeros;
  const tinyBits = Math.max(0, fractionBits - binaryExponent - 1);
  if (tinyBits === 0 && binaryExponent <= 62 && fractionBits < 64) {
    const insignificant =
      binaryExponent > significantBits ? insignificantDigits(binaryExponent - significantBits - 1) : 0;
    const shift = binaryExponent - (precision - 1);
    return integerDigits(shift >= 0 ? mantissa << BigInt(shift) : mantissa >> BigInt(-shift), insignificant);
  }
  return generateDigits(mantissa >> BigInt(tailZeros), fractionBits, binaryExponent, tinyBits, significantBits);
}

function trailingZeros(value: bigint): number {
  let count = 0;
  while (((value >> BigInt(count)) & 1n) === 0n) count++;
  return count;
}

/** Decimal digits of 2^power, less one. */
function insignificantDigits(power: number): number {
  return power > 1 ? (2n ** BigInt(power)).toString().length - 1 : 0;
}

function integerDigits(value: bigint, insignificant: number): Digits {
  let kept = value;
  if (insignificant !== 0) {
    const unit = 10n ** BigInt(insignificant);
    const residue = value % unit;
    kept = value / unit + (residue >= unit >> 1n ? 1n : 0n);
  }
  const text = kept.toString();
  return { digits: text.replace(/0+$/, ''), exponent: text.length + insignificant };
}

function generateDigits(
  odd: bigint,
  fractionBits: number,
  binaryExponent: number,
  tinyBits: number,
  significantBits: number,
): Digits {
  const oddNumber = fractionBits === 1 ? 1 : Number(odd) / 2 ** (fractionBits - 1);
  let decimalExponent = Math.floor((oddNumber - 1.5) * 0.289529654 + 0.176091259 + binaryExponent * 0.301029995663981);
  const b5 = Math.max(0, -decimalExponent);
  const s5 = Math.max(0, decimalExponent);
  let b2 = b5 + tinyBits + binaryExponent;
  let s2 = s5 + tinyBits;
  let m2 = b2 - significantBits;
  b2 -= fractionBits - 1;
  const common = Math.min(b2, s2);
  b2 -= common;
  s2 -= common;
  m2 -= common;
  // Below a power of two the next number is only half as far away.
  if (fractionBits === 1) m2 -= 1;
  if (m2 < 0) {
    b2 -= m2;
    s2 -= m2;
    m2 = 0;
  }
  const width = arithmeticWidth(fractionBits + b2 + bitsOfPowerOf5(b5), s2 + 1 + bitsOfPowerOf5(s5 + 1));
  const wrap = (value: bigint): bigint => (width === 0 ? value : BigInt.asIntN(width, value));
  const s = (5n ** BigInt(s5)) << BigInt(s2);
  const tens = s * 10n;
  let b = odd * ((5n ** BigInt(b5)) << BigInt(b2));
  let m = (5n ** BigInt(b5)) << BigInt(m2);
  const isHigh = (): boolean => (width === 0 ? b + m >= tens : wrap(b + m) > tens);

  let quotient = b / s;
  b = 10n * (b % s);
  m = wrap(m * 10n);
  let low = b < m;
  let high = isHigh();
  let digits = '';
  if (quotient === 0n && !high) decimalExponent--;
  else digits = quotient.toString();
  // With an exponent there is always a digit after the point.
  if (decimalExponent < -3 || decimalExponent >= 8) {
    high = false;
    low = false;
  }
  while (!low && !high) {
    quotient = b / s;
    b = 10n * (b % s);
    m = wrap(m * 10n);
    if (m > 0n) {
      low = b < m;
      high = isHigh();
    } else {
      low = true;
      high = true;
    }
    digits += quotient.toString();
  }
  const past = high && (!low || roundsUp(b * 2n - tens, digits));
  const exponent = decimalExponent + 1;
  return past ? incremented(digits, exponent) : { digits, exponent };
}

/** The JDK works in int or long when all its numbers fit; 0 stands for its big integers. */
function arithmeticWidth(bitsOfB: number, bitsOfTenS: number): 0 | 32 | 64 {
  if (bitsOfB < 32 && bitsOfTenS < 32) return 32;
  return bitsOfB < 64 && bitsOfTenS < 64 ? 64 : 0;
}

function roundsUp(difference: bigint, digits: string): boolean {
  return difference > 0n || (difference === 0n && Number(digits[digits.length - 1]) % 2 === 1);
}

function incremented(digits: string, exponent: number): Digits {
  const text = (BigInt(digits) + 1n).toString().padStart(digits.length, '0');
  return text.length > digits.length
    ? { digits: `1${'0'.repeat(digits.length - 1)}`, exponent: exponent + 1 }
    : { digits: text, exponent };
}

const JAVA_FLOAT = /^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)$/;
const JAVA_HEX_FLOAT = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)[fFdD]?$/;

/** `Double.parseDouble`; null when Java would throw. Blanks around the number are allowed. */
export function parseDouble(text: string): number | null {
  const trimmed = trimJava(text);
  if (JAVA_FLOAT.test(trimmed)) return Number(trimmed.replace(/[fFdD]$/, '').replace(/^\+/, ''));
  const hex = JAVA_HEX_FLOAT.exec(trimmed);
  if (hex === null || hex[2] + hex[3] === '') return null;
  const value = Number(BigInt(`0x${hex[2]}${hex[3]}`)) * 2 ** (Number(hex[4]) - 4 * hex[3].length);
  return hex[1] === '-' ? -value : value;
}

/** `Float.parseFloat`: rounds once, from the decimal text straight to the float. */
export function parseFloat32(text: string): number | null {
  const double = parseDouble(text);
  if (double === null) return null;
  const magnitude = Math.abs(double);
  const nearest = Math.fround(magnitude);
  if (nearest === magnitude || !Number.isFinite(double)) return Math.fround(double);
  const lower = nearest < magnitude ? nearest : neighbour(nearest, -1);
  const upper = nearest < magnitude ? neighbour(nearest, 1) : nearest;
  const middle = lower + (Math.min(upper, 2 ** 128) - lower) / 2;
  const exact = magnitude === middle ? exactDecimal(trimJava(text)) : null;
  // The double may have been rounded to the middle of two floats from a text that is not there.
  const side = exact === null ? 0 : compareToDouble(exact, middle);
  const float = side === 0 ? nearest : side > 0 ? upper : lower;
  return double < 0 ? -float : float;
}

/** The float one step away from a float ≥ 0. */
function neighbour(float: number, step: 1 | -1): number {
  scratch.setFloat32(0, float);
  scratch.setInt32(0, scratch.getInt32(0) + step);
  return scratch.getFloat32(0);
}

/** `String.trim`: cuts all characters up to the blank. */
function trimJava(text: string): string {
  return text.replace(/^[\u0000-\u0020]+|[\u0000-\u0020]+$/g, '');
}

/** The magnitude unscaled × 10^exponent of a decimal text. */
interface ExactDecimal {
  readonly unscaled: bigint;
  readonly exponent: number;
}

/** Null for hexadecimal texts, which are exact anyway. */
function exactDecimal(text: string): ExactDecimal | null {
  const match = /^[+-]?(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?/.exec(text);
  if (match === null || match[1] + match[2] === '' || /^[+-]?0[xX]/.test(text)) return null;
  return { unscaled: BigInt(match[1] + match[2]), exponent: Number(match[3] ?? 0) - match[2].length };
}

function compareToDouble(exact: ExactDecimal, double: number): number {
  scratch.setFloat64(0, double);
  const bits = scratch.getBigUint64(0);
  const exponentBits = Number(bits >> 52n);
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  const mantissa = exponentBits === 0 ? fraction : fraction | (1n << 52n);
  const power = Math.max(exponentBits, 1) - 1075;
  const left = exact.unscaled * 10n ** BigInt(Math.max(0, exact.exponent)) * 2n ** BigInt(Math.max(0, -power));
  const right = mantissa * 2n ** BigInt(Math.max(0, power)) * 10n ** BigInt(Math.max(0, -exact.exponent));
  return left < right ? -1 : left > right ? 1 : 0;
}

/** `Integer.parseInt` and its like for an int of `bits` bits; null when Java would throw. */
export function parseInteger(text: string, bits: number): bigint | null {
  if (!/^[+-]?\d{1,40}$/.test(text)) return null;
  const value = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(bits, value) === value ? value : null;
}
