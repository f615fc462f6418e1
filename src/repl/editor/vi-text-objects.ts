import type { TextBuffer } from './text-buffer.ts';
import * as edit from './text-buffer.ts';
import { matchingBracket } from './vi-motions.ts';

/** `[from, to)` of the text. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** Both brackets by each of the keys that name them. */
const BRACKETS: Readonly<Record<string, readonly [open: string, close: string]>> = {
  '(': ['(', ')'],
  ')': ['(', ')'],
  b: ['(', ')'],
  '[': ['[', ']'],
  ']': ['[', ']'],
  '{': ['{', '}'],
  '}': ['{', '}'],
  B: ['{', '}'],
};

/** What `i` or `a` and a key name at the cursor: a word, a quoted text, what is in brackets. Null when it is not there. */
export function textObject(scope: 'i' | 'a', key: string, buffer: TextBuffer): TextRange | null {
  if (key === 'w') return wordAt(buffer, scope, /[\p{L}\p{N}\p{M}_]/u);
  if (key === 'W') return wordAt(buffer, scope, /\S/u);
  if (key === "'" || key === '"') return quoted(buffer, scope, key);
  return Object.hasOwn(BRACKETS, key) ? bracketed(buffer, scope, BRACKETS[key]) : null;
}

/** The run of characters of the one kind that the cursor is in; with `a` also the blanks behind it, or else before it. */
function wordAt({ text, cursor }: TextBuffer, scope: 'i' | 'a', word: RegExp): TextRange | null {
  if (cursor >= text.length || text[cursor] === '\n') return null;
  const kindOf = (character: string): number => (/\s/.test(character) ? 0 : word.test(character) ? 1 : 2);
  const isKind = (at: number, kind: number): boolean =>
    at >= 0 && at < text.length && text[at] !== '\n' && kindOf(text[at]) === kind;
  const kind = kindOf(text[cursor]);
  let from = cursor;
  let to = cursor + 1;
  while (isKind(from - 1, kind)) from--;
  while (isKind(to, kind)) to++;
  if (scope === 'i' || kind === 0) return { from, to };
  if (isKind(to, 0)) while (isKind(to, 0)) to++;
  else while (isKind(from - 1, 0)) from--;
  return { from, to };
}

/** Between two quotes of the line, or with them: those around the cursor, or the next ones. */
function quoted(buffer: TextBuffer, scope: 'i' | 'a', quote: string): TextRange | null {
  const end = edit.lineEnd(buffer);
  let open = buffer.text.indexOf(quote, edit.lineStart(buffer));
  while (open !== -1 && open < end) {
    const close = buffer.text.indexOf(quote, open + 1);
    if (close === -1 || close >= end) return null;
    if (close >= buffer.cursor) return scope === 'i' ? { from: open + 1, to: close } : { from: open, to: close + 1 };
    open = buffer.text.indexOf(quote, close + 1);
  }
  return null;
}

/** Within the brackets around the cursor, over lines too, or with them. */
function bracketed({ text, cursor }: TextBuffer, scope: 'i' | 'a', [open, close]: readonly [string, string]) {
  let from = cursor;
  if (text[cursor] === close) from = matchingBracket(text, cursor, open, -1);
  else {
    let depth = 0;
    while (from >= 0 && (text[from] !== open || depth > 0)) {
      if (text[from] === close) depth++;
      else if (text[from] === open) depth--;
      from--;
    }
  }
  const to = from === -1 ? -1 : matchingBracket(text, from, close, 1);
  if (to === -1) return null;
  return scope === 'i' ? { from: from + 1, to } : { from, to: to + 1 };
}
