import { type CqlType, codecOf, formatCqlsh, isNumeric } from '../../types/index.ts';
import { CommandError } from '../commands/shell-command.ts';
import type { LastResult } from '../results/last-result.ts';
import { CHART_KINDS, type ChartKind, type ChartPoint, drawChart } from './chart.ts';

/** `[kind] [value column] [label column]` of CHART, each optional, over the last result; lines to print. */
export function chartOfResult(result: LastResult, argument: string, columns: number, rows: number): string[] {
  const words = argument.split(/\s+/).filter((word) => word !== '');
  const named = CHART_KINDS.find((kind) => words[0] !== undefined && kind.startsWith(words[0].toLowerCase()));
  const names = named === undefined ? words : words.slice(1);
  if (result.rows.length === 0) throw new CommandError('CHART draws the last result: run a SELECT first.');
  const value = names[0] === undefined ? lastNumeric(result) : columnNamed(result, names[0]);
  if (!isNumericType(result.columns[value].type)) {
    throw new CommandError(`CHART: ${result.columns[value].name} is no column of numbers.`);
  }
  const label = names[1] === undefined ? labelColumn(result, value) : columnNamed(result, names[1]);
  const points = pointsOf(result, value, label);
  const kind = named ?? likelyKind(result.columns[label]?.type, points.length);
  const title = ` ${result.columns[value].name}${kind === 'bar' || kind === 'line' ? ` by ${result.columns[label].name}` : ''}`;
  return ['', title, ...drawChart(kind, points, columns, rows), ''];
}

function pointsOf(result: LastResult, value: number, label: number): ChartPoint[] {
  const valueCodec = codecOf(result.columns[value].type);
  const labelType = result.columns[label].type;
  return result.rows.map((row) => {
    const bytes = row[value];
    const decoded = bytes === null || bytes.length === 0 ? null : valueCodec.decode(bytes, 0, bytes.length);
    const text = row[label];
    return {
      label: text === null ? 'null' : formatCqlsh(labelType, text, 0, text.length),
      // Decimals and varints are drawn as the nearest double.
      value: decoded === null ? Number.NaN : Number(String(decoded)),
    };
  });
}

/** Points in time make a line; few points make bars. */
function likelyKind(labelType: CqlType | undefined, points: number): ChartKind {
  const isTime = labelType?.kind === 'native' && TIMES.has(labelType.name);
  return isTime || points > 40 ? 'line' : 'bar';
}

const TIMES: ReadonlySet<string> = new Set(['timestamp', 'date', 'time', 'timeuuid']);

function isNumericType(type: CqlType): boolean {
  return type.kind === 'native' && isNumeric(type.name);
}

function lastNumeric(result: LastResult): number {
  const at = result.columns.findLastIndex(({ type }) => isNumericType(type));
  if (at === -1) throw new CommandError('CHART: the last result has no column of numbers.');
  return at;
}

/** A column to name the points by: time before text, before anything else that is not the value. */
function labelColumn(result: LastResult, value: number): number {
  const rank = ({ type }: { type: CqlType }): number =>
    type.kind !== 'native' ? 3 : TIMES.has(type.name) ? 0 : type.name === 'text' || type.name === 'ascii' ? 1 : 2;
  const others = result.columns.map((column, i) => ({ i, rank: rank(column) })).filter(({ i }) => i !== value);
  // Of several the nearest one before the value: keys come first.
  const distance = (i: number): number => (i < value ? value - i : result.columns.length + i);
  return others.sort((a, b) => a.rank - b.rank || distance(a.i) - distance(b.i))[0]?.i ?? value;
}

function columnNamed(result: LastResult, name: string): number {
  const at = result.columns.findIndex((column) => column.name === name || column.name === name.toLowerCase());
  if (at === -1) {
    throw new CommandError(
      `CHART: ${name} is no kind (${CHART_KINDS.join(', ')}) and no column of the last result ` +
        `(${result.columns.map((column) => column.name).join(', ')}).`,
    );
  }
  return at;
}
