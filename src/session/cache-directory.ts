import { readdirSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** What was not used for so long goes when a new file is written. */
const KEPT_MILLIS = 30 * 24 * 3600 * 1000;

/** Where what can be made again is kept for this user: `CASSETTE_CACHE`, else `cassette` in the XDG cache directory. */
export function cacheDirectory(): string {
  return process.env['CASSETTE_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'cassette');
}

/**
 * Bounds the files beside `path`, which was just written, whose names begin with `prefix`: those that nobody used for a
 * month go, and all but the `most` used last. Other processes may do the same meanwhile.
 */
export function removeUnused(path: string, prefix: string, most: number): void {
  const directory = dirname(path);
  const others: { path: string; usedMillis: number }[] = [];
  for (const name of readdirSync(directory)) {
    const other = join(directory, name);
    if (!name.startsWith(prefix) || other === path) continue;
    const stat = statSync(other, { throwIfNoEntry: false });
    // Where a mount does not note reads, the time of writing counts.
    if (stat !== undefined) others.push({ path: other, usedMillis: Math.max(stat.atimeMs, stat.mtimeMs) });
  }
  others.sort((a, b) => b.usedMillis - a.usedMillis);
  for (const [i, other] of others.entries()) {
    if (i >= most - 1 || Date.now() - other.usedMillis > KEPT_MILLIS) rmSync(other.path, { force: true });
  }
}
