// Bundles the executable and the library entries into dist/, with the licences of what is bundled. `--types` also writes
// the declarations of the library, `--quiet` skips an up-to-date build. React, Ink and Arrow are loaded when first used.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

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
      sstable: 'src/storage/sstable/index.ts',
      'compaction-worker': 'src/storage/compaction/compaction-worker.ts',
      'dump-worker': 'src/storage/sstable/dump/dump-worker.ts',
      'ink-frame': 'src/repl/view/ink-frame.tsx',
    },
    splitting: true,
    format: 'esm',
    outdir,
    entryNames: '[name]',
    chunkNames: 'chunks/[name]-[hash]',
  });
}

/**
 * The executable: one script whose value is a function, called by src/cli/launch.ts with what a CommonJS module gets. A
 * module is evaluated when first imported. One file is found and read faster than forty, and its compiled code is kept.
 */
async function buildProgram(outfile) {
  const idPlace = '0'.repeat(16);
  const { metafile, outputFiles } = await build({
    ...shared,
    ...minified,
    entryPoints: ['src/cli/entry.ts'],
    format: 'cjs',
    outfile,
    write: false,
    define: { 'import.meta.url': 'programUrl' },
    banner: {
      js: `/*${idPlace}*/(function(exports,require,module,__filename){"use strict";const programUrl=require("node:url").pathToFileURL(__filename).href;`,
    },
    footer: { js: '})' },
    plugins: [inkApart, lateBuiltins],
  });
  for (const { path, text, hash } of outputFiles) {
    const id = createHash('sha256').update(hash).digest('hex').slice(0, idPlace.length);
    writeFileSync(path, path.endsWith('.map') ? text : text.replace(idPlace, id));
  }
  await build({
    ...shared,
    ...minified,
    entryPoints: ['src/cli/launch.ts'],
    format: 'cjs',
    outfile: outfile.replace('program', 'launch'),
  });
  return metafile;
}

const inkApart = {
  name: 'ink-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/ink-frame\.tsx$/ }, () => ({ path: './ink-frame.js', external: true }));
  },
};

/** Parts of Node that cost milliseconds to load and that few statements need: required when one of their names is used. */
const lateBuiltins = {
  name: 'late-builtins',
  setup({ onResolve, onLoad }) {
    const namespace = 'late-builtin';
    onResolve({ filter: /^node:(crypto|child_process|fs\/promises|net|worker_threads)$/ }, (found) =>
      found.namespace === namespace ? { path: found.path, external: true } : { path: found.path, namespace },
    );
    onLoad({ filter: /./, namespace }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default');
      const getters = names.map((name) => `get ${name}(){return require("${path}").${name}}`);
      return { contents: `module.exports={${getters}}`, loader: 'js' };
    });
  },
};

const marker = 'dist/program.cjs';
const quiet = process.argv.includes('--quiet');
const upToDate =
  existsSync(marker) &&
  statSync(marker).mtimeMs >
    Math.max(...['src', 'grammar', 'package.json', 'package-lock.json', 'build.mjs'].map(newest));

if (!(quiet && upToDate)) {
  // Built beside and swapped in, so that a program started meanwhile finds a whole one.
  const fresh = `dist.${process.pid}`;
  const modules = await buildModules(fresh);
  const program = await buildProgram(join(fresh, 'program.cjs'));
  writeFileSync(join(fresh, 'LICENSES.txt'), bundledLicences({ ...modules.metafile.inputs, ...program.inputs }));
  rmSync('dist.old', { recursive: true, force: true });
  if (existsSync('dist')) renameSync('dist', 'dist.old');
  renameSync(fresh, 'dist');
  rmSync('dist.old', { recursive: true, force: true });
}
if (process.argv.includes('--types')) {
  execFileSync('npx', ['tsc', '-p', 'tsconfig.types.json'], { stdio: 'inherit' });
  keepReachedDeclarations('dist/types', ['src/index.d.ts', 'src/storage/sstable/index.d.ts']);
}
