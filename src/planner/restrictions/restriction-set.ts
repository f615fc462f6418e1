import type { ColumnMetadata } from '../../schema/model/index.ts';
import { mergeRestrictions } from './merge-restrictions.ts';
import { isEquality, type Restriction } from './restriction.ts';

/**
 * Restrictions of columns of one kind, ordered by position, then name (`restrictions/RestrictionSet`, 5.0.8). Immutable:
 * `with` gives a new set.
 */
export class RestrictionSet implements Iterable<Restriction> {
  static readonly empty = new RestrictionSet(new Map());

  private readonly byColumn: ReadonlyMap<ColumnMetadata, Restriction>;
  /** Restricted columns in order. */
  readonly columns: readonly ColumnMetadata[];

  private constructor(byColumn: ReadonlyMap<ColumnMetadata, Restriction>) {
    this.byColumn = byColumn;
    this.columns = [...byColumn.keys()].sort(compareColumns);
  }

  with(added: Restriction): RestrictionSet {
    const byColumn = new Map(this.byColumn);
    const existing = new Set(added.columns.map((column) => byColumn.get(column)).filter((r) => r !== undefined));
    if (existing.size === 0) for (const column of added.columns) byColumn.set(column, added);
    for (const restriction of existing) {
      const merged = mergeRestrictions(restriction, added);
      for (const column of added.columns) byColumn.set(column, merged);
      for (const column of restriction.columns) byColumn.set(column, merged);
    }
    return new RestrictionSet(byColumn);
  }

  /** Each restriction once, in the order of its first column. */
  *[Symbol.iterator](): IterableIterator<Restriction> {
    let previous: Restriction | undefined;
    for (const column of this.columns) {
      const restriction = this.byColumn.get(column);
      if (restriction === undefined || restriction === previous) continue;
      previous = restriction;
      yield restriction;
    }
  }

  of(column: ColumnMetadata): Restriction | undefined {
    return this.byColumn.get(column);
  }

  get size(): number {
    return this.byColumn.size;
  }

  get isEmpty(): boolean {
    return this.byColumn.size === 0;
  }

  some(test: (restriction: Restriction) => boolean): boolean {
    for (const restriction of this) if (test(restriction)) return true;
    return false;
  }

  last(): Restriction | undefined {
    return this.byColumn.get(this.columns[this.columns.length - 1]);
  }

  hasIn(): boolean {
    return this.some((restriction) => restriction.kind === 'in');
  }

  hasSlice(): boolean {
    return this.some((restriction) => restriction.kind === 'slice');
  }

  hasContains(): boolean {
    return this.some((restriction) => restriction.kind === 'contains');
  }

  hasOnlyEqualities(): boolean {
    return !this.some((restriction) => !isEquality(restriction));
  }

  /** The first restricted column after this one. */
  next(column: ColumnMetadata): ColumnMetadata | undefined {
    return this.columns.find((candidate) => compareColumns(candidate, column) > 0);
  }
}

function compareColumns(a: ColumnMetadata, b: ColumnMetadata): number {
  return a.position - b.position || Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
}
