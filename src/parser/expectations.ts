/** What could have stood where a statement went wrong: in words, with the keyword or fix that was probably meant. */
import type { IToken } from 'chevrotain';
import type { Expectation } from '../../grammar/lookahead.ts';
import * as t from '../../grammar/tokens.ts';
import type { TypeRules } from '../../grammar/type-rules.ts';
import { CqlError } from '../errors/index.ts';
import { nearest } from './near-name.ts';

/**
 * Runs a rule over the parser's input and gathers what could have stood in the place of one token: what was consumed or
 * decided upon while that token was the next. Chevrotain's end of input stands for the place after the last token.
 */
export function expectationsAt(parser: TypeRules, target: IToken, rule: () => unknown): Expectation[] {
  const found: Expectation[] = [];
  const isAtTarget =
    target.tokenType === t.EOF ? () => parser.peek().tokenType === t.EOF : () => parser.peek() === target;
  parser.watchExpectations((expected) => {
    if (isAtTarget()) found.push(...expected);
  });
  try {
    rule();
  } finally {
    parser.unwatchExpectations();
  }
  return found;
}

/** The SyntaxException about `found`, where one of `expected` should have stood. */
export function explainFailure(
  found: IToken,
  previous: IToken | undefined,
  expected: readonly Expectation[],
): CqlError {
  const atEnd = found.tokenType === t.EOF;
  const position = {
    offset: found.startOffset,
    line: found.startLine ?? 1,
    column: found.startColumn ?? 0,
    length: Math.max(1, found.image.length),
  };
  const words = inWords(expected);
  const what = atEnd ? 'the statement ends' : `found ${describe(found)}`;
  const message = `line ${position.line}:${position.column} expected ${words}, but ${what}`;
  return new CqlError('SyntaxException', message, { position, suggestion: suggest(found, previous, expected) });
}

function describe(token: IToken): string {
  if (token.tokenType === t.StringLiteral) return `the string ${shorten(token.image)}`;
  return `"${shorten(token.image)}"`;
}

function shorten(image: string): string {
  return image.length > 40 ? `${image.slice(0, 37)}…` : image;
}

/** What a name stands for in each rule. */
const NAMES: Readonly<Record<string, string>> = {
  columnName: 'a column',
  plainColumnName: 'a column',
  columnReference: 'a column',
  newName: 'a name',
  fieldName: 'a field',
  fieldDefinition: 'a field',
  keyspaceName: 'a keyspace',
  tableName: 'a table',
  viewName: 'a view',
  indexName: 'an index',
  indexExpression: 'an index',
  functionName: 'a function',
  localFunctionName: 'a function',
  userTypeName: 'a type',
  optionName: 'an option',
  keywordValue: 'a value',
  roleName: 'a role',
  userName: 'a user',
  identityName: 'an identity',
  dropTrigger: 'a trigger',
};

const MOST_WORDS = 6;

/** `FROM, "," or the end of the statement` */
function inWords(expected: readonly Expectation[]): string {
  const words = new Set<string>();
  const isValue = expected.some(({ rule }) => rule === 'literal' || rule === 'integerValue');
  const takesColumns = expected.some(({ rule }) => rule === 'columnName' || rule === 'columnReference');
  for (const expectation of mostLikelyFirst(expected)) {
    const word = wordFor(expectation, isValue);
    if (word !== undefined) words.add(word);
  }
  const list = [...words];
  if (isValue) list.unshift(takesColumns ? 'a column or value' : 'a value');
  const shown = isValue ? list.filter((word) => word !== 'a column' && word !== 'a function') : list;
  const first = shown.slice(0, MOST_WORDS);
  if (first.length === 0) return 'something else';
  if (first.length < shown.length) return `${first.join(', ')} or another continuation`;
  const last = first.pop();
  return first.length === 0 ? last! : `${first.join(', ')} or ${last}`;
}

/** What is worth naming of what may stand here, what was probably left out first. */
function mostLikelyFirst(expected: readonly Expectation[]): readonly Expectation[] {
  // That an operand may always go on with an operator is no news, unless nothing else may stand here.
  const others = expected.filter(({ rule, type }) => !OPERATOR_RULES.has(rule) || type === t.RBracket);
  if (others.length === 0) return expected;
  const closing = others.filter(({ type }) => CLOSING.has(type));
  if (closing.length === 0) return others;
  return [...closing, ...others.filter(({ rule, type }) => !CLOSING.has(type) && !CONDITION_RULES.has(rule))];
}

/** What ends an operand of a list or a selector: after it, few mean to go on with a condition. */
const CLOSING: ReadonlySet<unknown> = new Set([t.Comma, t.RParen, t.RBracket, t.RBrace, t.K.AS, t.K.FROM]);

/** Rules that only begin a value: naming each of their tokens would drown the rest. */
const VALUE_RULES = new Set([
  'literal',
  'integerValue',
  'bindMarker',
  'listLiteral',
  'braces',
  'typeHint',
  'parentheses',
  'indexExpression',
  'tokenCall',
  'cast',
  'countRows',
  'cellAttribute',
  'unary',
  'complement',
]);

/** Rules that go on from an operand: `.field`, `[…]`, `+`, `*`… */
const OPERATOR_RULES = new Set(['postfix', 'subscript', 'multiplication', 'value']);

/** Rules that make a condition of an operand: IN, LIKE, AND… */
const CONDITION_RULES = new Set(['predicate', 'predicateTail', 'conjunction', 'expression']);

const TYPE_RULES = new Set(['nativeType', 'genericType', 'setType', 'type', 'userTypeName']);

function wordFor({ type, rule }: Expectation, isValue: boolean): string | undefined {
  if (type === t.EOF || type === t.Semicolon) return 'the end of the statement';
  if (isValue && VALUE_RULES.has(rule)) return undefined;
  if (TYPE_RULES.has(rule) && type !== t.Dot && type !== t.Less && type !== t.Greater && type !== t.Comma) {
    return 'a type';
  }
  switch (type) {
    case t.Name:
    case t.ColumnName:
    case t.Identifier:
      return NAMES[rule] ?? 'a name';
    case t.QuotedName:
      return undefined;
    case t.StringLiteral:
      return 'a string';
    case t.Integer:
      return 'an integer';
    case t.Constant:
      return 'a constant';
    case t.BooleanLiteral:
      return 'true or false';
    case t.ComparisonOperator:
      return 'a comparison';
    default:
      return type.LABEL !== undefined && !/^\w/.test(type.LABEL) ? `"${type.LABEL}"` : (type.LABEL ?? type.name);
  }
}

function suggest(found: IToken, previous: IToken | undefined, expected: readonly Expectation[]): string | undefined {
  const isWord = /^[a-z]/i.test(found.image);
  const follows = previous !== undefined && previous.startOffset + previous.image.length === found.startOffset;
  if (isWord && follows && previous.tokenType === t.StringLiteral) return "write '' for a quote within a string";
  const mayHaveWhere = expected.some(({ type }) => type === t.K.WHERE);
  const mayEnd = expected.some(({ type }) => type === t.EOF);
  if (found.tokenType === t.EOF && mayHaveWhere && !mayEnd) return 'WHERE says which rows, by their primary key';
  if (!isWord) return undefined;
  const keywords = expected.map(({ type }) => type.LABEL ?? '').filter((label) => /^[A-Z]/.test(label));
  const near = nearest(found.image.toUpperCase(), keywords);
  if (near !== undefined && near !== found.image.toUpperCase()) return `did you mean ${near}?`;
  if (mayHaveWhere && previous !== undefined && t.isNameType(previous.tokenType)) {
    return 'Cassandra has neither joins nor other names for tables';
  }
  const wantsName = expected.some(({ type }) => type === t.Name || type === t.ColumnName);
  if (wantsName && t.isReserved(found.image.toLowerCase())) {
    return `${found.image.toUpperCase()} is a reserved word: as a name it stands in double quotes`;
  }
  return undefined;
}
