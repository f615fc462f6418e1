import { ByteSink } from '../../bytes/index.ts';
import { invariant } from '../../errors/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';
import { codecOf, type TypeCodec } from '../../types/index.ts';
import { pathType } from '../merge/index.ts';
import { cellWins } from '../merge/reconcile-cells.ts';
import { type ClusteringPrefix, DeletionTime, Row } from '../rows/index.ts';
import { encodeClustering, encodeRow } from './row-encoding.ts';

/** What one write does to one partition of one table, encoded. The bytes belong to the mutation and never change. */
export interface Mutation {
  /** Columns in `bytes` are indexes into this version's `statics` and `regulars`. */
  readonly table: TableMetadata;
  readonly bytes: Uint8Array;
}

/**
 * Encodes mutations, one after the other with the same builder.
 *
 *   mutation  key: vint length, bytes; flags u8; [partition deletion: i64, u32]; element… to the end
 *   element   kind u8 (1 row, 2 range tombstone), length u32, body
 *   range     start kind u8, components, end kind u8, components, deletion: i64, u32     (row: row-encoding.ts)
 *
 * Elements may come in any order and more than once for one row: the memtable reconciles them as Cassandra's does.
 */
export class MutationBuilder {
  private readonly sink = new ByteSink(512);
  private table: TableMetadata | null = null;
  private deletionAt = 0;
  private readonly deletion = new DeletionTime();
  private readonly rows = new Sorter();

  /** Begins a mutation of the partition with this key (its serialized bytes, composite or not). */
  begin(table: TableMetadata, key: Uint8Array): void {
    invariant(this.table === null, 'a mutation was begun and not finished');
    this.table = table;
    this.sink.clear();
    this.sink.vintBytes(key);
    this.sink.u8(0);
    this.deletionAt = this.sink.position;
    this.deletion.clear();
  }

  /** The newest of several deletions of the partition counts. Comes before rows and ranges. */
  deletePartition(hi: number, lo: number, localSeconds: number): void {
    const { sink, deletion } = this;
    const isFirst = deletion.isLive();
    invariant(sink.position === this.deletionAt + (isFirst ? 0 : 12), 'the partition deletion comes first');
    const other = DeletionTime.of(hi, lo, localSeconds);
    if (!isFirst && !other.supersedes(deletion)) return;
    deletion.copyFrom(other);
    sink.position = this.deletionAt;
    sink.bytes[this.deletionAt - 1] = HAS_PARTITION_DELETION;
    sink.i64(hi, lo);
    sink.i32(localSeconds);
  }

  /**
   * Adds a row or the static row. Its cells and complex deletions may be in any order, several for one place: they are
   * brought into a row's order here, and the one that wins stays. `row` is not kept.
   */
  addRow(row: Row): void {
    const { sink, table } = this;
    invariant(table !== null, 'no mutation was begun');
    const sorted = this.rows.inOrder(row, table);
    const lengthAt = this.element(ELEMENT_ROW);
    encodeRow(sink, sorted);
    this.endElement(lengthAt);
  }

  /** `start` is a start bound and `end` an end bound (PrefixKind); neither has to name all clustering columns. */
  addRangeTombstone(
    start: ClusteringPrefix,
    end: ClusteringPrefix,
    hi: number,
    lo: number,
    localSeconds: number,
  ): void {
    const { sink } = this;
    const lengthAt = this.element(ELEMENT_RANGE);
    sink.u8(start.kind);
    encodeClustering(sink, start);
    sink.u8(end.kind);
    encodeClustering(sink, end);
    sink.i64(hi, lo);
    sink.i32(localSeconds);
    this.endElement(lengthAt);
  }

  /** The mutation, with bytes of its own. */
  finish(): Mutation {
    const { table } = this;
    invariant(table !== null, 'no mutation was begun');
    this.table = null;
    return { table, bytes: this.sink.copy() };
  }

  /** Gives up what was begun. */
  discard(): void {
    this.table = null;
  }

  private element(kind: number): number {
    invariant(this.table !== null, 'no mutation was begun');
    this.sink.u8(kind);
    const at = this.sink.position;
    this.sink.i32(0);
    return at;
  }

  private endElement(lengthAt: number): void {
    const { bytes, position } = this.sink;
    const length = position - lengthAt - 4;
    bytes[lengthAt] = length >>> 24;
    bytes[lengthAt + 1] = length >>> 16;
    bytes[lengthAt + 2] = length >>> 8;
    bytes[lengthAt + 3] = length;
  }
}

export const HAS_PARTITION_DELETION = 1;
export const ELEMENT_ROW = 1;
export const ELEMENT_RANGE = 2;

/** Brings rows that were filled in statement order into the order that `Row` demands. */
class Sorter {
  private readonly sorted = new Row();
  private readonly order: number[] = [];
  private table: TableMetadata | null = null;
  private statics: readonly (TypeCodec | null)[] = [];
  private regulars: readonly (TypeCodec | null)[] = [];

  inOrder(row: Row, table: TableMetadata): Row {
    if (this.table !== table) {
      this.table = table;
      this.statics = table.statics.map(pathCodec);
      this.regulars = table.regulars.map(pathCodec);
    }
    const paths = row.isStatic ? this.statics : this.regulars;
    return cellsAscend(row, paths) && complexAscends(row) ? row : this.sort(row, paths);
  }

  private sort(row: Row, paths: readonly (TypeCodec | null)[]): Row {
    const { sorted, order } = this;
    sorted.clear(row.isStatic);
    sorted.clustering.shareFrom(row.clustering);
    if (row.hasLiveness) sorted.setLiveness(row.livenessHi, row.livenessLo, row.livenessTtl, row.livenessLocalSeconds);
    sorted.deletion.copyFrom(row.deletion);
    sorted.deletionIsShadowable = row.deletionIsShadowable;
    this.sortComplex(row);
    order.length = 0;
    for (let i = 0; i < row.cellCount; i++) order.push(i);
    order.sort((i, j) => compareCells(row, i, j, paths) || i - j);
    let best = -1;
    for (const i of order) {
      if (best >= 0 && compareCells(row, best, i, paths) === 0) {
        if (!cellWins(row, best, row, i)) best = i;
        continue;
      }
      if (best >= 0) sorted.addCellOf(row, best);
      best = i;
    }
    if (best >= 0) sorted.addCellOf(row, best);
    return sorted;
  }

  private sortComplex(row: Row): void {
    const { sorted, order } = this;
    const best = new DeletionTime();
    const other = new DeletionTime();
    order.length = 0;
    for (let i = 0; i < row.complexCount; i++) order.push(i);
    order.sort((i, j) => row.complexColumn[i] - row.complexColumn[j]);
    for (let at = 0; at < order.length; ) {
      const column = row.complexColumn[order[at]];
      best.clear();
      for (; at < order.length && row.complexColumn[order[at]] === column; at++) {
        const i = order[at];
        other.set(row.complexHi[i], row.complexLo[i], row.complexLocalSeconds[i]);
        if (other.supersedes(best)) best.copyFrom(other);
      }
      sorted.addComplexDeletion(column, best.hi, best.lo, best.localSeconds);
    }
  }
}

function pathCodec(column: ColumnMetadata): TypeCodec | null {
  const type = pathType(column.type);
  return type === null ? null : codecOf(type);
}

function cellsAscend(row: Row, paths: readonly (TypeCodec | null)[]): boolean {
  for (let i = 1; i < row.cellCount; i++) if (compareCells(row, i - 1, i, paths) >= 0) return false;
  return true;
}

function complexAscends(row: Row): boolean {
  for (let i = 1; i < row.complexCount; i++) if (row.complexColumn[i - 1] >= row.complexColumn[i]) return false;
  return true;
}

function compareCells(row: Row, i: number, j: number, paths: readonly (TypeCodec | null)[]): number {
  const byColumn = row.cellColumn[i] - row.cellColumn[j];
  const path = paths[row.cellColumn[i]];
  if (byColumn !== 0 || path === null) return byColumn;
  const a = row.cellSource[i];
  const b = row.cellSource[j];
  return path.compare(a, row.pathStart[i], row.pathEnd[i], b, row.pathStart[j], row.pathEnd[j]);
}
