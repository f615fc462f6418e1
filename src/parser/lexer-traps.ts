import { Lexeme } from './scanner.ts';

/**
 * Why Cassandra's lexer cannot read a token that is plain to the eye; undefined for all others. It decides by the first
 * characters for the only token that may still come of them, and fails when that one does not (`Lexer.g`, 5.0.8):
 *
 *   -n…, -i…           -NaN and -Infinity
 *   1A…, 1e5b…         a UUID, when the next of up to eight hexadecimal digits suits no number and no duration
 *   1u…, 1n…            microseconds and nanoseconds
 *   deadbeef-…         a UUID, after eight hexadecimal digits
 */
export function lexerTrap(lexeme: Lexeme, text: string, start: number, end: number): string | undefined {
  switch (lexeme) {
    case Lexeme.symbol:
      return isBefore(SIGNED_WORD, text, start)
        ? 'names that begin with n or i right behind a minus (it reads -NaN and -Infinity)'
        : undefined;
    case Lexeme.integer:
      if (isBefore(UNIT_BEGUN, text, end)) return 'numbers right before u or n (it reads a duration)';
      return startsUuid(text, start) ? UUID_TRAP : undefined;
    case Lexeme.float:
    case Lexeme.duration:
      return startsUuid(text, start) ? UUID_TRAP : undefined;
    case Lexeme.word:
      return end - start === UUID_HEAD && isBefore(HEAD_AND_MINUS, text, start)
        ? 'a minus right behind eight hexadecimal digits (it reads a UUID)'
        : undefined;
    default:
      return undefined;
  }
}

const UUID_TRAP = 'numbers right before hexadecimal letters (it reads a UUID)';
const UUID_HEAD = 8;
/** Of `us` and `ns`, which the scanner would have taken whole. */
const UNIT_BEGUN = /[un]/iy;
const SIGNED_WORD = /-[ni]/iy;
const HEAD_AND_MINUS = /[0-9a-f]{8}-/iy;
const HEXADECIMALS = /[0-9a-f]{1,8}/iy;
/** What may still become an integer, a float with an exponent or a duration of days. */
const NUMBER_BEGUN = /^\d+(?:e\d*|(?:d\d+)*d?)$/i;

function isBefore(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

function startsUuid(text: string, start: number): boolean {
  HEXADECIMALS.lastIndex = start;
  const head = HEXADECIMALS.exec(text)?.[0] ?? '';
  if (head === '') return false;
  return !NUMBER_BEGUN.test(head) || (head.length === UUID_HEAD && text.charAt(start + UUID_HEAD) === '-');
}
