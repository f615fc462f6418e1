import { stripVTControlCharacters } from 'node:util';
import { displayWidth } from '../editor/graphemes.ts';

/**
 * The text with its lines broken between words where they are wider than `columns`; what goes on is indented as its line
 * is. Words that are wider are left to the terminal, styles to their own end.
 */
export function wrapText(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => (displayWidth(stripVTControlCharacters(line)) <= columns ? line : wrapLine(line, columns)))
    .join('\n');
}

function wrapLine(line: string, columns: number): string {
  const indent = /^ */.exec(line)?.[0].slice(0, columns / 2) ?? '';
  const rows: string[] = [];
  let row = '';
  let width = 0;
  for (const word of line.slice(indent.length).split(' ')) {
    const wordWidth = displayWidth(stripVTControlCharacters(word));
    // The blank where a line is broken belongs to neither part.
    if (width > 0 && indent.length + width + 1 + wordWidth > columns) {
      rows.push(indent + row);
      row = word;
      width = wordWidth;
    } else {
      const isFirst = row === '' && width === 0 && rows.length === 0;
      row += isFirst ? word : ` ${word}`;
      width += isFirst ? wordWidth : 1 + wordWidth;
    }
  }
  rows.push(indent + row);
  return rows.join('\n');
}
