import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { CorruptionError, UsageError } from '../../errors/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';
import { DurableDirectories, type FileSystem } from '../files/index.ts';
import { PurgedStream } from '../merge/index.ts';
import { SSTableSource } from '../read/sstable-source.ts';
import { readAll, Step, type UnfilteredStream } from '../rows/index.ts';
import type { FragmentSource, TableSource } from '../scan/index.ts';
import { TimeSlice } from '../scan/index.ts';
import { parseDescriptor } from '../sstable/descriptor.ts';
import { mergedMinima } from '../sstable/merged-minima.ts';
import { openSSTableSync } from '../sstable/sstable-reader.ts';
import { noEncodingStats } from '../sstable/write/encoding-stats.ts';
import type { SSTableDescription, SSTableWriterOptions } from '../sstable/write/sstable-writer.ts';
import { SSTableTransaction } from '../sstable/write/transaction-log.ts';
import { writeInto } from '../sstable/write/write-sstable.ts';
import type { WriteVersion } from '../sstable/write/write-version.ts';

export interface ExportRequest {
  readonly files: FileSystem;
  /** The table, pinned; the caller releases it. */
  readonly source: TableSource;
  /** Files go to `directory/KEYSPACE/TABLE/`, which `sstableloader` and `nodetool import` both take. */
  readonly directory: string;
  readonly version: WriteVersion;
  /** The number in the files' names; by default the first that is free. */
  readonly generation?: number;
  /** One reconciled, purged SSTable; otherwise one for each source, as it stands. */
  readonly compact: boolean;
  /** Read the files back and compare the counts. */
  readonly validate: boolean;
  readonly strictLiveness: boolean;
  readonly nowSeconds: number;
}

export interface ExportedTable {
  readonly directory: string;
  /** Paths of all components. */
  readonly files: readonly string[];
  readonly sstables: readonly SSTableDescription[];
  readonly partitions: number;
  readonly rows: number;
  readonly bytes: number;
}

/** Data of one SSTable to be. */
interface ExportPart {
  readonly open: () => Promise<UnfilteredStream>;
  readonly sources: readonly FragmentSource[];
}

/**
 * Writes a table as SSTables that Cassandra loads: all or none. Throws a CqlError that names the row where the version
 * cannot hold it (a TTL that ends after 2038 in `nb`), a CorruptionError when what was read back is not what was written.
 */
export async function exportTable(request: ExportRequest): Promise<ExportedTable> {
  const { files, source, version } = request;
  const { table } = source;
  const directory = join(request.directory, table.keyspace, table.name);
  await new DurableDirectories(files, resolve(request.directory)).make(resolve(directory));
  let generation = firstGeneration(files, directory, request.generation);
  const sstables: SSTableDescription[] = [];
  // Half an export would be taken for the table.
  const transaction = await SSTableTransaction.begin(files, directory, 'write', version, randomUUID());
  try {
    for (const part of partsOf(request)) {
      const stream = await part.open();
      try {
        const options = writerOptions(table, part.sources, directory, version, generation);
        const written = await writeInto(transaction, files, options, stream);
        if (written === null) continue;
        generation++;
        if (request.validate) await validate(files, written, table);
        sstables.push(written);
      } finally {
        stream.close();
      }
    }
    if (sstables.length > 0) await transaction.commit();
    else await transaction.abort();
  } catch (error) {
    await transaction.abort();
    throw error;
  }
  return {
    directory,
    files: sstables.flatMap((sstable) => sstable.files.map((name) => join(directory, name))),
    sstables,
    partitions: sum(sstables, (sstable) => sstable.partitions),
    rows: sum(sstables, (sstable) => sstable.rows),
    bytes: sum(sstables, (sstable) => sstable.dataBytes),
  };
}

function partsOf(request: ExportRequest): ExportPart[] {
  const { source } = request;
  const sources = source.sources();
  if (!request.compact) return sources.map((one) => ({ open: () => one.stream(readAll), sources: [one] }));
  const { nowSeconds, strictLiveness } = request;
  const gcBeforeSeconds = nowSeconds - source.table.options.gc_grace_seconds;
  const open = async (): Promise<UnfilteredStream> =>
    // Nothing of the table is outside, so that nothing keeps a tombstone but gc grace.
    new PurgedStream(await source.stream(readAll), {
      nowSeconds,
      gcBeforeSeconds,
      mayPurge: () => true,
      strictLiveness,
    });
  return [{ open, sources }];
}

function firstGeneration(files: FileSystem, directory: string, asked: number | undefined): number {
  const taken = new Set<number>();
  for (const { name } of files.listSync(directory)) taken.add(Number(parseDescriptor(name)?.descriptor.id));
  if (asked !== undefined) {
    if (taken.has(asked)) throw new UsageError(`${directory} has an SSTable of generation ${asked} already`);
    return asked;
  }
  let generation = 1;
  while (taken.has(generation)) generation++;
  return generation;
}

function writerOptions(
  table: TableMetadata,
  sources: readonly FragmentSource[],
  directory: string,
  version: WriteVersion,
  generation: number,
): SSTableWriterOptions {
  const sstables = sources.filter((source) => source instanceof SSTableSource);
  const isKnown = sstables.length === sources.length;
  const columns = isKnown ? columnNames(sstables) : null;
  const has = (column: ColumnMetadata): boolean => columns === null || columns.has(column.name);
  return {
    directory,
    id: String(generation),
    version,
    table,
    statics: table.statics.filter(has),
    regulars: table.regulars.filter(has),
    encodingStats: isKnown ? mergedMinima(sstables.map(({ reader }) => reader)) : noEncodingStats,
    estimatedKeys: Math.max(
      1,
      sum(sstables, (sstable) => sstable.reader.estimatedKeys),
    ),
  };
}

function columnNames(sstables: readonly SSTableSource[]): Set<string> {
  return new Set(
    sstables.flatMap(({ reader }) =>
      [...reader.header.statics, ...reader.header.regulars].map((column) => column.name),
    ),
  );
}

/** Reads an SSTable back, every chunk's checksum and every element, and compares with what the writer counted. */
async function validate(files: FileSystem, written: SSTableDescription, table: TableMetadata): Promise<void> {
  const reader = openSSTableSync(files, written.dataPath, { table });
  let partitions = 0;
  let rows = 0;
  const slice = new TimeSlice();
  try {
    const stream = await reader.stream(readAll);
    for (let step = stream.next(); step !== Step.END; step = stream.next()) {
      if (step === Step.NEED_MORE) await stream.load();
      else if (step === Step.PARTITION) partitions++;
      else if (step === Step.ROW || step === Step.STATIC_ROW) rows++;
      if ((rows & 1023) === 0 && slice.isOver()) await slice.rest();
    }
    stream.close();
  } finally {
    reader.close();
  }
  if (partitions !== written.partitions || rows !== written.rows) {
    throw new CorruptionError(
      `read back ${partitions} partitions and ${rows} rows, but ${written.partitions} and ${written.rows} were written`,
      { file: written.dataPath },
    );
  }
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
