import type { FileSystem } from '../files/index.ts';
import { removeComponents, SSTableTransaction } from '../sstable/write/transaction-log.ts';
import type { WriteVersion } from '../sstable/write/write-version.ts';
import type { VersionSet } from '../version-set/index.ts';
import type { StoredSSTable } from './stored-sstable.ts';

/** The table that SSTables are taken out of. */
export interface RemovalOwner {
  readonly directory: string;
  readonly versions: VersionSet<StoredSSTable>;
}

export interface RemovalContext {
  readonly files: FileSystem;
  readonly version: WriteVersion;
  /** Names the transaction log. */
  readonly transactionId: string;
}

/**
 * Takes SSTables out of a table, durably. Their files go now when nobody reads them, else with the last reader; should
 * that fail, or the process end before, the log removes them at the next open.
 */
export async function removeSSTables(
  { files, version, transactionId }: RemovalContext,
  owner: RemovalOwner,
  sstables: readonly StoredSSTable[],
): Promise<void> {
  if (sstables.length === 0) return;
  const transaction = await SSTableTransaction.begin(files, owner.directory, 'cleanup', version, transactionId);
  try {
    await transaction.remove(sstables.map((sstable) => sstable.baseName));
    await transaction.commit(true);
  } catch (error) {
    await transaction.abort();
    throw error;
  }
  let cleaned: Promise<void> | null = null;
  owner.versions.replace(sstables, [], () => {
    cleaned = transaction.clean();
  });
  await cleaned;
}

/**
 * Lets go of all SSTables of a table that is dropped, durably so by the schema. Files, and with the last one the directory,
 * go when nobody reads them, or at the next open; never throws.
 */
export async function removeDropped(files: FileSystem, { directory, versions }: RemovalOwner): Promise<void> {
  const { sstables } = versions;
  let removed: Promise<void> | null = null;
  versions.replace(sstables, [], () => {
    const baseNames = sstables.map((sstable) => sstable.baseName);
    removed = removeAll(files, directory, baseNames).catch(() => undefined);
  });
  versions.close();
  await removed;
}

async function removeAll(files: FileSystem, directory: string, baseNames: readonly string[]): Promise<void> {
  if (!files.exists(directory)) return;
  await removeComponents(files, directory, baseNames);
  if (files.listSync(directory).length === 0) await files.removeDirectory(directory);
}
