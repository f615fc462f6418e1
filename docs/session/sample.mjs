// A copy of test-data/sample that may be written to.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export function copySample() {
  const directory = mkdtempSync(join(tmpdir(), 'cassette-session-'));
  const database = join(directory, 'sample');
  cpSync(fileURLToPath(new URL('../../test-data/sample', import.meta.url)), database, { recursive: true });
  const settings = { format: 1, hostId: 'c3a3a3f5-4a1a-4a56-8d43-3a4f7a8f0b1e', compatibility: 'nb' };
  writeFileSync(join(database, 'cassette.json'), `${JSON.stringify(settings, null, 2)}\n`);
  return { directory, database };
}

export function removeSample({ directory }) {
  rmSync(directory, { recursive: true, force: true });
}
