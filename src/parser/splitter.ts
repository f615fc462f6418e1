/**
 * Cuts a script into statements in one pass over its characters, whatever its size: text goes in by chunks, statements come
 * out as soon as their semicolon is seen. Strings, quoted names and comments hide semicolons, and BEGIN … APPLY BATCH is
 * one statement. The same pass takes the literals out of each statement (see `shape.ts`).
 */
import { CqlError } from '../errors/index.ts';
import { OpenStatement } from './open-statement.ts';
import { Lexeme, Scanner } from './scanner.ts';
import {
  anyLiteral,
  holdsMarks,
  literalOf,
  type SlotLiteral,
  type StatementShape,
  typedSlot,
  wordLiteral,
} from './shape.ts';

export interface SplitStatement {
  /** From its first token to the last before its semicolon. */
  readonly text: string;
  /** Where it begins in the script: UTF-16 units from 0, lines from 1, columns from 0. */
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  /** False for what the script's end cut off. */
  readonly isTerminated: boolean;
  /** Absent for statements other than SELECT, INSERT, UPDATE, DELETE and BATCH, and for those with odd characters. */
  readonly shape: StatementShape | undefined;
  /** The literals that `shape` leaves out, in the order of the text. */
  readonly literals: readonly SlotLiteral[];
}

/** Shapes remembered at once: enough for any script by a program, few enough for one by hand to stay small. */
const MOST_SHAPES = 1024;

export class StatementSplitter {
  private buffer = '';
  private scanner = new Scanner('');
  private isEnded = false;
  /** Offset of the buffer's start within the script. */
  private bufferOffset = 0;
  /** The line that is counted up to, where in the buffer it begins and where it ends (infinity: not in the buffer). */
  private line = 1;
  private lineStart = 0;
  private nextNewline = Number.POSITIVE_INFINITY;
  private statement: OpenStatement | undefined;
  private readonly tellsEmptyLines: boolean;
  private readonly shapes = new Map<string, StatementShape>();
  private latest: StatementShape | undefined;

  /**
   * `tellsEmptyLines`: a line that is only a semicolon comes out as a statement without text, which Cassandra refuses;
   * otherwise it is passed over.
   */
  constructor(options: { readonly tellsEmptyLines?: boolean } = {}) {
    this.tellsEmptyLines = options.tellsEmptyLines ?? false;
  }

  push(text: string): void {
    const from = this.statement?.start ?? this.scanner.end;
    this.drop(from);
    if (this.buffer.length > LONGEST_STATEMENT) this.refuseEndless();
    const skipMark = this.bufferOffset === 0 && this.buffer === '' && text.charCodeAt(0) === BYTE_ORDER_MARK;
    this.buffer += skipMark ? ` ${text.slice(1)}` : text;
    this.scanner = new Scanner(this.buffer, this.scanner.end);
    this.findNewline(Math.max(0, this.lineStart));
  }

  /** Nothing but white space is waiting: what follows begins a statement (or one of the shell's commands). */
  get isBetweenStatements(): boolean {
    return this.statement === undefined && this.buffer.slice(this.scanner.end).trim() === '';
  }

  /** Goes back into the statement that `next` just returned: what follows `offset` of the script comes out anew. */
  resumeAt(offset: number): void {
    this.scanner.end = offset - this.bufferOffset;
    this.statement = undefined;
    this.latest = undefined;
  }

  /** No text follows: what is left is the last statement, with or without its semicolon. */
  end(): void {
    this.isEnded = true;
  }

  /** The next whole statement, or null until more text (or the end) comes. */
  next(): SplitStatement | null {
    for (;;) {
      if (this.statement === undefined) {
        const known = this.nextOfLatestShape();
        if (known !== null) return known;
      }
      const { scanner } = this;
      const lexeme = scanner.scan();
      if (!this.isEnded && this.mayGoOn(lexeme)) {
        // More text may go on with this token: scan it again then.
        scanner.end = scanner.start;
        return null;
      }
      if (lexeme === Lexeme.end) return this.statement === undefined ? null : this.finish(this.statement.end, false);
      if (lexeme === Lexeme.space || lexeme === Lexeme.lineComment || lexeme === Lexeme.blockComment) {
        if (lexeme !== Lexeme.space && this.statement !== undefined) this.noteComment(this.statement);
        continue;
      }
      const isSemicolon = lexeme === Lexeme.symbol && this.buffer.charCodeAt(scanner.start) === SEMICOLON;
      if (isSemicolon) {
        if (this.statement === undefined && this.tellsEmptyLines && this.isFirstOfLine(scanner.start)) {
          return this.describe(scanner.start, scanner.start, true, undefined, []);
        }
        if (this.statement === undefined || this.statement.isInsideBatch()) {
          this.statement?.separate(scanner.end);
          continue;
        }
        return this.finish(this.statement.end, true);
      }
      if (this.statement?.isLeftBy(this.buffer, lexeme, scanner.start, scanner.end) === true) {
        scanner.end = scanner.start;
        return this.finish(this.statement.end, true);
      }
      this.statement ??= new OpenStatement(scanner.start);
      this.statement.add(this.buffer, lexeme, scanner.start, scanner.end);
    }
  }

  /**
   * The next statement if it has the shape of the one before, which is compared piece by piece: no key, no keywords.
   * Null when it has not, or when the buffer ends before its semicolon; then nothing is consumed.
   */
  private nextOfLatestShape(): SplitStatement | null {
    const shape = this.latest;
    if (shape === undefined) return null;
    const { buffer, scanner } = this;
    const { segments, slotKinds } = shape;
    const restart = scanner.end;
    let start = restart;
    while (isSpace(buffer.charCodeAt(start))) start++;
    if (!buffer.startsWith(segments[0]!, start)) return null;
    let end = start + segments[0]!.length;
    const literals: SlotLiteral[] = [];
    for (let i = 0; i < slotKinds.length; i++) {
      scanner.end = end;
      const lexeme = scanner.scan();
      const literal = this.literalAt(lexeme, slotKinds[i]!);
      end = scanner.end;
      const segment = segments[i + 1]!;
      if (literal === undefined || !buffer.startsWith(segment, end)) {
        scanner.end = restart;
        return null;
      }
      literals.push(literal);
      end += segment.length;
    }
    if (buffer.charCodeAt(end) !== SEMICOLON) {
      scanner.end = restart;
      return null;
    }
    scanner.end = end + 1;
    return this.describe(start, end, true, shape, literals);
  }

  /** Whether text yet to come could make the token just scanned another one. */
  private mayGoOn(lexeme: Lexeme): boolean {
    const { buffer } = this;
    const { start, end } = this.scanner;
    if (end + LONGEST_LOOKAHEAD < buffer.length) return false;
    const code = buffer.charCodeAt(start);
    if (lexeme === Lexeme.blockComment || lexeme === Lexeme.dollarString || code === SEMICOLON) return false;
    if (end === buffer.length) return true;
    if (lexeme !== Lexeme.word && !isNumeric(lexeme) && code !== MINUS) return false;
    // A word or number may turn out to be the start of a UUID, a duration or an exponent.
    return MAY_CONTINUE.test(buffer.slice(end));
  }

  private literalAt(lexeme: Lexeme, kind: number): SlotLiteral | undefined {
    const { start, end } = this.scanner;
    if (kind !== anyLiteral) {
      return typedSlot(lexeme, this.buffer, start) === kind ? literalOf(lexeme, this.buffer, start, end) : undefined;
    }
    if (lexeme === Lexeme.word) return wordLiteral(this.buffer, start, end);
    return literalOf(lexeme, this.buffer, start, end);
  }

  /** Only white space stands before it on its line; what begins the buffer stands right behind another statement. */
  private isFirstOfLine(at: number): boolean {
    let before = at - 1;
    while (before >= 0 && this.buffer[before] !== '\n' && isSpace(this.buffer.charCodeAt(before))) before--;
    return before < 0 ? this.bufferOffset === 0 : this.buffer[before] === '\n';
  }

  private noteComment(statement: OpenStatement): void {
    const { start, end } = this.scanner;
    if (holdsMarks(this.buffer.slice(start, end))) statement.giveUpShape();
  }

  private finish(end: number, isTerminated: boolean): SplitStatement {
    const statement = this.statement!;
    this.statement = undefined;
    const parts = statement.builder?.finish(this.buffer, end);
    const shape = parts === undefined ? undefined : this.remember(parts.shape);
    // A batch holds semicolons and ends with a word; the piecewise comparison is for statements that end with theirs.
    this.latest = statement.isBatch || !isTerminated ? undefined : shape;
    return this.describe(statement.start, end, isTerminated, shape, parts?.literals ?? []);
  }

  private remember(shape: StatementShape): StatementShape {
    const known = this.shapes.get(shape.key);
    if (known !== undefined) return known;
    if (this.shapes.size >= MOST_SHAPES) this.shapes.clear();
    this.shapes.set(shape.key, shape);
    return shape;
  }

  private describe(
    start: number,
    end: number,
    isTerminated: boolean,
    shape: StatementShape | undefined,
    literals: readonly SlotLiteral[],
  ): SplitStatement {
    this.countLines(start);
    return {
      text: this.buffer.slice(start, end),
      offset: this.bufferOffset + start,
      line: this.line,
      column: start - this.lineStart,
      isTerminated,
      shape,
      literals,
    };
  }

  private countLines(upTo: number): void {
    while (this.nextNewline < upTo) {
      this.line++;
      this.lineStart = this.nextNewline + 1;
      this.findNewline(this.lineStart);
    }
  }

  private findNewline(from: number): void {
    const newline = this.buffer.indexOf('\n', from);
    this.nextNewline = newline < 0 ? Number.POSITIVE_INFINITY : newline;
  }

  private refuseEndless(): never {
    this.countLines(0);
    const position = { offset: this.bufferOffset, line: this.line, column: -this.lineStart };
    throw new CqlError('SyntaxException', `line ${position.line}:${position.column} this statement does not end`, {
      position,
      suggestion: 'a quote or a comment in it may never be closed',
    });
  }

  /** Forgets the buffer's text before `from`. */
  private drop(from: number): void {
    if (from === 0) return;
    this.countLines(from);
    this.buffer = this.buffer.slice(from);
    this.bufferOffset += from;
    this.lineStart -= from;
    this.scanner.end -= from;
    this.statement?.moveToStart();
  }
}

const SEMICOLON = 0x3b;
const MINUS = 0x2d;
const BYTE_ORDER_MARK = 0xfeff;

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** In UTF-16 units: far beyond any real statement, and still within what one string can hold. */
const LONGEST_STATEMENT = 128 * 1024 * 1024;

/** How far past its end the scanner looks to tell a token: a UUID's length. */
const LONGEST_LOOKAHEAD = 36;

const MAY_CONTINUE = /^[\w.:+µ-]*$/;

function isNumeric(lexeme: Lexeme): boolean {
  return lexeme === Lexeme.integer || lexeme === Lexeme.float || lexeme === Lexeme.duration || lexeme === Lexeme.hex;
}

/** Whether nothing of a text is unfinished: each statement has its semicolon, each string and comment its end. */
export function isComplete(text: string): boolean {
  const splitter = new StatementSplitter();
  splitter.push(text);
  splitter.end();
  for (let statement = splitter.next(); statement !== null; statement = splitter.next()) {
    if (!statement.isTerminated) return false;
  }
  return true;
}

/** The one statement of a text, with its shape; null if the text holds none or more than one. */
export function splitSingle(text: string): SplitStatement | null {
  const splitter = new StatementSplitter();
  splitter.push(text);
  splitter.end();
  const statement = splitter.next();
  return splitter.next() === null ? statement : null;
}
