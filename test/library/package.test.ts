import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const BUILD = [
  'build.mjs',
  'build-program.mjs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.types.json',
];
const SOURCES = ['src', 'grammar', 'bin', ...BUILD, 'README.md', 'LICENSE', 'test-data/sample'];

/** What `npm publish` would send, installed in a project of its own, and used as the pages say. */
let project: string;

beforeAll(() => {
  const directory = mkdtempSync(join(tmpdir(), 'cassette-package-'));
  project = join(directory, 'project');
  const tree = join(directory, 'tree');
  for (const path of SOURCES) cpSync(join(ROOT, path), join(tree, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', directory], { cwd: tree, stdio: 'pipe' });
  const tarball = readdirSync(directory).find((name) => name.endsWith('.tgz')) ?? '';
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, 'cassette-cql'), { recursive: true });
  execFileSync('tar', ['xzf', join(directory, tarball), '--strip', '1', '-C', join(modules, 'cassette-cql')]);
  // What npm would install beside it, and no more: the bundle has the rest.
  const { dependencies } = JSON.parse(readFileSync(join(modules, 'cassette-cql/package.json'), 'utf8'));
  for (const name of [...Object.keys(dependencies), '@types']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  // Node 20 runs no TypeScript: what is compiled strictly is also written as JavaScript.
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    target: 'es2022',
    module: 'nodenext',
    types: ['node'],
    rootDir: '.',
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
}, 300_000);

afterAll(() => rmSync(join(project, '..'), { recursive: true, force: true }));

function blocksOf(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block);
}

function run(...args: string[]): string {
  return execFileSync(process.execPath, args, { cwd: project, encoding: 'utf8', stdio: 'pipe' });
}

describe('the package', () => {
  it('compiles and runs what docs/library.md shows', () => {
    const blocks = blocksOf('docs/library.md');
    expect(blocks.length).toBeGreaterThan(1);
    for (const [i, block] of blocks.entries()) writeFileSync(join(project, `library${i}.ts`), block);
    run(join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.');
    const outputs = blocks.map((_, i) => run(`library${i}.js`));
    expect(outputs[0]).toContain('1970-01-01T00:00:03.000Z 1.5');
    expect(outputs[1].trim().split('\n')).toHaveLength(3);
    expect(outputs[2]).toMatch(/^2 out\/lab\/readings\/nb-1-big-Data\.db$/m);
    const read = ['out/lab/readings', '--format', 'jsonl', '-e', 'SELECT * FROM lab.readings WHERE key = 7'];
    const program = 'node_modules/cassette-cql/bin/cassette.js';
    expect(run(program, ...read)).toBe(
      '{"key": 7, "clustering1": "1970-01-01 00:00:01.000Z", "tags": ["indoor"], "value": 0.5}\n',
    );
  });

  it('names its classes as the pages do', () => {
    const names = ['CqlError', 'CorruptionError', 'Database', 'Decimal', 'Duration', 'LocalDate', 'LocalTime'];
    writeFileSync(
      join(project, 'names.js'),
      `import * as cassette from 'cassette-cql';
       console.log(${JSON.stringify(names)}.map((name) => cassette[name].name).join());
       const db = await cassette.open();
       try { await db.execute('SELECT * FRM t'); } catch (error) { console.log(error.stack.split(':')[0], error.code); }
       await db.close();`,
    );
    expect(run('names.js').split('\n').slice(0, 2)).toEqual([names.join(), 'CqlError SyntaxException']);
  });

  it.skipIf(!('require_module' in process.features))('can be required', () => {
    writeFileSync(
      join(project, 'required.cjs'),
      `const { open } = require('cassette-cql');
       open().then(async (db) => { console.log((await db.execute('SELECT key FROM system.local')).first()); await db.close(); });`,
    );
    expect(run('required.cjs')).toContain("{ key: 'local' }");
  });

  it('has the licence of all code that its bundle holds', () => {
    const licences = readFileSync(join(project, 'node_modules/cassette-cql/dist/LICENSES.txt'), 'utf8');
    for (const name of ['chevrotain', 'get-east-asian-width', 'lodash-es', 'slice-ansi', 'smol-toml']) {
      expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(.+\\)$`, 'm'));
    }
    expect(licences).toContain('Copyright');
  });

  it('starts as a program', () => {
    const program = 'node_modules/cassette-cql/bin/cassette.js';
    expect(run(program, '-e', 'SELECT 1 + 1 AS two', '--format', 'json')).toContain('"two": 2');
  });
});
