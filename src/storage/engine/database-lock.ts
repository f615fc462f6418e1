import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The writer's lock on a database. The operating system releases it when the process dies. */
export interface DatabaseLock {
  release(): void;
}

/** Takes the lock, or returns null while another process (or another open database of this one) has it. */
export type TakeLock = (path: string) => DatabaseLock | null;

export const takeFileLock: TakeLock = (path) => {
  const tryLock = loadTryLock();
  const fd = openSync(path, 'a+');
  let isHeld = false;
  try {
    isHeld = tryLock(fd);
  } finally {
    if (!isHeld) closeSync(fd);
  }
  return isHeld ? { release: () => closeSync(fd) } : null;
};

const require = createRequire(import.meta.url);

/**
 * Loaded when a lock is wanted: whoever only reads needs no native module. The package's own way of finding its binary
 * takes 30 ms, most of a start; where the binary is at its place in the package it is loaded from there in 1 ms.
 */
function loadTryLock(): (fd: number) => boolean {
  try {
    const home = dirname(require.resolve('fs-native-extensions/package.json'));
    const path = join(home, 'prebuilds', `${process.platform}-${process.arch}`, 'fs-native-extensions.node');
    // The binary's declaration, as the package's index.js calls it.
    const binding = require(path) as { tryLock(fd: number, offset: number, length: number, exclusive: boolean): void };
    return (fd) => granted(() => binding.tryLock(fd, 0, 0, true));
  } catch {
    // The part of the package's declaration that is used.
    return (require('fs-native-extensions') as { tryLock(fd: number): boolean }).tryLock;
  }
}

function granted(lock: () => void): boolean {
  try {
    lock();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return false;
    throw error;
  }
}
