import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { invariant } from '../errors/invariant.ts';
import { UsageError } from '../errors/usage-error.ts';
import { cacheDirectory } from '../session/cache-directory.ts';
import { readCodeCache, writeCodeCache } from './code-cache.ts';

/** Gives a module of a part, by its path in the sources. */
type ModuleOf = (path: string) => object;

/** What a part's one expression is called with: a CommonJS module's parameters, the way to other parts, and `import()`. */
type Part = (
  exports: { moduleOf?: ModuleOf },
  require: NodeJS.Require,
  module: { exports: { moduleOf?: ModuleOf } },
  filename: string,
  part: (name: string) => ModuleOf,
  importModule: (specifier: string) => Promise<object>,
) => void;

// The build begins with its id in a comment.
const ID_START = 2;
const ID_END = ID_START + 16;

/**
 * Starts the program in `directory`: scripts whose values are functions (build-program.mjs makes them), with the code that
 * an earlier start of the like compiled. Compiling is most of a one-shot query's start: docs/start-up.md.
 */
export function launch(directory: string): void {
  const purpose = purposeOf(process.argv.slice(2));
  const loaded = new Map<string, ModuleOf>();
  let build: string | null = null;
  const part = (name: string): ModuleOf => {
    const known = loaded.get(name);
    if (known !== undefined) return known;
    const path = join(directory, `${name}.cjs`);
    // The build is ASCII: as Latin-1 it need not be decoded.
    const source = readFileSync(path, 'latin1');
    const id = source.slice(ID_START, ID_END);
    build ??= id;
    if (id !== build) throw new UsageError('the program was replaced by another version while it ran: start it again');
    const run = compile(path, source, `${name}-${purpose}-${id}`);
    const module: { exports: { moduleOf?: ModuleOf } } = { exports: {} };
    const moduleOf: ModuleOf = (wanted) => {
      const found = module.exports.moduleOf?.(wanted);
      invariant(found !== undefined, `${path} has no ${wanted}`);
      return found;
    };
    loaded.set(name, moduleOf);
    run(module.exports, createRequire(path), module, path, part, importModule);
    return moduleOf;
  };
  part('program');
}

function compile(path: string, source: string, name: string): Part {
  const cachePath = join(cacheDirectory(), `code-${name}-${process.version}-${process.arch}.bin`);
  const known = readCodeCache(cachePath);
  const script = new Script(source, { filename: path, cachedData: known ?? undefined });
  if (known === null || script.cachedDataRejected === true) {
    process.once('exit', () => {
      const code = script.createCachedData();
      // A run that compiled next to nothing (--version) has nothing worth keeping.
      if (code.length > source.length / 2) writeCodeCache(cachePath, code);
    });
  }
  // The script's value, as build-program.mjs wraps it.
  return script.runInThisContext() as Part;
}

/**
 * `import()` of the parts. Their own would fail in every start but the first: Node knows a script that may import by a
 * symbol, and the one in kept code is another.
 */
const importModule = (specifier: string): Promise<object> => import(specifier);

/** Starts that run the same code share a file. All code in one file would take a query twice as long to read. */
function purposeOf(argv: readonly string[]): string {
  const execute = argv.indexOf('-e');
  if (execute >= 0) return /^\s*select\b/i.test(argv[execute + 1] ?? '') ? 'select' : 'statement';
  if (argv.includes('-f')) return 'script';
  return process.stdin.isTTY ? 'shell' : 'program';
}
