import { Lexeme } from './scanner.ts';
import { anyLiteral, literalOf, ShapeBuilder, typedSlot, wordLiteral } from './shape.ts';

const SHAPED = new Set(['select', 'insert', 'update', 'delete', 'begin']);
const BATCH_OPENERS = new Set(['batch', 'unlogged', 'counter']);
const BATCH_PARTS = new Set(['insert', 'update', 'delete', 'apply']);

/** A value must follow each of these, so that all constants are alike there. */
const BEFORE_VALUE = new Uint8Array(128);
for (const c of '(,=:[{<>') BEFORE_VALUE[c.charCodeAt(0)] = 1;

/** The statement that the splitter is in the midst of. Places count within the splitter's buffer. */
export class OpenStatement {
  start: number;
  /** Where its last token so far ends. */
  end: number;
  builder: ShapeBuilder | undefined;
  isBatch = false;
  private words: 'none' | 'explain' | 'begin' | 'apply' | 'other' = 'none';
  private isClosed = false;
  private isAfterSeparator = false;
  private previousCode = 0;

  constructor(start: number) {
    this.start = start;
    this.end = start;
  }

  add(text: string, lexeme: Lexeme, start: number, end: number): void {
    this.end = end;
    this.isAfterSeparator = false;
    const isBeforeValue = BEFORE_VALUE[this.previousCode] === 1;
    this.previousCode = 0;
    switch (lexeme) {
      case Lexeme.symbol:
        this.previousCode = text.charCodeAt(end - 1);
        return;
      case Lexeme.word:
        if (this.words !== 'other' || this.isBatch) this.addKeyword(text, start, end);
        if (isBeforeValue && this.builder !== undefined) {
          const literal = wordLiteral(text, start, end);
          if (literal !== undefined) this.builder.addLiteral(text, start, end, anyLiteral, literal);
        }
        return;
      case Lexeme.unknown:
      case Lexeme.unfinishedName:
      case Lexeme.unfinishedString:
      case Lexeme.unfinishedComment:
        this.builder = undefined;
        this.words = 'other';
        return;
      default: {
        const literal = this.builder === undefined ? undefined : literalOf(lexeme, text, start, end);
        if (literal === undefined) return;
        this.builder?.addLiteral(
          text,
          start,
          end,
          isBeforeValue ? anyLiteral : typedSlot(lexeme, text, start),
          literal,
        );
      }
    }
  }

  /** Whether a semicolon here only ends a part of a batch. */
  isInsideBatch(): boolean {
    return this.isBatch && !this.isClosed;
  }

  /** A semicolon within a batch. */
  separate(end: number): void {
    this.end = end;
    this.isAfterSeparator = true;
    this.previousCode = 0;
  }

  /** Whether this token cannot belong to the batch, which then ended, unfinished, at the semicolon before. */
  isLeftBy(text: string, lexeme: Lexeme, start: number, end: number): boolean {
    if (!this.isAfterSeparator || !this.isInsideBatch()) return false;
    return lexeme !== Lexeme.word || !BATCH_PARTS.has(text.slice(start, end).toLowerCase());
  }

  giveUpShape(): void {
    this.builder = undefined;
  }

  /** Follows the buffer when what stands before the statement is dropped from it. */
  moveToStart(): void {
    this.builder?.shift(this.start);
    this.end -= this.start;
    this.start = 0;
  }

  private addKeyword(text: string, start: number, end: number): void {
    const word = text.slice(start, end).toLowerCase();
    if (this.words === 'none') {
      if (SHAPED.has(word)) this.builder = new ShapeBuilder(this.start);
      this.words = word === 'begin' || word === 'explain' ? word : 'other';
    } else if (this.words === 'explain') {
      if (word !== 'analyze') this.words = word === 'begin' ? 'begin' : 'other';
    } else if (this.words === 'begin') {
      this.isBatch = BATCH_OPENERS.has(word);
      this.words = 'other';
    } else if (word === 'apply') {
      this.words = 'apply';
    } else {
      if (this.words === 'apply' && word === 'batch') this.isClosed = true;
      this.words = 'other';
    }
  }
}
