import { CqlError } from '../../errors/index.ts';
import { Lexeme, Scanner } from '../../parser/scanner.ts';
import type { SplitStatement } from '../../parser/splitter.ts';

/**
 * `SELECT a FROM t -- the last one;` hides its semicolon in a comment, and so runs on into the next line. Where such a
 * statement is a syntax error beyond that comment, this is the part that was meant: up to the comment's end. Null when the
 * error has another cause.
 */
export function cutAtComment(statement: SplitStatement, error: unknown): SplitStatement | null {
  if (!(error instanceof CqlError) || error.kind !== 'SyntaxException' || error.position === undefined) return null;
  const { text } = statement;
  const scanner = new Scanner(text);
  for (let lexeme = scanner.scan(); lexeme !== Lexeme.end; lexeme = scanner.scan()) {
    if (scanner.start >= error.position.offset) return null;
    if (lexeme !== Lexeme.lineComment) continue;
    const comment = text.slice(scanner.start, scanner.end).trimEnd();
    if (!comment.endsWith(';') || text.slice(scanner.end).trim() === '') continue;
    const end = scanner.start + comment.length;
    return { ...statement, text: text.slice(0, end), shape: undefined, literals: [] };
  }
  return null;
}
