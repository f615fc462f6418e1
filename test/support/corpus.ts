import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, constants, gzipSync } from 'node:zlib';

const ROOT = join(import.meta.dirname, '../..');

/**
 * SSTables by Cassandra with its own answers: CASSETTE_CORPUS, or the one beside the repository, or the one packed in it,
 * which is unpacked once into the temporary directory.
 */
export const CORPUS = process.env['CASSETTE_CORPUS'] ?? besideRepository() ?? unpacked();

function besideRepository(): string | null {
  const beside = join(ROOT, '../shared/corpus');
  return existsSync(beside) ? beside : null;
}

function unpacked(): string {
  const packed = readFileSync(join(ROOT, 'test-data/corpus.tar.br'));
  const target = join(tmpdir(), `cassette-corpus-${createHash('sha256').update(packed).digest('hex').slice(0, 12)}`);
  if (existsSync(target)) return target;
  const own = `${target}.${process.pid}`;
  mkdirSync(own);
  const tar = brotliDecompressSync(packed, { params: { [constants.BROTLI_DECODER_PARAM_LARGE_WINDOW]: 1 } });
  execFileSync('tar', ['-x', '-C', own], { input: tar });
  for (const name of readFileSync(join(own, 'gzipped.txt'), 'utf8').split('\n')) {
    if (name === '') continue;
    const path = join(own, name);
    writeFileSync(path, gzipSync(readFileSync(path), { level: 1 }));
  }
  try {
    renameSync(own, target);
  } catch {
    // Another worker was faster; its corpus is the same.
  }
  return target;
}
