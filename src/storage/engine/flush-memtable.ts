import { randomUUID } from 'node:crypto';
import type { FileSystem } from '../files/index.ts';
import type { Memtable } from '../memtable/index.ts';
import { readAll } from '../rows/index.ts';
import { unknownProvenance } from '../sstable/components/statistics/write.ts';
import {
  type SSTableDescription,
  SSTableWriter,
  type SSTableWriterOptions,
  sstableBaseName,
} from '../sstable/write/sstable-writer.ts';
import { SSTableTransaction } from '../sstable/write/transaction-log.ts';
import { writeStream } from '../sstable/write/write-sstable.ts';
import type { WriteVersion } from '../sstable/write/write-version.ts';

export interface FlushTarget {
  readonly files: FileSystem;
  readonly directory: string;
  readonly version: WriteVersion;
  readonly generation: number;
  readonly hostId: string;
}

/**
 * Writes a frozen memtable as one SSTable, in slices that let others run. Nothing is visible unless `commit` says so just
 * before the end: false when the memtable's data is void by then. Returns null when nothing was written.
 */
export async function flushMemtable(
  target: FlushTarget,
  memtable: Memtable,
  mayCommit: () => boolean,
): Promise<SSTableDescription | null> {
  const { files, directory, version } = target;
  const options = writerOptions(target, memtable);
  const transaction = await SSTableTransaction.begin(files, directory, 'flush', version, newTransactionId());
  const snapshot = memtable.snapshot();
  let writer: SSTableWriter | null = null;
  try {
    await transaction.add(sstableBaseName(version, options.id));
    writer = await SSTableWriter.open(files, options);
    const stream = snapshot.stream(readAll);
    await writeStream(writer, stream);
    if (writer.partitionCount === 0 || !mayCommit()) {
      await writer.abort();
      await transaction.abort();
      return null;
    }
    const description = await writer.finish();
    await transaction.commit();
    return description;
  } catch (error) {
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

/** Cleans up after a failure; what cannot be removed now, the next open removes. */
async function abandon(writer: SSTableWriter | null, transaction: SSTableTransaction): Promise<void> {
  try {
    await writer?.abort();
    await transaction.abort();
  } catch {
    // The log stays without a commit, so that its files do not count.
  }
}
