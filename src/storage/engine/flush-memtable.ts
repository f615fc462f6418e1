import { randomUUID } from 'node:crypto';
import type { TableMetadata } from '../../schema/model/index.ts';
import { StoredSSTable } from '../compaction/index.ts';
import type { FileSystem } from '../files/index.ts';
import type { Memtable } from '../memtable/index.ts';
import { readAll } from '../rows/index.ts';
import { unknownProvenance } from '../sstable/components/statistics/write.ts';
import { sstableBaseName } from '../sstable/write/sstable-files.ts';
import { type SSTableDescription, SSTableWriter, type SSTableWriterOptions } from '../sstable/write/sstable-writer.ts';
import { SSTableTransaction } from '../sstable/write/transaction-log.ts';
import { writeStream } from '../sstable/write/write-sstable.ts';
import type { WriteVersion } from '../sstable/write/write-version.ts';

export interface FlushTarget {
  readonly files: FileSystem;
  readonly directory: string;
  readonly version: WriteVersion;
  readonly generation: number;
  readonly hostId: string;
  /** As it is now; the memtable may have an earlier version of it. */
  readonly table: TableMetadata;
}

/** An SSTable that was flushed, open. */
export interface FlushedMemtable {
  readonly description: SSTableDescription;
  readonly sstable: StoredSSTable;
}

/**
 * Writes a frozen memtable as one SSTable, in slices that let others run. Nothing of it counts before `beforeCommit` has
 * resolved. Returns null when nothing was written. The SSTable is opened before it counts: afterwards nothing can fail.
 */
export async function flushMemtable(
  target: FlushTarget,
  memtable: Memtable,
  beforeCommit: () => Promise<void>,
): Promise<FlushedMemtable | null> {
  const { files, directory, version } = target;
  const options = writerOptions(target, memtable);
  const transaction = await SSTableTransaction.begin(files, directory, 'flush', version, newTransactionId());
  const snapshot = memtable.snapshot();
  let writer: SSTableWriter | null = null;
  let sstable: StoredSSTable | null = null;
  try {
    await transaction.add(sstableBaseName(version, options.id));
    writer = await SSTableWriter.open(files, options);
    const stream = snapshot.stream(readAll);
    await writeStream(writer, stream);
    if (writer.partitionCount === 0) {
      await writer.abort();
      await transaction.abort();
      return null;
    }
    const description = await writer.finish();
    sstable = StoredSSTable.open(files, description.dataPath, target.table);
    await beforeCommit();
    await transaction.commit();
    return { description, sstable };
  } catch (error) {
    sstable?.close();
    await abandon(writer, transaction);
    throw error;
  } finally {
    snapshot.release();
  }
}

function writerOptions(target: FlushTarget, memtable: Memtable): SSTableWriterOptions {
  const { table, statistics } = memtable;
  return {
    directory: target.directory,
    id: String(target.generation),
    version: target.version,
    table,
    statics: table.statics.filter((column) => statistics.statics[column.position] === 1),
    regulars: table.regulars.filter((column) => statistics.regulars[column.position] === 1),
    encodingStats: statistics.encodingStats(),
    estimatedKeys: memtable.partitionCount,
    provenance: { ...unknownProvenance, originatingHostId: target.hostId },
  };
}

/** A version 1 UUID by its looks, as Cassandra wants in the names of transaction logs. */
export function newTransactionId(): string {
  return randomUUID().replace(/^(.{14})./, '$11');
}

/** Cleans up after a failure; throws only where the transaction does. */
async function abandon(writer: SSTableWriter | null, transaction: SSTableTransaction): Promise<void> {
  // Files that it cannot remove are the transaction's too.
  await writer?.abort().catch(() => undefined);
  await transaction.abort();
}
