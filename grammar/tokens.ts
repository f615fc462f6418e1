/**
 * The tokens of CQL 3.4.7 (Cassandra 5.0.8's `Lexer.g`, its reserved words in `cql3/reserved_keywords.txt`), plus the few
 * that explore mode adds. The scanner in `src/parser/lexer.ts` makes them; Chevrotain's own lexer would cost more at
 * start-up than all the rest of a one-shot query.
 *
 * Words that may also be names are one category, `Name`: an alternation of a hundred words at each name would make the
 * parser's lookahead tables large and slow to build.
 */
import { EOF, type TokenType } from 'chevrotain';

/** Whatever may name a column where `""` may too (the column of some compact tables). */
export const ColumnName = token('ColumnName');
/** An identifier, a quoted name or an unreserved keyword. */
export const Name = token('Name', [ColumnName]);
export const Identifier = token('Identifier', [Name]);
export const QuotedName = token('QuotedName', [Name]);
export const EmptyQuotedName = token('EmptyQuotedName', [ColumnName]);
/** Names of types, all of them unreserved. */
export const NativeType = token('NativeType', [Name]);

/** Any constant but NULL, which is a keyword too. */
export const Constant = token('Constant');
export const StringLiteral = token('StringLiteral', [Constant]);
export const Integer = token('Integer', [Constant]);
export const Float = token('Float', [Constant]);
export const BooleanLiteral = token('BooleanLiteral', [Constant]);
export const Duration = token('Duration', [Constant]);
export const Uuid = token('Uuid', [Constant]);
export const Hex = token('Hex', [Constant]);
/** `NaN`, `-NaN`, `Infinity`, `-Infinity` */
export const SpecialFloat = token('SpecialFloat', [Constant]);

export const QuestionMark = token('QuestionMark', [], '?');
export const Range = token('Range', [], '..');
/** `expr(`, one token in Cassandra's grammar so that `expr` stays a name */
export const ExprOpen = token('ExprOpen', [], 'expr(');
export const LParen = token('LParen', [], '(');
export const RParen = token('RParen', [], ')');
export const LBracket = token('LBracket', [], '[');
export const RBracket = token('RBracket', [], ']');
export const LBrace = token('LBrace', [], '{');
export const RBrace = token('RBrace', [], '}');
export const Comma = token('Comma', [], ',');
export const Semicolon = token('Semicolon', [], ';');
export const Colon = token('Colon', [], ':');
export const Dot = token('Dot', [], '.');
export const Plus = token('Plus', [], '+');
export const Minus = token('Minus', [], '-');
export const Star = token('Star', [], '*');
export const Slash = token('Slash', [], '/');
export const Percent = token('Percent', [], '%');
export const PlusEquals = token('PlusEquals', [], '+=');
export const MinusEquals = token('MinusEquals', [], '-=');
/** `=`, `!=`, `<`, `<=`, `>`, `>=` where they compare */
export const ComparisonOperator = token('ComparisonOperator');
export const Equals = token('Equals', [ComparisonOperator], '=');
export const NotEquals = token('NotEquals', [ComparisonOperator], '!=');
export const Less = token('Less', [ComparisonOperator], '<');
export const LessOrEqual = token('LessOrEqual', [ComparisonOperator], '<=');
export const Greater = token('Greater', [ComparisonOperator], '>');
export const GreaterOrEqual = token('GreaterOrEqual', [ComparisonOperator], '>=');
/** What the lexer could not read; no rule takes it. */
export const Unknown = token('Unknown');

/** Keywords that cannot be names. TRUE, FALSE, NAN and INFINITY are constants here. */
const RESERVED = words(`ADD ALLOW ALTER AND APPLY ASC AUTHORIZE BATCH BEGIN BY CREATE DELETE DESC DESCRIBE DROP ENTRIES
  EXECUTE FROM FULL GRANT IF IN INDEX INSERT INTO IS KEYSPACE LIMIT MATERIALIZED MODIFY NORECURSIVE NOT NULL OF ON OR
  ORDER PRIMARY RENAME REVOKE SCHEMA SELECT SET TABLE TO TOKEN TRUNCATE UNLOGGED UPDATE USE USING VIEW WHERE WITH`);

/** `basic_unreserved_keyword`: may also name a user type */
const UNRESERVED = words(`KEYS AS CLUSTER CLUSTERING COMPACT STORAGE TABLES TYPE TYPES VALUES MAP LIST FILTERING
  PERMISSION PERMISSIONS KEYSPACES ALL USER USERS ROLE ROLES IDENTITY SUPERUSER NOSUPERUSER LOGIN NOLOGIN OPTIONS PASSWORD
  HASHED EXISTS CUSTOM TRIGGER CONTAINS INTERNALS ONLY STATIC FROZEN TUPLE FUNCTION FUNCTIONS AGGREGATE AGGREGATES SFUNC
  STYPE FINALFUNC INITCOND RETURNS LANGUAGE CALLED INPUT LIKE PER PARTITION GROUP DATACENTERS CIDRS ACCESS DEFAULT MBEAN
  MBEANS REPLACE UNSET MASKED UNMASK SELECT_MASKED VECTOR ANN TTL COUNT WRITETIME MAXWRITETIME KEY CAST JSON DISTINCT`);

/** Explore mode's own: identifiers to Cassandra, and so wherever they are not the keyword. */
export const EXPLORE_KEYWORDS = words('BETWEEN HAVING OFFSET EXPLAIN ANALYZE SHOW');

const NATIVE_TYPES = words(`ASCII BIGINT BLOB BOOLEAN COUNTER DECIMAL DOUBLE DURATION FLOAT INET INT SMALLINT TEXT
  TIMESTAMP TINYINT UUID VARCHAR VARINT TIMEUUID DATE TIME`);

/** Other spellings of a keyword. */
const SYNONYMS: Readonly<Record<string, string>> = {
  COLUMNFAMILY: 'TABLE',
  COLUMNFAMILIES: 'TABLES',
};

/** The keywords' token types by name: `K.SELECT`. */
export const K: Readonly<Record<string, TokenType>> = Object.fromEntries([
  ...RESERVED.map((word) => [word, token(word, [], word)]),
  ...UNRESERVED.map((word) => [word, token(word, [Name], word)]),
  ...EXPLORE_KEYWORDS.map((word) => [word, token(word, [Identifier], word)]),
  ...NATIVE_TYPES.map((word) => [word, token(word, [NativeType], word)]),
]);

/** By the word in lower case, synonyms and word-shaped constants included: what the lexer looks words up in. */
export const WORDS: ReadonlyMap<string, TokenType> = new Map<string, TokenType>([
  ...Object.entries(K).map(([word, type]): [string, TokenType] => [word.toLowerCase(), type]),
  ...Object.entries(SYNONYMS).map(([word, same]): [string, TokenType] => [word.toLowerCase(), K[same]!]),
  ['true', BooleanLiteral],
  ['false', BooleanLiteral],
  ['nan', SpecialFloat],
  ['infinity', SpecialFloat],
]);

/** Every token type, as the parsers' vocabulary. */
export const VOCABULARY: TokenType[] = [
  ...[ColumnName, Name, Identifier, QuotedName, EmptyQuotedName, NativeType],
  ...[Constant, StringLiteral, Integer, Float, BooleanLiteral, Duration, Uuid, Hex, SpecialFloat],
  ...[QuestionMark, Range, ExprOpen, LParen, RParen, LBracket, RBracket, LBrace, RBrace, Comma, Semicolon, Colon, Dot],
  ...[Plus, Minus, Star, Slash, Percent, PlusEquals, MinusEquals],
  ...[ComparisonOperator, Equals, NotEquals, Less, LessOrEqual, Greater, GreaterOrEqual, Unknown],
  ...Object.values(K),
];

/** Whether `word`, in lower case, must be quoted to be a name. */
export function isReserved(word: string): boolean {
  const type = WORDS.get(word);
  return type !== undefined && !isNameType(type);
}

/** Whether a token of this type may be a name. */
export function isNameType(type: TokenType): boolean {
  return isMember(type, Name);
}

/** Whether a token of this type is no keyword to Cassandra. */
export function isIdentifierType(type: TokenType): boolean {
  return type === Identifier || isMember(type, Identifier);
}

function isMember({ CATEGORIES: categories }: TokenType, category: TokenType): boolean {
  return categories?.some((each) => each === category || isMember(each, category)) === true;
}

export { EOF };

/** A token type without its numbers, which the first parser to be built gives to all at once; one by one is slow. */
function token(name: string, categories: TokenType[] = [], label?: string): TokenType {
  return label === undefined ? { name, CATEGORIES: categories } : { name, CATEGORIES: categories, LABEL: label };
}

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}
