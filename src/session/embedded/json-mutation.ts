import { int64 } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import { packPartitionKey } from '../../executor/access/partition-keys.ts';
import { CellWriter } from '../../executor/write/cell-writer.ts';
import type { WriteContext } from '../../executor/write/write-context.ts';
import { setColumn } from '../../executor/write/write-operation.ts';
import { type ColumnMetadata, findTable, isMultiCell, type TableMetadata } from '../../schema/model/index.ts';
import { type Mutation, MutationBuilder } from '../../storage/mutation/index.ts';
import { ClusteringPrefix, NO_DELETION_TIME, NO_TTL, PrefixKind } from '../../storage/rows/index.ts';
import type { JsonValue } from '../../types/index.ts';
import type { EmbeddedStorage } from '../embedded-storage.ts';
import { JsonFields, keyColumns, malformed, valueBytes, variantOf } from './mutation-json.ts';

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

/** The mutation that a JSON object describes (mutation-json.ts). Throws CqlError that names what is malformed. */
export function mutationOfJson(storage: EmbeddedStorage, value: JsonValue, context: WriteContext): Mutation {
  const fields = new JsonFields(value, 'mutation');
  fields.refuseOthers(FIELDS);
  const name = fields.object('table');
  const table = findTable(storage.schema, name.text('keyspace'), name.text('table'));
  if (table === undefined) {
    throw malformed('mutation.table', `table ${name.text('keyspace')}.${name.text('table')} does not exist`);
  }
  return new MutationReader(table, fields, context).read();
}

class MutationReader {
  private readonly table: TableMetadata;
  private readonly fields: JsonFields;
  private readonly context: WriteContext;
  private readonly timestampMicros: bigint;
  private readonly deletionSeconds: number;
  private readonly builder = new MutationBuilder();

  constructor(table: TableMetadata, fields: JsonFields, context: WriteContext) {
    this.table = table;
    this.fields = fields;
    this.context = context;
    this.timestampMicros = fields.has('timestamp_micros')
      ? fields.integer('timestamp_micros')
      : context.timestampMicros;
    this.deletionSeconds = fields.has('local_deletion_time')
      ? Number(fields.integer('local_deletion_time'))
      : context.nowSeconds;
  }

  read(): Mutation {
    const { builder, fields, table } = this;
    const key = this.keyValues(fields.object('partition_key'), table.partitionKey, true);
    builder.begin(table, packPartitionKey(key));
    try {
      this.addPartitionTombstone();
      fields.list('range_tombstones').forEach((tombstone, i) => {
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
    const micros = tombstone.integer('deletion_time');
    this.builder.deletePartition(int64.hiOf(micros), int64.loOf(micros), this.localSeconds(tombstone));
  }

  private addRangeTombstone(tombstone: JsonFields): void {
    const micros = tombstone.integer('deletion_time');
    this.builder.addRangeTombstone(
      this.bound(tombstone, 'start'),
      this.bound(tombstone, 'end'),
      int64.hiOf(micros),
      int64.loOf(micros),
      this.localSeconds(tombstone),
    );
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
    const ttl = fields.has('ttl_seconds') ? Number(fields.integer('ttl_seconds')) : NO_TTL;
    operations.forEach((operation, i) => {
      this.addOperation(operation, `mutation.operations[${i}]`, ttl, statics, regulars);
    });
    if (!regulars.row.isEmpty()) {
      if (clustering.length !== table.clustering.length) {
        throw malformed('mutation.clustering_key', `${table.clustering.length} columns are expected`);
      }
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
    const fields = new JsonFields(body, `${place}.${name}`);
    const column = this.column(fields);
    const cells = column.kind === 'static' ? statics : regulars;
    switch (name) {
      case 'Write':
      case 'WriteWithTtl': {
        const ttl = name === 'Write' ? rowTtl : Number(fields.integer('ttl_seconds'));
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
        const micros = fields.integer('marked_for_delete_at');
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
      default:
        throw malformed(place, `unknown operation "${name}"`);
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
    const path = valueBytes(
      fields.get('cell_path') ?? null,
      { kind: 'native', name: 'blob' },
      `${fields.place}.cell_path`,
    );
    if (path === null || !isMultiCell(type)) throw malformed(fields.place, 'a path into a collection is expected');
    const valueType = type.kind === 'map' ? type.value : type.kind === 'list' ? type.element : type;
    const value = fields.has('value')
      ? valueBytes(fields.get('value') ?? null, valueType, `${fields.place}.value`)
      : null;
    const ttl = fields.has('ttl_seconds') ? Number(fields.integer('ttl_seconds')) : NO_TTL;
    const isDeleted = fields.get('is_deleted') === true;
    cells.begin(
      fields.integer('timestamp_micros'),
      ttl,
      isDeleted ? this.localSeconds(fields) : this.context.nowSeconds,
    );
    if (isDeleted) cells.elementTombstone(column, path);
    else cells.element(column, path, value ?? new Uint8Array(0));
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
    return fields.has('local_deletion_time') ? Number(fields.integer('local_deletion_time')) : this.deletionSeconds;
  }
}
