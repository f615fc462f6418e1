import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { type EditorView, layoutEditor } from '../../../src/repl/view/editor-layout.ts';
import { themeOf } from '../../../src/repl/view/theme.ts';

function view(text: string, overrides: Partial<EditorView> = {}): EditorView {
  return {
    text,
    cursor: text.length,
    spans: [],
    prompt: 'cassette> ',
    columns: 40,
    maxRows: 100,
    theme: themeOf('none'),
    labelOf: (character) => character,
    ...overrides,
  };
}

describe('layoutEditor', () => {
  it('puts a prompt before the first line and dots before the others', () => {
    expect(layoutEditor(view('SELECT *\nFROM t'))).toEqual({
      rows: ['cassette> SELECT *', '      ... FROM t'],
      cursorRow: 1,
      cursorColumn: 16,
    });
  });

  it('breaks long lines under their text', () => {
    const { rows, cursorRow, cursorColumn } = layoutEditor(view('x'.repeat(45)));
    expect(rows).toEqual([`cassette> ${'x'.repeat(30)}`, `${' '.repeat(10)}${'x'.repeat(15)}`]);
    expect([cursorRow, cursorColumn]).toEqual([1, 25]);
  });

  it('gives the cursor a row of its own behind a full row', () => {
    const { rows, cursorRow, cursorColumn } = layoutEditor(view('x'.repeat(30)));
    expect(rows).toHaveLength(2);
    expect([cursorRow, cursorColumn]).toEqual([1, 10]);
  });

  it('counts wide and combining characters as they are shown', () => {
    expect(layoutEditor(view('日本e\u0301')).cursorColumn).toBe(15);
  });

  it('shows labels and control characters', () => {
    const labelled = layoutEditor(view('a\u{100000}b', { labelOf: (c) => (c === '\u{100000}' ? '[pasted]' : c) }));
    expect(labelled.rows).toEqual(['cassette> a[pasted]b']);
    expect(layoutEditor(view('a\tb\u0007')).rows).toEqual(['cassette> a  b^G']);
  });

  it('styles spans and closes them at the end of each row', () => {
    const theme = { ...themeOf('none'), keyword: '1' };
    const { rows } = layoutEditor(view('ab\ncd', { theme, spans: [{ start: 0, end: 5, style: 'keyword' }] }));
    expect(rows).toEqual(['cassette> \u001b[1mab\u001b[0m', '      ... \u001b[1mcd\u001b[0m']);
  });

  it('keeps the cursor in a window of rows', () => {
    const text = Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n');
    const { rows, cursorRow } = layoutEditor(view(text, { cursor: text.indexOf('line 25'), maxRows: 5 }));
    expect(rows).toHaveLength(5);
    expect(rows[cursorRow]).toContain('line 25');
  });

  it('never makes a row wider than the terminal, whatever is typed', () => {
    const characters = fc.constantFrom('a', ' ', '日', 'e\u0301', '👩‍🚀', '\n', '\t', 'ש', '\u0000');
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 60 }), fc.integer({ min: 6, max: 50 }), (parts, columns) => {
        const text = parts.join('');
        const { rows, cursorRow, cursorColumn } = layoutEditor(view(text, { columns }));
        for (const row of rows) expect(stringWidth(stripVTControlCharacters(row))).toBeLessThanOrEqual(columns);
        expect(cursorRow).toBeLessThan(rows.length);
        expect(cursorColumn).toBeLessThan(columns);
      }),
    );
  });
});
