import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The worker's script as built, beside this code or above its chunk; null where the sources run as they are. */
export function builtWorkerPath(): string | null {
  const places = ['./compaction-worker.js', '../compaction-worker.js'];
  const paths = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return paths.find((path) => existsSync(path)) ?? null;
}
