import { basename, dirname, join } from 'node:path';
import { UsageError } from '../../errors/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import { liveSSTables } from '../engine/live-sstables.ts';
import type { File, FileSystem } from '../files/index.ts';
import { descriptorOfData } from '../sstable/descriptor.ts';
import { SSTableTransaction } from '../sstable/write/transaction-log.ts';
import type { WriteVersion } from '../sstable/write/write-version.ts';
import type { Closeable } from '../version-set/index.ts';
import { checkSource } from './check-source.ts';

export interface ImportTarget<T extends Closeable> {
  readonly files: FileSystem;
  readonly table: TableMetadata;
  readonly directory: string;
  readonly version: WriteVersion;
  readonly nextGeneration: () => number;
  readonly transactionId: string;
  /** Opens what was imported, before it counts. */
  readonly open: (dataPath: string) => T;
}

const COPY_BYTES = 1024 * 1024;

/**
 * Brings SSTables into a table's directory under names of its own, all or none; returns them open. Files are linked where
 * the file system can, else copied: the sources stay as they are. `paths` are directories or Data.db files. Throws
 * InvalidRequest for what is of another table, CorruptionError for what is damaged.
 */
export async function importSSTables<T extends Closeable>(
  target: ImportTarget<T>,
  paths: readonly string[],
): Promise<T[]> {
  const { files, directory } = target;
  const sources = paths.flatMap((path) => dataFilesOf(files, path));
  // What cannot be read under the table's schema is refused before anything is made.
  for (const source of sources) await checkSource(files, source, target.table);
  const transaction = await SSTableTransaction.begin(files, directory, 'write', target.version, target.transactionId);
  const imported: T[] = [];
  try {
    for (const source of sources) {
      const { descriptor, name } = renamed(source, target.nextGeneration());
      await transaction.add(name);
      for (const entry of files.listSync(dirname(source))) {
        if (!entry.name.startsWith(`${descriptor}-`)) continue;
        const component = entry.name.slice(descriptor.length);
        await linkOrCopy(files, join(dirname(source), entry.name), join(directory, `${name}${component}`));
      }
      imported.push(target.open(join(directory, `${name}-Data.db`)));
    }
    await files.syncDirectory(directory);
    await transaction.commit();
  } catch (error) {
    for (const sstable of imported) sstable.close();
    await transaction.abort();
    throw error;
  }
  return imported;
}

function dataFilesOf(files: FileSystem, path: string): readonly string[] {
  if (path.endsWith('-Data.db')) return [path];
  if (!files.exists(path)) throw new UsageError(`${path} does not exist`);
  for (const { name } of files.listSync(path)) if (name.endsWith('-Data.db')) descriptorOfData(join(path, name));
  const { dataFiles } = liveSSTables(files, path);
  if (dataFiles.length === 0) throw new UsageError(`${path} has no SSTables (…-Data.db)`);
  return dataFiles;
}

function renamed(source: string, generation: number): { descriptor: string; name: string } {
  const { baseName, version } = descriptorOfData(source);
  const name = `${version.name}-${generation}-${version.format}`;
  return { descriptor: basename(baseName), name };
}

async function linkOrCopy(files: FileSystem, from: string, to: string): Promise<void> {
  try {
    await files.link(from, to);
  } catch (error) {
    if (!isNotLinkable(error)) throw error;
    await copy(files, from, to);
    return;
  }
  // Whoever made the file need not have synced it.
  const file = await files.open(to, 'read');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function isNotLinkable(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['EXDEV', 'EPERM', 'ENOTSUP', 'EMLINK'].includes(String(error.code))
  );
}

async function copy(files: FileSystem, from: string, to: string): Promise<void> {
  const source = await files.open(from, 'read');
  let target: File | null = null;
  try {
    target = await files.open(to, 'create');
    const buffer = Buffer.allocUnsafe(COPY_BYTES);
    for (let at = 0; ; ) {
      const length = await source.read(buffer, 0, COPY_BYTES, at);
      if (length === 0) break;
      await target.write(buffer.subarray(0, length));
      at += length;
    }
    await target.sync();
  } finally {
    await source.close();
    await target?.close();
  }
}
