// npm start: the shell on a copy of the sample database that is gone at the end; with arguments, `cassette` with them.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

if (process.argv.length === 2) {
  const sample = fileURLToPath(new URL('../test-data/sample', import.meta.url));
  const directory = mkdtempSync(join(tmpdir(), 'cassette-sample-'));
  const copy = join(directory, 'sample');
  cpSync(sample, copy, { recursive: true });
  const settings = { format: 1, hostId: 'c3a3a3f5-4a1a-4a56-8d43-3a4f7a8f0b1e', compatibility: 'nb' };
  writeFileSync(join(copy, 'cassette.json'), `${JSON.stringify(settings, null, 2)}\n`);
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  process.argv.push(copy, '--keyspace', 'shop');
}
await import('./cassette.js');
