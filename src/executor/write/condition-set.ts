import { CqlError } from '../../errors/index.ts';
import { bufferHash, hashMapOrder, identifierHash } from '../../schema/java-order.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import { ClusteringComparator, type ClusteringPrefix } from '../../storage/rows/index.ts';
import { codecOf } from '../../types/index.ts';
import type { ConditionalPart } from './conditional-write.ts';
import type { VisibleRow } from './read-rows.ts';
import { type BoundCondition, bindCondition, conditionHolds } from './test-condition.ts';
import type { WriteContext } from './write-context.ts';

/** What must be so of one row; of the static row where `clustering` is null. */
type RowConditions =
  | { readonly kind: 'exists' | 'notExists'; readonly clustering: ClusteringPrefix | null }
  | { readonly kind: 'columns'; readonly clustering: ClusteringPrefix | null; readonly conditions: BoundCondition[] };

/**
 * The conditions of all statements of a conditional write, by the row that they are about. They are tested until one does
 * not hold, the static row's first, then row by row (`cql3/statements/CQL3CasRequest`, 5.0.8): which one it is decides
 * whether a fault of a later one is told.
 */
export class ConditionSet {
  private readonly table: TableMetadata;
  private readonly comparator: ClusteringComparator;
  private readonly rows: RowConditions[] = [];

  /** Throws where conditions of two kinds meet on one row. */
  constructor(parts: readonly ConditionalPart[], context: WriteContext) {
    this.table = parts[0].write.table;
    this.comparator = new ClusteringComparator(this.table.clustering);
    for (const part of parts) this.add(part, context);
  }

  private add({ write: { conditions }, clustering }: ConditionalPart, context: WriteContext): void {
    if (conditions.kind === 'none') return;
    if (conditions.kind !== 'columns') {
      this.addExistence(conditions.kind, clustering);
      return;
    }
    const bound = conditions.conditions.map((condition) => bindCondition(condition, context));
    const statics = bound.filter(({ condition }) => condition.column.kind === 'static');
    const others = bound.filter(({ condition }) => condition.column.kind !== 'static');
    if (statics.length > 0) this.addColumns(statics, this.isWholePartition() ? clustering : null);
    if (others.length > 0) this.addColumns(others, clustering);
  }

  private addExistence(kind: 'exists' | 'notExists', clustering: ClusteringPrefix | null): void {
    const known = this.of(clustering);
    if (known?.kind === kind) return;
    if (known?.kind === 'columns') {
      throw CqlError.invalidRequest(
        `Cannot mix IF conditions and IF ${kind === 'notExists' ? 'NOT ' : ''}EXISTS for the same row`,
      );
    }
    if (known !== undefined) {
      throw CqlError.invalidRequest('Cannot mix IF EXISTS and IF NOT EXISTS conditions for the same row');
    }
    this.rows.push({ kind, clustering });
  }

  private addColumns(conditions: readonly BoundCondition[], clustering: ClusteringPrefix | null): void {
    const known = this.of(clustering);
    if (known === undefined) this.rows.push({ kind: 'columns', clustering, conditions: [...conditions] });
    else if (known.kind === 'columns') known.conditions.push(...conditions);
    else throw CqlError.invalidRequest('Cannot mix IF conditions and IF NOT EXISTS for the same row');
  }

  private of(clustering: ClusteringPrefix | null): RowConditions | undefined {
    return this.rows.find((row) => this.order(row.clustering, clustering) === 0);
  }

  private order(a: ClusteringPrefix | null, b: ClusteringPrefix | null): number {
    if (a === null || b === null) return Number(b === null) - Number(a === null);
    return this.comparator.compare(a, b);
  }

  private isWholePartition(): boolean {
    return this.table.clustering.length === 0;
  }

  /** Whether all hold over the rows that were read. */
  holds(rows: readonly VisibleRow[]): boolean {
    return [...this.rows]
      .sort((a, b) => this.order(a.clustering, b.clustering))
      .every((conditions) => this.holdOn(conditions, rows));
  }

  private holdOn(conditions: RowConditions, rows: readonly VisibleRow[]): boolean {
    const statics = rows[0] ?? null;
    const row = this.rowOf(conditions.clustering, rows);
    switch (conditions.kind) {
      case 'exists':
        return this.exists(conditions.clustering, row, statics);
      case 'notExists':
        return !this.exists(conditions.clustering, row, statics);
      case 'columns':
        return inTestedOrder(conditions.conditions).every((bound) => {
          const { column } = bound.condition;
          const from = column.kind === 'static' ? statics : row;
          return conditionHolds(bound, from?.get(column) ?? null);
        });
    }
  }

  /** The row with that clustering; null when only static values, or nothing, are there. */
  private rowOf(clustering: ClusteringPrefix | null, rows: readonly VisibleRow[]): VisibleRow | null {
    if (this.isWholePartition()) return rows[0] ?? null;
    if (clustering === null) return null;
    const isIt = (row: VisibleRow): boolean =>
      this.table.clustering.every((column, i) => {
        const value = row.get(column) ?? null;
        const wanted = clustering.value(i);
        // 1 and 1.0 are one decimal.
        return (
          value !== null &&
          wanted !== null &&
          codecOf(column.type).compare(value, 0, value.length, wanted, 0, wanted.length) === 0
        );
      });
    return rows.find(isIt) ?? null;
  }

  private exists(clustering: ClusteringPrefix | null, row: VisibleRow | null, statics: VisibleRow | null): boolean {
    if (clustering !== null || this.isWholePartition()) return row !== null;
    return statics !== null && this.table.statics.some((column) => (statics.get(column) ?? null) !== null);
  }
}

/** Cassandra keeps the conditions of a row in a `HashMultimap` by column and element. */
function inTestedOrder(conditions: readonly BoundCondition[]): BoundCondition[] {
  if (conditions.length < 2) return [...conditions];
  const byKey = new Map<string, { hash: number; conditions: BoundCondition[] }>();
  for (const bound of conditions) {
    const { name } = bound.condition.column;
    const element = bound.element ?? null;
    const key = `${element === null ? '' : Buffer.from(element).toString('hex')}/${name}`;
    const known = byKey.get(key);
    if (known !== undefined) known.conditions.push(bound);
    else byKey.set(key, { hash: pairHash(name, element), conditions: [bound] });
  }
  const order = hashMapOrder(byKey.keys(), (key) => byKey.get(key)?.hash ?? 0);
  return order.flatMap((key) => byKey.get(key)?.conditions ?? []);
}

/** `Pair.hashCode` of a column's name and an element. */
function pairHash(name: string, element: Uint8Array | null): number {
  const left = (31 + identifierHash(name)) | 0;
  return (Math.imul(31, left) + (element === null ? 0 : bufferHash(element))) | 0;
}
