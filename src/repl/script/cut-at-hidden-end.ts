import { CqlError } from '../../errors/index.ts';
import { Lexeme, Scanner } from '../../parser/scanner.ts';
import type { SplitStatement } from '../../parser/splitter.ts';

/** A semicolon at a line's end. */
const END_OF_LINE = /;[ \t]*\r?\n/;

/**
 * A semicolon at the end of a line does not end a statement where a comment or an unclosed quote hides it:
 *
 *     SELECT a FROM t -- the last one;         SELECT * FROM t WHERE name = 'O'Brien';
 *
 * Such a statement runs on into the next lines, and is a syntax error there. This is the part that was meant, up to the
 * hidden semicolon, so that one error does not swallow what follows. Null when the error has another cause. Only ever asked
 * about statements that are no CQL as they stand.
 */
export function cutAtHiddenEnd(statement: SplitStatement, error: unknown): SplitStatement | null {
  if (!(error instanceof CqlError) || error.kind !== 'SyntaxException' || error.position === undefined) return null;
  const { text } = statement;
  const scanner = new Scanner(text);
  for (let lexeme = scanner.scan(); lexeme !== Lexeme.end; lexeme = scanner.scan()) {
    const hidden = text.slice(scanner.start, scanner.end);
    switch (lexeme) {
      case Lexeme.lineComment: {
        const comment = hidden.trimEnd();
        if (scanner.start >= error.position.offset || !comment.endsWith(';')) break;
        if (text.slice(scanner.end).trim() === '') break;
        return partOf(statement, scanner.start + comment.length);
      }
      case Lexeme.string:
      case Lexeme.quotedName:
      case Lexeme.unfinishedString:
      case Lexeme.unfinishedName: {
        const end = END_OF_LINE.exec(hidden);
        if (end !== null) return partOf(statement, scanner.start + end.index);
      }
    }
  }
  return null;
}

function partOf(statement: SplitStatement, length: number): SplitStatement {
  return { ...statement, text: statement.text.slice(0, length), shape: undefined, literals: [] };
}
