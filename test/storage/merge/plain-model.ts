import { defineTable } from '../../../src/schema/model/index.ts';
import { NO_DELETION_TIME, NO_TTL } from '../../../src/storage/rows/index.ts';
import type { CellSpec, DeletionSpec, MarkerSpec, PartitionSpec, RowSpec } from '../support/array-stream.ts';
import type { CollectedMarker, CollectedPartition, CollectedRow } from '../support/collect.ts';

/**
 * Reconciliation written the slow and obvious way: every position of a small clustering space is looked at by itself, and
 * winners are found by sorting. It shares no code with `src/storage/merge`.
 */
export const modelTable = defineTable({
  keyspace: 'ks',
  name: 't',
  id: '0'.repeat(32),
  columns: [
    { name: 'pk', kind: 'partition_key', type: { kind: 'native', name: 'int' } },
    { name: 'a', kind: 'clustering', type: { kind: 'native', name: 'int' } },
    { name: 'b', kind: 'clustering', type: { kind: 'native', name: 'int' } },
    { name: 's', kind: 'static', type: { kind: 'native', name: 'text' } },
    { name: 'v', kind: 'regular', type: { kind: 'native', name: 'text' } },
    { name: 'w', kind: 'regular', type: { kind: 'native', name: 'text' } },
    {
      name: 'm',
      kind: 'regular',
      type: {
        kind: 'map',
        key: { kind: 'native', name: 'int' },
        value: { kind: 'native', name: 'text' },
        frozen: false,
      },
    },
  ],
});
/** Storage order of the regulars: v, w, then the complex m. */
export const MAP_COLUMN = 2;

/** A place in the clustering order: a row, or a bound before (-1) or after (1) the rows that begin with `values`. */
export interface Position {
  readonly values: readonly number[];
  readonly side: -1 | 0 | 1;
}

const A_VALUES = [0, 1];
const B_VALUES = [0, 1, 2];

/** All places in order; `[]` bounds are the ends of the partition. */
export const POSITIONS: readonly Position[] = [
  { values: [], side: -1 },
  ...A_VALUES.flatMap((a): Position[] => [
    { values: [a], side: -1 },
    ...B_VALUES.flatMap((b): Position[] => [
      { values: [a, b], side: -1 },
      { values: [a, b], side: 0 },
      { values: [a, b], side: 1 },
    ]),
    { values: [a], side: 1 },
  ]),
  { values: [], side: 1 },
];

/** One source's view of one partition. */
export interface ModelPartition {
  readonly key: number;
  readonly deletion: DeletionSpec | null;
  /** Range deletion in force from each position on; entry of the last position must be null. */
  readonly ranges: readonly (DeletionSpec | null)[];
  readonly staticRow: ModelRow | null;
  /** By position; only places of rows are used. */
  readonly rows: readonly (ModelRow | null)[];
}

export interface ModelRow {
  readonly liveness: { timestamp: number; ttl: number; localSeconds: number } | null;
  readonly deletion: (DeletionSpec & { shadowable: boolean }) | null;
  readonly mapDeletion: DeletionSpec | null;
  readonly cells: readonly ModelCell[];
}

export interface ModelCell {
  readonly column: number;
  /** Key in the map; null for simple columns. */
  readonly path: number | null;
  readonly timestamp: number;
  readonly ttl: number;
  readonly localSeconds: number;
  readonly value: string;
}

const NOTHING: DeletionSpec = { timestamp: Number.NEGATIVE_INFINITY, localSeconds: 0 };

/** What all sources together say of one row while `active` is in force; null when nothing is left. */
export function mergeRows(versions: readonly ModelRow[], active: DeletionSpec): ModelRow | null {
  let liveness = greatest(
    versions.flatMap((row) => (row.liveness === null ? [] : [row.liveness])),
    (info) => [info.timestamp, info.ttl > 0 ? 1 : 0, info.localSeconds, -info.ttl],
  );
  let deletion = greatest(
    versions.flatMap((row) => (row.deletion === null ? [] : [row.deletion])),
    (item) => [item.timestamp, item.localSeconds, item.shadowable ? 0 : 1],
  );
  if (deletion?.shadowable && liveness !== null && liveness.timestamp > deletion.timestamp) deletion = null;
  if (deletion !== null && !isNewer(deletion, active)) deletion = null;
  const hides = deletion ?? active;
  if (liveness !== null && liveness.timestamp <= hides.timestamp) liveness = null;

  let mapDeletion = greatest(
    versions.flatMap((row) => (row.mapDeletion === null ? [] : [row.mapDeletion])),
    (item) => [item.timestamp, item.localSeconds],
  );
  if (mapDeletion !== null && !isNewer(mapDeletion, hides)) mapDeletion = null;

  const byPlace = new Map<string, ModelCell[]>();
  for (const cell of versions.flatMap((row) => row.cells)) {
    const hiding = cell.column === MAP_COLUMN ? (mapDeletion ?? hides) : hides;
    if (cell.timestamp <= hiding.timestamp) continue;
    const place = `${cell.column}/${cell.path ?? ''}`;
    byPlace.set(place, [...(byPlace.get(place) ?? []), cell]);
  }
  const cells = [...byPlace.values()]
    .map((rivals) => greatest(rivals, cellRank))
    .filter((cell) => cell !== null)
    .sort((x, y) => x.column - y.column || (x.path ?? 0) - (y.path ?? 0));
  if (liveness === null && deletion === null && mapDeletion === null && cells.length === 0) return null;
  return { liveness, deletion, mapDeletion, cells };
}

/** Equal timestamps: expiring or deleted > plain; deleted > expiring; later time; lower TTL; larger value. */
function cellRank(cell: ModelCell): readonly (number | string)[] {
  const plain = cell.localSeconds === NO_DELETION_TIME;
  return [cell.timestamp, plain ? 0 : cell.ttl > 0 ? 1 : 2, plain ? 0 : cell.localSeconds, -cell.ttl, cell.value];
}

function isNewer(a: DeletionSpec, b: DeletionSpec): boolean {
  return a.timestamp > b.timestamp || (a.timestamp === b.timestamp && a.localSeconds > b.localSeconds);
}

/** The first of the greatest items; null when there are none. */
function greatest<T>(items: readonly T[], rank: (item: T) => readonly (number | string)[]): T | null {
  let best: T | null = null;
  for (const item of items) if (best === null || compareRanks(rank(item), rank(best)) > 0) best = item;
  return best;
}

function compareRanks(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (let i = 0; i < a.length; i++) {
    if (a[i] < b[i]) return -1;
    if (a[i] > b[i]) return 1;
  }
  return 0;
}

/** Merges the sources' partitions of one key. One alone merges into what a writer would have kept of it. */
export function mergePartitions(versions: readonly ModelPartition[]): ModelPartition {
  const deletion = greatest(
    versions.flatMap((version) => (version.deletion === null ? [] : [version.deletion])),
    (item) => [item.timestamp, item.localSeconds],
  );
  const ranges = POSITIONS.map((_, p) => {
    const open = versions.flatMap((version) => version.ranges[p] ?? []);
    const newest = greatest(open, (item) => [item.timestamp, item.localSeconds]);
    return newest !== null && isNewer(newest, deletion ?? NOTHING) ? newest : null;
  });
  const rows = POSITIONS.map((position, p) => {
    if (position.side !== 0) return null;
    const present = versions.flatMap((version) => version.rows[p] ?? []);
    return present.length === 0 ? null : mergeRows(present, ranges[p] ?? deletion ?? NOTHING);
  });
  const statics = versions.flatMap((version) => version.staticRow ?? []);
  const staticRow = statics.length === 0 ? null : mergeRows(statics, deletion ?? NOTHING);
  return { key: versions[0].key, deletion, ranges, staticRow, rows };
}

/** The elements of a partition in clustering order, as a stream delivers them. */
export function toSpec(partition: ModelPartition): PartitionSpec {
  const elements: (RowSpec | MarkerSpec)[] = [];
  if (partition.staticRow !== null) elements.push(rowSpec(null, partition.staticRow));
  let open: DeletionSpec | null = null;
  POSITIONS.forEach((position, p) => {
    const row = partition.rows[p];
    if (position.side === 0 && row !== null) elements.push(rowSpec(position.values, row));
    const next = partition.ranges[p];
    if (position.side === 0 || sameDeletion(open, next)) return;
    elements.push({
      kind: 'marker',
      bound: boundKind(position.side < 0, open !== null, next !== null),
      values: position.values.map(intBytes),
      closing: open ?? undefined,
      opening: next ?? undefined,
    });
    open = next;
  });
  return { key: intBytes(partition.key), deletion: partition.deletion ?? undefined, elements };
}

function boundKind(before: boolean, closes: boolean, opens: boolean): number {
  if (closes && opens) return before ? 2 : 5;
  if (opens) return before ? 1 : 7;
  return before ? 0 : 6;
}

function sameDeletion(a: DeletionSpec | null, b: DeletionSpec | null): boolean {
  return a?.timestamp === b?.timestamp && a?.localSeconds === b?.localSeconds;
}

function rowSpec(clustering: readonly number[] | null, row: ModelRow): RowSpec {
  return {
    kind: 'row',
    clustering: clustering === null ? null : clustering.map(intBytes),
    liveness: row.liveness ?? undefined,
    deletion: row.deletion ?? undefined,
    complexDeletions: row.mapDeletion === null ? [] : [{ column: MAP_COLUMN, ...row.mapDeletion }],
    cells: row.cells.map(
      (cell): CellSpec => ({
        column: cell.column,
        timestamp: cell.timestamp,
        ttl: cell.ttl,
        localSeconds: cell.localSeconds,
        value: Buffer.from(cell.value),
        path: cell.path === null ? undefined : intBytes(cell.path),
      }),
    ),
  };
}

export function intBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** A specification in the form that `collect` gives, for comparison. */
export function expected(spec: PartitionSpec, reversed: boolean): CollectedPartition {
  const statics = spec.elements.filter((element) => element.kind === 'row' && element.clustering === null);
  const others = spec.elements.filter((element) => !statics.includes(element));
  const ordered = [...statics, ...(reversed ? others.reverse() : others)];
  return {
    key: Buffer.from(spec.key).toString('hex'),
    deletion: deletionText(spec.deletion),
    elements: ordered.map((element) => (element.kind === 'row' ? expectedRow(element) : expectedMarker(element))),
  };
}

function expectedRow(row: RowSpec): CollectedRow {
  const { liveness } = row;
  return {
    kind: row.clustering === null ? 'static' : 'row',
    clustering: (row.clustering ?? []).map((value) => (value === null ? null : Buffer.from(value).toString('hex'))),
    liveness:
      liveness === undefined
        ? null
        : `${liveness.timestamp}/${liveness.ttl ?? NO_TTL}/${liveness.localSeconds ?? NO_DELETION_TIME}`,
    deletion: deletionText(row.deletion),
    shadowable: row.deletion?.shadowable ?? false,
    complexDeletions: (row.complexDeletions ?? []).map((item) => `${item.column}:${deletionText(item)}`),
    cells: row.cells.map((cell) => ({
      column: cell.column,
      path: cell.path === undefined ? null : Buffer.from(cell.path).toString('hex'),
      timestamp: cell.timestamp,
      ttl: cell.ttl ?? NO_TTL,
      localSeconds: cell.localSeconds ?? NO_DELETION_TIME,
      value: Buffer.from(cell.value ?? []).toString('hex'),
    })),
  };
}

function expectedMarker(marker: MarkerSpec): CollectedMarker {
  return {
    kind: 'marker',
    bound: marker.bound,
    values: marker.values.map((value) => Buffer.from(value).toString('hex')),
    closing: deletionText(marker.closing),
    opening: deletionText(marker.opening),
  };
}

function deletionText(deletion: DeletionSpec | undefined): string | null {
  return deletion === undefined ? null : `${deletion.timestamp}/${deletion.localSeconds}`;
}
