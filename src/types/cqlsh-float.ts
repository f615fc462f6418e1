/**
 * A float or double as cqlsh shows it: `precision` significant digits, and as many more as there are digits left of the
 * point while that stays below `precision`, by C's `%g`.
 */
export function formatCqlshFloat(value: number, precision: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const magnitude = Math.abs(value);
  const exponent = magnitude > Number.EPSILON ? Math.trunc(Math.log10(magnitude)) : Number.NEGATIVE_INFINITY;
  const digits = exponent >= -4 && exponent < precision ? precision + exponent + 1 : precision;
  return formatGeneral(value, digits);
}

/** C's `%.{precision}g`: rounded half to even on the exact value, no zeros at the end. */
function formatGeneral(value: number, precision: number): string {
  const significant = Math.max(1, precision);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const magnitude = Math.abs(value);
  if (magnitude === 0) return `${sign}0`;
  const exponential = roundedHalfEven(magnitude, significant);
  const mark = exponential.indexOf('e');
  const exponent = Number(exponential.slice(mark + 1));
  const digits = exponential.slice(0, mark).replace('.', '').replace(/0+$/, '');
  if (exponent < -4 || exponent >= significant) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const power = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return sign + (digits.length > exponent + 1 ? `${whole}.${digits.slice(exponent + 1)}` : whole);
}

/** Decimals of up to so many digits have a double of their own, and are its shortest text. */
const EXACT_DIGITS = 15;
/** Doubles below have fewer bits. */
const LEAST_NORMAL = 2 ** -1022;

/** `d.ddde±x` of up to so many digits. JavaScript rounds ties up, C to even. */
function roundedHalfEven(magnitude: number, significant: number): string {
  if (significant < EXACT_DIGITS && magnitude >= LEAST_NORMAL) {
    const shortest = magnitude.toExponential();
    const mark = shortest.indexOf('e');
    const digits = mark === 1 ? 1 : mark - 1;
    if (digits <= significant) return shortest;
    // A tie has one digit more, and that is its shortest text.
    if (digits !== significant + 1 || shortest[mark - 1] !== '5') return magnitude.toExponential(significant - 1);
  }
  const rounded = magnitude.toExponential(significant - 1);
  const exact = magnitude.toExponential(Math.min(100, significant + 50));
  const behind = exact.slice(0, exact.indexOf('e')).replace('.', '').slice(significant);
  if (!/^50*$/.test(behind)) return rounded;
  const mantissa = exact.slice(0, significant === 1 ? 1 : significant + 1);
  return Number(mantissa.at(-1)) % 2 === 0 ? mantissa + exact.slice(exact.indexOf('e')) : rounded;
}
