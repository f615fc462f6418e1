import { toHex, uint16At } from '../../../bytes/index.ts';
import type { TableMetadata } from '../../../schema/model/index.ts';
import { type ClusteringPrefix, NO_PATH, PrefixKind, type Row } from '../../../storage/rows/index.ts';
import { type CqlType, codecOf } from '../../../types/index.ts';
import type { CellFragment, Fragment } from './fragment.ts';

/** Where a fragment stands in its partition: clustering values as CQL literals, or the bounds of a range; null if nowhere. */
export function placeText(table: TableMetadata, { clustering, ...fragment }: Fragment): string | null {
  if (clustering === null) return null;
  if (fragment.kind !== 'deletion' || fragment.of !== 'range' || fragment.end === null) {
    return valueTexts(table, clustering).join(', ');
  }
  return rangeText(table, clustering, fragment.end);
}

/** The values that both bounds share, then conditions on what follows them: `1, >= 5 and < 9`; `1, *` for all below. */
function rangeText(table: TableMetadata, start: ClusteringPrefix, end: ClusteringPrefix): string {
  const starts = valueTexts(table, start);
  const ends = valueTexts(table, end);
  let shared = 0;
  while (shared < starts.length && shared < ends.length && starts[shared] === ends[shared]) shared++;
  const bounds = [
    boundText(table, start, starts.slice(shared), '>'),
    boundText(table, end, ends.slice(shared), '<'),
  ].filter((bound) => bound !== '');
  return [...starts.slice(0, shared), bounds.length === 0 ? '*' : bounds.join(' and ')].join(', ');
}

function boundText(
  table: TableMetadata,
  { kind, size }: ClusteringPrefix,
  values: string[],
  operator: '>' | '<',
): string {
  if (values.length === 0) return '';
  // In a descending column what comes after is less.
  const isDescending = table.clustering[size - 1].reversed;
  const shown = isDescending ? (operator === '>' ? '<' : '>') : operator;
  const text = values.join(', ');
  return `${shown}${isInclusive(kind, operator) ? '=' : ''} ${values.length > 1 ? `(${text})` : text}`;
}

function isInclusive(kind: number, operator: '>' | '<'): boolean {
  return operator === '>'
    ? kind === PrefixKind.INCLUSIVE_START_BOUND || kind === PrefixKind.EXCLUSIVE_END_INCLUSIVE_START_BOUNDARY
    : kind === PrefixKind.INCLUSIVE_END_BOUND || kind === PrefixKind.INCLUSIVE_END_EXCLUSIVE_START_BOUNDARY;
}

function valueTexts(table: TableMetadata, clustering: ClusteringPrefix): string[] {
  const parts: string[] = [];
  for (let i = 0; i < clustering.size; i++) {
    const value = clustering.value(i);
    parts.push(value === null ? 'null' : literal(table.clustering[i].type, value));
  }
  return parts;
}

/** A collection's key or element, a field's name, a list cell's timeuuid; null for a cell that is the whole value. */
export function pathText({ column: { type }, index }: CellFragment, cells: Row): string | null {
  const end = cells.pathEnd[index];
  if (end === NO_PATH) return null;
  const path = cells.cellSource[index].subarray(cells.pathStart[index], end);
  if (type.kind === 'set') return literal(type.element, path);
  if (type.kind === 'map') return literal(type.key, path);
  if (type.kind === 'udt') return type.fields[uint16At(path, 0)]?.name ?? toHex(path);
  return literal({ kind: 'native', name: 'timeuuid' }, path);
}

/** The value as a CQL literal. Counters are stored as shards, which no literal stands for; a set's cell is its path. */
export function valueText({ column: { type }, index }: CellFragment, cells: Row): string {
  const value = cells.cellSource[index].subarray(cells.valueStart[index], cells.valueEnd[index]);
  if (type.kind === 'native' && type.name === 'counter') return `0x${toHex(value)}`;
  if (cells.pathEnd[index] === NO_PATH) return literal(type, value);
  if (type.kind === 'list') return literal(type.element, value);
  if (type.kind === 'map') return literal(type.value, value);
  if (type.kind === 'udt') {
    const field = type.fields[uint16At(cells.cellSource[index], cells.pathStart[index])];
    return field === undefined ? `0x${toHex(value)}` : literal(field.type, value);
  }
  return '';
}

function literal(type: CqlType, bytes: Uint8Array): string {
  return codecOf(type).toLiteral(bytes, 0, bytes.length);
}
