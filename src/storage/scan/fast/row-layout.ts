import type { TableMetadata } from '../../../schema/model/index.ts';
import type { CqlType } from '../../../types/index.ts';
import type { HeaderColumn, SerializationHeader } from '../../sstable/components/statistics/serialization-header.ts';
import type { ScanRequest } from '../scan-request.ts';

/** `slots[i]` of a column that is not asked for. */
export const NO_SLOT = -1;

/** What the fast decoder needs to know of one SSTable's rows for one request: flat arrays by position in the header. */
export interface RowLayout {
  readonly hasUintDeletionTime: boolean;
  readonly minLocalSeconds: number;
  /** Lengths of clustering values without a length in front; -1 for the others. */
  readonly clusteringLengths: Int32Array;
  /** For errors. */
  readonly clusteringNames: readonly string[];
  readonly clusteringSlots: Int32Array;
  readonly keyComponents: number;
  /** Slot of each key component. */
  readonly keySlots: Int32Array;
  readonly regulars: ColumnsLayout;
  readonly statics: ColumnsLayout;
  /** A partition with static values only is a row. */
  readonly staticOnlyRows: boolean;
  /** Slots that are null in all rows of this file. */
  readonly absentSlots: Int32Array;
  /** A partition is one row and nothing else: the table has neither clustering nor static columns. */
  readonly isRowPartition: boolean;
}

/** The static or the regular columns as the header has them. */
export interface ColumnsLayout {
  readonly count: number;
  readonly lengths: Int32Array;
  readonly slots: Int32Array;
  /** 1 for multi-cell columns. */
  readonly isComplex: Uint8Array;
  /** How the cells of a multi-cell column asked for become its value: see `Collected`. */
  readonly collected: Uint8Array;
  /** Fields of a UDT asked for; else 0. */
  readonly fields: Int32Array;
  /** 0 for columns that the schema does not have (dropped, unknown): their cells make no row visible. */
  readonly isKnown: Uint8Array;
  /** Columns from here on are not asked for. */
  readonly wantedEnd: number;
  /** The slots asked for that the header has; set or nulled for every row. */
  readonly storedSlots: Int32Array;
  /** Without live primary key liveness a row is not visible: see `ScanRequest.strictLiveness`. */
  readonly needsLiveness: boolean;
}

/** What of a multi-cell column's cells goes into its value (`multi-cell-value.ts`). */
export const Collected = { NOTHING: 0, VALUES: 1, PATHS: 2, ENTRIES: 3, FIELDS: 4 } as const;

/** More columns than this have another form of bitmap, which the general decoder reads. */
const MAX_COLUMNS = 63;

/**
 * The layout, or null when the request or the file needs the general scan: static multi-cell columns and counters asked
 * for, writetime and ttl, key or clustering restrictions, columns that were dropped and added again.
 */
export function compileRowLayout(
  table: TableMetadata,
  header: SerializationHeader,
  hasUintDeletionTime: boolean,
  request: ScanRequest,
): RowLayout | null {
  if (!isPlainRequest(request)) return null;
  if (header.clustering.length !== table.clustering.length) return null;
  const regulars = compileColumns(table, header.regulars, 'regular', request);
  const statics = compileColumns(table, header.statics, 'static', request);
  if (regulars === null || statics === null) return null;
  const stored = new Set([...regulars.storedSlots, ...statics.storedSlots]);
  const absent = request.columns.flatMap(({ column: { kind } }, slot) =>
    (kind === 'regular' || kind === 'static') && !stored.has(slot) ? [slot] : [],
  );
  return {
    hasUintDeletionTime,
    minLocalSeconds: header.minima.minLocalSeconds,
    clusteringLengths: Int32Array.from(header.clustering, (type) => type.fixedLength),
    clusteringNames: table.clustering.map((column) => column.name),
    clusteringSlots: keySlots(request, 'clustering', table.clustering.length),
    keyComponents: table.partitionKey.length,
    keySlots: keySlots(request, 'partition_key', table.partitionKey.length),
    regulars,
    statics,
    staticOnlyRows: request.staticOnlyRows,
    absentSlots: Int32Array.from(absent),
    isRowPartition: header.clustering.length === 0 && header.statics.length === 0,
  };
}

function compileColumns(
  table: TableMetadata,
  columns: readonly HeaderColumn[],
  kind: 'regular' | 'static',
  request: ScanRequest,
): ColumnsLayout | null {
  if (columns.length > MAX_COLUMNS) return null;
  if (columns.some((column) => table.dropped.has(column.name) && table.columns.has(column.name))) return null;
  const slots = new Int32Array(columns.length).fill(NO_SLOT);
  const collected = new Uint8Array(columns.length);
  const fields = new Int32Array(columns.length);
  for (const [slot, { column }] of request.columns.entries()) {
    const position = columns.findIndex((candidate) => candidate.name === column.name);
    if (column.kind !== kind || position === -1) continue;
    const isCounter = column.type.kind === 'native' && column.type.name === 'counter';
    if (isCounter || slots[position] !== NO_SLOT) return null;
    slots[position] = slot;
    if (!columns[position].isComplex) continue;
    collected[position] = collectedOf(column.type);
    if (column.type.kind === 'udt') fields[position] = column.type.fields.length;
    const isSameForm = (column.type.kind === 'udt') === (columns[position].type.kind === 'udt');
    if (kind === 'static' || collected[position] === Collected.NOTHING || !isSameForm) return null;
  }
  return {
    count: columns.length,
    lengths: Int32Array.from(columns, (column) => column.fixedLength),
    slots,
    isComplex: Uint8Array.from(columns, (column) => (column.isComplex ? 1 : 0)),
    collected,
    fields,
    isKnown: Uint8Array.from(columns, (column) => (table.columns.get(column.name)?.kind === kind ? 1 : 0)),
    wantedEnd: slots.reduce((end, slot, i) => (slot === NO_SLOT ? end : i + 1), 0),
    storedSlots: slots.filter((slot) => slot !== NO_SLOT),
    needsLiveness: kind === 'regular' && (request.strictLiveness ?? false),
  };
}

function collectedOf(type: CqlType): number {
  switch (type.kind) {
    case 'list':
      return Collected.VALUES;
    case 'set':
      return Collected.PATHS;
    case 'map':
      return Collected.ENTRIES;
    case 'udt':
      return Collected.FIELDS;
    default:
      return Collected.NOTHING;
  }
}

function isPlainRequest(request: ScanRequest): boolean {
  const { columns, range } = request;
  if (request.distinctPartitions || request.perPartitionLimit !== null) return false;
  if (range.partitions.kind === 'keys' || range.slices !== null || range.reversed) return false;
  const keys = columns.filter(({ column }) => column.kind === 'partition_key' || column.kind === 'clustering');
  if (new Set(keys.map(({ column }) => column.name)).size !== keys.length) return false;
  return columns.every((column) => column.wanted === 'value');
}

function keySlots(request: ScanRequest, kind: 'partition_key' | 'clustering', count: number): Int32Array {
  const slots = new Int32Array(count).fill(NO_SLOT);
  for (const [slot, { column }] of request.columns.entries()) {
    if (column.kind === kind) slots[column.position] = slot;
  }
  return slots;
}
