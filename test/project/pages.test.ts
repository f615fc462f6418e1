import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const SKIPPED = /^(node_modules|dist|tmp|\.git)/;

const everything = readdirSync(root, { withFileTypes: true })
  .filter((entry) => !SKIPPED.test(entry.name))
  .flatMap((entry) =>
    entry.isDirectory()
      ? readdirSync(join(root, entry.name), { recursive: true, encoding: 'utf8' }).map((name) => join(entry.name, name))
      : [entry.name],
  );
const pages = everything.filter((path) => path.endsWith('.md') && !path.startsWith('test-data/sample'));

describe('pages', () => {
  it('name only files that are there', () => {
    const faults: string[] = [];
    for (const page of pages) {
      const text = readFileSync(join(root, page), 'utf8');
      for (const [, name] of text.matchAll(/`([\w./-]+\.(?:tsx?|mjs|md|py|br))`/g)) {
        if (!everything.some((path) => path === name || path.endsWith(`/${name}`))) faults.push(`${page}: ${name}`);
      }
      for (const [, target] of text.matchAll(/\]\((?!https?:)([^)#\s]+)/g)) {
        if (!existsSync(join(root, dirname(page), target))) faults.push(`${page}: ${target}`);
      }
    }
    expect(faults).toEqual([]);
  });

  it('docs/README.md lists every page', () => {
    const index = readFileSync(join(root, 'docs/README.md'), 'utf8');
    const listed = pages.filter((page) => dirname(page) === 'docs' && page !== 'docs/README.md');
    expect(listed.filter((page) => !index.includes(`(${basename(page)})`))).toEqual([]);
  });

  it('stand in every room', () => {
    const rooms = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const folders = [...rooms.map(({ name }) => `src/${name}`), 'src', 'grammar', 'test', 'bench', 'test-data'];
    expect(folders.filter((folder) => !existsSync(join(root, folder, 'README.md')))).toEqual([]);
  });
});
