import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildProgram } from './program.ts';

const root = join(import.meta.dirname, '../..');
const directory = mkdtempSync(join(tmpdir(), 'cassette-package-'));
const modules = join(directory, 'node_modules');
const installed = join(modules, 'cassette-cql');

/** Installs what `npm pack` makes, beside the packages that it depends on. */
beforeAll(async () => {
  await buildProgram();
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', directory], {
    cwd: root,
    encoding: 'utf8',
  });
  const [{ filename }] = JSON.parse(packed);
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['xzf', join(directory, filename), '-C', installed, '--strip-components', '1']);
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
}, 120_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('has declarations that a strict program compiles against', () => {
  writeFileSync(
    join(directory, 'program.ts'),
    `import { open, type Row } from 'cassette-cql';
     import { nodeFileSystem, openSSTable } from 'cassette-cql/sstable';
     export async function first(path: string): Promise<Row | undefined> {
       const db = await open(path);
       return (await db.execute('SELECT * FROM ks.t WHERE id = ?', [1])).rows[0];
     }
     // @ts-expect-error: a path is text
     export const wrong = () => open(1);
     export const readers = [nodeFileSystem, openSSTable];`,
  );
  const compilerOptions = { module: 'NodeNext', target: 'ES2022', strict: true, noEmit: true, types: ['node'] };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', directory], { encoding: 'utf8' });
});

it('runs without the packages that its bundle holds', () => {
  const run = (args: string[]) => execFileSync(process.execPath, args, { cwd: directory, encoding: 'utf8' });
  expect(
    run([join(installed, 'bin/cassette.js'), join(installed, 'test-data/sample'), '-e', 'DESCRIBE KEYSPACES']),
  ).toContain('shop');
  const program = `for (const entry of ['cassette-cql', 'cassette-cql/sstable']) console.log(Object.keys(await import(entry)).length > 0)`;
  expect(run(['--input-type=module', '-e', program])).toBe('true\ntrue\n');
});

it('has the licence of all code that its bundle holds', () => {
  const licences = readFileSync(join(installed, 'dist/LICENSES.txt'), 'utf8');
  for (const name of ['chevrotain', 'lodash-es', 'smol-toml', 'string-width', 'wrap-ansi']) {
    expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(.+\\)$`, 'm'));
  }
  expect(licences).toContain('Copyright');
});
