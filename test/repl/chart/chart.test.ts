import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { CHART_KINDS, type ChartPoint, drawChart } from '../../../src/repl/chart/chart.ts';
import { chartOfResult } from '../../../src/repl/chart/chart-of-result.ts';
import { CommandError } from '../../../src/repl/commands/index.ts';
import { LastResult } from '../../../src/repl/results/last-result.ts';
import { events, madeUpRows } from '../fake-session.ts';

const points = (...values: number[]): ChartPoint[] => values.map((value, i) => ({ label: `p${i}`, value }));

describe('drawChart', () => {
  it('draws bars in proportion, to an eighth of a column', () => {
    expect(drawChart('bar', points(10, 5, 1), 30, 20)).toEqual([
      ' p0 │█████████████████████ 10',
      ' p1 │██████████▌ 5',
      ' p2 │██▏ 1',
    ]);
  });

  it('draws negative bars to the left of the axis', () => {
    const [positive, negative] = drawChart('bar', points(5, -5), 21, 20);
    expect(positive.indexOf('█')).toBeGreaterThan(negative.indexOf('█'));
  });

  it('draws a sparkline from the least to the greatest', () => {
    expect(drawChart('sparkline', points(0, 1, 2, 3, 4, 5, 6, 7), 80, 20)).toEqual([' ▁▂▃▄▅▆▇█']);
  });

  it('counts a histogram in round intervals', () => {
    const lines = drawChart('histogram', points(1, 2, 3, 11, 12, 25), 60, 8);
    expect(lines.map((line) => line.trim().split(' │')[0])).toEqual(['0 – 10', '10 – 20', '20 – 30']);
    expect(lines.map((line) => line.split(' ').at(-1))).toEqual(['3', '2', '1']);
  });

  it('begins a line at the left and ends it at the right', () => {
    const lines = drawChart('line', points(0, 10), 40, 20);
    const rows = lines.filter((line) => line.includes('┤'));
    expect(rows[0]).toMatch(/10 ┤.*[^⠀]$/);
    expect(rows.at(-1)).toMatch(/0 ┤[^⠀]/);
  });

  it('fits any numbers into the terminal', () => {
    const values = fc.array(fc.double({ noDefaultInfinity: false }), { maxLength: 50 });
    fc.assert(
      fc.property(
        fc.constantFrom(...CHART_KINDS),
        values,
        fc.integer({ min: 60, max: 200 }),
        (kind, numbers, columns) => {
          for (const line of drawChart(kind, points(...numbers), columns, 24)) {
            expect(stringWidth(line)).toBeLessThanOrEqual(columns);
          }
        },
      ),
    );
  });
});

describe('CHART of a result', () => {
  async function lastResult(rows: number): Promise<LastResult> {
    const last = new LastResult();
    const result = last.keep(madeUpRows(events, rows));
    while ((await result.next()) !== null);
    return last;
  }

  it('chooses value, label and kind by the types', async () => {
    const lines = chartOfResult(await lastResult(5), '', 80, 24);
    expect(lines[1]).toBe(' value by at');
    expect(lines.join('')).toContain('┤');
  });

  it('takes kind and columns by name', async () => {
    const lines = chartOfResult(await lastResult(3), 'bar seq sensor', 80, 24);
    expect(lines.slice(1, 5).map((line) => line.trim().split(' │')[0])).toEqual([
      'seq by sensor',
      'text 0',
      'text 1',
      'text 2',
    ]);
  });

  it('says what is wrong', async () => {
    const last = await lastResult(3);
    expect(() => chartOfResult(new LastResult(), '', 80, 24)).toThrow(/run a SELECT first/);
    expect(() => chartOfResult(last, 'bar nothing', 80, 24)).toThrow(CommandError);
    expect(() => chartOfResult(last, 'sensor', 80, 24)).toThrow(/no column of numbers/);
  });
});
