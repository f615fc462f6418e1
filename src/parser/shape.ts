/**
 * The shape of a statement: its text with the literals taken out, so that a script's million INSERTs are parsed and planned
 * once. What the key says:
 *
 * | where a literal stood                            | in the key                                        |
 * |--------------------------------------------------|---------------------------------------------------|
 * | after `(` `,` `=` `:` `[` `{` `<` `>`: a value    | U+0001: any constant, NULL, TRUE, FALSE, NaN…      |
 * | elsewhere: LIMIT 5, TTL 5, `a -1`, JSON '…'      | U+0002 and a letter: its type and sign, as before |
 */
import { isBeyondDouble, type LiteralType, specialText } from './ast/expression.ts';
import { Lexeme, Scanner } from './scanner.ts';

/** A literal taken out of a statement, as the AST's `Literal` has it. */
export interface SlotLiteral {
  readonly type: LiteralType;
  /** A string's contents, anything else as it was written. */
  readonly text: string;
}

/** One object for all statements of a shape that one splitter returns, so that plans may hang on its identity. */
export interface StatementShape {
  readonly key: string;
  /** What stands before, between and after the literals: one more than there are literals. */
  readonly segments: readonly string[];
  /** By literal: the `typedSlot` that must stand there, or `anyLiteral`. */
  readonly slotKinds: readonly number[];
}

export const anyLiteral = -1;

const NEGATIVE = 32;
const MINUS = 0x2d;

/** What tells apart literals where the grammar may: the lexeme, and whether it begins with a sign (`a -1`, `(a) -1`). */
export function typedSlot(lexeme: Lexeme, text: string, start: number): number {
  return text.charCodeAt(start) === MINUS ? lexeme + NEGATIVE : lexeme;
}

const ANY_MARK = '\u0001';
const TYPED_MARK = '\u0002';

export class ShapeBuilder {
  private segments: string[] = [];
  private slotKinds: number[] = [];
  private literals: SlotLiteral[] = [];
  private segmentStart: number;

  constructor(start: number) {
    this.segmentStart = start;
  }

  addLiteral(text: string, start: number, end: number, kind: number, literal: SlotLiteral): void {
    this.segments.push(text.slice(this.segmentStart, start));
    this.slotKinds.push(kind);
    this.literals.push(literal);
    this.segmentStart = end;
  }

  /** Keeps the places right when the `by` characters before the statement leave the splitter's buffer. */
  shift(by: number): void {
    this.segmentStart -= by;
  }

  finish(text: string, end: number): { readonly shape: StatementShape; readonly literals: readonly SlotLiteral[] } {
    this.segments.push(text.slice(this.segmentStart, end));
    return { shape: shapeOfParts(this.segments, this.slotKinds), literals: this.literals };
  }
}

function shapeOfParts(segments: readonly string[], slotKinds: readonly number[]): StatementShape {
  let key = segments[0]!;
  for (let i = 0; i < slotKinds.length; i++) {
    const kind = slotKinds[i]!;
    key += (kind === anyLiteral ? ANY_MARK : TYPED_MARK + String.fromCharCode(0x41 + kind)) + segments[i + 1]!;
  }
  return { key, segments, slotKinds };
}

/** Whether a text cannot be told from a key, because it holds what marks literals there. */
export function holdsMarks(text: string): boolean {
  return text.includes(ANY_MARK) || text.includes(TYPED_MARK);
}

/** The literal that a lexeme is, or undefined if it is none. */
export function literalOf(lexeme: Lexeme, text: string, start: number, end: number): SlotLiteral | undefined {
  switch (lexeme) {
    case Lexeme.string: {
      const inside = text.slice(start + 1, end - 1);
      return { type: 'string', text: inside.includes("'") ? inside.replaceAll("''", "'") : inside };
    }
    case Lexeme.dollarString:
      return { type: 'string', text: text.slice(start + 2, end - 2) };
    case Lexeme.integer:
      return { type: 'integer', text: text.slice(start, end) };
    case Lexeme.float: {
      const written = text.slice(start, end);
      return isBeyondDouble(written) ? undefined : { type: 'float', text: written };
    }
    case Lexeme.duration:
      return { type: 'duration', text: text.slice(start, end) };
    case Lexeme.uuid:
      return { type: 'uuid', text: text.slice(start, end) };
    case Lexeme.hex:
      return { type: 'hex', text: text.slice(start, end) };
    case Lexeme.negativeSpecial:
      return { type: 'special', text: specialText(text.slice(start, end)) };
    default:
      return undefined;
  }
}

/** NULL, TRUE, FALSE, NaN and Infinity, which only where a value must stand are surely literals. */
export function wordLiteral(text: string, start: number, end: number): SlotLiteral | undefined {
  const length = end - start;
  if (length < 3 || (length > 5 && length !== 8)) return undefined;
  const word = text.slice(start, end);
  switch (word.toLowerCase()) {
    case 'null':
      return { type: 'null', text: word };
    case 'true':
    case 'false':
      return { type: 'boolean', text: word };
    case 'nan':
    case 'infinity':
      return { type: 'special', text: specialText(word) };
    default:
      return undefined;
  }
}

/** Where each literal of a statement of this shape begins, counted from the statement's start. */
export function slotOffsetsOf(shape: StatementShape, text: string): number[] {
  const scanner = new Scanner(text);
  const offsets: number[] = [];
  for (let i = 0; i < shape.slotKinds.length; i++) {
    scanner.end += shape.segments[i]!.length;
    offsets.push(scanner.end);
    scanner.scan();
  }
  return offsets;
}
