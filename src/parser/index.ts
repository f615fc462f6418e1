/**
 * CQL text to AST and back. `splitter.ts` and `ast/` stand alone and load no grammar; importing this file loads
 * Chevrotain, but builds a parser only when a statement needs it.
 */
export type * from './ast/index.ts';
export { expectedTokens, forcedWords } from './completion.ts';
export { strictRefusal } from './dialect.ts';
export { tokenize } from './highlight.ts';
export { isEmptyBraces, type LiteralRules, literalBytes } from './literal-bytes.ts';
export {
  type ParsedStatement,
  parse,
  parseExpression,
  parseScript,
  parseSplit,
  parseStatement,
  parseType,
} from './parse.ts';
export { printQualified, printStatement } from './print/index.ts';
export { messageWithoutPlace, renderError } from './render-error.ts';
export { isComplete, type SplitStatement, StatementSplitter, splitSingle } from './splitter.ts';
