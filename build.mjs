// Bundles the executable and the library entries into dist/. `--types` also writes declarations, `--quiet` skips an
// up-to-date build. React, Ink, Arrow and Parquet stay in chunks of their own, loaded when first used.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));
process.chdir(root);

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const marker = 'dist/cli.js';
const quiet = process.argv.includes('--quiet');
const upToDate =
  existsSync(marker) &&
  statSync(marker).mtimeMs > Math.max(newest('src'), newest('grammar'), newest('package.json'), newest('build.mjs'));

if (!(quiet && upToDate)) {
  // Built beside and swapped in, so that a program started meanwhile finds a whole one.
  const fresh = `dist.${process.pid}`;
  await build({
    entryPoints: {
      cli: 'src/cli/entry.ts',
      index: 'src/index.ts',
      sstable: 'src/storage/sstable/index.ts',
      'compaction-worker': 'src/storage/compaction/compaction-worker.ts',
    },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    outdir: fresh,
    entryNames: '[name]',
    chunkNames: 'chunks/[name]-[hash]',
    // Native code, and large libraries that are loaded when first used. All else is bundled: a module costs more to find
    // than to run.
    external: [
      'lz4-napi',
      'snappy',
      'zstd-napi',
      'fs-native-extensions',
      'apache-arrow',
      'hyparquet-writer',
      'ink',
      'react',
      'react/*',
      'cli-highlight',
    ],
    // Bundled, as one small file: loading its modules one by one would take longer than all the rest of a query.
    alias: { chevrotain: './node_modules/chevrotain/lib/chevrotain.min.mjs' },
    sourcemap: true,
    // Names stay: users meet classes in what Node prints, and stacks in bug reports.
    minifySyntax: true,
    minifyWhitespace: true,
    jsx: 'automatic',
    logLevel: 'warning',
  });
  rmSync('dist.old', { recursive: true, force: true });
  if (existsSync('dist')) renameSync('dist', 'dist.old');
  renameSync(fresh, 'dist');
  rmSync('dist.old', { recursive: true, force: true });
}
if (process.argv.includes('--types')) {
  execFileSync('npx', ['tsc', '-p', 'tsconfig.types.json'], { stdio: 'inherit' });
}
