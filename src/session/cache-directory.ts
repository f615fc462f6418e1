import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where what can be made again is kept for this user: `CASSETTE_CACHE`, else `cassette` in the XDG cache directory. */
export function cacheDirectory(): string {
  return process.env['CASSETTE_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'cassette');
}
