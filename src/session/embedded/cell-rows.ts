import { toHex } from '../../bytes/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import { ClusteringComparator, type ClusteringPrefix, NO_DELETION_TIME } from '../../storage/rows/index.ts';
import type { StorageReader } from '../../storage/scan/index.ts';
import { nameOf, type RowValues } from './file-rows.ts';
import {
  type Cell,
  clusteringText,
  collectFragments,
  type Deletion,
  keyText,
  literal,
  type PartitionFragments,
} from './fragments.ts';

/** `cassette.cells`: every cell of every source, whether a query sees it, and what hides it if not. */
export async function cellRows(reader: StorageReader, table: TableMetadata, nowSeconds: number): Promise<RowValues[]> {
  const comparator = new ClusteringComparator(table.clustering);
  const rows: RowValues[] = [];
  for (const partition of await collectFragments(reader, table)) {
    const winners = newestCells(partition);
    for (const cell of partition.cells) {
      const shadow = shadowOf(cell, partition, winners, comparator, nowSeconds);
      rows.push({
        ...nameOf(table),
        number: rows.length,
        partition_key: keyText(table, partition.key),
        source: cell.source,
        clustering: clusteringText(table, cell.clustering),
        column_name: cell.column.name,
        path: cell.path === null ? null : pathText(cell),
        value: cell.isTombstone ? null : valueText(cell),
        writetime: cell.writetimeMicros,
        ttl: cell.ttl > 0 ? cell.ttl : null,
        local_deletion_time: cell.localSeconds === NO_DELETION_TIME ? null : new Date(cell.localSeconds * 1000),
        live: shadow === null && !cell.isTombstone,
        shadowed_by: shadow,
      });
    }
  }
  return rows;
}

function placeOf({ column, clustering, path }: Cell): string {
  let place = `${column.name}/`;
  for (let i = 0; clustering !== null && i < clustering.size; i++) {
    const value = clustering.value(i);
    place += `${value === null ? 'n' : toHex(value)},`;
  }
  return `${place}/${path === null ? '' : toHex(path)}`;
}

function newestCells({ cells }: PartitionFragments): Map<string, Cell> {
  const newest = new Map<string, Cell>();
  for (const cell of cells) {
    const place = placeOf(cell);
    const known = newest.get(place);
    if (known === undefined || beats(cell, known)) newest.set(place, cell);
  }
  return newest;
}

/** The later write wins; of equal ones a tombstone, then an expiring cell, then the larger value. */
function beats(a: Cell, b: Cell): boolean {
  if (a.writetimeMicros !== b.writetimeMicros) return a.writetimeMicros > b.writetimeMicros;
  const rank = (cell: Cell): number => (cell.isTombstone ? 2 : cell.ttl > 0 ? 1 : 0);
  return rank(a) !== rank(b) ? rank(a) > rank(b) : Buffer.compare(a.value, b.value) > 0;
}

function shadowOf(
  cell: Cell,
  { deletions }: PartitionFragments,
  winners: ReadonlyMap<string, Cell>,
  comparator: ClusteringComparator,
  nowSeconds: number,
): string | null {
  const deletion = deletions.find((one) => one.time.deletes(cell.hi, cell.lo) && covers(one, cell, comparator));
  if (deletion !== undefined) return `a ${deletion.kind} deletion in ${deletion.source}`;
  const winner = winners.get(placeOf(cell));
  if (winner !== undefined && winner !== cell) {
    return `a ${winner.isTombstone ? 'cell tombstone' : 'newer cell'} in ${winner.source}`;
  }
  return cell.ttl > 0 && cell.localSeconds <= nowSeconds ? 'its TTL, which has passed' : null;
}

function covers(deletion: Deletion, cell: Cell, comparator: ClusteringComparator): boolean {
  const { clustering } = cell;
  switch (deletion.kind) {
    case 'partition':
      return true;
    case 'row':
      return sameRow(deletion.start, clustering, comparator);
    case 'complex':
      return deletion.column === cell.column && sameRow(deletion.start, clustering, comparator);
    case 'range':
      if (clustering === null || deletion.start === null || deletion.end === null) return false;
      return comparator.compare(deletion.start, clustering) < 0 && comparator.compare(clustering, deletion.end) < 0;
  }
}

function sameRow(a: ClusteringPrefix | null, b: ClusteringPrefix | null, comparator: ClusteringComparator): boolean {
  if (a === null || b === null) return a === b;
  return comparator.compare(a, b) === 0;
}

function pathText(cell: Cell): string {
  const { type } = cell.column;
  const path = cell.path ?? new Uint8Array(0);
  if (type.kind === 'set') return literal(type.element, path);
  if (type.kind === 'map') return literal(type.key, path);
  if (type.kind === 'udt') return type.fields[(path[0] << 8) | path[1]]?.name ?? toHex(path);
  return literal({ kind: 'native', name: 'timeuuid' }, path);
}

/** Counters are stored as shards, for which CQL has no literal. */
function valueText(cell: Cell): string {
  const { type } = cell.column;
  const { value, path } = cell;
  if (type.kind === 'native' && type.name === 'counter') return `0x${toHex(value)}`;
  if (path === null) return literal(type, value);
  if (type.kind === 'list') return literal(type.element, value);
  if (type.kind === 'map') return literal(type.value, value);
  if (type.kind === 'udt') {
    const field = type.fields[(path[0] << 8) | path[1]];
    return field === undefined ? `0x${toHex(value)}` : literal(field.type, value);
  }
  return '';
}
