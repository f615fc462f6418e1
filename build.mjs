// Bundles the executable and the library entries into dist/, with the licences of what is bundled. `--types` also writes
// the declarations of the library, `--quiet` skips an up-to-date build. React, Ink and Arrow are loaded when first used.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildProgram } from './build-program.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
process.chdir(root);

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Adds the package in a directory and all that it depends on, wherever npm put these, to `directories`. */
function addWithDependencies(directory, directories) {
  if (directories.has(directory)) return;
  directories.add(directory);
  const { dependencies = {} } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    const nested = join(directory, 'node_modules', name);
    addWithDependencies(existsSync(nested) ? nested : join('node_modules', name), directories);
  }
}

/**
 * The licence texts of the packages that a bundle holds. Packages are taken with their dependencies, for a package may
 * come as one file that already holds these (Chevrotain does).
 */
function bundledLicences(inputs) {
  const directories = new Set();
  for (const input of Object.keys(inputs)) {
    const directory = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
    if (directory !== undefined) addWithDependencies(directory, directories);
  }
  const texts = [...directories].map((directory) => {
    const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    const file = readdirSync(directory).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
    if (file === undefined) throw new Error(`${name} is bundled, and has no file with its licence`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(directory, file), 'utf8').trim()}\n`;
  });
  return `Cassette's program files hold code of these packages:\n\n${texts.sort().join(`\n${'-'.repeat(78)}\n\n`)}`;
}

/** Removes all declarations that the library's entries do not reach: those of the shell and of the command line. */
function keepReachedDeclarations(directory, entries) {
  const reached = new Set();
  const visit = (file) => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const match of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*['"](\.[^'"]+)\.tsx?['"]/g)) {
      visit(join(dirname(file), `${match[1]}.d.ts`));
    }
  };
  for (const entry of entries) visit(join(directory, entry));
  for (const entry of readdirSync(directory, { recursive: true })) {
    const file = join(directory, entry);
    if (file.endsWith('.d.ts') && !reached.has(file)) rmSync(file);
  }
}

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  // Native code, and large libraries that are loaded when first used. All else is bundled: a module costs more to find
  // than to run.
  external: [
    'lz4-napi',
    'snappy',
    'zstd-napi',
    'fs-native-extensions',
    'apache-arrow',
    'ink',
    'react',
    'react/*',
    'cli-highlight',
  ],
  // Bundled, as one small file: loading its modules one by one would take longer than all the rest of a query.
  alias: { chevrotain: './node_modules/chevrotain/lib/chevrotain.min.mjs' },
  sourcemap: true,
  jsx: 'automatic',
  logLevel: 'warning',
  metafile: true,
};

/** For the executable. Names stay: users meet classes in what Node prints, and stacks in bug reports. */
const minified = { minifySyntax: true, minifyWhitespace: true };

/**
 * The library, the compaction worker, and what the shell draws with: modules, since Ink can be nothing else. Lines stay, for
 * Node prints the one that an uncaught error comes from.
 */
function buildModules(outdir) {
  return build({
    ...shared,
    entryPoints: {
      index: 'src/index.ts',
      sstable: 'src/storage/sstable-library.ts',
      'compaction-worker': 'src/storage/compaction/compaction-worker.ts',
      'ink-frame': 'src/repl/view/ink-frame.tsx',
    },
    splitting: true,
    format: 'esm',
    outdir,
    entryNames: '[name]',
    chunkNames: 'chunks/[name]-[hash]',
  });
}

const marker = 'dist/program.cjs';
const quiet = process.argv.includes('--quiet');
const upToDate =
  existsSync(marker) &&
  statSync(marker).mtimeMs >
    Math.max(...['src', 'grammar', 'package.json', 'package-lock.json', 'build.mjs', 'build-program.mjs'].map(newest));

if (!(quiet && upToDate)) {
  // Built beside and swapped in, so that a program started meanwhile finds a whole one.
  const fresh = `dist.${process.pid}`;
  const modules = await buildModules(fresh);
  const program = await buildProgram(fresh, { ...shared, ...minified });
  writeFileSync(join(fresh, 'LICENSES.txt'), bundledLicences({ ...modules.metafile.inputs, ...program }));
  rmSync('dist.old', { recursive: true, force: true });
  if (existsSync('dist')) renameSync('dist', 'dist.old');
  renameSync(fresh, 'dist');
  rmSync('dist.old', { recursive: true, force: true });
}
if (process.argv.includes('--types')) {
  execFileSync('npx', ['tsc', '-p', 'tsconfig.types.json'], { stdio: 'inherit' });
  keepReachedDeclarations('dist/types', ['src/index.d.ts', 'src/storage/sstable-library.d.ts']);
}
