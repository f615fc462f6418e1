/**
 * CQL text to AST and back. `splitter.ts` and `ast/` stand alone and load no grammar; importing this file loads
 * Chevrotain, but builds a parser only when a statement needs it.
 */
export type * from './ast/index.ts';
export { conjuncts } from './ast/index.ts';
export { type CompletionCategory, type ExpectedTokens, expectedTokens, forcedWords } from './completion.ts';
export { dialectExtensions, type Extension, strictRefusal } from './dialect.ts';
export { type HighlightKind, type HighlightSpan, tokenize } from './highlight.ts';
export { editDistance, nearest } from './near-name.ts';
export {
  type ParsedScript,
  type ParsedStatement,
  type ParseOptions,
  parse,
  parseExpression,
  parseScript,
  parseSplit,
  parseStatement,
  parseType,
  warmUp,
  withinScript,
} from './parse.ts';
export {
  printExpression,
  printName,
  printQualified,
  printStatement,
  printType,
  quoteName,
  quoteString,
} from './print/index.ts';
export { messageWithoutPlace, renderError } from './render-error.ts';
export type { SlotLiteral, StatementShape } from './shape.ts';
export { isComplete, type SplitStatement, StatementSplitter, splitSingle } from './splitter.ts';
