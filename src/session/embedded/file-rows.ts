import { statSync } from 'node:fs';
import { int64 } from '../../bytes/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import type { StorageReader } from '../../storage/scan/index.ts';
import { type CqlValue, cqlTypeName } from '../../types/index.ts';
import {
  type Cell,
  clusteringText,
  collectFragments,
  type Deletion,
  keyText,
  type PartitionFragments,
} from './fragments.ts';

export type RowValues = Readonly<Record<string, CqlValue>>;

/** `cassette.sstables`: each source of a table with what is in it. */
export async function sstableRows(reader: StorageReader, table: TableMetadata): Promise<RowValues[]> {
  const bySource = new Map<
    string,
    { partitions: bigint; cells: bigint; tombstones: bigint; min: bigint | null; max: bigint | null }
  >();
  for (const { cells, deletions, sources } of await collectFragments(reader, table)) {
    for (const source of sources) {
      const known = bySource.get(source) ?? { partitions: 0n, cells: 0n, tombstones: 0n, min: null, max: null };
      bySource.set(source, known);
      known.partitions++;
      const times = deletions
        .filter((one) => one.source === source)
        .map((one) => int64.toBigInt(one.time.hi, one.time.lo));
      known.tombstones += BigInt(times.length);
      for (const cell of cells) {
        if (cell.source !== source) continue;
        if (cell.isTombstone) known.tombstones++;
        else known.cells++;
        times.push(cell.writetimeMicros);
      }
      for (const time of times) {
        if (known.min === null || time < known.min) known.min = time;
        if (known.max === null || time > known.max) known.max = time;
      }
    }
  }
  return [...bySource].map(([source, { partitions, cells, tombstones, min, max }]) => ({
    ...nameOf(table),
    source,
    partitions,
    cells,
    tombstones,
    bytes: fileBytes(source),
    min_timestamp: min,
    max_timestamp: max,
  }));
}

function fileBytes(source: string): bigint | null {
  const stats = statSync(source, { throwIfNoEntry: false });
  return stats === undefined ? null : BigInt(stats.size);
}

/** `cassette.partitions`: largest first. */
export async function partitionRows(reader: StorageReader, table: TableMetadata): Promise<RowValues[]> {
  const partitions = await collectFragments(reader, table);
  partitions.sort((a, b) => b.bytes - a.bytes);
  return partitions.map(({ key, bytes, rows, cells, deletions, sources }, number) => ({
    ...nameOf(table),
    number,
    partition_key: keyText(table, key),
    bytes: BigInt(bytes),
    rows: BigInt(rows),
    cells: BigInt(cells.filter((cell) => !cell.isTombstone).length),
    tombstones: BigInt(deletions.length + cells.filter((cell) => cell.isTombstone).length),
    sources: sources.size,
  }));
}

/** `cassette.tombstones`: which may go at now, and which other sources still hold older data of the partition. */
export async function tombstoneRows(
  reader: StorageReader,
  table: TableMetadata,
  nowSeconds: number,
): Promise<RowValues[]> {
  const gcBefore = nowSeconds - table.options.gc_grace_seconds;
  const rows: RowValues[] = [];
  for (const partition of await collectFragments(reader, table)) {
    const add = (one: Deletion | Cell, kind: string, micros: bigint, localSeconds: number, place: RowValues): void => {
      const blockers = olderSources(partition, one.source, micros);
      rows.push({
        ...nameOf(table),
        number: rows.length,
        partition_key: keyText(table, partition.key),
        source: one.source,
        kind,
        ...place,
        deletion_time: new Date(localSeconds * 1000),
        marked_for_delete_at: micros,
        droppable: localSeconds < gcBefore && blockers.length === 0,
        blocked_by: blockers.length === 0 ? null : blockers.join(', '),
      });
    };
    for (const deletion of partition.deletions) {
      const place = { clustering: placeText(table, deletion), column_name: deletion.column?.name ?? null };
      const micros = int64.toBigInt(deletion.time.hi, deletion.time.lo);
      add(deletion, deletion.kind, micros, deletion.time.localSeconds, place);
    }
    for (const cell of partition.cells) {
      if (!cell.isTombstone) continue;
      const place = { clustering: clusteringText(table, cell.clustering), column_name: cell.column.name };
      add(cell, 'cell', cell.writetimeMicros, cell.localSeconds, place);
    }
  }
  return rows;
}

/** Other sources with data of the partition that the deletion still hides. */
function olderSources({ cells, deletions }: PartitionFragments, source: string, micros: bigint): string[] {
  const older = new Set<string>();
  for (const cell of cells) if (cell.source !== source && cell.writetimeMicros <= micros) older.add(cell.source);
  for (const { source: other, time } of deletions) {
    if (other !== source && int64.toBigInt(time.hi, time.lo) <= micros) older.add(other);
  }
  return [...older];
}

function placeText(table: TableMetadata, { kind, start, end }: Deletion): string | null {
  if (kind !== 'range') return clusteringText(table, start);
  return `from ${clusteringText(table, start) || 'the start'} to ${clusteringText(table, end) || 'the end'}`;
}

/** `cassette.columns`: how often each column is written, and how much. */
export async function columnRows(reader: StorageReader, table: TableMetadata): Promise<RowValues[]> {
  const counts = new Map(
    [...table.statics, ...table.regulars].map((column) => [
      column,
      { cells: 0n, tombstones: 0n, expiring: 0n, bytes: 0n },
    ]),
  );
  for (const { cells } of await collectFragments(reader, table)) {
    for (const cell of cells) {
      const count = counts.get(cell.column);
      if (count === undefined) continue;
      if (cell.isTombstone) count.tombstones++;
      else count.cells++;
      if (cell.ttl > 0) count.expiring++;
      count.bytes += BigInt(cell.value.length);
    }
  }
  return [...counts].map(([column, count]) => ({
    ...nameOf(table),
    column_name: column.name,
    kind: column.kind,
    type: cqlTypeName(column.type),
    ...count,
  }));
}

export function nameOf(table: TableMetadata): RowValues {
  return { keyspace_name: table.keyspace, table_name: table.name };
}
