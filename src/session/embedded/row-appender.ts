import { CqlError } from '../../errors/index.ts';
import { checkKeyLength, checkPartitionKey, packPartitionKey } from '../../executor/access/partition-keys.ts';
import { CellWriter } from '../../executor/write/cell-writer.ts';
import { checkMutationSizes } from '../../executor/write/mutation-size.ts';
import type { WriteContext } from '../../executor/write/write-context.ts';
import { setColumn } from '../../executor/write/write-operation.ts';
import { type ColumnMetadata, isCompactTable, isCounterTable, type TableMetadata } from '../../schema/model/index.ts';
import type { Engine } from '../../storage/engine.ts';
import { MutationBuilder } from '../../storage/mutation/index.ts';
import { ClusteringPrefix, PrefixKind } from '../../storage/rows/index.ts';
import { type CqlType, freezeType } from '../../types/index.ts';
import type { RowAppender } from '../session.ts';

const NO_CLUSTERING = ClusteringPrefix.of(PrefixKind.CLUSTERING, []);
const STATIC_CLUSTERING = ClusteringPrefix.of(PrefixKind.STATIC_CLUSTERING, []);

/** Rows of one table straight into the engine, as INSERT writes them; a null cell is left out. */
export class EngineAppender implements RowAppender {
  readonly types: readonly CqlType[];
  private readonly engine: Engine;
  private readonly table: TableMetadata;
  private readonly context: WriteContext;
  private readonly nextMicros: () => bigint;
  private readonly ttlSeconds: number;
  private readonly isCompact: boolean;
  private readonly keyAt: readonly number[];
  private readonly clusteringAt: readonly number[];
  private readonly statics: readonly Target[];
  private readonly regulars: readonly Target[];
  private readonly builder = new MutationBuilder();
  private readonly cells = new CellWriter();

  constructor(
    engine: Engine,
    table: TableMetadata,
    columns: readonly string[],
    context: WriteContext,
    nextMicros: () => bigint,
    ttlSeconds: number,
  ) {
    if (isCounterTable(table)) {
      throw CqlError.invalidRequest('INSERT statements are not allowed on counter tables, use UPDATE instead');
    }
    const found = columns.map((name) => columnNamed(table, name));
    this.engine = engine;
    this.table = table;
    this.context = context;
    this.nextMicros = nextMicros;
    this.ttlSeconds = ttlSeconds;
    this.isCompact = isCompactTable(table);
    this.types = found.map((column) => freezeType(column.type));
    this.keyAt = table.partitionKey.map((column) => positionOf(found, column, 'partition key parts'));
    const namesRows = table.clustering.some((column) => found.includes(column));
    const isStatic = found.some((column) => column.kind === 'static');
    const onlyStatics = isStatic && !namesRows && !found.some((column) => column.kind === 'regular');
    this.clusteringAt =
      onlyStatics && table.clustering.length > 0
        ? []
        : table.clustering.map((column) => positionOf(found, column, 'clustering keys'));
    this.statics = targets(found, 'static');
    this.regulars = targets(found, 'regular');
  }

  append(cells: readonly (Uint8Array | null)[]): void {
    const { table, builder } = this;
    const values = this.keyAt.map((at, i) => present(cells[at], table.partitionKey[i]));
    checkKeyLength(values);
    const key = packPartitionKey(values);
    checkPartitionKey(key);
    this.cells.begin(this.nextMicros(), this.ttlSeconds, this.context.nowSeconds);
    builder.begin(table, key);
    try {
      if (this.namesRow(cells)) this.addRow(cells);
      if (this.statics.some(({ at }) => cells[at] !== null)) this.addStaticRow(cells);
    } catch (error) {
      builder.discard();
      throw error;
    }
    const mutations = [builder.finish()];
    checkMutationSizes(mutations);
    this.engine.applyNow(mutations);
  }

  async drain(): Promise<void> {
    if (this.engine.isSaturated) await this.engine.ready();
  }

  async finish(): Promise<void> {
    await this.engine.acknowledged();
  }

  /** A row whose whole clustering is null is how SELECT shows a partition that has static columns only. */
  private namesRow(cells: readonly (Uint8Array | null)[]): boolean {
    if (this.clusteringAt.length !== this.table.clustering.length) return false;
    if (this.statics.length === 0 || this.clusteringAt.some((at) => cells[at] !== null)) return true;
    return this.clusteringAt.length === 0 || this.regulars.some(({ at }) => cells[at] !== null);
  }

  private addRow(cells: readonly (Uint8Array | null)[]): void {
    const { row } = this.cells;
    row.clear(false);
    if (this.clusteringAt.length === 0) row.clustering.shareFrom(NO_CLUSTERING);
    else {
      const values = this.clusteringAt.map((at, i) => present(cells[at], this.table.clustering[i]));
      checkKeyLength(values);
      row.clustering.shareFrom(ClusteringPrefix.of(PrefixKind.CLUSTERING, values));
    }
    if (!this.isCompact) this.cells.liveness();
    this.addCells(this.regulars, cells);
    if (!row.isEmpty()) this.builder.addRow(row);
  }

  private addStaticRow(cells: readonly (Uint8Array | null)[]): void {
    const { row } = this.cells;
    row.clear(true);
    row.clustering.shareFrom(STATIC_CLUSTERING);
    this.addCells(this.statics, cells);
    this.builder.addRow(row);
  }

  private addCells(columns: readonly Target[], cells: readonly (Uint8Array | null)[]): void {
    for (const { column, at } of columns) {
      const value = cells[at];
      if (value !== null) setColumn(column, value, this.cells, this.context);
    }
  }
}

interface Target {
  readonly column: ColumnMetadata;
  readonly at: number;
}

function targets(columns: readonly ColumnMetadata[], kind: 'static' | 'regular'): readonly Target[] {
  return columns.flatMap((column, at) => (column.kind === kind ? [{ column, at }] : []));
}

function columnNamed(table: TableMetadata, name: string): ColumnMetadata {
  const column = table.columns.get(name);
  if (column === undefined) {
    throw CqlError.invalidRequest(`Undefined column name ${name} in table ${table.keyspace}.${table.name}`);
  }
  return column;
}

function positionOf(columns: readonly ColumnMetadata[], column: ColumnMetadata, what: string): number {
  const at = columns.indexOf(column);
  if (at === -1) throw CqlError.invalidRequest(`Some ${what} are missing: ${column.name}`);
  return at;
}

function present(value: Uint8Array | null, column: ColumnMetadata): Uint8Array {
  if (value === null) throw CqlError.invalidRequest(`Invalid null value in condition for column ${column.name}`);
  return value;
}
