import { eastAsianWidth } from 'get-east-asian-width';

const PLAIN = /^[\x20-\x7e\n]*$/;

let segmenter: Intl.Segmenter | null = null;

/**
 * Terminal columns that a text takes: by grapheme, wide and emoji ones 2, combining and control characters 0. The
 * string-width package does the same, but compiling its regular expressions alone takes longer than a query.
 */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  segmenter ??= new Intl.Segmenter();
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(grapheme: string): number {
  if (/^[\p{Control}\p{Mark}\p{Default_Ignorable_Code_Point}]/u.test(grapheme)) return 0;
  // An emoji by itself, or a symbol that a variation selector makes one; flags are two regional indicators.
  if (/^\p{Emoji_Presentation}|^\p{Extended_Pictographic}\ufe0f|^\p{Regional_Indicator}{2}/u.test(grapheme)) return 2;
  const codePoint = grapheme.codePointAt(0) ?? 0;
  return eastAsianWidth(codePoint);
}
