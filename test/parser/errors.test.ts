import { describe, expect, it } from 'vitest';
import { CqlError } from '../../src/errors/index.ts';
import { messageWithoutPlace, parse, parseScript, renderError, strictRefusal } from '../../src/parser/index.ts';

function failure(text: string): CqlError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof CqlError) return error;
    throw error;
  }
  throw new TypeError(`parses: ${text}`);
}

describe('syntax errors', () => {
  it.each([
    ['SELECT * FORM t', 'did you mean FROM?', 'FORM'],
    ['SELCT * FROM t', 'did you mean SELECT?', 'SELCT'],
    ['INSERT INTO t (a) VALUE (1)', 'did you mean VALUES?', 'VALUE'],
    ['CREATE TABEL t (a int)', 'did you mean TABLE?', 'TABEL'],
    ['SELECT a FROM t WEHRE a = 1', 'did you mean WHERE?', 'WEHRE'],
    ['SELECT a FROM t ORDER BT a', 'did you mean BY?', 'BT'],
    ['UPDATE t SETT a = 1 WHERE k = 1', 'did you mean SET?', 'SETT'],
    ["SELECT a FROM t WHERE n = 'O'Brien'", "write '' for a quote within a string", 'Brien'],
    ['SELECT a FROM table', 'TABLE is a reserved word: as a name it stands in double quotes', 'table'],
    ["SELECT a FROM t WHERE n = 'x", "close it with ', and write '' for a quote in it", "'"],
    ['SELECT `a` FROM t', 'names are quoted with "', '`'],
    ['SELECT a /* b FROM t', 'close it with */', '/'],
  ])('%s', (text, suggestion, underlined) => {
    const error = failure(text);
    expect(error.kind).toBe('SyntaxException');
    expect(error.suggestion).toBe(suggestion);
    const { offset, length = 1 } = error.position!;
    expect(text.slice(offset, offset + length)).toBe(underlined);
  });

  it.each([
    ['SELECT a FROM', 'line 1:13 expected a table, but the statement ends'],
    ['CREATE TABLE t (a int PRIMARY)', 'line 1:29 expected KEY, but found ")"'],
    ['CREATE TABLE t (a)', 'line 1:17 expected a type, but found ")"'],
    ['USE 5', 'line 1:4 expected a keyspace, but found "5"'],
    ['DELETE a\nFROM t\nUSING TTL 5 WHERE k = 1', 'line 3:6 expected TIMESTAMP, but found "TTL"'],
    ['SELECT a FROM t LIMIT x', 'line 1:22 expected a value, but found "x"'],
    ['UPDATE t SET a = 1, a = 2 WHERE k = 1', 'Multiple incompatible setting of column a'],
    ['UPDATE t SET a = b + 1 WHERE k = 1', 'Only expressions of the form X = X +<value> are supported.'],
    ['UPDATE t SET a = 1 + b WHERE k = 1', 'Only expressions of the form X = <value> + X are supported.'],
    [
      'CREATE TABLE t (a frozen<int> PRIMARY KEY)',
      'frozen<> is only allowed on collections, tuples, and user-defined types (got int)',
    ],
    ['CREATE TYPE byte (a int)', 'Invalid (reserved) user type name byte'],
    ['GRANT EXECUTE ON t TO r', 'Resource type DataResource does not support any of the requested permissions'],
    ["CREATE ROLE r WITH PASSWORD = 'x' AND PASSWORD = 'y'", "Multiple definition for property 'PASSWORD'"],
  ])('%s', (text, message) => {
    expect(failure(text).message).toBe(message);
  });

  it.each([
    ['parentheses', `SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)} FROM t`],
    ['lists', `SELECT ${'['.repeat(20_000)} FROM t`],
    ['sums', `SELECT 1${' + 1'.repeat(100_000)} FROM t`],
    ['types', `CREATE TABLE t (a ${'list<'.repeat(20_000)})`],
  ])('are the answer to endless %s', (_, text) => {
    expect(failure(text).kind).toBe('SyntaxException');
  });

  it('have a place in a line of 100,000 literals', () => {
    const line = `INSERT INTO t (a) VALUES ([${'1, '.repeat(100_000)}1]`;
    expect(parse(`${line})`).statement.kind).toBe('insert');
    expect(failure(`${line}]`).position).toMatchObject({ line: 1, offset: line.length });
  });

  it('are reported for each statement of a script, at their places in it', () => {
    const script = 'SELECT 1;\nSELCT 2;\nSELECT 3; USE 5;\n';
    const { statements, errors } = parseScript(script);
    expect(statements.map(({ source }) => source.text)).toEqual(['SELECT 1', 'SELECT 3']);
    expect(errors.map(({ position }) => [position!.line, position!.column, script[position!.offset]])).toEqual([
      [2, 0, 'S'],
      [3, 14, '5'],
    ]);
    expect(errors[1]!.message).toBe('line 3:14 expected a keyspace, but found "5"');
  });
});

describe('renderError', () => {
  it('shows the line, a caret and the suggestion', () => {
    const text = 'SELECT *\n  FORM t';
    expect(renderError(text, failure(text))).toBe('  FORM t\n  ^^^^\ndid you mean FROM?');
  });

  it('keeps tabs and cuts long lines around the place', () => {
    expect(renderError('\tSELCT 1', failure('\tSELCT 1')).split('\n')[1]).toBe('\t^^^^^');
    const long = `SELECT ${'a, '.repeat(100)}b FORM t${' '.repeat(200)}-- end\n`;
    const [line, caret] = renderError(long, failure(long)).split('\n');
    expect(line!.length).toBeLessThan(130);
    expect(line!.slice(caret!.indexOf('^'), caret!.lastIndexOf('^') + 1)).toBe('FORM');
  });

  it('leaves the place out of the message for those who show it', () => {
    expect(messageWithoutPlace(failure('USE 5'))).toBe('expected a keyspace, but found "5"');
  });

  it('is empty without a place', () => {
    expect(renderError('x', new CqlError('InvalidRequest', 'no'))).toBe('');
  });
});

describe('extensions', () => {
  it.each([
    ['SELECT a FROM t WHERE a = 1 OR b = 2', ['OR']],
    ['SELECT a FROM t WHERE NOT a = 1', ['NOT']],
    ['SELECT a FROM t WHERE a BETWEEN 1 AND 2', ['BETWEEN']],
    ['SELECT a FROM t WHERE a NOT IN (1) AND b IS NULL', ['NOT IN', 'IS NULL']],
    ['SELECT 1 + 1', ['SELECT without FROM']],
    ['SELECT a FROM t GROUP BY a HAVING count(*) > 1 LIMIT 1 OFFSET 2', ['HAVING', 'OFFSET']],
    ['SELECT count(DISTINCT a) FROM t ORDER BY a + 1', ['DISTINCT in a function', 'ORDER BY of an expression']],
    ['EXPLAIN ANALYZE SELECT a FROM t', ['EXPLAIN']],
    ['SHOW TABLES', ['SHOW TABLES']],
    ['INSERT INTO t VALUES (1)', ['INSERT without column names']],
    ['SELECT a FROM t WHERE f(a) = 1', ['condition on an expression']],
    ['SELECT a FROM t WHERE a = b', ['column as a value (here b)']],
    ['SELECT a -1 FROM t', ['subtraction written without a space after the sign']],
    ['SELECT a FROM t -- the end', ['comments that end without a newline']],
    ['SELECT a FROM t WHERE (a = 1 AND b = 2)', ['conditions grouped by parentheses']],
    ['SELECT a FROM t WHERE a != 1 AND token(b) > 2 ALLOW FILTERING', []],
  ])('%s', (text, features) => {
    expect(parse(text).extensions.map(({ feature }) => feature)).toEqual(features);
  });

  it('are syntax errors in strict mode', () => {
    const [extension] = parse('SELECT a FROM t\nWHERE a = 1 OR b = 2').extensions;
    const error = strictRefusal(extension!);
    expect(error.kind).toBe('SyntaxException');
    expect(error.message).toBe('line 2:6 Cassandra has no OR');
  });
});
