/** Text to AST: which parser takes a statement, and what becomes of its errors. */
import type { IToken, TokenType } from 'chevrotain';
import type { DecisionTable } from '../../grammar/decision-table.ts';
import { DefinitionParser } from '../../grammar/definition-rules.ts';
import { DEFINITION_DECISIONS, QUERY_DECISIONS } from '../../grammar/lookahead-tables.ts';
import { QUERY_OPENERS, QueryParser } from '../../grammar/query-rules.ts';
import * as t from '../../grammar/tokens.ts';
import type { ParseNotes, ParserOptions, TypeRules } from '../../grammar/type-rules.ts';
import { CqlError } from '../errors/index.ts';
import type { BindMarker, Expression, Statement, TypeNode } from './ast/index.ts';
import { dialectExtensions, type Extension } from './dialect.ts';
import { expectationsAt, explainFailure } from './expectations.ts';
import { type LexedText, lex, type Token } from './lexer.ts';
import { slotOffsetsOf } from './shape.ts';
import { type SplitStatement, StatementSplitter } from './splitter.ts';

export interface ParsedStatement {
  readonly statement: Statement;
  /** In the order of the text; a marker's `index` is its place here. */
  readonly markers: readonly BindMarker[];
  /** What Cassandra's grammar does not have, in the order of the text: a syntax error in strict mode. */
  readonly extensions: readonly Extension[];
  /**
   * Whether each of the literals given as `slotOffsets` is one literal of the AST, so that other statements of this shape
   * may put theirs in its place.
   */
  readonly isShareable: boolean;
}

export interface ParseOptions {
  /** Where the literals stand that the splitter took out of the statement's shape, ascending. */
  readonly slotOffsets?: readonly number[];
}

/** Parses one statement; semicolons may follow it. Throws a SyntaxException that says what was expected where. */
export function parse(text: string, options: ParseOptions = {}): ParsedStatement {
  const lexed = lex(text);
  const parser = parserFor(lexed);
  return withinStack(() => {
    const { result, notes } = run(parser, lexed, options, (quick) => quick.statement());
    return {
      statement: result,
      markers: notes.markers,
      extensions: extensionsOf(result, notes, lexed),
      isShareable: notes.slotsUsed === notes.slotOffsets.length,
    };
  });
}

function extensionsOf(statement: Statement, notes: ParseNotes, { openComment, traps }: LexedText): Extension[] {
  const extensions: Extension[] = [...notes.extensions, ...dialectExtensions(statement)];
  const add = (token: Token, feature: string, suggestion?: string): void => {
    const { startOffset: offset, startLine: line, startColumn: column } = token;
    extensions.push({
      feature,
      position: { offset, line, column },
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  };
  if (openComment !== undefined) add(openComment, 'comments that end without a newline');
  for (const { token, feature } of traps) add(token, feature, 'put a space between');
  return extensions.sort((a, b) => a.position.offset - b.position.offset);
}

/** Ten thousand parentheses within each other are the user's error, not the end of the process. */
function withinStack<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CqlError('SyntaxException', 'this statement is nested too deeply', { cause: error });
  }
}

/** Parses a statement that the splitter cut, its literals marked with the slots of its shape. */
export function parseSplit({ text, shape }: SplitStatement): ParsedStatement {
  return parse(text, shape === undefined ? {} : { slotOffsets: slotOffsetsOf(shape, text) });
}

export function parseStatement(text: string): Statement {
  return parse(text).statement;
}

/** Parses an expression alone, as the schema tables hold it. */
export function parseExpression(text: string): Expression {
  return withinStack(() => run(QUERIES, lex(text), {}, (parser) => parser.soleExpression()).result);
}

/** Parses a CQL type alone: `frozen<map<text, int>>`. */
export function parseType(text: string): TypeNode {
  return withinStack(() => run(QUERIES, lex(text), {}, (parser) => parser.soleType()).result);
}

export interface ParsedScript {
  readonly statements: readonly (ParsedStatement & { readonly source: SplitStatement })[];
  /** One for each statement that could not be parsed; their positions count within the whole script. */
  readonly errors: readonly CqlError[];
}

/** Parses all statements of a script; what is wrong with one does not hide the others. */
export function parseScript(text: string): ParsedScript {
  const splitter = new StatementSplitter();
  splitter.push(text);
  splitter.end();
  const statements: (ParsedStatement & { source: SplitStatement })[] = [];
  const errors: CqlError[] = [];
  for (let source = splitter.next(); source !== null; source = splitter.next()) {
    try {
      statements.push({ ...parseSplit(source), source });
    } catch (error) {
      if (!(error instanceof CqlError)) throw error;
      errors.push(withinScript(error, source));
    }
  }
  return { statements, errors };
}

/** The error with its place counted from the script's start instead of the statement's. */
export function withinScript(error: CqlError, source: SplitStatement): CqlError {
  const { position, suggestion } = error;
  if (position === undefined) return error;
  const line = source.line + position.line - 1;
  const column = position.line === 1 ? source.column + position.column : position.column;
  const message = error.message.replace(/^line \d+:\d+ /, `line ${line}:${column} `);
  return new CqlError(error.kind, message, {
    position: { ...position, line, column, offset: source.offset + position.offset },
    ...(suggestion === undefined ? {} : { suggestion }),
    cause: error,
  });
}

/** A parser in its two forms, each built when first needed. */
class LazyParser<P extends TypeRules> {
  private readonly build: (options: ParserOptions) => P;
  private readonly table: DecisionTable;
  private quickForm: P | undefined;
  private explainingForm: P | undefined;

  constructor(build: (options: ParserOptions) => P, table: DecisionTable) {
    this.build = build;
    this.table = table;
  }

  /** Quick to build, for text that is expected to be right. */
  quick(): P {
    return (this.quickForm ??= this.build({ table: this.table }));
  }

  /** Knows its own rules, and so can say what it would have gone on with. */
  explaining(): P {
    return (this.explainingForm ??= this.build({}));
  }
}

const QUERIES = new LazyParser((options) => new QueryParser(options), QUERY_DECISIONS);
const DEFINITIONS = new LazyParser((options) => new DefinitionParser(options), DEFINITION_DECISIONS);

function parserFor({ tokens, end, error }: LexedText): LazyParser<StatementParser> {
  const first = tokens[0] ?? end;
  const parser = parserForOpener(first.tokenType);
  if (parser !== undefined) return parser;
  if (tokens.length === 0 && error !== undefined) throw error;
  throw explainFailure(first, undefined, STATEMENT_OPENERS);
}

type StatementParser = TypeRules & { statement(): Statement };

/** The parser of the statements that begin with this token; none do with most. */
export function parserForOpener(opener: TokenType): LazyParser<StatementParser> | undefined {
  if (QUERY_OPENERS.has(opener.name)) return QUERIES;
  return DEFINITION_OPENERS.has(opener.name) ? DEFINITIONS : undefined;
}

/** Builds what explains errors and completes, so that the first time is as quick as the others. */
export function warmUp(): void {
  QUERIES.explaining();
  DEFINITIONS.explaining();
}

const DEFINITION_OPENERS: ReadonlySet<string> = new Set([
  'CREATE',
  'ALTER',
  'DROP',
  'TRUNCATE',
  'GRANT',
  'REVOKE',
  'LIST',
  'ADD',
  'DESCRIBE',
  'DESC',
]);

export const STATEMENT_OPENERS = [...QUERY_OPENERS, ...DEFINITION_OPENERS].map((name) => ({
  type: t.K[name]!,
  rule: 'statement',
}));

function run<P extends TypeRules, T>(
  parsers: LazyParser<P>,
  lexed: LexedText,
  { slotOffsets = [] }: ParseOptions,
  rule: (parser: P) => T,
): { readonly result: T; readonly notes: ParseNotes } {
  const notes: ParseNotes = { markers: [], extensions: [], slotOffsets, slotsUsed: 0 };
  const parser = parsers.quick();
  parser.notes = notes;
  parser.input = lexed.tokens;
  const result = rule(parser);
  const [error] = parser.errors;
  if (error !== undefined) throw diagnose(parsers.explaining(), lexed, error.token, rule);
  if (lexed.error !== undefined) throw lexed.error;
  return { result, notes };
}

/** Runs a parse again that failed at a token, this time noting what could have stood there. */
function diagnose<P extends TypeRules>(
  parser: P,
  lexed: LexedText,
  failed: IToken,
  rule: (parser: P) => unknown,
): CqlError {
  const isAtEnd = failed.tokenType === t.EOF;
  if (isAtEnd && lexed.error !== undefined) return lexed.error;
  parser.notes = { markers: [], extensions: [], slotOffsets: [], slotsUsed: 0 };
  parser.input = lexed.tokens;
  const expected = expectationsAt(parser, failed, () => rule(parser));
  const found = isAtEnd ? lexed.end : failed;
  const previous = lexed.tokens.findLast(({ startOffset }) => startOffset < found.startOffset);
  return explainFailure(found, previous, expected);
}
