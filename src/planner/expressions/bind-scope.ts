import { CqlError } from '../../errors/index.ts';
import { asString } from '../../parser/dialect.ts';
import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';
import { visibleColumn } from '../../schema/model/index.ts';
import { didYouMean } from '../../schema/nearest-name.ts';
import type { CqlType } from '../../types/index.ts';
import { quoteIdentifier } from '../../types/index.ts';
import type { PlanContext } from '../plan-context.ts';
import type { InputColumns } from './input-columns.ts';
import type { TypedExpression } from './typed-expression.ts';

/** What a bind marker is for: its column's name and type, as `prepare` tells clients. */
export interface MarkerSpecification {
  readonly name: string;
  readonly type: CqlType;
}

/** Where the expressions of a statement are bound. */
export interface BindScope {
  readonly context: PlanContext;
  /** The keyspace that user types and functions are looked up in. */
  readonly keyspace: string;
  readonly table: TableMetadata | null;
  /** The columns that expressions may name; null in terms (values in WHERE and in writes), which name none. */
  readonly columns: InputColumns | null;
  /** explore: names of the selection, which mean what they stand for where no column has the name. */
  readonly aliases?: ReadonlyMap<string, TypedExpression>;
  /** Indexed by the marker's position; filled while expressions are bound. */
  readonly markers: MarkerSpecification[];
}

/**
 * Whether Cassandra does not see what a column's type is made of: that of a clustering column with descending order is
 * another to it, neither a collection nor a vector (`ReversedType`, 5.0.8). Explore mode sees through it.
 */
export function isOpaque(column: { readonly reversed?: boolean }, context: PlanContext): boolean {
  return column.reversed === true && context.dialect === 'strict';
}

/** The same scope for terms, where no column may be named. */
export function termScope(scope: BindScope): BindScope {
  return scope.columns === null ? scope : { ...scope, columns: null };
}

/** What an alias stands for; null where a column has the name, or nothing. */
export function aliasedExpression({ aliases, table }: BindScope, name: string): TypedExpression | null {
  if (aliases === undefined || (table !== null && visibleColumn(table, name) !== undefined)) return null;
  return aliases.get(name) ?? null;
}

interface NamedColumn {
  readonly text: string;
  readonly quoted?: boolean;
  readonly position?: unknown;
}

/** The column of that name, or Cassandra's message with a suggestion. */
export function existingColumn(table: TableMetadata, name: NamedColumn): ColumnMetadata {
  const column = visibleColumn(table, name.text);
  if (column !== undefined) return column;
  const names = [...table.columns.values()]
    .filter((candidate) => visibleColumn(table, candidate.name))
    .map((c) => c.name);
  throw CqlError.invalidRequest(`Undefined column name ${quoteIdentifier(name.text)} in table ${tableText(table)}`, {
    ...(isPosition(name.position) ? { position: name.position } : {}),
    suggestion: didYouMean(name.text, names) ?? asString(name),
  });
}

function tableText(table: TableMetadata): string {
  return `${quoteIdentifier(table.keyspace)}.${quoteIdentifier(table.name)}`;
}

function isPosition(value: unknown): value is { line: number; column: number; offset: number } {
  return typeof value === 'object' && value !== null && 'offset' in value;
}
