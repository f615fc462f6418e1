import { textWidth } from '../../output/text-width.ts';

let segmenter: Intl.Segmenter | null = null;
const PLAIN = /^[\x20-\x7e\n]*$/;

/** The text's graphemes with their offsets. The first Segmenter costs 9 ms, which plain text does without. */
export function graphemesOf(text: string): Iterable<{ readonly segment: string; readonly index: number }> {
  if (PLAIN.test(text)) return Array.from(text, (segment, index) => ({ segment, index }));
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** The offset after the grapheme that begins at `offset`. */
export function nextGrapheme(text: string, offset: number): number {
  if (offset >= text.length) return text.length;
  const code = text.charCodeAt(offset);
  const following = text.charCodeAt(offset + 1);
  if (code < 0x80 && (following < 0x80 || Number.isNaN(following))) return offset + 1;
  const [first] = graphemesOf(text.slice(offset, offset + 64));
  return offset + (first?.segment.length ?? 1);
}

/** The offset where the grapheme before `offset` begins. */
export function previousGrapheme(text: string, offset: number): number {
  if (offset <= 0) return 0;
  if (text.charCodeAt(offset - 1) < 0x80) return offset - 1;
  const from = Math.max(0, offset - 64);
  let last = from;
  for (const { index } of graphemesOf(text.slice(from, offset))) last = from + index;
  return last;
}

/** Terminal columns that the text takes. */
export function displayWidth(text: string): number {
  return PLAIN.test(text) ? text.length : textWidth(text);
}

/** The offset in `line` whose grapheme covers display column `column`; the line's length when it is shorter. */
export function offsetAtColumn(line: string, column: number): number {
  if (PLAIN.test(line)) return Math.min(column, line.length);
  let width = 0;
  for (const { segment, index } of graphemesOf(line)) {
    const next = width + displayWidth(segment);
    if (next > column) return index;
    width = next;
  }
  return line.length;
}
