import { int64 } from '../../bytes/index.ts';
import { type ColumnMetadata, isMultiCell, type TableMetadata } from '../../schema/model/index.ts';
import { type CqlType, codecOf, type TypeCodec } from '../../types/index.ts';
import { DeletionTime, NO_DELETION_TIME, NO_PATH, NO_TTL, Row } from '../rows/index.ts';
import { mergeCounterContexts } from './counter-context.ts';
import { cellWins, livenessSupersedes } from './reconcile-cells.ts';

/**
 * Merges the versions of one row that several sources hold (`db/rows/Row.Merger`, 5.0.8). `add` the versions, then
 * `merge`; the result points at the versions' bytes and is valid as long as they are, until the next `clear`.
 */
export class RowMerger {
  private readonly rows: Row[] = [];
  private count = 0;
  private readonly merged = new Row();
  private readonly regulars: readonly ColumnMerge[];
  private readonly statics: readonly ColumnMerge[];

  private nextCell = new Int32Array(4);
  private nextComplex = new Int32Array(4);
  private readonly rowDeletion = new DeletionTime();
  private readonly complexDeletion = new DeletionTime();
  private readonly versionDeletion = new DeletionTime();

  constructor(table: TableMetadata) {
    this.regulars = table.regulars.map(columnMerge);
    this.statics = table.statics.map(columnMerge);
  }

  clear(): void {
    this.count = 0;
  }

  add(row: Row): void {
    this.rows[this.count++] = row;
  }

  /**
   * The merged row, or null when `active` (the partition's or an open range tombstone's deletion) hides all of it. A
   * single version that nothing hides is returned as it is.
   */
  merge(active: DeletionTime): Row | null {
    const first = this.rows[0];
    if (this.count === 1 && active.isLive()) return first;
    const merged = this.merged;
    merged.clear(first.isStatic);
    merged.clustering.shareFrom(first.clustering);
    const rowActive = this.mergeLivenessAndDeletion(active);
    this.mergeColumns(rowActive, first.isStatic ? this.statics : this.regulars);
    return merged.isEmpty() ? null : merged;
  }

  /** Returns the deletion that hides cells: the merged row's own where it is newer than `active`. */
  private mergeLivenessAndDeletion(active: DeletionTime): DeletionTime {
    const merged = this.merged;
    const rowDeletion = this.rowDeletion;
    rowDeletion.clear();
    let shadowable = false;
    for (let r = 0; r < this.count; r++) {
      const row = this.rows[r];
      if (livenessSupersedes(row, merged)) {
        merged.setLiveness(row.livenessHi, row.livenessLo, row.livenessTtl, row.livenessLocalSeconds);
      }
      if (row.deletion.supersedes(rowDeletion)) {
        rowDeletion.copyFrom(row.deletion);
        shadowable = row.deletionIsShadowable;
      } else if (!row.deletionIsShadowable && row.deletion.equals(rowDeletion)) {
        // Cassandra leaves this tie to the order of its sources; a regular deletion hides more, whatever the order.
        shadowable = false;
      }
    }
    const shadowed =
      shadowable &&
      merged.hasLiveness &&
      int64.compare(merged.livenessHi, merged.livenessLo, rowDeletion.hi, rowDeletion.lo) > 0;
    let rowActive = active;
    if (!shadowed && rowDeletion.supersedes(active)) {
      merged.deletion.copyFrom(rowDeletion);
      merged.deletionIsShadowable = shadowable;
      rowActive = rowDeletion;
    }
    if (merged.hasLiveness && rowActive.deletes(merged.livenessHi, merged.livenessLo)) merged.hasLiveness = false;
    return rowActive;
  }

  private mergeColumns(active: DeletionTime, columns: readonly ColumnMerge[]): void {
    if (this.nextCell.length < this.count) {
      this.nextCell = new Int32Array(this.count * 2);
      this.nextComplex = new Int32Array(this.count * 2);
    }
    this.nextCell.fill(0, 0, this.count);
    this.nextComplex.fill(0, 0, this.count);
    for (;;) {
      const column = this.firstColumn();
      if (column === NO_COLUMN) return;
      const merge = columns[column];
      if (merge.path === null) this.mergeSimple(column, merge, active);
      else this.mergeComplex(column, merge, merge.path, active);
    }
  }

  private firstColumn(): number {
    let first = NO_COLUMN;
    for (let r = 0; r < this.count; r++) {
      const row = this.rows[r];
      const cell = this.nextCell[r];
      if (cell < row.cellCount && row.cellColumn[cell] < first) first = row.cellColumn[cell];
      const complex = this.nextComplex[r];
      if (complex < row.complexCount && row.complexColumn[complex] < first) first = row.complexColumn[complex];
    }
    return first;
  }

  private mergeSimple(column: number, merge: ColumnMerge, active: DeletionTime): void {
    const best = this.best;
    best.row = null;
    for (let r = 0; r < this.count; r++) {
      const row = this.rows[r];
      const cell = this.nextCell[r];
      if (cell >= row.cellCount || row.cellColumn[cell] !== column) continue;
      this.nextCell[r] = cell + 1;
      this.offer(best, row, cell, merge, active);
    }
    if (best.row !== null) this.merged.addCellOf(best.row, best.cell);
  }

  private mergeComplex(column: number, merge: ColumnMerge, path: TypeCodec, active: DeletionTime): void {
    const deletion = this.complexDeletion;
    deletion.clear();
    for (let r = 0; r < this.count; r++) {
      const row = this.rows[r];
      const i = this.nextComplex[r];
      if (i >= row.complexCount || row.complexColumn[i] !== column) continue;
      this.nextComplex[r] = i + 1;
      this.versionDeletion.set(row.complexHi[i], row.complexLo[i], row.complexLocalSeconds[i]);
      if (this.versionDeletion.supersedes(deletion)) deletion.copyFrom(this.versionDeletion);
    }
    const supersedes = deletion.supersedes(active);
    if (supersedes) this.merged.addComplexDeletion(column, deletion.hi, deletion.lo, deletion.localSeconds);
    const cellActive = supersedes ? deletion : active;
    let more = true;
    while (more) more = this.mergeFirstPath(column, merge, path, cellActive);
  }

  /** Takes the lowest path left from every version that has it; false when the column has no cells left. */
  private mergeFirstPath(column: number, merge: ColumnMerge, path: TypeCodec, active: DeletionTime): boolean {
    let lowest: Row | null = null;
    let lowestCell = 0;
    for (let r = 0; r < this.count; r++) {
      const row = this.rows[r];
      const cell = this.nextCell[r];
      if (cell >= row.cellCount || row.cellColumn[cell] !== column) continue;
      if (lowest === null || comparePaths(path, row, cell, lowest, lowestCell) < 0) {
        lowest = row;
        lowestCell = cell;
      }
    }
    if (lowest === null) return false;
    const best = this.best;
    best.row = null;
    for (let r = 0; r < this.count; r++) {
      const row = this.rows[r];
      const cell = this.nextCell[r];
      if (cell >= row.cellCount || row.cellColumn[cell] !== column) continue;
      if (row !== lowest && comparePaths(path, row, cell, lowest, lowestCell) !== 0) continue;
      this.nextCell[r] = cell + 1;
      this.offer(best, row, cell, merge, active);
    }
    if (best.row !== null) this.merged.addCellOf(best.row, best.cell);
    return true;
  }

  private readonly best: BestCell = { row: null, cell: 0 };

  /** Lets cell `cell` of `row` compete with the best so far, unless `active` hides it. */
  private offer(best: BestCell, row: Row, cell: number, merge: ColumnMerge, active: DeletionTime): void {
    if (active.deletes(row.cellHi[cell], row.cellLo[cell])) return;
    if (best.row === null) {
      best.row = row;
      best.cell = cell;
    } else if (merge.isCounter) {
      this.offerCounter(best, row, cell);
    } else if (!cellWins(best.row, best.cell, row, cell)) {
      best.row = row;
      best.cell = cell;
    }
  }

  /** `Cells.resolveCounter`: a tombstone beats every count whatever the timestamps; else shards are merged. */
  private offerCounter(best: BestCell, row: Row, cell: number): void {
    const held = best.row;
    if (held === null || held.isTombstone(best.cell)) return;
    if (row.isTombstone(cell)) {
      best.row = row;
      best.cell = cell;
      return;
    }
    const context = mergeCounterContexts(
      held.cellSource[best.cell].subarray(held.valueStart[best.cell], held.valueEnd[best.cell]),
      row.cellSource[cell].subarray(row.valueStart[cell], row.valueEnd[cell]),
    );
    const newer = int64.compare(held.cellHi[best.cell], held.cellLo[best.cell], row.cellHi[cell], row.cellLo[cell]) < 0;
    const hi = newer ? row.cellHi[cell] : held.cellHi[best.cell];
    const lo = newer ? row.cellLo[cell] : held.cellLo[best.cell];
    const column = row.cellColumn[cell];
    const scratch = this.counterScratch;
    scratch.clear(row.isStatic);
    scratch.addCell(column, hi, lo, NO_TTL, NO_DELETION_TIME, context, 0, context.length, 0, NO_PATH);
    best.row = scratch;
    best.cell = 0;
  }

  private readonly counterScratch = new Row();
}

const NO_COLUMN = 0x7fffffff;

interface BestCell {
  row: Row | null;
  cell: number;
}

interface ColumnMerge {
  readonly isCounter: boolean;
  /** Order of the paths of a complex column; null for a simple one. */
  readonly path: TypeCodec | null;
}

function columnMerge(column: ColumnMetadata): ColumnMerge {
  const path = pathType(column.type);
  return {
    isCounter: column.type.kind === 'native' && column.type.name === 'counter',
    path: path === null ? null : codecOf(path),
  };
}

/** The type of a multi-cell column's cell paths (`CollectionType.nameComparator`, `UserType.nameComparator`). */
export function pathType(type: CqlType): CqlType | null {
  if (!isMultiCell(type)) return null;
  switch (type.kind) {
    case 'list':
      return { kind: 'native', name: 'timeuuid' };
    case 'set':
      return type.element;
    case 'map':
      return type.key;
    case 'udt':
      return { kind: 'native', name: 'smallint' };
    default:
      return null;
  }
}

function comparePaths(codec: TypeCodec, a: Row, i: number, b: Row, j: number): number {
  return codec.compare(a.cellSource[i], a.pathStart[i], a.pathEnd[i], b.cellSource[j], b.pathStart[j], b.pathEnd[j]);
}
