import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatCqlshFloat } from '../../src/types/cqlsh-float.ts';
import { DEFAULT_TIME_FORMAT, formatTime } from '../../src/types/strftime.ts';

/** `%.{precision}g` digit by digit, of a value whose exact decimal is looked at as a whole. */
function significantDigits(value: number, significant: number): string {
  const exact = Math.abs(value).toExponential(100);
  const mark = exact.indexOf('e');
  const digits = exact.slice(0, mark).replace('.', '');
  let kept = BigInt(digits.slice(0, significant));
  const behind = digits.slice(significant);
  const half = `5${'0'.repeat(behind.length - 1)}`;
  if (behind > half || (behind === half && kept % 2n === 1n)) kept++;
  return String(kept).slice(0, significant).replace(/0+$/, '');
}

const decimals = fc
  .tuple(fc.integer({ min: 1, max: 2_000_000 }), fc.integer({ min: -4, max: 6 }))
  .map(([digits, scale]) => digits / 10 ** scale);
/** With many ties: halves, quarters, eighths. */
const binary = fc.tuple(fc.integer({ min: 1, max: 4_000_000 }), fc.nat(8)).map(([n, power]) => n / 2 ** power);

it('floats have the digits of their exact value, ties to even', () => {
  fc.assert(
    fc.property(
      fc.oneof(decimals, binary, fc.double({ min: 1e-6, max: 1e9, noNaN: true })),
      fc.integer({ min: 1, max: 9 }),
      (value, p) => {
        const exponent = Math.trunc(Math.log10(value));
        const significant = exponent >= -4 && exponent < p ? p + exponent + 1 : p;
        const shown = formatCqlshFloat(value, p)
          .replace(/e.*$/, '')
          .replace('.', '')
          .replace(/^0+/, '')
          .replace(/0+$/, '');
        expect(shown).toBe(significantDigits(value, Math.max(1, significant)));
      },
    ),
    { numRuns: 3000 },
  );
});

it('times in the usual form are those of any form', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true, min: new Date(-62e12), max: new Date(253e12) }), (date) => {
      expect(`${formatTime(date, DEFAULT_TIME_FORMAT, 'UTC')}%`).toBe(
        formatTime(date, `${DEFAULT_TIME_FORMAT}%%`, 'UTC'),
      );
    }),
  );
});
