// The executable as scripts of which each is loaded when it is first needed: what no start needs costs no start. A module
// is in one of them only, and what they share is passed from one to the other.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';

const ENTRY = 'src/cli/entry.ts';

/**
 * The parts in the order in which they may import from each other: a module is in the first one whose roots reach it
 * by static imports. Later ones are reached by dynamic imports.
 */
const PARTS = [
  // A one-shot query, with what it imports dynamically.
  { name: 'program', roots: [ENTRY, 'src/cli/shell-command.ts', 'src/repl/config/config.ts'] },
  { name: 'engine', roots: ['src/storage/engine.ts'] },
  { name: 'writes', roots: ['src/session/embedded/session-writes.ts', 'src/storage/engine/writer.ts'] },
  // Definitions, also those of a schema that is not yet kept as JSON.
  { name: 'definitions', roots: ['src/session/embedded/schema-statements.ts', 'src/schema/sources/cql-source.ts'] },
  {
    name: 'shell',
    roots: ['src/repl/index.ts', 'src/repl/shell.ts', 'src/repl/history/history.ts', 'src/repl/greeting.ts'],
  },
];
/** Everything else that is imported. */
const LAST_PART = 'rest';
const NAMES = [...PARTS.map((part) => part.name), LAST_PART];
/** The launcher's `import()`, for code that is kept has none; as long as that word, so that source maps stay true. */
const IMPORT = 'Import';
/** Each part begins with it in a comment. */
const ID_PLACE = '0'.repeat(16);

/** Writes the parts and the launcher to `outdir`; returns the inputs of all, for their licences. */
export async function buildProgram(outdir, options) {
  const whole = await build({
    ...options,
    entryPoints: [ENTRY],
    format: 'esm',
    outdir: 'whole',
    splitting: true,
    write: false,
    plugins: [inkApart, lateBuiltins],
  });
  const graph = importGraph(whole.metafile.inputs);
  const partOf = assignParts(graph);
  const passed = await passedBetween(graph, partOf, options);
  mkdirSync(outdir, { recursive: true });
  const built = await Promise.all(NAMES.map((_, part) => buildPart(part, outdir, options, partOf, passed)));
  const files = built.flat();
  // One id for all parts: those of another build must never be loaded beside these.
  const id = createHash('sha256')
    .update(files.map(({ hash }) => hash).join())
    .digest('hex')
    .slice(0, ID_PLACE.length);
  for (const { path, text } of files) writeFileSync(path, path.endsWith('.map') ? text : text.replace(ID_PLACE, id));
  await build({
    ...options,
    entryPoints: ['src/cli/launch.ts'],
    format: 'cjs',
    outfile: join(outdir, 'launch.cjs'),
  });
  return whole.metafile.inputs;
}

/** Modules of the program with what they import, by path. */
function importGraph(inputs) {
  const graph = new Map();
  for (const [path, { imports }] of Object.entries(inputs)) {
    if (isLateBuiltin(path)) continue;
    const own = imports.filter((found) => !found.external && !isLateBuiltin(found.path));
    graph.set(
      path,
      own.map(({ path: target, kind }) => ({ target, isDynamic: kind === 'dynamic-import' })),
    );
  }
  return graph;
}

function assignParts(graph) {
  const partOf = new Map();
  const visit = (path, part) => {
    if (partOf.has(path)) return;
    partOf.set(path, part);
    for (const { target, isDynamic } of graph.get(path)) if (!isDynamic) visit(target, part);
  };
  for (const [index, { roots }] of PARTS.entries()) {
    for (const root of roots) {
      if (!graph.has(root)) throw new Error(`${root} is no part of the program`);
      visit(root, index);
    }
  }
  for (const path of graph.keys()) visit(path, PARTS.length);
  return partOf;
}

/**
 * What each part has to pass to others: for every part a map from the module's path to its exported names. All that
 * another part imports is passed by name and once, so that calls between parts cost what calls within one cost.
 */
async function passedBetween(graph, partOf, options) {
  const crossing = new Set();
  for (const [path, imports] of graph) {
    for (const { target } of imports) if (partOf.get(target) !== partOf.get(path)) crossing.add(target);
  }
  const { metafile } = await build({
    ...options,
    entryPoints: [...crossing],
    outdir: 'names',
    format: 'esm',
    splitting: true,
    write: false,
    plugins: [inkApart],
  });
  const passed = new Map();
  for (const { entryPoint, exports } of Object.values(metafile.outputs)) {
    if (!crossing.has(entryPoint)) continue;
    const part = partOf.get(entryPoint);
    if (!passed.has(part)) passed.set(part, new Map());
    passed.get(part).set(entryPoint, exports);
  }
  return passed;
}

/**
 * One part: a script whose value is a function, called by src/cli/launch.ts with what a CommonJS module gets, with
 * `part`, which gives a module of another one, and with `import()`.
 */
async function buildPart(part, outdir, options, partOf, passed) {
  const { outputFiles, metafile } = await build({
    ...options,
    stdin: {
      contents: partSource(part, passed.get(part) ?? new Map()),
      resolveDir: process.cwd(),
      sourcefile: `${NAMES[part]}-part.js`,
    },
    format: 'cjs',
    outfile: join(outdir, `${NAMES[part]}.cjs`),
    write: false,
    define: { 'import.meta.url': 'programUrl' },
    banner: {
      js: `/*${ID_PLACE}*/(function(exports,require,module,__filename,part,${IMPORT}){"use strict";const programUrl=require("node:url").pathToFileURL(__filename).href;`,
    },
    footer: { js: '})' },
    plugins: [inkApart, lateBuiltins, otherParts(part, partOf, passed)],
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  return outputFiles.map(({ path, hash, text }) => ({
    path,
    hash,
    text: path.endsWith('.map') ? text : withImports(text, imports),
  }));
}

/** The part with the launcher's `import()` in the place of its own. */
function withImports(text, imports) {
  let code = text;
  for (const { path, kind } of imports) {
    if (kind !== 'dynamic-import') continue;
    const own = `import(${JSON.stringify(path)})`;
    if (!code.includes(own)) throw new Error(`no ${own} in the part that has it`);
    code = code.replaceAll(own, `${IMPORT}(${JSON.stringify(path)})`);
  }
  return code;
}

/** Gives the modules that other parts ask for, each one evaluated when it is first asked for. */
function partSource(part, modules) {
  const cases = [...modules.keys()].map(
    (path) => `case ${JSON.stringify(path)}:return require(${JSON.stringify(`passed:${path}`)}).names();`,
  );
  return `${part === 0 ? `import './${ENTRY}';` : ''}
export function moduleOf(path){switch(path){${cases.join('')}}}`;
}

/** Imports of what is in another part: of an earlier one by names, of a later one when it is imported. */
function otherParts(part, partOf, passed) {
  return {
    name: 'other-parts',
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: /^passed:/ }, ({ path }) => ({ path: path.slice('passed:'.length), namespace: 'passed' }));
      onLoad({ filter: /./, namespace: 'passed' }, ({ path }) => {
        const names = passed.get(part).get(path);
        const imported = names.map((name) => `${name} as ${local(name)}`);
        const given = names.map((name) => `${name}:${local(name)}`);
        return {
          contents: `import {${imported}} from ${JSON.stringify(`./${path}`)};export function names(){return {${given}}}`,
          resolveDir: process.cwd(),
        };
      });
      onResolve({ filter: /./ }, async ({ path, pluginData, ...rest }) => {
        if (pluginData === 'found' || rest.kind === 'entry-point') return undefined;
        const found = await resolve(path, { ...rest, pluginData: 'found' });
        const own = relative(process.cwd(), found.path);
        const owner = partOf.get(own);
        if (found.external || owner === undefined || owner === part) return undefined;
        return { path: own, namespace: 'other-part' };
      });
      onLoad({ filter: /./, namespace: 'other-part' }, ({ path }) => {
        const owner = partOf.get(path);
        const names = passed.get(owner).get(path);
        const constants = names.map((name) => `const ${local(name)}=found.${name};export {${local(name)} as ${name}};`);
        return { contents: `const found=part("${NAMES[owner]}")(${JSON.stringify(path)});${constants.join('')}` };
      });
    },
  };
}

/** A name that may be declared, for one that may be `default`. */
const local = (name) => (name === 'default' ? 'defaultExport' : name);

const inkApart = {
  name: 'ink-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/ink-frame\.tsx$/ }, () => ({ path: './ink-frame.js', external: true }));
  },
};

const isLateBuiltin = (path) => path.startsWith('late-builtin:');

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
