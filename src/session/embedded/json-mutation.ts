import { EMPTY_BYTES, int64 } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import { checkKeyLength, checkPartitionKey, packPartitionKey } from '../../executor/access/partition-keys.ts';
import { CellWriter } from '../../executor/write/cell-writer.ts';
import { checkMutationSizes } from '../../executor/write/mutation-size.ts';
import { checkedTtl } from '../../executor/write/write-attributes.ts';
import type { WriteContext } from '../../executor/write/write-context.ts';
import { setColumn } from '../../executor/write/write-operation.ts';
import {
  type ColumnMetadata,
  findTable,
  isCounterTable,
  isMultiCell,
  type TableMetadata,
} from '../../schema/model/index.ts';
import { pathType } from '../../storage/merge/index.ts';
import { type Mutation, MutationBuilder } from '../../storage/mutation/index.ts';
import {
  ClusteringComparator,
  ClusteringPrefix,
  NO_DELETION_TIME,
  NO_TTL,
  PrefixKind,
} from '../../storage/rows/index.ts';
import type { CqlType, JsonValue } from '../../types/index.ts';
import type { EmbeddedStorage } from '../embedded-storage.ts';
import { JsonFields, keyColumns, malformed, variantOf } from './json-fields.ts';
import { checkBytes, valueBytes } from './json-value-bytes.ts';

/*
 * Mutations in CQLite's JSON form (cqlite-core 0.18, `write_engine/mutation.rs`: enum values are objects of one key)
 *
 *   mutation   table {keyspace, table}, partition_key {columns: [[name, value]…]}, clustering_key the same or null,
 *              operations [operation…], timestamp_micros, ttl_seconds, partition_tombstone {deletion_time,
 *              local_deletion_time}, range_tombstones [{start, end, deletion_time, local_deletion_time}…],
 *              local_deletion_time
 *   operation  {"Write": {column, value}}, {"WriteWithTtl": {column, value, ttl_seconds}}, {"Delete": {column}},
 *              "DeleteRow", {"WriteComplexElement": {…}}, {"ComplexDeletion": {…}}
 *   bound      {"Inclusive": {columns: […]}}, {"Exclusive": {…}}, "Bottom", "Top"
 *   value      {"Integer": 1}, {"Text": "a"}, {"Blob": [1, 2]}, {"List": […]}… or plain JSON as INSERT JSON takes it
 */

const FIELDS = [
  'table',
  'partition_key',
  'clustering_key',
  'operations',
  'timestamp_micros',
  'ttl_seconds',
  'partition_tombstone',
  'range_tombstones',
  'local_deletion_time',
];

const COLUMN_OPERATIONS: ReadonlySet<string> = new Set([
  'Write',
  'WriteWithTtl',
  'Delete',
  'ComplexDeletion',
  'WriteComplexElement',
]);

/** The mutation that a JSON object describes. Throws CqlError that names what is malformed. */
export function mutationOfJson(storage: EmbeddedStorage, value: JsonValue, context: WriteContext): Mutation {
  const fields = new JsonFields(value, 'mutation');
  fields.refuseOthers(FIELDS);
  const name = fields.object('table');
  const table = findTable(storage.schema, name.text('keyspace'), name.text('table'));
  if (table === undefined) {
    throw malformed('mutation.table', `table ${name.text('keyspace')}.${name.text('table')} does not exist`);
  }
  if (table.view !== undefined) throw CqlError.invalidRequest('Cannot directly modify a materialized view');
  if (isCounterTable(table)) {
    throw malformed('mutation.table', `${table.name} has counters, and a mutation no increments; use UPDATE`);
  }
  const mutation = new MutationReader(table, fields, context).read();
  checkMutationSizes([mutation]);
  return mutation;
}

class MutationReader {
  private readonly table: TableMetadata;
  private readonly fields: JsonFields;
  private readonly context: WriteContext;
  private readonly timestampMicros: bigint;
  private deletionSeconds: number;
  private readonly builder = new MutationBuilder();

  constructor(table: TableMetadata, fields: JsonFields, context: WriteContext) {
    this.table = table;
    this.fields = fields;
    this.context = context;
    this.timestampMicros = fields.has('timestamp_micros')
      ? fields.timestamp('timestamp_micros')
      : context.timestampMicros;
    this.deletionSeconds = context.nowSeconds;
    this.deletionSeconds = this.localSeconds(fields);
  }

  read(): Mutation {
    const { builder, fields, table } = this;
    const key = this.keyValues(fields.object('partition_key'), table.partitionKey, true);
    checkKeyLength(key);
    const packed = packPartitionKey(key);
    checkPartitionKey(packed);
    builder.begin(table, packed);
    try {
      this.addPartitionTombstone();
      const tombstones = fields.list('range_tombstones');
      if (tombstones.length > 0 && table.clustering.length === 0) {
        throw malformed('mutation.range_tombstones', `${table.name} has no clustering columns`);
      }
      tombstones.forEach((tombstone, i) => {
        this.addRangeTombstone(new JsonFields(tombstone, `mutation.range_tombstones[${i}]`));
      });
      if (fields.list('operations').length > 0) this.addRow();
      return builder.finish();
    } catch (error) {
      builder.discard();
      throw error;
    }
  }

  private addPartitionTombstone(): void {
    if (!this.fields.has('partition_tombstone')) return;
    const tombstone = this.fields.object('partition_tombstone');
    const micros = tombstone.timestamp('deletion_time');
    this.builder.deletePartition(int64.hiOf(micros), int64.loOf(micros), this.localSeconds(tombstone));
  }

  private addRangeTombstone(tombstone: JsonFields): void {
    const micros = tombstone.timestamp('deletion_time');
    const start = this.bound(tombstone, 'start');
    const end = this.bound(tombstone, 'end');
    if (new ClusteringComparator(this.table.clustering).compare(start, end) > 0) {
      throw malformed(tombstone.place, 'the range ends before it begins');
    }
    this.builder.addRangeTombstone(start, end, int64.hiOf(micros), int64.loOf(micros), this.localSeconds(tombstone));
  }

  private bound(tombstone: JsonFields, side: 'start' | 'end'): ClusteringPrefix {
    const place = `${tombstone.place}.${side}`;
    const { name, body } = variantOf(tombstone.get(side) ?? null, place);
    const isStart = side === 'start';
    if (name === 'Bottom' || name === 'Top') {
      return ClusteringPrefix.of(isStart ? PrefixKind.INCLUSIVE_START_BOUND : PrefixKind.INCLUSIVE_END_BOUND, []);
    }
    if (name !== 'Inclusive' && name !== 'Exclusive')
      throw malformed(place, 'Inclusive, Exclusive, Bottom or Top is expected');
    const values = this.keyValues(new JsonFields(body, place), this.table.clustering, false);
    const inclusive = name === 'Inclusive';
    const kind = isStart
      ? inclusive
        ? PrefixKind.INCLUSIVE_START_BOUND
        : PrefixKind.EXCLUSIVE_START_BOUND
      : inclusive
        ? PrefixKind.INCLUSIVE_END_BOUND
        : PrefixKind.EXCLUSIVE_END_BOUND;
    return ClusteringPrefix.of(kind, values);
  }

  private addRow(): void {
    const { fields, table } = this;
    const operations = fields.list('operations');
    const clustering = fields.has('clustering_key')
      ? this.keyValues(fields.object('clustering_key'), table.clustering, true)
      : [];
    const statics = new CellWriter();
    const regulars = new CellWriter();
    regulars.row.clear(false);
    statics.row.clear(true);
    statics.row.clustering.shareFrom(ClusteringPrefix.of(PrefixKind.STATIC_CLUSTERING, []));
    const ttl = this.ttl(fields);
    operations.forEach((operation, i) => {
      this.addOperation(operation, `mutation.operations[${i}]`, ttl, statics, regulars);
    });
    if (!regulars.row.isEmpty()) {
      if (clustering.length !== table.clustering.length) {
        throw malformed('mutation.clustering_key', `${table.clustering.length} columns are expected`);
      }
      checkKeyLength(clustering);
      regulars.row.clustering.shareFrom(ClusteringPrefix.of(PrefixKind.CLUSTERING, clustering));
      this.builder.addRow(regulars.row);
    }
    if (!statics.row.isEmpty()) this.builder.addRow(statics.row);
  }

  private addOperation(
    operation: JsonValue,
    place: string,
    rowTtl: number,
    statics: CellWriter,
    regulars: CellWriter,
  ): void {
    const { name, body } = variantOf(operation, place);
    if (name === 'DeleteRow') {
      regulars.begin(this.timestampMicros, NO_TTL, this.deletionSeconds);
      regulars.deleteRow();
      return;
    }
    if (!COLUMN_OPERATIONS.has(name)) throw malformed(place, `unknown operation "${name}"`);
    const fields = new JsonFields(body, `${place}.${name}`);
    const column = this.column(fields);
    const cells = column.kind === 'static' ? statics : regulars;
    switch (name) {
      case 'Write':
      case 'WriteWithTtl': {
        const ttl = name === 'Write' ? rowTtl : this.ttl(fields);
        cells.begin(this.timestampMicros, ttl, this.context.nowSeconds);
        if (column.kind === 'regular' && !cells.row.hasLiveness) this.addLiveness(cells, rowTtl);
        setColumn(
          column,
          valueBytes(fields.get('value') ?? null, column.type, `${fields.place}.value`),
          cells,
          this.context,
        );
        return;
      }
      case 'Delete':
        cells.begin(this.timestampMicros, NO_TTL, this.deletionSeconds);
        if (isMultiCell(column.type)) cells.deleteColumn(column);
        else cells.tombstone(column);
        return;
      case 'ComplexDeletion': {
        if (!isMultiCell(column.type)) throw malformed(fields.place, `"${column.name}" is no collection of cells`);
        const micros = fields.timestamp('marked_for_delete_at');
        cells.row.addComplexDeletion(
          column.position,
          int64.hiOf(micros),
          int64.loOf(micros),
          this.localSeconds(fields),
        );
        return;
      }
      case 'WriteComplexElement':
        this.addElement(fields, column, cells);
        return;
    }
  }

  private addLiveness(cells: CellWriter, ttl: number): void {
    const { nowSeconds } = this.context;
    cells.row.setLiveness(
      int64.hiOf(this.timestampMicros),
      int64.loOf(this.timestampMicros),
      ttl,
      ttl === NO_TTL ? NO_DELETION_TIME : nowSeconds + ttl,
    );
  }

  private addElement(fields: JsonFields, column: ColumnMetadata, cells: CellWriter): void {
    const { type } = column;
    const place = `${fields.place}.cell_path`;
    const path = valueBytes(fields.get('cell_path') ?? null, { kind: 'native', name: 'blob' }, place);
    const typeOfPath = pathType(type);
    if (path === null || typeOfPath === null) throw malformed(fields.place, 'a path into a collection is expected');
    checkBytes(path, typeOfPath, place);
    const isDeleted = fields.get('is_deleted') === true;
    cells.begin(
      fields.timestamp('timestamp_micros'),
      this.ttl(fields),
      isDeleted ? this.localSeconds(fields) : this.context.nowSeconds,
    );
    if (isDeleted) cells.elementTombstone(column, path);
    else cells.element(column, path, this.elementValue(fields, type, path));
  }

  private elementValue(fields: JsonFields, type: CqlType, path: Uint8Array): Uint8Array {
    const place = `${fields.place}.value`;
    const valueType = elementType(type, path);
    if (valueType === null) {
      if (fields.has('value')) throw malformed(place, 'an element of a set is its path, and has no value');
      return EMPTY_BYTES;
    }
    const value = valueBytes(fields.get('value') ?? null, valueType, place);
    if (value === null) throw malformed(place, 'a value is expected');
    return value;
  }

  private ttl(fields: JsonFields): number {
    if (!fields.has('ttl_seconds')) return NO_TTL;
    return checkedTtl(Number(fields.integer('ttl_seconds')), this.table, this.context, `${fields.place}.ttl_seconds: `);
  }

  private column(fields: JsonFields): ColumnMetadata {
    const name = fields.text('column');
    const column = this.table.columns.get(name);
    if (column === undefined) throw malformed(`${fields.place}.column`, `no column "${name}" in ${this.table.name}`);
    if (column.kind === 'partition_key' || column.kind === 'clustering') {
      throw malformed(`${fields.place}.column`, `"${name}" is part of the primary key`);
    }
    return column;
  }

  /** Values of key columns in the key's order; bounds may have fewer. */
  private keyValues(fields: JsonFields, columns: readonly ColumnMetadata[], whole: boolean): Uint8Array[] {
    const given = keyColumns(fields);
    if (given.length > columns.length || (whole && given.length !== columns.length)) {
      throw malformed(fields.place, `${columns.map((column) => column.name).join(', ')} are expected`);
    }
    return given.map(({ name, value }, i) => {
      const column = columns[i];
      if (name !== column.name)
        throw malformed(`${fields.place}.columns[${i}]`, `column "${column.name}" is expected, not "${name}"`);
      const bytes = valueBytes(value, column.type, `${fields.place}.columns[${i}]`);
      if (bytes === null) throw CqlError.invalidRequest(`Invalid null value in condition for column ${name}`);
      return bytes;
    });
  }

  private localSeconds(fields: JsonFields): number {
    if (!fields.has('local_deletion_time')) return this.deletionSeconds;
    const seconds = fields.integer('local_deletion_time');
    const { maxExpirySeconds } = this.context;
    if (seconds < 0n || seconds > BigInt(maxExpirySeconds)) {
      throw malformed(
        `${fields.place}.local_deletion_time`,
        `seconds since 1970 are expected, up to ${maxExpirySeconds}`,
      );
    }
    return Number(seconds);
  }
}

/** Of what an element of a column is the value; null for sets, whose elements are paths. */
function elementType(type: CqlType, path: Uint8Array): CqlType | null {
  switch (type.kind) {
    case 'map':
      return type.value;
    case 'list':
      return type.element;
    case 'udt':
      return type.fields[(path[0] << 8) | path[1]]?.type ?? null;
    default:
      return null;
  }
}
