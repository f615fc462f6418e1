import type { TextBuffer } from './text-buffer.ts';
import * as edit from './text-buffer.ts';

/** What an operator takes of the text between the cursor and where a motion goes. */
export type Extent = 'exclusive' | 'inclusive' | 'lines';

export interface Motion {
  readonly to: number;
  readonly extent: Extent;
}

/** A search for a character in the line: `f`, `F`, `t`, `T`. */
export interface CharacterSearch {
  readonly command: 'f' | 'F' | 't' | 'T';
  readonly character: string;
}

/** A word is a run of letters, or one of punctuation; with `W`, `B` and `E` a run of anything but blanks. */
type WordKind = 'word' | 'blank-separated';

const NEXT_WORD: Readonly<Record<WordKind, RegExp>> = {
  word: /^(?:[\p{L}\p{N}\p{M}_]+|[^\p{L}\p{N}\p{M}_\s]+)?\s*/u,
  'blank-separated': /^\S*\s*/u,
};
const WORD_END: Readonly<Record<WordKind, RegExp>> = {
  word: /^\s*(?:[\p{L}\p{N}\p{M}_]+|[^\p{L}\p{N}\p{M}_\s]+)?/u,
  'blank-separated': /^\s*\S*/u,
};
const WORD_BEFORE: Readonly<Record<WordKind, RegExp>> = {
  word: /(?:[\p{L}\p{N}\p{M}_]+|[^\p{L}\p{N}\p{M}_\s]+)?\s*$/u,
  'blank-separated': /\S*\s*$/u,
};

/** Where a key of one character goes, `count` times; null when it is no motion. */
export function motionOf(key: string, buffer: TextBuffer, count: number): Motion | null {
  const exclusive = (step: (at: TextBuffer) => number): Motion => ({
    to: repeated(buffer, count, step),
    extent: 'exclusive',
  });
  switch (key) {
    case 'h':
      return exclusive((at) => Math.max(edit.lineStart(at), edit.left(at)));
    case 'l':
    case ' ':
      return exclusive((at) => Math.min(edit.lineEnd(at), edit.right(at)));
    case '0':
      return { to: edit.lineStart(buffer), extent: 'exclusive' };
    case '^':
      return { to: firstNonBlank(buffer), extent: 'exclusive' };
    case '$':
      return { to: edit.lineEnd(buffer), extent: 'exclusive' };
    case 'w':
      return exclusive((at) => nextWord(at, 'word'));
    case 'W':
      return exclusive((at) => nextWord(at, 'blank-separated'));
    case 'b':
      return exclusive((at) => wordBefore(at, 'word'));
    case 'B':
      return exclusive((at) => wordBefore(at, 'blank-separated'));
    case 'e':
      return { to: repeated(buffer, count, (at) => wordEnd(at, 'word')), extent: 'inclusive' };
    case 'E':
      return { to: repeated(buffer, count, (at) => wordEnd(at, 'blank-separated')), extent: 'inclusive' };
    case '%':
      return bracketMotion(buffer);
    default:
      return null;
  }
}

/**
 * `w` and `W` behind an operator: a change ends with the word and not with the blanks behind it, and nothing goes over the
 * end of the line.
 */
export function operatorWordMotion(key: 'w' | 'W', buffer: TextBuffer, count: number, isChange: boolean): Motion {
  const kind = key === 'w' ? 'word' : 'blank-separated';
  if (isChange && /^\S/.test(buffer.text.slice(buffer.cursor))) {
    const before = repeated(buffer, count - 1, (at) => nextWord(at, kind));
    const word = WORD_END[kind].exec(buffer.text.slice(before))?.[0].length ?? 0;
    return { to: before + word, extent: 'exclusive' };
  }
  const to = repeated(buffer, count, (at) => nextWord(at, kind));
  const lineEnd = /[^\S\n]*\n\s*$/.exec(buffer.text.slice(buffer.cursor, to));
  return { to: lineEnd === null ? to : buffer.cursor + lineEnd.index, extent: 'exclusive' };
}

/** Whole lines, `count` down or, when negative, up; null when there are not so many. */
export function lineMotion(buffer: TextBuffer, count: number): Motion | null {
  const { text } = buffer;
  let to = edit.lineStart(buffer);
  for (let i = 0; i < Math.abs(count); i++) {
    if (count < 0 && to === 0) return null;
    to = count > 0 ? edit.lineEnd(edit.moveTo(buffer, to)) + 1 : edit.lineStart(edit.moveTo(buffer, to - 1));
    if (to > text.length) return null;
  }
  return { to, extent: 'lines' };
}

/** The start of a line by its number from 1, or of the last one. */
export function numberedLine({ text }: TextBuffer, line: number): Motion {
  let to = 0;
  for (let i = 1; i < line; i++) {
    const end = text.indexOf('\n', to);
    if (end === -1) break;
    to = end + 1;
  }
  return { to, extent: 'lines' };
}

/** Null when the character is not in the line so often. `again`: not where `t` and `T` stopped last time. */
export function characterMotion(
  { command, character }: CharacterSearch,
  buffer: TextBuffer,
  count: number,
  again: boolean,
): Motion | null {
  const { text, cursor } = buffer;
  const forward = command === 'f' || command === 't';
  const till = command === 't' || command === 'T';
  let found = again && till ? cursor + (forward ? 1 : -1) : cursor;
  for (let i = 0; i < count; i++) {
    found = forward ? text.indexOf(character, found + 1) : found <= 0 ? -1 : text.lastIndexOf(character, found - 1);
    if (found === -1) return null;
  }
  if (found < edit.lineStart(buffer) || found >= edit.lineEnd(buffer)) return null;
  const at = edit.moveTo(buffer, found);
  const to = !till ? found : forward ? edit.left(at) : edit.right(at);
  return { to, extent: forward ? 'inclusive' : 'exclusive' };
}

export function opposite({ command, character }: CharacterSearch): CharacterSearch {
  const turned = { f: 'F', F: 'f', t: 'T', T: 't' } as const;
  return { command: turned[command], character };
}

export function firstNonBlank(buffer: TextBuffer): number {
  const start = edit.lineStart(buffer);
  return start + (/^[ \t]*/.exec(buffer.text.slice(start))?.[0].length ?? 0);
}

const BRACKETS = '()[]{}';

/** To the bracket that belongs to the one at the cursor, or to the next one in the line. */
function bracketMotion(buffer: TextBuffer): Motion | null {
  const { text } = buffer;
  let at = buffer.cursor;
  while (at < edit.lineEnd(buffer) && !BRACKETS.includes(text[at])) at++;
  const index = at < text.length ? BRACKETS.indexOf(text[at]) : -1;
  if (index === -1) return null;
  const to = matchingBracket(text, at, BRACKETS[index ^ 1], index % 2 === 0 ? 1 : -1);
  return to === -1 ? null : { to, extent: 'inclusive' };
}

/** The offset of the `partner` of the bracket at `from`, going by `step`; -1 when there is none. */
export function matchingBracket(text: string, from: number, partner: string, step: 1 | -1): number {
  let depth = 0;
  for (let at = from; at >= 0 && at < text.length; at += step) {
    if (text[at] === text[from]) depth++;
    else if (text[at] === partner && --depth === 0) return at;
  }
  return -1;
}

function repeated(buffer: TextBuffer, count: number, step: (at: TextBuffer) => number): number {
  let at = buffer.cursor;
  for (let i = 0; i < count; i++) {
    const next = step({ ...buffer, cursor: at });
    if (next === at) break;
    at = next;
  }
  return at;
}

function nextWord({ text, cursor }: TextBuffer, kind: WordKind): number {
  return cursor + (NEXT_WORD[kind].exec(text.slice(cursor))?.[0].length ?? 0);
}

function wordBefore({ text, cursor }: TextBuffer, kind: WordKind): number {
  return cursor - (WORD_BEFORE[kind].exec(text.slice(0, cursor))?.[0].length ?? 0);
}

/** The last character of the word that ends next. */
function wordEnd(buffer: TextBuffer, kind: WordKind): number {
  const from = edit.right(buffer);
  const length = WORD_END[kind].exec(buffer.text.slice(from))?.[0].length ?? 0;
  return length === 0 ? buffer.cursor : edit.left(edit.moveTo(buffer, from + length));
}
