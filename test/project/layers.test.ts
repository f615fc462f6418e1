import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Dependencies point one way. A room may import itself and any room before it in this list; everything else is a fault
 * of structure, whatever the code does.
 */
const LAYERS = [
  'src/errors',
  'src/bytes',
  'src/types',
  // The grammar builds the AST, so that its nodes' types stand before both.
  'src/parser/ast',
  'grammar',
  'src/parser',
  'src/schema',
  'src/storage',
  'src/planner',
  'src/executor',
  'src/session',
  'src/output',
  'src/transfer',
  'src/server',
  'src/library',
  'src/index.ts',
  'src/repl',
  'src/cli',
] as const;

/** Rooms that a room must not import although they stand before it. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  'src/storage': ['src/parser', 'src/parser/ast', 'grammar'],
  'src/repl': ['src/storage', 'src/planner', 'src/executor'],
  'src/output': ['src/storage', 'src/planner', 'src/executor', 'src/parser', 'src/parser/ast'],
};

const root = join(import.meta.dirname, '../..');

function sourceFiles(directory: string): string[] {
  return readdirSync(join(root, directory), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function layerOf(path: string): (typeof LAYERS)[number] | undefined {
  return LAYERS.find((layer) => path === layer || path.startsWith(`${layer}/`));
}

function importsOf(file: string): { target: string; typeOnly: boolean }[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found: { target: string; typeOnly: boolean }[] = [];
  for (const match of text.matchAll(/(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+'(\.[^']+)'/g)) {
    found.push({ target: normalize(join(dirname(file), match[2])), typeOnly: match[1] !== undefined });
  }
  for (const match of text.matchAll(/import\(\s*'(\.[^']+)'\s*\)/g)) {
    found.push({ target: normalize(join(dirname(file), match[1])), typeOnly: false });
  }
  return found;
}

const files = [...sourceFiles('src'), ...sourceFiles('grammar')];

describe('layers', () => {
  it('knows every source file', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => layerOf(file) === undefined)).toEqual([]);
  });

  it.each(LAYERS)('%s imports only what stands before it', (layer) => {
    const faults: string[] = [];
    for (const file of files.filter((name) => layerOf(name) === layer)) {
      for (const { target } of importsOf(file)) {
        const targetLayer = layerOf(target);
        if (targetLayer === undefined) continue;
        if (LAYERS.indexOf(targetLayer) > LAYERS.indexOf(layer) || FORBIDDEN[layer]?.includes(targetLayer)) {
          faults.push(`${file} imports ${target}`);
        }
      }
    }
    expect(faults).toEqual([]);
  });

  it('keeps parser, planner and shell out of cassette-cql/sstable', () => {
    const reached = new Set<string>();
    const visit = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const { target, typeOnly } of importsOf(file)) if (!typeOnly) visit(target);
    };
    visit('src/storage/sstable-library.ts');
    const allowed = ['src/errors', 'src/bytes', 'src/types', 'src/schema', 'src/storage'];
    expect([...reached].filter((file) => !allowed.includes(layerOf(file) ?? ''))).toEqual([]);
  });
});
