import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { takeFileLock } from '../../../src/storage/engine/database-lock.ts';

it('is held by one at a time, and free again once released', () => {
  const directory = mkdtempSync(join(tmpdir(), 'cassette-lock-'));
  const path = join(directory, 'lock');
  try {
    const first = takeFileLock(path);
    expect(first).not.toBeNull();
    expect(takeFileLock(path)).toBeNull();
    first?.release();
    const second = takeFileLock(path);
    expect(second).not.toBeNull();
    second?.release();
  } finally {
    rmSync(directory, { recursive: true });
  }
});
