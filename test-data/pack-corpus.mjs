// pack-corpus.mjs CORPUS: makes test-data/corpus.tar.br, for machines that have the repository alone. Gzipped files are
// packed unzipped, which Brotli makes three times smaller; `gzipped.txt` tells which to zip again (test/support/corpus.ts).
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gunzipSync } from 'node:zlib';

const [corpus] = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), 'pack-corpus-'));
cpSync(corpus, work, { recursive: true });
execFileSync('chmod', ['-R', 'u+w', work]);
const gzipped = [];
for (const entry of readdirSync(work, { withFileTypes: true, recursive: true })) {
  const path = join(entry.parentPath, entry.name);
  if (!entry.isFile() || !path.endsWith('.gz')) continue;
  gzipped.push(relative(work, path));
  writeFileSync(path, gunzipSync(readFileSync(path)));
}
writeFileSync(join(work, 'gzipped.txt'), `${gzipped.sort().join('\n')}\n`);
const tar = execFileSync('tar', ['-c', '--sort=name', '--owner=0', '--group=0', '--mtime=2026-01-01', '-C', work, '.'], {
  maxBuffer: 1 << 30,
});
const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LARGE_WINDOW, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = constants;
writeFileSync(
  new URL('corpus.tar.br', import.meta.url),
  brotliCompressSync(tar, {
    params: {
      [BROTLI_PARAM_QUALITY]: 10,
      [BROTLI_PARAM_LARGE_WINDOW]: 1,
      [BROTLI_PARAM_LGWIN]: 28,
      [BROTLI_PARAM_SIZE_HINT]: tar.length,
    },
  }),
);
rmSync(work, { recursive: true, force: true });
