import { describe, expect, it } from 'vitest';
import { expectedTokens, forcedWords, tokenize } from '../../src/parser/index.ts';

describe('expectedTokens', () => {
  it.each([
    ['SELECT a FROM ', [], ['table']],
    ['USE ', [], ['keyspace']],
    ['DROP TABLE ', ['IF'], ['table']],
    ['INSERT INTO t (', [], ['column']],
    ['SELECT a FROM t GROUP ', ['BY'], []],
    ['CREATE TABLE t (a int PRIMARY KEY) WITH ', ['COMPACT', 'CLUSTERING'], ['option']],
    ['CREATE MATERIALIZED ', ['VIEW'], []],
    ['SELECT 1; DELETE FROM ', [], ['table']],
    ["SELECT 'within a string", [], []],
    ['SELECT a FROM t -- within a comment', [], []],
    ['SELECT SELECT ', [], []],
  ])('%j', (text, keywords, categories) => {
    const expected = expectedTokens(text);
    expect(expected.keywords).toEqual(keywords);
    expect(expected.categories).toEqual(categories);
  });

  it('knows the word to be replaced, its keyspace and the table', () => {
    expect(expectedTokens('SELECT na FROM ks.users WHERE x = 1', 9)).toMatchObject({
      prefix: 'na',
      replaceFrom: 7,
      table: { keyspace: 'ks', name: 'users' },
    });
    expect(expectedTokens('SELECT a FROM ks.us')).toMatchObject({
      prefix: 'us',
      qualifier: 'ks',
      categories: ['table'],
    });
  });

  it('goes on with the words that must follow', () => {
    expect(forcedWords('SELECT a FROM t ', 16, 'PER')).toBe('PER PARTITION LIMIT');
    expect(forcedWords('SELECT a FROM t GR', 18, 'GROUP')).toBe('GROUP BY');
    expect(forcedWords('SELECT a FROM t ', 16, 'WHERE')).toBe('WHERE');
  });

  it('looks past any number of conditions', () => {
    const text = `SELECT a, b FROM ks.t WHERE ${'a = 1 AND '.repeat(200)}`;
    expect(expectedTokens(text)).toEqual({
      ...expectedTokens('SELECT a, b FROM ks.t WHERE a = 1 AND '),
      replaceFrom: text.length,
    });
  });
});

describe('tokenize', () => {
  const pieces = (text: string): string[] =>
    tokenize(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);

  it('colours what stands there', () => {
    expect(pieces("SELECT count(key) FROM \"T\" WHERE a=-1.5 AND b = :x -- c\n AND u = 'it''s' AND n = null")).toEqual([
      'keyword SELECT',
      'function count',
      'operator (',
      'name key',
      'operator )',
      'keyword FROM',
      'name "T"',
      'keyword WHERE',
      'name a',
      'operator =',
      'number -1.5',
      'keyword AND',
      'name b',
      'operator =',
      'operator :',
      'marker x',
      'comment -- c\n',
      'keyword AND',
      'name u',
      'operator =',
      "string 'it''s'",
      'keyword AND',
      'name n',
      'operator =',
      'constant null',
    ]);
  });

  it.each(["'unclosed", '"unclosed', '$$unclosed', '/* unclosed', '`', '\u{1F600}', '1..2', '!', '\\'])(
    'takes %j without throwing',
    (text) => {
      expect(tokenize(text).at(-1)!.end).toBe(text.length);
    },
  );
});
