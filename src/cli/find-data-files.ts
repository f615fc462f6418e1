import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../errors/index.ts';
import { nodeFileSystem } from '../storage/files/index.ts';
import { discover } from '../storage/read/discover.ts';
import { parseDescriptor } from '../storage/sstable/descriptor.ts';

export interface FindOptions {
  /** Hidden directories of secondary indexes too. */
  readonly indexes?: boolean;
}

/** The Data.db files of paths: these files themselves, or what counts in the directories. */
export function findDataFiles(paths: readonly string[], options: FindOptions = {}): string[] {
  const found: string[] = [];
  for (const given of paths) {
    const path = resolve(given);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) throw new UsageError(`${given}: no such file or directory`);
    if (!stat.isDirectory()) found.push(dataFileOf(path));
    else found.push(...inDirectory(path, options));
  }
  return [...new Set(found)];
}

/** Any component's name stands for its SSTable. */
function dataFileOf(path: string): string {
  const parsed = parseDescriptor(path);
  if (parsed === null)
    throw new UsageError(`${path}: not the name of an SSTable that can be read (as nb-1-big-Data.db)`);
  return join(parsed.descriptor.directory, `${parsed.descriptor.baseName}-Data.db`);
}

function inDirectory(path: string, options: FindOptions): string[] {
  const files: string[] = [];
  for (const table of discover([path], nodeFileSystem).tables) {
    files.push(...table.dataFiles);
    if (options.indexes !== true) continue;
    for (const directory of new Set(table.dataFiles.map((file) => join(file, '..')))) {
      for (const entry of nodeFileSystem.listSync(directory)) {
        if (entry.isDirectory && entry.name.startsWith('.'))
          files.push(...inDirectory(join(directory, entry.name), {}));
      }
    }
  }
  return files;
}
