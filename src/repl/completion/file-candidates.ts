import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { Candidate } from './candidate.ts';

const MAX_FILES = 200;

/** Names in the directory that a half-typed path is in; folders first, hidden ones only when asked for. */
export function fileCandidates(typed: string, directory: string, closing: string): Candidate[] {
  const slash = typed.lastIndexOf('/') + 1;
  const folder = typed.slice(0, slash);
  const beginning = typed.slice(slash);
  try {
    return readdirSync(absolute(folder, directory), { withFileTypes: true })
      .filter((entry) => entry.name.startsWith(beginning) && (beginning !== '' || !entry.name.startsWith('.')))
      .sort((a, b) => Number(b.isDirectory()) - Number(a.isDirectory()) || (a.name < b.name ? -1 : 1))
      .slice(0, MAX_FILES)
      .map((entry) => ({
        kind: 'file',
        label: entry.isDirectory() ? `${entry.name}/` : entry.name,
        insert: folder + (entry.isDirectory() ? `${entry.name}/` : `${entry.name}${closing}`),
        detail: entry.isDirectory() ? 'folder' : 'file',
      }));
  } catch {
    // No such folder: nothing to offer.
    return [];
  }
}

function absolute(folder: string, directory: string): string {
  if (folder.startsWith('~/')) return join(homedir(), folder.slice(2));
  if (isAbsolute(folder)) return dirname(`${folder}.`);
  return join(directory, folder);
}
