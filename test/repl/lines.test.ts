import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { groupDigits, inBytes, progressLine } from '../../src/repl/progress.ts';
import { inWords, statusLine } from '../../src/repl/status-line.ts';
import { FakeSession } from './fake-session.ts';

describe('progressLine', () => {
  it('shows what is known', () => {
    expect(progressLine({ label: 'SOURCE x', bytes: 2_500_000, fraction: 0.25 }, 10_000, 100)).toBe(
      'SOURCE x  █████░░░░░░░░░░░░░░░ 25% · 2.5 MB · 0:10 · 0:30 left',
    );
    const half = { label: '.compact k.t', rows: 20, bytes: 5_000_000, totalBytes: 10_000_000, fraction: 0.5 };
    expect(progressLine(half, 10_000, 120)).toBe(
      '.compact k.t  ██████████░░░░░░░░░░ 50% · 20 rows · 2 rows/s · 5.0 MB of 10.0 MB · 500.0 kB/s · 0:10 · 0:10 left',
    );
    expect(progressLine(half, 10_000, 80)).toBe(
      '.compact k.t  ██████████░░░░░░░░░░ 50% · 20 rows · 5.0 MB of 10.0 MB · 0:10 left',
    );
    expect(progressLine(half, 10_000, 40)).toBe('.compact k.t  ██████████░░░░░░░░░░ 50%');
    expect(progressLine({ label: 'reading', rows: 1_234_567 }, 2_000, 100)).toBe(
      'reading  1,234,567 rows · 617,284 rows/s · 0:02',
    );
  });

  it('fits the terminal by leaving out the last parts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 30, max: 100 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (columns, fraction) => {
          const line = progressLine({ label: 'reading', rows: 10 ** 9, bytes: 10 ** 12, fraction }, 5_000_000, columns);
          expect(stringWidth(line)).toBeLessThanOrEqual(Math.max(columns, 34));
        },
      ),
    );
  });
});

describe('statusLine', () => {
  const facts = {
    session: new FakeSession(),
    dialect: 'explore',
    consistency: 'ONE',
    statistics: null,
    elapsedMs: 12.4,
  } as const;

  it('says what is open, and gives up parts on narrow terminals', () => {
    expect(statusLine(facts, 80)).toBe('mydb · explore · writable · 12 ms');
    expect(statusLine(facts, 20)).toBe('mydb · explore');
    expect(statusLine(facts, 3)).toBe('mydb');
  });
});

describe('numbers in words', () => {
  it.each([
    [inWords(0.44), '0.4 ms'],
    [inWords(999), '999 ms'],
    [inWords(3_210), '3.21 s'],
    [inBytes(1), '1 byte'],
    [inBytes(12_345_678), '12.3 MB'],
    [groupDigits(-1_234_567), '-1,234,567'],
  ])('%s', (actual, expected) => {
    expect(actual).toBe(expected);
  });
});
