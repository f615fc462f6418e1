import { displayWidth, nextGrapheme, offsetAtColumn, previousGrapheme } from './graphemes.ts';

/**
 * The text being edited and the cursor in it: a value, never changed in place. `cursor` is a UTF-16 offset at a grapheme
 * boundary. `goalColumn` is the display column that Up and Down try to keep, null after any other movement.
 */
export interface TextBuffer {
  readonly text: string;
  readonly cursor: number;
  readonly goalColumn: number | null;
}

export const emptyBuffer: TextBuffer = Object.freeze({ text: '', cursor: 0, goalColumn: null });

export function bufferOf(text: string, cursor = text.length): TextBuffer {
  return { text, cursor, goalColumn: null };
}

export function insert(buffer: TextBuffer, added: string): TextBuffer {
  const { text, cursor } = buffer;
  return bufferOf(text.slice(0, cursor) + added + text.slice(cursor), cursor + added.length);
}

/** Removes `[from, to)`; the cursor stands where it was removed. */
export function remove(buffer: TextBuffer, from: number, to: number): TextBuffer {
  return bufferOf(buffer.text.slice(0, from) + buffer.text.slice(to), from);
}

export function moveTo(buffer: TextBuffer, cursor: number): TextBuffer {
  return bufferOf(buffer.text, Math.max(0, Math.min(buffer.text.length, cursor)));
}

export function left(buffer: TextBuffer): number {
  return previousGrapheme(buffer.text, buffer.cursor);
}

export function right(buffer: TextBuffer): number {
  return nextGrapheme(buffer.text, buffer.cursor);
}

const WORD = /[\p{L}\p{N}\p{M}_]/u;

/** Where the word at or before the cursor begins (readline's backward-word). */
export function wordLeft({ text, cursor }: TextBuffer): number {
  let at = cursor;
  while (at > 0 && !isWord(text, previousGrapheme(text, at))) at = previousGrapheme(text, at);
  while (at > 0 && isWord(text, previousGrapheme(text, at))) at = previousGrapheme(text, at);
  return at;
}

/** Where the word at or after the cursor ends (readline's forward-word). */
export function wordRight({ text, cursor }: TextBuffer): number {
  let at = cursor;
  while (at < text.length && !isWord(text, at)) at = nextGrapheme(text, at);
  while (at < text.length && isWord(text, at)) at = nextGrapheme(text, at);
  return at;
}

/** Where the blank-separated word before the cursor begins (readline's unix-word-rubout). */
export function blankWordLeft({ text, cursor }: TextBuffer): number {
  let at = cursor;
  while (at > 0 && /\s/.test(text[at - 1])) at--;
  while (at > 0 && !/\s/.test(text[at - 1])) at--;
  return at;
}

export function lineStart({ text, cursor }: TextBuffer): number {
  // A search from before the beginning would look at the first character.
  return cursor === 0 ? 0 : text.lastIndexOf('\n', cursor - 1) + 1;
}

export function lineEnd({ text, cursor }: TextBuffer): number {
  const end = text.indexOf('\n', cursor);
  return end === -1 ? text.length : end;
}

/** One line up or down at the goal column; null on the first or last line, where history takes over. */
export function verticalMove(buffer: TextBuffer, direction: -1 | 1): TextBuffer | null {
  const { text, cursor } = buffer;
  const start = lineStart(buffer);
  const column = buffer.goalColumn ?? displayWidth(text.slice(start, cursor));
  let target: number;
  if (direction === -1) {
    if (start === 0) return null;
    target = lineStart({ text, cursor: start - 1, goalColumn: null });
  } else {
    const end = lineEnd(buffer);
    if (end === text.length) return null;
    target = end + 1;
  }
  const targetEnd = lineEnd({ text, cursor: target, goalColumn: null });
  return { text, cursor: target + offsetAtColumn(text.slice(target, targetEnd), column), goalColumn: column };
}

/** Swaps the graphemes around the cursor, or the last two at the end of a line (readline's transpose-chars). */
export function transpose(buffer: TextBuffer): TextBuffer {
  const { text } = buffer;
  const start = lineStart(buffer);
  const end = lineEnd(buffer);
  const second = buffer.cursor === end ? previousGrapheme(text, buffer.cursor) : buffer.cursor;
  if (second <= start) return buffer;
  const first = previousGrapheme(text, second);
  const after = nextGrapheme(text, second);
  return bufferOf(
    text.slice(0, first) + text.slice(second, after) + text.slice(first, second) + text.slice(after),
    after,
  );
}

/** Changes the case of the word at or after the cursor and moves behind it. */
export function changeWordCase(buffer: TextBuffer, how: 'upper' | 'lower' | 'capital'): TextBuffer {
  const { text, cursor } = buffer;
  const end = wordRight(buffer);
  const span = text.slice(cursor, end);
  const changed =
    how === 'upper'
      ? span.toUpperCase()
      : how === 'lower'
        ? span.toLowerCase()
        : span.toLowerCase().replace(/[\p{L}\p{N}]/u, (letter) => letter.toUpperCase());
  return bufferOf(text.slice(0, cursor) + changed + text.slice(end), cursor + changed.length);
}

function isWord(text: string, offset: number): boolean {
  return WORD.test(String.fromCodePoint(text.codePointAt(offset) ?? 0));
}
