import { EMPTY_BYTES } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import { type CheckedWrite, type Operation, requiresRead } from '../../planner/index.ts';
import { isCompactTable, isCounterTable, type TableMetadata } from '../../schema/model/index.ts';
import type { Mutation, MutationBuilder } from '../../storage/mutation/index.ts';
import { ClusteringPrefix, type DecoratedKey, PrefixKind, type Row } from '../../storage/rows/index.ts';
import type { BatchGuards } from './batch-guards.ts';
import type { CellWriter } from './cell-writer.ts';
import type { CurrentCells } from './current-cells.ts';
import { checkStored, timestampOf, ttlOf } from './write-attributes.ts';
import type { WriteContext } from './write-context.ts';
import { setColumn, writeOperation } from './write-operation.ts';
import { rangeOfColumns, type WriteTargets } from './write-targets.ts';

/** What the rows hold now, for the operations that read; null where nothing was read. */
export type CurrentLookup = (key: DecoratedKey, clustering: ClusteringPrefix | null) => CurrentCells | null;

const EMPTY_CLUSTERING = ClusteringPrefix.of(PrefixKind.CLUSTERING, []);
const STATIC_CLUSTERING = ClusteringPrefix.of(PrefixKind.STATIC_CLUSTERING, []);

/**
 * The mutations of one write, one for each partition (`ModificationStatement.addUpdates`, 5.0.8). `timestampMicros`: of
 * the batch, for statements without their own.
 */
export function buildMutations(
  write: CheckedWrite,
  targets: WriteTargets,
  context: WriteContext,
  lookup: CurrentLookup | null,
  builder: MutationBuilder,
  cells: CellWriter,
): Mutation[] {
  // A choice of no rows (`IN ()`) writes nothing, whatever its time.
  if (targets.namesRows && targets.rows.length === 0 && targets.ranges.length === 0) return [];
  const timestampMicros = timestampOf(write.timestamp, context);
  const ttl = ttlOf(write.ttl, write.table, context);
  checkStored(timestampMicros, write.timestamp, context);
  cells.begin(timestampMicros, ttl, context.nowSeconds);
  const partition = new PartitionWriter(write, targets, context, lookup, builder, cells);
  return targets.keys.map((key) => partition.write(key));
}

export function needsCurrentCells(write: CheckedWrite): boolean {
  return write.operations.some(requiresRead);
}

class PartitionWriter {
  private readonly write_: CheckedWrite;
  private readonly table: TableMetadata;
  private readonly targets: WriteTargets;
  private readonly context: WriteContext;
  private readonly lookup: CurrentLookup | null;
  private readonly builder: MutationBuilder;
  private readonly cells: CellWriter;
  private readonly regular: readonly Operation[];
  private readonly static: readonly Operation[];
  private counted: ReturnType<BatchGuards['partition']> | undefined;

  constructor(
    write: CheckedWrite,
    targets: WriteTargets,
    context: WriteContext,
    lookup: CurrentLookup | null,
    builder: MutationBuilder,
    cells: CellWriter,
  ) {
    this.write_ = write;
    this.table = write.table;
    this.targets = targets;
    this.context = context;
    this.lookup = lookup;
    this.builder = builder;
    this.cells = cells;
    this.regular = write.regularOperations;
    this.static = write.staticOperations;
  }

  write(key: DecoratedKey): Mutation {
    const { builder, targets } = this;
    builder.begin(this.table, key.key);
    this.counted = this.context.guards?.partition(this.table, key.key);
    try {
      if (this.write_.kind === 'delete' && this.write_.operations.length === 0) this.deleteTargets();
      else {
        if (targets.ranges.length > 0) throw rangeOfColumns();
        for (const clustering of this.rowsToWrite()) this.writeRow(key, clustering);
        if (this.static.length > 0 || this.hasStaticJson()) this.writeStaticRows(key);
      }
    } catch (error) {
      builder.discard();
      throw error;
    }
    return builder.finish();
  }

  private rowsToWrite(): readonly ClusteringPrefix[] {
    const { table, targets, write_ } = this;
    if (targets.rows.length > 0) return targets.rows;
    const isWholePartition = table.clustering.length === 0;
    if (write_.kind === 'delete') {
      if (this.regular.length > 0 && !isWholePartition) throw rangeOfColumns();
      return this.regular.length > 0 ? [EMPTY_CLUSTERING] : [];
    }
    return isWholePartition ? [EMPTY_CLUSTERING] : [];
  }

  private writeRow(key: DecoratedKey, clustering: ClusteringPrefix): void {
    const { cells, table, write_ } = this;
    const { row } = cells;
    row.clear(false);
    row.clustering.shareFrom(clustering);
    const isInsert = write_.kind === 'insert';
    if (isInsert && !isCompactTable(table)) cells.liveness();
    if (write_.kind !== 'delete' && isCompactTable(table) && this.regular.length === 0 && this.targets.json === null) {
      this.writeCompactValue();
    }
    this.run(this.regular, key, clustering);
    this.writeJson('regular');
    // A row that a write left nothing in (all values unset) is no row.
    if (!row.isEmpty()) this.addRow(row);
  }

  /** A dense table without a value column of its own writes an empty one, which makes the row exist. */
  private writeCompactValue(): void {
    const [value] = this.table.regulars;
    if (value === undefined) return;
    if (value.type.kind !== 'native' || value.type.name !== 'empty') {
      throw CqlError.invalidRequest(`Column ${value.name} is mandatory for this COMPACT STORAGE table`);
    }
    this.cells.value(value, EMPTY_BYTES);
  }

  /** Once for every row that the statement names, as Cassandra does: a list is appended to, a counter counted up as often. */
  private writeStaticRows(key: DecoratedKey): void {
    const times = Math.max(1, this.targets.rows.length);
    if (isCounterTable(this.table)) {
      this.writeStaticRow(key, times);
      return;
    }
    for (let i = 0; i < times; i++) this.writeStaticRow(key, 1);
  }

  private writeStaticRow(key: DecoratedKey, increments: number): void {
    const { row } = this.cells;
    row.clear(true);
    row.clustering.shareFrom(STATIC_CLUSTERING);
    this.run(this.static, key, null, increments);
    this.writeJson('static');
    if (!row.isEmpty()) this.addRow(row);
  }

  private addRow(row: Row): void {
    if (this.counted !== undefined) this.context.guards?.row(this.counted, row);
    this.builder.addRow(row);
  }

  private run(
    operations: readonly Operation[],
    key: DecoratedKey,
    clustering: ClusteringPrefix | null,
    increments = 1,
  ): void {
    if (operations.length === 0) return;
    const current = this.lookup?.(key, clustering) ?? null;
    for (const operation of operations) writeOperation(operation, this.cells, current, this.context, increments);
  }

  private hasStaticJson(): boolean {
    return this.targets.json !== null && this.table.statics.length > 0;
  }

  private writeJson(kind: 'regular' | 'static'): void {
    const { json } = this.targets;
    if (json === null) return;
    for (const column of kind === 'regular' ? this.table.regulars : this.table.statics) {
      const value = json.values.get(column);
      if (value instanceof CqlError) throw value;
      if (value !== undefined) setColumn(column, value, this.cells, this.context);
    }
  }

  private deleteTargets(): void {
    const { builder, cells, targets } = this;
    const { hi, lo, localSeconds } = cells.deletion;
    if (!targets.namesRows) {
      builder.deletePartition(hi, lo, localSeconds);
      return;
    }
    for (const { start, end } of targets.ranges) {
      builder.addRangeTombstone(start, end, hi, lo, localSeconds);
      if (this.counted !== undefined) this.context.guards?.range(this.counted, start, end);
    }
    for (const clustering of targets.rows) {
      cells.row.clear(false);
      cells.row.clustering.shareFrom(clustering);
      cells.deleteRow();
      this.addRow(cells.row);
    }
  }
}
