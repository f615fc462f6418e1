import { greatest, least, PERCENTILES, percentile, recount } from './counts.ts';

const BAR_WIDTH = 30;
const MIN_COUNT_WIDTH = 5;

/** A histogram with bars and percentiles, laid out as sstablemetadata does (`tools/Util.TermHistogram`, 5.0.8). */
export function histogramText(
  title: string,
  values: readonly number[],
  counts: readonly number[],
  nameOf: (value: number) => string,
): string[] {
  const names = values.map(nameOf);
  const nameWidth = Math.max(title.length, ...names.map((name) => name.length));
  const countWidth = Math.max(MIN_COUNT_WIDTH, ...counts.map((count) => String(count).length));
  const most = Math.max(0, ...counts);
  const sum = counts.reduce((all, count) => all + count, 0);
  const lines = [`   ${title.padEnd(nameWidth)} | ${'Count'.padEnd(countWidth)}  (%)  Histogram `];
  counts.forEach((count, i) => {
    const share = String(Math.trunc(100 * (count / sum))).padStart(3);
    lines.push(
      `   ${names[i].padEnd(nameWidth)} | ${String(count).padStart(countWidth)} (${share}) ${bar(count, most)}`,
    );
  });
  const view = recount(values, counts);
  lines.push('   Percentiles');
  for (const share of PERCENTILES) lines.push(row(`${Math.round(share * 100)}th`, nameOf(percentile(view, share))));
  lines.push(row('Min', nameOf(least(view))), row('Max', nameOf(greatest(view))));
  return lines;
}

function row(name: string, value: string): string {
  return `   ${name.padEnd(10)}${value}`;
}

function bar(count: number, most: number): string {
  const width = (count / most) * BAR_WIDTH;
  const whole = Math.trunc(width);
  const rest = width - whole;
  return 'O'.repeat(whole) + (rest >= 0.75 ? 'o' : rest >= 0.3 ? '.' : '');
}
