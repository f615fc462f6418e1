import type { ColumnMetadata } from '../../schema/model/index.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';

/** One end of a slice. Its values are of the restriction's columns, or of the first of them. */
export interface RestrictionBound {
  readonly values: readonly TypedExpression[];
  readonly inclusive: boolean;
}

/** What relations say of one column, or of several clustering columns at once (`cql3/restrictions`, 5.0.8). */
export type Restriction =
  | EqRestriction
  | InRestriction
  | SliceRestriction
  | ContainsRestriction
  | LikeRestriction
  | AnnRestriction;

interface RestrictionBase {
  /** In clustering order; one but for multi-column relations. */
  readonly columns: readonly ColumnMetadata[];
  /** Written as a tuple of columns. */
  readonly multiColumn: boolean;
}

export interface EqRestriction extends RestrictionBase {
  readonly kind: 'eq';
  readonly values: readonly TypedExpression[];
}

export interface InRestriction extends RestrictionBase {
  readonly kind: 'in';
  /** A row of values for each choice, or a marker that is a list of them. */
  readonly choices: readonly (readonly TypedExpression[])[] | TypedExpression;
}

export interface SliceRestriction extends RestrictionBase {
  readonly kind: 'slice';
  readonly start: RestrictionBound | null;
  readonly end: RestrictionBound | null;
}

export interface ContainsRestriction extends RestrictionBase {
  readonly kind: 'contains';
  readonly values: readonly TypedExpression[];
  readonly keys: readonly TypedExpression[];
  readonly entries: readonly (readonly [key: TypedExpression, value: TypedExpression])[];
}

export interface LikeRestriction extends RestrictionBase {
  readonly kind: 'like';
  readonly value: TypedExpression;
}

/** ORDER BY column ANN OF vector. */
export interface AnnRestriction extends RestrictionBase {
  readonly kind: 'ann';
  readonly vector: TypedExpression;
}

/** Of the partition key's token. */
export type TokenRestriction =
  | { readonly kind: 'eq'; readonly value: TypedExpression }
  | {
      readonly kind: 'slice';
      readonly start: { readonly value: TypedExpression; readonly inclusive: boolean } | null;
      readonly end: { readonly value: TypedExpression; readonly inclusive: boolean } | null;
    };

export function isEquality(restriction: Restriction): boolean {
  return restriction.kind === 'eq' || restriction.kind === 'in';
}

export function lastColumn(restriction: Restriction): ColumnMetadata {
  return restriction.columns[restriction.columns.length - 1];
}
