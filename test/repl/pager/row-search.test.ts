import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import type { TextRow } from '../../../src/output/index.ts';
import { RowSearch } from '../../../src/repl/pager/row-search.ts';

function rowOf(...texts: string[]): TextRow {
  return { texts, widths: texts.map((text) => (text === '漢字x' ? 5 : text.length)), nulls: texts.map(() => false) };
}

const INVERTED = /\u001b\[7m(.*?)\u001b\[27m/g;

it('finds rows whatever their case, also those that come later, in both directions', () => {
  const rows = [rowOf('Alpha'), rowOf('b'), rowOf('x', 'ALPHABET')];
  const search = new RowSearch('alpha', rows);
  search.update();
  expect(search.found).toEqual([0, 2]);
  rows.push(rowOf('c'), rowOf('alphas'));
  search.update();
  expect(search.found).toEqual([0, 2, 4]);
  expect(search.nearest(1, 1)).toBe(1);
  expect(search.nearest(1, -1)).toBe(0);
  expect(search.nearest(5, 1)).toBe(-1);
});

it('puts what it finds in reverse video, in values and nowhere else', () => {
  const row = rowOf('ab', '漢字x', 'bAb a');
  const widths = [4, 6, 5];
  const line = '   \u001b[33mab\u001b[0m |  漢字x | bAb a';
  const highlighted = new RowSearch('b', [row]).highlight(line, row, widths);
  expect([...highlighted.matchAll(INVERTED)].map((match) => match[1])).toEqual(['b', 'b', 'b']);
  expect(stripVTControlCharacters(highlighted)).toBe(stripVTControlCharacters(line));
  // Behind wide characters.
  expect(new RowSearch('x', [row]).highlight(line, row, widths)).toContain('漢字\u001b[7mx\u001b[27m |');
  expect(new RowSearch('|', [row]).highlight(line, row, widths)).toBe(line);
});
