import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const manifest = JSON.parse(read('package.json'));

/** What build.mjs leaves out of the bundle, so that it must be installed with it. */
const external = [
  ...(/external: \[([^\]]*)\]/.exec(read('build.mjs'))?.[1] ?? '').matchAll(/'([^'/]+)(?:\/\*)?'/g),
].map((match) => match[1]);

/** The packages that the source names with `pattern`. */
function packagesNamed(pattern: RegExp): string[] {
  const found = new Set<string>();
  for (const directory of ['src', 'grammar']) {
    for (const entry of readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(entry)) continue;
      for (const match of read(join(directory, entry)).matchAll(pattern)) {
        const name = match[1] ?? match[2];
        if (!name.startsWith('node:')) found.add(name.split('/')[0]);
      }
    }
  }
  return [...found];
}

const imported = packagesNamed(/^(?:import|export) (?!type)[^'";]*from '([^.'][^']*)'|\bimport\('([^.'][^']*)'\)/gm);
// JSX is compiled to imports of React's runtime.
imported.push('react');
const loaded = packagesNamed(/\b(?:require|load)\('([^.'][^']*)'\)/g);

describe('dependencies', () => {
  it('are what the program finds at run time: what is not bundled, and what is loaded by name', () => {
    const atRunTime = [...new Set([...imported.filter((name) => external.includes(name)), ...loaded])];
    expect(Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }).sort()).toEqual(
      atRunTime.sort(),
    );
  });

  it('are needed for building only where the bundle holds the code', () => {
    const bundled = imported.filter((name) => !external.includes(name));
    expect(bundled.length).toBeGreaterThan(0);
    expect(bundled.filter((name) => !(name in manifest.devDependencies))).toEqual([]);
  });
});
