import { describe, expect, it } from 'vitest';
import { wrapText } from '../../../src/repl/view/wrap-text.ts';

describe('wrapText', () => {
  it.each([
    ['what fits', 'one two', 7, 'one two'],
    ['a line', 'one two three', 8, 'one two\nthree'],
    ['a blank at the very end of a row', 'one two three', 7, 'one two\nthree'],
    ['an indented line', '    one two three', 12, '    one two\n    three'],
    ['an indentation wider than half the terminal', '        one two', 10, '     one\n     two'],
    ['lines of their own', 'one two\n\nthree four', 9, 'one two\n\nthree\nfour'],
    ['a word that is too wide', 'a bbbbbbbbbb c', 5, 'a\nbbbbbbbbbb\nc'],
    ['several blanks', 'one  two three', 9, 'one  two\nthree'],
    ['wide characters', '日本 日本 日本', 9, '日本 日本\n日本'],
    ['a styled text', '\u001b[2mone two three\u001b[0m', 8, '\u001b[2mone two\nthree\u001b[0m'],
  ])('breaks %s', (_, text, columns, wrapped) => {
    expect(wrapText(text, columns)).toBe(wrapped);
  });
});
