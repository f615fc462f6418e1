import { displayWidth } from '../../output/index.ts';

export const CHART_KINDS = ['bar', 'line', 'histogram', 'sparkline'] as const;
export type ChartKind = (typeof CHART_KINDS)[number];

/** One point: what it is called and its value; NaN where there is none. */
export interface ChartPoint {
  readonly label: string;
  readonly value: number;
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const LEVELS = '▁▂▃▄▅▆▇█';
const MAX_LABEL = 24;
/** Beyond this the differences of values are no numbers any more. */
const GREATEST = 1e300;
const MAX_BARS = 40;

/** The chart as lines of at most `columns`, at most `rows` of them where the kind allows. */
export function drawChart(kind: ChartKind, points: readonly ChartPoint[], columns: number, rows: number): string[] {
  const known = points.filter(({ value }) => Math.abs(value) <= GREATEST);
  if (known.length === 0) return ['(no numbers)'];
  switch (kind) {
    case 'bar':
      return drawBars(known.slice(0, MAX_BARS), columns, known.length);
    case 'histogram':
      return drawBars(
        bins(
          known.map(({ value }) => value),
          Math.max(4, Math.min(16, rows - 4)),
        ),
        columns,
        0,
      );
    case 'line':
      return drawLine(known, columns, Math.max(4, Math.min(16, rows - 6)));
    default:
      return [
        drawSparkline(
          known.map(({ value }) => value),
          columns,
        ),
      ];
  }
}

/** A horizontal bar a point, to an eighth of a column; negative values go left of the axis. */
function drawBars(points: readonly ChartPoint[], columns: number, total: number): string[] {
  const labels = points.map(({ label }) => (label.length > MAX_LABEL ? `${label.slice(0, MAX_LABEL - 1)}…` : label));
  const values = points.map(({ value }) => formatNumber(value));
  const labelWidth = Math.max(...labels.map(displayWidth));
  const valueWidth = Math.max(...values.map((text) => text.length));
  const room = Math.max(4, columns - labelWidth - valueWidth - 5);
  const most = Math.max(0, ...points.map(({ value }) => value));
  const least = Math.min(0, ...points.map(({ value }) => value));
  const range = most - least || 1;
  const axis = Math.round((-least / range) * room);
  const lines = points.map(({ value }, i) => {
    const label = ' '.repeat(labelWidth - displayWidth(labels[i])) + labels[i];
    const negative = value < 0 ? '█'.repeat(Math.round((-value / range) * room)) : '';
    return ` ${label} │${negative.padStart(axis)}${value > 0 ? positiveBar((value / range) * room) : ''} ${values[i]}`;
  });
  if (total > points.length) lines.push(` … ${total - points.length} more`);
  return lines;
}

function positiveBar(length: number): string {
  const eighths = Math.max(1, Math.round(length * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}

/** Counts in intervals of equal, round width. */
function bins(values: readonly number[], most: number): ChartPoint[] {
  const least = values.reduce((a, b) => Math.min(a, b));
  const greatest = values.reduce((a, b) => Math.max(a, b));
  const width = least === greatest ? 0 : roundUp((greatest - least) / most);
  if (!(width > 0)) return [{ label: formatNumber(least), value: values.length }];
  const first = Math.floor(least / width);
  const count = Math.floor(greatest / width) - first + 1;
  const counts = new Array<number>(count).fill(0);
  for (const value of values) counts[Math.min(count - 1, Math.floor(value / width) - first)]++;
  return counts.map((value, i) => ({
    label: `${formatNumber((first + i) * width)} – ${formatNumber((first + i + 1) * width)}`,
    value,
  }));
}

/** The next of 1, 2, 5 × 10ⁿ. */
function roundUp(value: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((candidate) => candidate * magnitude >= value) ?? 10;
  return step * magnitude;
}

/** Points from left to right in braille, two by four dots a cell. */
function drawLine(points: readonly ChartPoint[], columns: number, height: number): string[] {
  const values = points.map(({ value }) => value);
  const least = Math.min(...values);
  const most = Math.max(...values);
  const axisWidth = Math.max(formatNumber(least).length, formatNumber(most).length);
  const width = Math.max(8, columns - axisWidth - 4);
  const dots = Array.from({ length: height }, () => new Uint8Array(width));
  const dotWidth = width * 2;
  const dotHeight = height * 4;
  const rowOf = (value: number): number => Math.round(((most - value) / (most - least || 1)) * (dotHeight - 1));
  let previous = rowOf(values[0]);
  for (let x = 0; x < dotWidth; x++) {
    const at = values.length === 1 ? 0 : (x / (dotWidth - 1)) * (values.length - 1);
    const left = values[Math.floor(at)];
    const right = values[Math.min(values.length - 1, Math.floor(at) + 1)];
    const row = rowOf(left + (right - left) * (at - Math.floor(at)));
    for (let y = Math.min(row, previous); y <= Math.max(row, previous); y++) {
      dots[y >> 2][x >> 1] |= BRAILLE_BITS[y & 3][x & 1];
    }
    previous = row;
  }
  const lines = dots.map((cells, row) => {
    const value = row === 0 ? formatNumber(most) : row === height - 1 ? formatNumber(least) : '';
    return ` ${value.padStart(axisWidth)} ┤${Array.from(cells, (bits) => String.fromCharCode(0x2800 + bits)).join('')}`;
  });
  const [first, last] = [points[0].label, points.at(-1)?.label ?? ''];
  const gap = Math.max(1, width - displayWidth(first) - displayWidth(last));
  if (displayWidth(first) + displayWidth(last) < width) {
    lines.push(`${' '.repeat(axisWidth + 3)}${first}${' '.repeat(gap)}${last}`);
  }
  return lines;
}

/** Dots of a braille cell by row and column. */
const BRAILLE_BITS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];

/** One line of eight levels; neighbours are averaged when there are more values than columns. */
function drawSparkline(values: readonly number[], columns: number): string {
  const width = Math.min(values.length, Math.max(1, columns - 2));
  const cells = Array.from({ length: width }, (_, i) => {
    const from = Math.floor((i * values.length) / width);
    const part = values.slice(from, Math.max(from + 1, Math.floor(((i + 1) * values.length) / width)));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const least = Math.min(...cells);
  const most = Math.max(...cells);
  return ` ${cells
    .map((value) => LEVELS[Math.round(((value - least) / (most - least || 1)) * (LEVELS.length - 1))])
    .join('')}`;
}

/** At most six significant digits, large numbers grouped. */
function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString('en-US');
  return String(Number(value.toPrecision(6)));
}
