import { resolve } from 'node:path';
import { int64 } from '../../bytes/index.ts';
import { CqlError, UsageError } from '../../errors/index.ts';
import { type ColumnMetadata, isMultiCell, type TableMetadata } from '../../schema/model/index.ts';
import { type CqlValue, codecOf, compositeBytes } from '../../types/index.ts';
import { DurableDirectories, type FileSystem, nodeFileSystem } from '../files/index.ts';
import { Memtable } from '../memtable/index.ts';
import { type Mutation, MutationBuilder, MutationReader } from '../mutation/index.ts';
import { ClusteringPrefix, NO_DELETION_TIME, NO_PATH, NO_TTL, PrefixKind, Row, readAll } from '../rows/index.ts';
import { nextSequenceId } from '../sstable/write/sstable-id.ts';
import type { SSTableDescription } from '../sstable/write/sstable-writer.ts';
import { writeSSTable } from '../sstable/write/write-sstable.ts';
import type { WriteVersion } from '../sstable/write/write-version.ts';

/** Of a partition key, and of a clustering. */
const MAX_KEY_BYTES = 65_535;

/** A row by column names. Null or absent is no value; a key's values must be there. */
export type RowValues = Readonly<Record<string, CqlValue | undefined>>;

export interface WriteRowsOptions {
  /** Made when it does not exist. */
  readonly directory: string;
  /** Of `describeTable`, or of a reader: `reader.table`. */
  readonly table: TableMetadata;
  /**
   * In any order. Of two with one key the values join, and of two values of a column the greater one stands, as Cassandra
   * breaks ties. All are held in memory until they are written.
   */
  readonly rows: Iterable<RowValues> | AsyncIterable<RowValues>;
  /** Of all rows. */
  readonly timestampMicros: bigint;
  /** `nb` by default, which Cassandra 4.0 and later load. */
  readonly format?: WriteVersion;
  readonly files?: FileSystem;
}

/**
 * Writes rows as one SSTable of `directory`, as INSERT and a flush would: null when there are none. Values are as the
 * library takes them, with the number of a generation that no file there has. Throws a UsageError for a row that does not
 * fit, and for tables with counters or with collections and UDTs that are not frozen: those take an `SSTableWriter`.
 */
export async function writeRows(options: WriteRowsOptions): Promise<SSTableDescription | null> {
  const { directory, table, rows, timestampMicros, format = 'nb', files = nodeFileSystem } = options;
  const encoder = new RowEncoder(table, timestampMicros);
  const memtable = new Memtable(table);
  const mutation = new MutationReader();
  let number = 0;
  for await (const row of rows) {
    number++;
    for (const { bytes } of encoder.mutationsOf(row, number)) {
      mutation.open(bytes);
      memtable.apply(mutation);
    }
  }
  await new DurableDirectories(files, resolve(directory)).make(resolve(directory));
  const { statistics } = memtable;
  const snapshot = memtable.snapshot();
  try {
    const names = (await files.list(directory)).map((entry) => entry.name);
    const writerOptions = {
      directory,
      id: nextSequenceId(names),
      version: format,
      table,
      statics: table.statics.filter((column) => statistics.statics[column.position] === 1),
      regulars: table.regulars.filter((column) => statistics.regulars[column.position] === 1),
      encodingStats: statistics.encodingStats(),
      estimatedKeys: Math.max(1, memtable.partitionCount),
    };
    return await writeSSTable(files, writerOptions, snapshot.stream(readAll));
  } finally {
    snapshot.release();
  }
}

class RowEncoder {
  private readonly table: TableMetadata;
  private readonly hi: number;
  private readonly lo: number;
  private readonly builder = new MutationBuilder();
  private readonly row = new Row();

  constructor(table: TableMetadata, timestampMicros: bigint) {
    for (const { name, type } of table.columns.values()) {
      if (!isMultiCell(type) && !(type.kind === 'native' && type.name === 'counter')) continue;
      throw new UsageError(`column ${name} has more than one cell a row, which writeRows does not write`);
    }
    this.table = table;
    this.hi = int64.hiOf(timestampMicros);
    this.lo = int64.loOf(timestampMicros);
  }

  /** Of a row; what is wrong with it is told with its number, from 1. */
  mutationsOf(values: RowValues, number: number): readonly Mutation[] {
    try {
      return [...this.mutations(values)];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(`row ${number}: ${error.message}`);
    }
  }

  /** A row's own mutation, and one of its partition's static values. */
  private *mutations(values: RowValues): Iterable<Mutation> {
    const { table, row } = this;
    const unknown = Object.keys(values).find((name) => !table.columns.has(name));
    if (unknown !== undefined) throw new UsageError(`${table.keyspace}.${table.name} has no column ${unknown}`);
    const keys = table.partitionKey.map((column) => keyBytes(column, values));
    checkLength(keys);
    if (keys.length === 1 && keys[0].length === 0) throw new UsageError('the key is empty');
    const key = keys.length === 1 ? keys[0] : compositeBytes(keys);
    const hasClustering = table.clustering.some(({ name }) => values[name] != null);
    if (table.statics.some(({ name }) => values[name] != null)) {
      row.clear(true);
      row.clustering.shareFrom(ClusteringPrefix.of(PrefixKind.STATIC_CLUSTERING, []));
      this.addCells(table.statics, values);
      yield this.mutation(key);
      // Static values alone are no row.
      if (!hasClustering) return;
    }
    row.clear(false);
    const clustering = table.clustering.map((column) => keyBytes(column, values));
    checkLength(clustering);
    row.clustering.shareFrom(ClusteringPrefix.of(PrefixKind.CLUSTERING, clustering));
    row.setLiveness(this.hi, this.lo, NO_TTL, NO_DELETION_TIME);
    this.addCells(table.regulars, values);
    yield this.mutation(key);
  }

  private mutation(key: Uint8Array): Mutation {
    this.builder.begin(this.table, key);
    this.builder.addRow(this.row);
    return this.builder.finish();
  }

  private addCells(columns: readonly ColumnMetadata[], values: RowValues): void {
    for (const column of columns) {
      const value = values[column.name];
      if (value == null) continue;
      const bytes = encode(column, value);
      const { position } = column;
      this.row.addCell(position, this.hi, this.lo, NO_TTL, NO_DELETION_TIME, bytes, 0, bytes.length, 0, NO_PATH);
    }
  }
}

/** Cassandra takes no longer ones. */
function checkLength(keys: readonly Uint8Array[]): void {
  const bytes = keys.reduce((sum, { length }) => sum + length, 0);
  if (bytes > MAX_KEY_BYTES) throw new UsageError(`a key of ${bytes} bytes is longer than ${MAX_KEY_BYTES}`);
}

function keyBytes(column: ColumnMetadata, values: RowValues): Uint8Array {
  const value = values[column.name];
  if (value == null) throw new UsageError(`a row without a value of key column ${column.name}`);
  return encode(column, value);
}

function encode(column: ColumnMetadata, value: CqlValue): Uint8Array {
  try {
    return codecOf(column.type).encode(value);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof CqlError)) throw error;
    throw new UsageError(`${column.name}: ${error.message}`);
  }
}
