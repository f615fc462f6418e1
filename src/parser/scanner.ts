/**
 * Where one token of CQL ends: the character level that the lexer, the statement splitter and the shell's highlighting
 * share. It knows Cassandra 5.0.8's `Lexer.g` and nothing of keywords; it never throws.
 */

/** What `scan` found. `unfinished…` reaches to the end of the text, where its closing sign is missing. */
export const Lexeme = {
  end: 0,
  space: 1,
  lineComment: 2,
  blockComment: 3,
  word: 4,
  quotedName: 5,
  string: 6,
  dollarString: 7,
  integer: 8,
  float: 9,
  duration: 10,
  uuid: 11,
  hex: 12,
  /** `-NaN`, `-Infinity`; without the sign they are words */
  negativeSpecial: 13,
  symbol: 14,
  unknown: 15,
  unfinishedComment: 16,
  unfinishedString: 17,
  unfinishedName: 18,
} as const;
export type Lexeme = (typeof Lexeme)[keyof typeof Lexeme];

// Classes of ASCII characters.
const OTHER = 0;
const SPACE = 1;
const LETTER = 2;
const DIGIT = 3;
const SYMBOL = 4;
const CLASS = new Uint8Array(128);
for (const c of ' \t\n\r') CLASS[c.charCodeAt(0)] = SPACE;
for (const c of '?()[]{},;:.+*/%=<>!-') CLASS[c.charCodeAt(0)] = SYMBOL;
for (let c = 0; c < 10; c++) CLASS[0x30 + c] = DIGIT;
for (let c = 0; c < 26; c++) CLASS[0x41 + c] = CLASS[0x61 + c] = LETTER;

const UNDERSCORE = 0x5f;
const QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const DOLLAR = 0x24;
const MINUS = 0x2d;
const SLASH = 0x2f;
const STAR = 0x2a;
const DOT = 0x2e;
const EQUALS = 0x3d;
const CAPITAL_P = 0x50;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/iy;
const DURATION_UNITS = /(?:\d+(?:y|mo|ms|m|w|d|h|s|us|µs|ns))+/iy;
/** ISO 8601, which unlike the units knows capitals only. */
const ISO_DURATION =
  /P(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d|\d+W|(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)/y;
const SPECIAL = /(?:nan|infinity)(?![a-z0-9_])/iy;
const EXPONENT = /[eE][+-]?\d+/y;

function isWordCode(code: number): boolean {
  return code < 128 && (CLASS[code] === LETTER || CLASS[code] === DIGIT || code === UNDERSCORE);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** The end of what `pattern`, a sticky one, matches at `from`; -1 if it does not. */
function matchEnd(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

/** Walks over a text token by token: each `scan()` sets `start` and `end` and returns what stands between. */
export class Scanner {
  readonly text: string;
  start = 0;
  end: number;

  constructor(text: string, from = 0) {
    this.text = text;
    this.end = from;
  }

  scan(): Lexeme {
    const { text } = this;
    const start = this.end;
    this.start = start;
    if (start >= text.length) return Lexeme.end;
    const code = text.charCodeAt(start);
    switch (code < 128 ? CLASS[code] : OTHER) {
      case SPACE:
        return this.finish(Lexeme.space, skipSpace(text, start + 1));
      case LETTER:
        return this.scanWord(start, code);
      case DIGIT:
        return this.scanNumber(start, start);
      case SYMBOL:
        return this.scanSymbol(start, code);
      default:
        return this.scanQuoted(start, code);
    }
  }

  private finish(kind: Lexeme, end: number): Lexeme {
    this.end = end;
    return kind;
  }

  private scanWord(start: number, code: number): Lexeme {
    const { text } = this;
    const uuidEnd = this.uuidEnd(start);
    if (uuidEnd > 0) return this.finish(Lexeme.uuid, uuidEnd);
    if (code === CAPITAL_P) {
      const durationEnd = matchEnd(ISO_DURATION, text, start);
      if (durationEnd > 0 && !isWordCode(text.charCodeAt(durationEnd))) {
        return this.finish(Lexeme.duration, durationEnd);
      }
    }
    let end = start + 1;
    while (isWordCode(text.charCodeAt(end))) end++;
    return this.finish(Lexeme.word, end);
  }

  /** A number that begins at `start`, its digits (after a sign) at `digits`. */
  private scanNumber(start: number, digits: number): Lexeme {
    const { text } = this;
    if (start === digits) {
      const uuidEnd = this.uuidEnd(start);
      if (uuidEnd > 0) return this.finish(Lexeme.uuid, uuidEnd);
      if (text.charCodeAt(start) === 0x30 && (text.charCodeAt(start + 1) | 0x20) === 0x78) {
        let end = start + 2;
        while (isHexDigit(text.charCodeAt(end))) end++;
        return this.finish(Lexeme.hex, end);
      }
    }
    let end = digits;
    while (isDigit(text.charCodeAt(end))) end++;
    const next = text.charCodeAt(end);
    if (next === DOT) {
      const isRange = text.charCodeAt(end + 1) === DOT && text.charCodeAt(end + 2) !== DOT;
      if (isRange) return this.finish(Lexeme.integer, end);
      end++;
      while (isDigit(text.charCodeAt(end))) end++;
      const exponentEnd = matchEnd(EXPONENT, text, end);
      return this.finish(Lexeme.float, exponentEnd > 0 ? exponentEnd : end);
    }
    if (next >= 128 || CLASS[next] === LETTER) {
      const exponentEnd = matchEnd(EXPONENT, text, end);
      if (exponentEnd > 0) return this.finish(Lexeme.float, exponentEnd);
      const durationEnd = matchEnd(DURATION_UNITS, text, digits);
      if (durationEnd > 0) return this.finish(Lexeme.duration, durationEnd);
    }
    return this.finish(Lexeme.integer, end);
  }

  private uuidEnd(start: number): number {
    if (this.text.charCodeAt(start + 8) !== MINUS || this.text.charCodeAt(start + 13) !== MINUS) return -1;
    return matchEnd(UUID, this.text, start);
  }

  private scanSymbol(start: number, code: number): Lexeme {
    const { text } = this;
    const next = text.charCodeAt(start + 1);
    switch (code) {
      case MINUS:
        if (next === MINUS) return this.finish(Lexeme.lineComment, lineEnd(text, start + 2));
        if (isDigit(next)) return this.scanNumber(start, start + 1);
        if (next === EQUALS) return this.finish(Lexeme.symbol, start + 2);
        return this.scanNegative(start, next);
      case SLASH:
        if (next === SLASH) return this.finish(Lexeme.lineComment, lineEnd(text, start + 2));
        if (next === STAR) {
          const close = text.indexOf('*/', start + 2);
          return close < 0
            ? this.finish(Lexeme.unfinishedComment, text.length)
            : this.finish(Lexeme.blockComment, close + 2);
        }
        return this.finish(Lexeme.symbol, start + 1);
      case DOT:
        return this.finish(Lexeme.symbol, next === DOT ? start + 2 : start + 1);
      case 0x21: // ! exists only in !=
        return next === EQUALS ? this.finish(Lexeme.symbol, start + 2) : this.finish(Lexeme.unknown, start + 1);
      case 0x2b: // + in +=
      case 0x3c: // < in <=
      case 0x3e: // > in >=
        return this.finish(Lexeme.symbol, next === EQUALS ? start + 2 : start + 1);
      default:
        return this.finish(Lexeme.symbol, start + 1);
    }
  }

  private scanNegative(start: number, next: number): Lexeme {
    if (next === CAPITAL_P) {
      const end = matchEnd(ISO_DURATION, this.text, start + 1);
      if (end > 0 && !isWordCode(this.text.charCodeAt(end))) return this.finish(Lexeme.duration, end);
    }
    const end = matchEnd(SPECIAL, this.text, start + 1);
    return end > 0 ? this.finish(Lexeme.negativeSpecial, end) : this.finish(Lexeme.symbol, start + 1);
  }

  private scanQuoted(start: number, code: number): Lexeme {
    const { text } = this;
    if (code === QUOTE) {
      const end = closingQuote(text, start + 1, "'");
      return end < 0 ? this.finish(Lexeme.unfinishedString, text.length) : this.finish(Lexeme.string, end + 1);
    }
    if (code === DOUBLE_QUOTE) {
      const end = closingQuote(text, start + 1, '"');
      return end < 0 ? this.finish(Lexeme.unfinishedName, text.length) : this.finish(Lexeme.quotedName, end + 1);
    }
    if (code === DOLLAR && text.charCodeAt(start + 1) === DOLLAR) {
      const end = text.indexOf('$$', start + 2);
      return end < 0 ? this.finish(Lexeme.unfinishedString, text.length) : this.finish(Lexeme.dollarString, end + 2);
    }
    return this.finish(Lexeme.unknown, start + (text.codePointAt(start)! > 0xffff ? 2 : 1));
  }
}

function isHexDigit(code: number): boolean {
  const lower = code | 0x20;
  return isDigit(code) || (lower >= 0x61 && lower <= 0x66);
}

function skipSpace(text: string, from: number): number {
  let end = from;
  for (;;) {
    const code = text.charCodeAt(end);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return end;
    end++;
  }
}

function lineEnd(text: string, from: number): number {
  let end = from;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 0x0a || code === 0x0d) return end + 1;
  }
  return end;
}

/** The offset of the quote that closes, doubled ones stepped over; -1 if none does. */
function closingQuote(text: string, from: number, quote: string): number {
  const code = quote.charCodeAt(0);
  let end = text.indexOf(quote, from);
  while (end >= 0 && text.charCodeAt(end + 1) === code) end = text.indexOf(quote, end + 2);
  return end;
}
