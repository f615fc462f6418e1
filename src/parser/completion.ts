/** What may stand at the cursor: the grammar's part of the shell's completion. */
import type { Expectation } from '../../grammar/lookahead.ts';
import * as t from '../../grammar/tokens.ts';
import { CqlError } from '../errors/index.ts';
import { expectationsAt } from './expectations.ts';
import { type LexedText, lex, type Token } from './lexer.ts';
import { parserForOpener, STATEMENT_OPENERS } from './parse.ts';
import { StatementSplitter } from './splitter.ts';

export { warmUp } from './parse.ts';

/** What kind of name or value may stand at the cursor; the schema knows the candidates. */
export type CompletionCategory =
  | 'keyspace'
  | 'table'
  | 'view'
  | 'index'
  | 'column'
  | 'field'
  | 'type'
  | 'function'
  | 'aggregate'
  | 'trigger'
  | 'role'
  | 'option'
  | 'new-name'
  | 'value'
  | 'string'
  | 'integer';

export interface ExpectedTokens {
  /** In capitals, in the grammar's order. */
  readonly keywords: readonly string[];
  readonly categories: readonly CompletionCategory[];
  /** Punctuation: `(`, `,`, `=`… and `;` where the statement may end. */
  readonly symbols: readonly string[];
  /** The word that the cursor stands in or right after, and where it begins: what a candidate replaces. */
  readonly prefix: string;
  readonly replaceFrom: number;
  /** The keyspace before the prefix's dot: `ks.` */
  readonly qualifier: string | undefined;
  /** The table that the statement is about, once it is named: its columns are the candidates. */
  readonly table: { readonly keyspace: string | undefined; readonly name: string } | undefined;
  /** The statement's first words in capitals: CREATE TABLE, ALTER KEYSPACE. */
  readonly opening: string;
}

const NOTHING: ExpectedTokens = {
  keywords: [],
  categories: [],
  symbols: [],
  prefix: '',
  replaceFrom: 0,
  qualifier: undefined,
  table: undefined,
  opening: '',
};

/** What may stand at `cursor`. Never throws: within a string or a comment, and after an error, the answer is nothing. */
export function expectedTokens(text: string, cursor: number = text.length): ExpectedTokens {
  const statementStart = openStatementStart(text.slice(0, cursor));
  const before = text.slice(statementStart, cursor);
  const prefix = /(?:[a-z][a-z0-9_]*|"[^"]*)$/i.exec(before)?.[0] ?? '';
  const replaceFrom = cursor - prefix.length;
  const lexed = lex(withSelection(before.slice(0, before.length - prefix.length)));
  const place = { ...NOTHING, prefix, replaceFrom };
  if (lexed.error !== undefined || lexed.openComment !== undefined) return place;
  const { tokens } = lexed;
  const whole = lex(text.slice(statementStart));
  return {
    ...place,
    ...sort(expectationsAfter(lexed)),
    qualifier: qualifierOf(tokens),
    table: tableOf(whole.tokens),
    opening: tokens
      .slice(0, 2)
      .map(({ image }) => image.toUpperCase())
      .join(' '),
  };
}

/** `SELECT FROM t …`, where the columns are to be filled in when the table is known: as if all of them stood there. */
function withSelection(text: string): string {
  return text.replace(/^(\s*select(?:\s+distinct|\s+json)*)(?=\s+from\b)/i, '$1 *');
}

/** The keywords that must follow `keyword` at the cursor, itself first: `GROUP` goes on as `GROUP BY`. */
export function forcedWords(text: string, cursor: number, keyword: string): string {
  const { replaceFrom } = expectedTokens(text, cursor);
  let words = keyword;
  for (let more = 0; more < 4; more++) {
    const next = expectedTokens(`${text.slice(0, replaceFrom)}${words} `);
    const isForced = next.keywords.length === 1 && next.categories.length === 0 && next.symbols.length === 0;
    if (!isForced) break;
    words += ` ${next.keywords[0]}`;
  }
  return words;
}

/** Where the statement begins that a text ends in. */
function openStatementStart(text: string): number {
  const splitter = new StatementSplitter();
  splitter.push(text);
  splitter.end();
  let start = 0;
  for (let statement = splitter.next(); statement !== null; statement = splitter.next()) {
    // Comments may stand between a statement and its semicolon, but those hold no semicolon that anyone completes after.
    const end = statement.offset + statement.text.length;
    start = statement.isTerminated ? text.indexOf(';', end) + 1 : statement.offset;
  }
  return start;
}

function expectationsAfter({ tokens, end }: LexedText): readonly Expectation[] {
  const [first] = tokens;
  if (first === undefined) return STATEMENT_OPENERS;
  const parser = parserForOpener(first.tokenType)?.explaining();
  if (parser === undefined) return [];
  parser.notes = { markers: [], extensions: [], slotOffsets: [], slotsUsed: 0 };
  parser.input = tokens;
  try {
    const expected = expectationsAt(parser, end, () => parser.statement());
    const [error] = parser.errors;
    return error === undefined || error.token.tokenType === t.EOF ? expected : [];
  } catch (error) {
    // A check in the grammar's actions: the statement is wrong already.
    if (error instanceof CqlError) return [];
    throw error;
  }
}

/** The kinds of names by the rule in whose text they stand. */
const CATEGORIES: Readonly<Record<string, CompletionCategory>> = {
  columnName: 'column',
  plainColumnName: 'column',
  columnReference: 'column',
  fieldName: 'field',
  keyspaceName: 'keyspace',
  tableName: 'table',
  viewName: 'view',
  indexName: 'index',
  indexExpression: 'index',
  functionName: 'function',
  localFunctionName: 'function',
  userTypeName: 'type',
  nativeType: 'type',
  optionName: 'option',
  keywordValue: 'value',
  roleName: 'role',
  userName: 'role',
  identityName: 'role',
  dropTrigger: 'trigger',
  newName: 'new-name',
};

function sort(expected: readonly Expectation[]): Pick<ExpectedTokens, 'keywords' | 'categories' | 'symbols'> {
  const keywords = new Set<string>();
  const categories = new Set<CompletionCategory>();
  const symbols = new Set<string>();
  for (const { type, rule } of expected) {
    if (type === t.EOF) symbols.add(';');
    else if (NAME_TYPES.has(type)) categories.add(CATEGORIES[rule] ?? 'new-name');
    else if (type === t.NativeType) categories.add('type');
    else if (type === t.Constant || type === t.BooleanLiteral) categories.add('value');
    else if (type === t.StringLiteral) categories.add('string');
    else if (type === t.Integer) categories.add('integer');
    else if (type === t.ComparisonOperator) for (const operator of ['=', '<', '>', '<=', '>=']) symbols.add(operator);
    else if (t.K[type.name] === type) keywords.add(type.name);
    else if (type.LABEL !== undefined) symbols.add(type.LABEL);
  }
  return { keywords: [...keywords], categories: [...categories], symbols: [...symbols] };
}

const NAME_TYPES = new Set([t.Name, t.ColumnName, t.Identifier, t.QuotedName]);

function nameText({ image }: Token): string {
  return image.startsWith('"') ? image.slice(1, -1).replaceAll('""', '"') : image.toLowerCase();
}

function isName(token: Token | undefined): token is Token {
  return token !== undefined && t.isNameType(token.tokenType);
}

function qualifierOf(tokens: readonly Token[]): string | undefined {
  const name = tokens.at(-2);
  return tokens.at(-1)?.tokenType === t.Dot && isName(name) ? nameText(name) : undefined;
}

/** The words after which a statement names its table. */
const BEFORE_TABLE = new Set([t.K.FROM, t.K.INTO, t.K.UPDATE, t.K.TABLE, t.K.ON, t.K.TRUNCATE]);

function tableOf(tokens: readonly Token[]): ExpectedTokens['table'] {
  for (let i = 0; i < tokens.length; i++) {
    if (!BEFORE_TABLE.has(tokens[i]!.tokenType)) continue;
    const first = tokens[i + 1];
    if (!isName(first)) continue;
    const second = tokens[i + 3];
    if (tokens[i + 2]?.tokenType === t.Dot) {
      return isName(second) ? { keyspace: nameText(first), name: nameText(second) } : undefined;
    }
    return { keyspace: undefined, name: nameText(first) };
  }
  return undefined;
}
