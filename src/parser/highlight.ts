/** CQL text in coloured pieces, for an editor: whatever stands there, finished or not. */
import type { TokenType } from 'chevrotain';
import * as t from '../../grammar/tokens.ts';
import { wordType } from './lexer.ts';
import { Lexeme, Scanner } from './scanner.ts';

export type HighlightKind =
  | 'keyword'
  | 'name'
  | 'type'
  | 'function'
  | 'string'
  | 'number'
  /** NULL, TRUE, NaN, a UUID, a blob, a duration */
  | 'constant'
  | 'marker'
  | 'operator'
  | 'comment'
  /** What is no token of CQL, or is never closed. */
  | 'error';

/** A piece of the text; white space is in none. */
export interface HighlightSpan {
  readonly kind: HighlightKind;
  readonly start: number;
  readonly end: number;
}

/** The pieces of a text in order. Never throws. */
export function tokenize(text: string): HighlightSpan[] {
  const scanner = new Scanner(text);
  const spans: HighlightSpan[] = [];
  let previous: string | undefined;
  for (let lexeme = scanner.scan(); lexeme !== Lexeme.end; lexeme = scanner.scan()) {
    const { start, end } = scanner;
    if (lexeme === Lexeme.space) continue;
    const image = text.slice(start, end);
    const kind = lexeme === Lexeme.word ? wordKind(image, previous, text, end) : KINDS[lexeme]!;
    spans.push({ kind: image === '?' || (previous === ':' && kind === 'name') ? 'marker' : kind, start, end });
    if (kind !== 'comment') previous = image;
  }
  return spans;
}

const KINDS: readonly HighlightKind[] = (() => {
  const kinds: HighlightKind[] = [];
  kinds[Lexeme.lineComment] = kinds[Lexeme.blockComment] = kinds[Lexeme.unfinishedComment] = 'comment';
  kinds[Lexeme.quotedName] = kinds[Lexeme.unfinishedName] = 'name';
  kinds[Lexeme.string] = kinds[Lexeme.dollarString] = kinds[Lexeme.unfinishedString] = 'string';
  kinds[Lexeme.integer] = kinds[Lexeme.float] = 'number';
  kinds[Lexeme.duration] = kinds[Lexeme.uuid] = kinds[Lexeme.hex] = kinds[Lexeme.negativeSpecial] = 'constant';
  kinds[Lexeme.symbol] = 'operator';
  kinds[Lexeme.unknown] = 'error';
  return kinds;
})();

/** After these a word is a name, even one that elsewhere is a keyword. */
const BEFORE_NAME = new Set(['(', ',', '.', '=', '<', '>', '+', '-', '*', '/', '%', '[', '{', ':']);

function wordKind(word: string, previous: string | undefined, text: string, end: number): HighlightKind {
  const type = wordType(word);
  if (type === t.BooleanLiteral || type === t.SpecialFloat || type === t.K.NULL) return 'constant';
  if (type === t.Identifier) return opensCall(text, end) ? 'function' : 'name';
  if (type.CATEGORIES?.includes(t.NativeType) === true) {
    return /^(?:using|and)$/i.test(previous ?? '') ? 'keyword' : 'type';
  }
  if (opensCall(text, end) && CALLED_KEYWORDS.has(type)) return 'function';
  const isUnreserved = t.isNameType(type);
  if (!isUnreserved || GENERIC_TYPES.has(type))
    return GENERIC_TYPES.has(type) && opensType(text, end) ? 'type' : 'keyword';
  return previous !== undefined && BEFORE_NAME.has(previous) ? 'name' : 'keyword';
}

const CALLED_KEYWORDS: ReadonlySet<TokenType | undefined> = new Set([
  t.K.COUNT,
  t.K.CAST,
  t.K.TTL,
  t.K.WRITETIME,
  t.K.MAXWRITETIME,
  t.K.TOKEN,
]);
const GENERIC_TYPES: ReadonlySet<TokenType | undefined> = new Set([
  t.K.MAP,
  t.K.LIST,
  t.K.SET,
  t.K.TUPLE,
  t.K.VECTOR,
  t.K.FROZEN,
]);

function opensCall(text: string, end: number): boolean {
  return text.charCodeAt(end) === 0x28;
}

function opensType(text: string, end: number): boolean {
  return /^\s*</.test(text.slice(end, end + 16));
}
