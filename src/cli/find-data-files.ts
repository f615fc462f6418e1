import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../errors/index.ts';
import { nodeFileSystem } from '../storage/files/index.ts';
import { discover } from '../storage/read/discover.ts';
import { dataFileOf, notAnSSTable } from '../storage/sstable/descriptor.ts';
import type { Options } from './arguments.ts';

export interface FindOptions {
  /** Hidden directories of secondary indexes too. */
  readonly indexes?: boolean;
}

/**
 * The Data.db files of paths: these files themselves, or what counts in the directories. What is left out of directories
 * is told on stderr.
 */
export function findDataFiles(
  paths: readonly string[],
  { quiet }: Pick<Options, 'quiet'>,
  options: FindOptions = {},
): string[] {
  const found: string[] = [];
  const notes = new Set<string>();
  for (const given of paths) {
    const path = resolve(given);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) throw new UsageError(`${given}: no such file or directory`);
    const dataFile = dataFileOf(path);
    if (stat.isDirectory()) found.push(...inDirectory(path, options, notes));
    else if (dataFile === null) throw notAnSSTable(path);
    else found.push(dataFile);
  }
  if (!quiet) for (const note of notes) process.stderr.write(`${note}\n`);
  return [...new Set(found)];
}

function inDirectory(path: string, options: FindOptions, notes: Set<string>): string[] {
  const files: string[] = [];
  const discovery = discover([path], nodeFileSystem);
  for (const note of discovery.notes) notes.add(note);
  for (const table of discovery.tables) {
    files.push(...table.dataFiles);
    if (options.indexes !== true) continue;
    for (const directory of new Set(table.dataFiles.map((file) => join(file, '..')))) {
      for (const entry of nodeFileSystem.listSync(directory)) {
        if (entry.isDirectory && entry.name.startsWith('.'))
          files.push(...inDirectory(join(directory, entry.name), {}, notes));
      }
    }
  }
  return files;
}
