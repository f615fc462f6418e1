import type { StoredSSTable } from '../compaction/index.ts';
import type { FileSystem } from '../files/index.ts';
import { SSTableTransaction } from '../sstable/write/transaction-log.ts';
import type { WriteVersion } from '../sstable/write/write-version.ts';
import { newTransactionId } from './flush-memtable.ts';
import type { TableStore } from './table-store.ts';

/** Components that an SSTable has at least, for the log's record. */
const REMOVED_FILES = 8;

/**
 * Takes SSTables out of a table, durably. Their files go now when nobody reads them, else with the last reader; should
 * the process end before, the log removes them at the next open.
 */
export async function removeSSTables(
  files: FileSystem,
  store: TableStore,
  sstables: readonly StoredSSTable[],
  version: WriteVersion,
): Promise<void> {
  if (sstables.length === 0) return;
  const transaction = await SSTableTransaction.begin(files, store.directory, 'cleanup', version, newTransactionId());
  for (const sstable of sstables) await transaction.remove(sstable.baseName, REMOVED_FILES);
  await transaction.commit(true);
  let cleaned: Promise<void> | null = null;
  store.versions.replace(sstables, [], () => {
    cleaned = transaction.clean().then(() => removeIfEmpty(files, store));
    cleaned.catch(() => undefined);
  });
  await cleaned;
}

/** The directory of a dropped table goes with its last file. */
export async function removeIfEmpty(files: FileSystem, store: TableStore): Promise<void> {
  if (!store.isDropped || !files.exists(store.directory) || files.listSync(store.directory).length > 0) return;
  await files.removeDirectory(store.directory);
}
