import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The writer's lock on a database. The operating system releases it when the process dies. */
export interface DatabaseLock {
  release(): void;
}

/** Takes the lock, or returns null while another process (or another open database of this one) has it. */
export type TakeLock = (path: string) => DatabaseLock | null;

export const takeFileLock: TakeLock = (path) => {
  // Loaded here: whoever only reads needs no native module. The declaration is the part that is used.
  const { tryLock } = createRequire(import.meta.url)('fs-native-extensions') as { tryLock(fd: number): boolean };
  const fd = openSync(path, 'a+');
  let isHeld = false;
  try {
    isHeld = tryLock(fd);
  } finally {
    if (!isHeld) closeSync(fd);
  }
  return isHeld ? { release: () => closeSync(fd) } : null;
};
