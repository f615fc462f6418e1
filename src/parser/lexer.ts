import type { IToken, TokenType } from 'chevrotain';
import * as t from '../../grammar/tokens.ts';
import { CqlError } from '../errors/index.ts';
import { lexerTrap } from './lexer-traps.ts';
import { Lexeme, Scanner } from './scanner.ts';

/** A token as Chevrotain's parsers want it. Lines count from 1, columns from 0 in UTF-16 units, as in Cassandra's messages. */
export class Token implements IToken {
  readonly image: string;
  readonly startOffset: number;
  readonly startLine: number;
  readonly startColumn: number;
  readonly tokenType: TokenType;

  constructor(type: TokenType, image: string, offset: number, line: number, column: number) {
    this.image = image;
    this.startOffset = offset;
    this.startLine = line;
    this.startColumn = column;
    this.tokenType = type;
  }

  get tokenTypeIdx(): number {
    // Token types are numbered when the first parser is built, which may be after this token was made.
    return this.tokenType.tokenTypeIdx!;
  }
}

export interface LexedText {
  readonly tokens: Token[];
  /** A `--` or `//` comment that the text's end ends: Cassandra wants a newline after it. */
  readonly openComment: Token | undefined;
  /** Tokens that Cassandra's lexer fails on, and why, in words that follow "Cassandra has no …". */
  readonly traps: readonly { readonly token: Token; readonly feature: string }[];
  /** The first thing in the text that is no token; `tokens` end before it. */
  readonly error: CqlError | undefined;
  /** Where the text ends: what an error about a missing token points at. */
  readonly end: Token;
}

/** The tokens of a statement, up to its end or the first character that begins none. */
export function lex(text: string): LexedText {
  const scanner = new Scanner(text);
  const tokens: Token[] = [];
  const traps: { token: Token; feature: string }[] = [];
  let openComment: Token | undefined;
  let error: CqlError | undefined;
  let line = 1;
  let lineStart = 0;
  let newline = nextNewline(text, 0);
  for (;;) {
    const lexeme = scanner.scan();
    const { start, end } = scanner;
    if (lexeme === Lexeme.end) break;
    if (lexeme !== Lexeme.space && lexeme !== Lexeme.lineComment && lexeme !== Lexeme.blockComment) {
      const type = lexeme === Lexeme.symbol ? undefined : TYPES[lexeme];
      const image = text.slice(start, end);
      const token = new Token(type ?? typeOf(lexeme, image, text, end), image, start, line, start - lineStart);
      if (token.tokenType === t.Unknown) {
        error = unreadable(token, lexeme);
        break;
      }
      if (token.tokenType === t.ExprOpen) scanner.end = end + 1;
      tokens.push(token);
      const feature = lexerTrap(lexeme, text, start, end);
      if (feature !== undefined) traps.push({ token, feature });
    } else if (lexeme === Lexeme.lineComment && end === text.length && !endsLine(text)) {
      openComment = new Token(t.Unknown, text.slice(start, end), start, line, start - lineStart);
    }
    while (newline < end) {
      line++;
      lineStart = newline + 1;
      newline = nextNewline(text, lineStart);
    }
  }
  return { tokens, openComment, traps, error, end: new Token(t.EOF, '', text.length, line, text.length - lineStart) };
}

const TYPES: readonly (TokenType | undefined)[] = (() => {
  const types: (TokenType | undefined)[] = [];
  types[Lexeme.string] = t.StringLiteral;
  types[Lexeme.dollarString] = t.StringLiteral;
  types[Lexeme.integer] = t.Integer;
  types[Lexeme.float] = t.Float;
  types[Lexeme.duration] = t.Duration;
  types[Lexeme.uuid] = t.Uuid;
  types[Lexeme.hex] = t.Hex;
  types[Lexeme.negativeSpecial] = t.SpecialFloat;
  return types;
})();

const SYMBOLS: ReadonlyMap<string, TokenType> = new Map([
  ['?', t.QuestionMark],
  ['..', t.Range],
  ['(', t.LParen],
  [')', t.RParen],
  ['[', t.LBracket],
  [']', t.RBracket],
  ['{', t.LBrace],
  ['}', t.RBrace],
  [',', t.Comma],
  [';', t.Semicolon],
  [':', t.Colon],
  ['.', t.Dot],
  ['+', t.Plus],
  ['-', t.Minus],
  ['*', t.Star],
  ['/', t.Slash],
  ['%', t.Percent],
  ['+=', t.PlusEquals],
  ['-=', t.MinusEquals],
  ['=', t.Equals],
  ['!=', t.NotEquals],
  ['<', t.Less],
  ['<=', t.LessOrEqual],
  ['>', t.Greater],
  ['>=', t.GreaterOrEqual],
]);

/** A word's token type: its keyword, else an identifier. */
export function wordType(word: string): TokenType {
  return t.WORDS.get(word) ?? t.WORDS.get(word.toLowerCase()) ?? t.Identifier;
}

function typeOf(lexeme: Lexeme, image: string, text: string, end: number): TokenType {
  switch (lexeme) {
    case Lexeme.word:
      if (image === 'expr' && text.charCodeAt(end) === 0x28) return t.ExprOpen;
      return wordType(image);
    case Lexeme.symbol:
      return SYMBOLS.get(image) ?? t.Unknown;
    case Lexeme.quotedName:
      return image === '""' ? t.EmptyQuotedName : t.QuotedName;
    default:
      return t.Unknown;
  }
}

function nextNewline(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? Number.POSITIVE_INFINITY : newline;
}

function endsLine(text: string): boolean {
  return text.endsWith('\n') || text.endsWith('\r');
}

function unreadable(token: Token, lexeme: Lexeme): CqlError {
  const position = {
    offset: token.startOffset,
    line: token.startLine,
    column: token.startColumn,
    length: lexeme === Lexeme.unknown ? token.image.length : 1,
  };
  const at = `line ${position.line}:${position.column}`;
  switch (lexeme) {
    case Lexeme.unfinishedString:
      return new CqlError('SyntaxException', `${at} this string is never closed`, {
        position,
        suggestion: token.image.startsWith('$$')
          ? 'close it with $$'
          : "close it with ', and write '' for a quote in it",
      });
    case Lexeme.unfinishedName:
      return new CqlError('SyntaxException', `${at} this quoted name is never closed`, {
        position,
        suggestion: token.image.includes(' ') ? "strings stand in single quotes: '…'" : 'close it with "',
      });
    case Lexeme.unfinishedComment:
      return new CqlError('SyntaxException', `${at} this comment is never closed`, {
        position,
        suggestion: 'close it with */',
      });
    default:
      return new CqlError('SyntaxException', `${at} unexpected character ${JSON.stringify(token.image)}`, {
        position,
        suggestion: CHARACTER_HINTS.get(token.image),
      });
  }
}

const CHARACTER_HINTS: ReadonlyMap<string, string> = new Map([
  ['`', 'names are quoted with "'],
  ['‘', "strings stand in straight quotes: '…'"],
  ['’', "strings stand in straight quotes: '…'"],
  ['“', 'names are quoted with straight quotes: "…"'],
  ['”', 'names are quoted with straight quotes: "…"'],
  ['!', 'the negation of a condition is NOT'],
]);
