import { CqlError } from '../../errors/index.ts';
import type { CheckedBatch } from '../../planner/index.ts';
import { hashMapOrder } from '../../schema/java-order.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import { type ClusteringPrefix, NO_PATH, NO_TTL, type Row } from '../../storage/rows/index.ts';

/** Cassandra's defaults (`batch_size_warn_threshold`, `batch_size_fail_threshold`, `unlogged_batch_across_partitions…`). */
const WARN_BYTES = 5 * 1024;
const FAIL_BYTES = 50 * 1024;
const WARN_PARTITIONS = 10;

/** Sizes as `dataSize()` counts them, 5.0.8. */
const TIMESTAMP_BYTES = 8;
const DELETION_BYTES = 12;
const ROW_DELETION_BYTES = DELETION_BYTES + 1;
const EXPIRING_LIVENESS_BYTES = TIMESTAMP_BYTES + 4 + 8;
const CELL_BYTES = TIMESTAMP_BYTES + 4 + 8;
const RANGE_BYTES = TIMESTAMP_BYTES + 4;

interface RowSize {
  clusteringBytes: number;
  expires: boolean;
  /** By column and path: a later cell of the batch takes the place of an earlier one. */
  readonly cells: Map<string, number>;
  readonly complexColumns: Set<number>;
}

interface PartitionSize {
  readonly table: TableMetadata;
  readonly key: string;
  readonly rows: Map<string, RowSize>;
  ranges: number;
  rangeBytes: number;
}

/** Counts what a batch writes, and warns of it or refuses it as Cassandra does (`BatchStatement`, 5.0.8). */
export class BatchGuards {
  readonly warnings: string[] = [];
  private readonly partitions = new Map<string, PartitionSize>();

  partition(table: TableMetadata, keyBytes: Uint8Array): PartitionSize {
    const key = hex(keyBytes);
    const id = `${table.id}/${key}`;
    const known = this.partitions.get(id);
    if (known !== undefined) return known;
    const made: PartitionSize = { table, key, rows: new Map(), ranges: 0, rangeBytes: 0 };
    this.partitions.set(id, made);
    return made;
  }

  range(partition: PartitionSize, start: ClusteringPrefix, end: ClusteringPrefix): void {
    partition.ranges++;
    partition.rangeBytes += RANGE_BYTES + clusteringBytes(start) + clusteringBytes(end);
  }

  row(partition: PartitionSize, row: Row): void {
    const id = row.isStatic ? 'static' : clusteringId(row.clustering);
    let size = partition.rows.get(id);
    if (size === undefined) {
      const bytes = row.isStatic ? 0 : clusteringBytes(row.clustering);
      size = { clusteringBytes: bytes, expires: false, cells: new Map(), complexColumns: new Set() };
      partition.rows.set(id, size);
    }
    if (row.hasLiveness) size.expires = row.livenessTtl !== NO_TTL;
    for (let i = 0; i < row.complexCount; i++) size.complexColumns.add(row.complexColumn[i]);
    for (let i = 0; i < row.cellCount; i++) {
      const isElement = row.pathEnd[i] !== NO_PATH;
      const path = isElement ? row.cellSource[i].subarray(row.pathStart[i], row.pathEnd[i]) : null;
      if (isElement) size.complexColumns.add(row.cellColumn[i]);
      const bytes = CELL_BYTES + row.valueEnd[i] - row.valueStart[i] + (path?.length ?? 0);
      size.cells.set(`${row.cellColumn[i]}/${path === null ? '' : hex(path)}`, bytes);
    }
  }

  /** To be called when all is counted and nothing applied. Throws when the batch is too large. */
  check({ type, writes }: CheckedBatch): void {
    const withoutGrace = writes.filter(({ table }) => table.options.gc_grace_seconds === 0).map(({ table }) => table);
    if (type === 'logged' && withoutGrace.length > 0) {
      this.warnings.push(
        `Executing a LOGGED BATCH on table${plural(withoutGrace)} ${names(withoutGrace)}, configured with a ` +
          'gc_grace_seconds of 0. The gc_grace_seconds is used to TTL batchlog entries, so setting gc_grace_seconds too ' +
          'low on tables involved in an atomic batch might cause batchlog entries to expire before being replayed.',
      );
    }
    const partitions = [...this.partitions.values()];
    const tables = partitions.map(({ table }) => table);
    // One partition key of one keyspace is one mutation, whatever the tables.
    if (new Set(partitions.map(({ table, key }) => `${table.keyspace}/${key}`)).size <= 1) return;
    const bytes = partitions.reduce((sum, partition) => sum + partitionBytes(partition), 0);
    if (bytes > FAIL_BYTES) throw CqlError.invalidRequest('Batch too large');
    if (bytes > WARN_BYTES) {
      this.warnings.push(
        `Batch for ${names(tables)} is of size ${bytes}, exceeding specified threshold of ${WARN_BYTES} by ${bytes - WARN_BYTES}.`,
      );
    }
    const keys = new Set(partitions.map(({ key }) => key)).size;
    if (type !== 'logged' && keys > WARN_PARTITIONS) {
      this.warnings.push(
        `Unlogged batch covering ${keys} partitions detected against table${plural(tables)} ${names(tables)}. You should ` +
          'use a logged batch for atomicity, or asynchronous writes for performance.',
      );
    }
  }
}

function partitionBytes({ rows, ranges, rangeBytes }: PartitionSize): number {
  let bytes = TIMESTAMP_BYTES + (ranges === 0 ? 0 : 4 + rangeBytes);
  if (!rows.has('static')) bytes += TIMESTAMP_BYTES + ROW_DELETION_BYTES;
  for (const row of rows.values()) {
    bytes += row.clusteringBytes + (row.expires ? EXPIRING_LIVENESS_BYTES : TIMESTAMP_BYTES) + ROW_DELETION_BYTES;
    bytes += row.complexColumns.size * DELETION_BYTES;
    for (const cell of row.cells.values()) bytes += cell;
  }
  return bytes;
}

function clusteringBytes(prefix: ClusteringPrefix): number {
  let bytes = 0;
  for (let i = 0; i < prefix.size; i++) bytes += prefix.value(i)?.length ?? 0;
  return bytes;
}

function clusteringId(prefix: ClusteringPrefix): string {
  return Array.from({ length: prefix.size }, (_, i) => hex(prefix.value(i) ?? new Uint8Array(0))).join('/');
}

/** Java's set of names as it prints itself. */
function names(tables: readonly TableMetadata[]): string {
  return `[${hashMapOrder(tables.map(({ keyspace, name }) => `${keyspace}.${name}`)).join(', ')}]`;
}

function plural(tables: readonly TableMetadata[]): string {
  return new Set(tables).size === 1 ? '' : 's';
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
