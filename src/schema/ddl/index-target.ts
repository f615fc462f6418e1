import { quoteIdentifier } from '../../types/index.ts';
import type { ColumnMetadata, IndexMetadata, TableMetadata } from '../model/index.ts';

export type IndexTargetKind = 'simple' | 'values' | 'keys' | 'entries' | 'full';

/** What an index's `target` option says: `keys(m)`, or a bare column, which stands for its values. */
export interface ParsedTarget {
  readonly column: ColumnMetadata;
  readonly kind: Exclude<IndexTargetKind, 'simple'>;
}

const TARGET = /^(keys|entries|values|full)\((.+)\)$/s;

/** `TargetParser.parse`; undefined when the table has no such column. */
export function parseIndexTarget(table: TableMetadata, target: string): ParsedTarget | undefined {
  const match = TARGET.exec(target);
  const written = match === null ? target : match[2];
  const name = written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written;
  const column = table.columns.get(name);
  if (column === undefined) return undefined;
  // The pattern admits these words only.
  return { column, kind: match === null ? 'values' : (match[1] as ParsedTarget['kind']) };
}

/** The `target` option's text (`IndexTarget.asCqlString`). */
export function targetText(column: string, kind: IndexTargetKind): string {
  const name = quoteIdentifier(column);
  return kind === 'simple' ? name : `${kind}(${name})`;
}

/** Names of the indexes that need the column. */
export function dependentIndexes(table: TableMetadata, column: string): string[] {
  const needs = (index: IndexMetadata): boolean =>
    (index.options.get('target') ?? '')
      .split(', ')
      .some((target) => parseIndexTarget(table, target)?.column.name === column);
  return [...table.indexes.values()].filter(needs).map((index) => index.name);
}
