import { type ColumnMetadata, type IndexMetadata, isMultiCell, type TableMetadata } from '../../schema/model/index.ts';
import type { Restriction } from './restriction.ts';

export type IndexTarget = 'values' | 'keys' | 'entries' | 'full' | 'simple';

/** A secondary index of the table as queries see it. */
export interface TableIndex {
  readonly metadata: IndexMetadata;
  readonly column: ColumnMetadata;
  readonly target: IndexTarget;
  readonly family: 'legacy' | 'sai' | 'sasi' | 'custom';
}

/** Indexes that answer together: all SAI ones of a table; each of the others by itself (`Index.Group`, 5.0.8). */
export type IndexGroup = readonly TableIndex[];

export function indexesOf(table: TableMetadata): TableIndex[] {
  const found: TableIndex[] = [];
  for (const metadata of table.indexes.values()) {
    const written = metadata.options.get('target') ?? '';
    const match = /^(values|keys|entries|full)\((.*)\)$/s.exec(written);
    const name = unquoted(match === null ? written : match[2]);
    const column = table.columns.get(name);
    if (column === undefined) continue;
    const target = match === null ? 'simple' : TARGETS[match[1]];
    found.push({ metadata, column, target, family: familyOf(metadata) });
  }
  return found;
}

const TARGETS: Readonly<Record<string, IndexTarget>> = {
  values: 'values',
  keys: 'keys',
  entries: 'entries',
  full: 'full',
};

export function indexGroups(indexes: readonly TableIndex[]): IndexGroup[] {
  const sai = indexes.filter((index) => index.family === 'sai');
  const others = indexes.filter((index) => index.family !== 'sai').map((index) => [index]);
  return sai.length > 0 ? [sai, ...others] : others;
}

function familyOf(metadata: IndexMetadata): TableIndex['family'] {
  if (metadata.kind !== 'CUSTOM') return 'legacy';
  const className = (metadata.options.get('class_name') ?? '').split('.').pop()?.toLowerCase() ?? '';
  if (className === 'storageattachedindex' || className === 'sai') return 'sai';
  return className === 'sasiindex' ? 'sasi' : 'custom';
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

/** Whether one of the indexes answers the restriction. */
export function isSupported(restriction: Restriction, indexes: Iterable<TableIndex>): boolean {
  for (const index of indexes) {
    if (restriction.columns.includes(index.column) && supports(index, restriction)) return true;
  }
  return false;
}

function supports(index: TableIndex, restriction: Restriction): boolean {
  switch (restriction.kind) {
    case 'ann':
      return index.family === 'sai' && index.column.type.kind === 'vector';
    case 'like':
      return index.family === 'sasi' && isSasiLiteral(index);
    case 'contains':
      return supportsContains(index, restriction);
    case 'eq':
      if (index.column.type.kind === 'vector') return false;
      if (index.family === 'sasi' && isTokenizing(index)) return false;
      return index.target === 'full' || !isMultiCell(index.column.type);
    case 'slice':
      return supportsSlice(index);
    case 'in':
      return false;
  }
}

function supportsContains(index: TableIndex, restriction: Extract<Restriction, { kind: 'contains' }>): boolean {
  const wanted =
    (restriction.values.length > 0 && (index.target === 'values' || index.target === 'simple')) ||
    (restriction.keys.length > 0 && index.target === 'keys') ||
    (restriction.entries.length > 0 && index.target === 'entries');
  return wanted && index.family !== 'sasi';
}

/** Legacy indexes know no ranges; SAI knows them of all but texts, UUIDs and the like, SASI of what is not text. */
function supportsSlice(index: TableIndex): boolean {
  if (index.family === 'sasi') return !isSasiLiteral(index) && sasiMode(index) !== 'CONTAINS';
  if (index.family !== 'sai') return false;
  const { type } = index.column;
  return type.kind === 'native' && !EQUALITY_ONLY.has(type.name) && index.target === 'simple';
}

/** Types of which SAI knows no ranges (`IndexTermType.supports`, 5.0.8). */
const EQUALITY_ONLY: ReadonlySet<string> = new Set(['ascii', 'text', 'boolean', 'blob', 'uuid']);

/** How LIKE's pattern stands to its `%` (`cql3/Operator`, 5.0.8). */
export type LikeOperator = 'prefix' | 'suffix' | 'contains' | 'matches';

/** Whether a SASI index of the column finds that (`index/sasi/conf/ColumnIndex.supports`, 5.0.8). */
export function supportsLike(column: ColumnMetadata, operator: LikeOperator, indexes: Iterable<TableIndex>): boolean {
  for (const index of indexes) {
    if (index.column !== column || index.family !== 'sasi') continue;
    const mode = sasiMode(index);
    if (mode === 'CONTAINS' && !(isTokenizing(index) && operator === 'prefix')) return true;
    if (mode === 'PREFIX' && (operator === 'prefix' || operator === 'matches')) return true;
  }
  return false;
}

function sasiMode(index: TableIndex): string {
  return (index.metadata.options.get('mode') ?? 'PREFIX').toUpperCase();
}

function isTokenizing(index: TableIndex): boolean {
  return (index.metadata.options.get('analyzer_class') ?? '').endsWith('StandardAnalyzer');
}

function isSasiLiteral({ metadata, column: { type } }: TableIndex): boolean {
  const written = metadata.options.get('is_literal');
  if (written !== undefined) return written.toLowerCase() === 'true';
  return type.kind === 'native' && (type.name === 'text' || type.name === 'ascii');
}
