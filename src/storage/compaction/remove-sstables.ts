import type { FileSystem } from '../files/index.ts';
import { SSTableTransaction } from '../sstable/write/transaction-log.ts';
import type { WriteVersion } from '../sstable/write/write-version.ts';
import type { VersionSet } from '../version-set/index.ts';
import type { StoredSSTable } from './stored-sstable.ts';

/** The table that SSTables are taken out of. */
export interface RemovalOwner {
  readonly directory: string;
  readonly versions: VersionSet<StoredSSTable>;
  readonly isDropped: boolean;
}

export interface RemovalContext {
  readonly files: FileSystem;
  readonly version: WriteVersion;
  /** Names the transaction log. */
  readonly transactionId: string;
}

/**
 * Takes SSTables out of a table, durably. Their files go now when nobody reads them, else with the last reader; should
 * the process end before, the log removes them at the next open.
 */
export async function removeSSTables(
  { files, version, transactionId }: RemovalContext,
  owner: RemovalOwner,
  sstables: readonly StoredSSTable[],
): Promise<void> {
  if (sstables.length === 0) return;
  const transaction = await SSTableTransaction.begin(files, owner.directory, 'cleanup', version, transactionId);
  await transaction.remove(sstables.map((sstable) => sstable.baseName));
  await transaction.commit(true);
  let cleaned: Promise<void> | null = null;
  owner.versions.replace(sstables, [], () => {
    cleaned = transaction.clean().then(() => removeIfEmpty(files, owner));
    cleaned.catch(() => undefined);
  });
  await cleaned;
}

/** The directory of a dropped table goes with its last file. */
export async function removeIfEmpty(files: FileSystem, owner: RemovalOwner): Promise<void> {
  if (!owner.isDropped || !files.exists(owner.directory) || files.listSync(owner.directory).length > 0) return;
  await files.removeDirectory(owner.directory);
}
