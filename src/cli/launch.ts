import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { constants, Script } from 'node:vm';
import { cacheDirectory } from '../session/cache-directory.ts';
import { readCodeCache, writeCodeCache } from './code-cache.ts';

/** What the program's one expression is called with: the parameters of a CommonJS module. */
type Program = (exports: object, require: NodeJS.Require, module: object, filename: string) => void;

// The build begins with its id in a comment.
const ID_START = 2;
const ID_END = ID_START + 16;

/**
 * Starts the program in `path`, a script whose value is a function (build.mjs makes it), with the code that an earlier
 * start of the like compiled. Compiling is most of a one-shot query's start: docs/start-up.md.
 */
export function launch(path: string): void {
  silenceLoaderWarning();
  // The build is ASCII: as Latin-1 it need not be decoded.
  const source = readFileSync(path, 'latin1');
  const fit = `${source.slice(ID_START, ID_END)}-${process.version}-${process.arch}`;
  const cachePath = join(cacheDirectory(), `code-${purposeOf(process.argv.slice(2))}-${fit}.bin`);
  const known = readCodeCache(cachePath);
  const script = new Script(source, {
    filename: path,
    cachedData: known ?? undefined,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (known === null || script.cachedDataRejected === true) {
    process.once('exit', () => {
      const code = script.createCachedData();
      // A run that compiled next to nothing (--version) has nothing worth keeping.
      if (code.length > source.length / 2) writeCodeCache(cachePath, code);
    });
  }
  // The script's value, as build.mjs wraps it.
  const program = script.runInThisContext() as Program;
  const require = createRequire(path);
  const module = { exports: {}, require };
  program(module.exports, require, module, path);
}

/** Node 20 warns of the loader below as experimental when the first package loads: nothing that a user could act upon. */
function silenceLoaderWarning(): void {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning: string | Error, ...options: unknown[]): void => {
    if (String(warning).includes('USE_MAIN_CONTEXT_DEFAULT_LOADER')) return;
    Reflect.apply(emitWarning, process, [warning, ...options]);
  };
}

/** Starts that run the same code share a file. All code in one file would take a query twice as long to read. */
function purposeOf(argv: readonly string[]): string {
  const execute = argv.indexOf('-e');
  if (execute >= 0) return /^\s*select\b/i.test(argv[execute + 1] ?? '') ? 'select' : 'statement';
  if (argv.includes('-f')) return 'script';
  return process.stdin.isTTY ? 'shell' : 'program';
}
