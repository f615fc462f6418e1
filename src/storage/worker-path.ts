import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A worker's script as built, beside this code or above its chunk; null where the sources run as they are. */
export function builtWorkerPath(name: 'compaction-worker' | 'dump-worker'): string | null {
  const paths = ['.', '..'].map((place) => fileURLToPath(new URL(`${place}/${name}.js`, import.meta.url)));
  return paths.find((path) => existsSync(path)) ?? null;
}
