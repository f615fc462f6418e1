import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CqlError } from '../../src/errors/index.ts';
import {
  expectedTokens,
  isComplete,
  parse,
  parseExpression,
  parseScript,
  parseType,
  renderError,
  tokenize,
} from '../../src/parser/index.ts';

/** Text that looks like CQL often enough to get deep into the grammar. */
const pieces = fc.constantFrom(
  ...(
    'SELECT INSERT INTO UPDATE DELETE FROM WHERE SET VALUES BEGIN BATCH APPLY CREATE ALTER DROP TABLE TYPE KEYSPACE INDEX ROLE ' +
    'GRANT ON TO WITH AND OR NOT IN IS NULL LIKE CONTAINS KEY LIMIT ORDER BY PRIMARY IF EXISTS USING TTL TIMESTAMP TOKEN COUNT ' +
    'CAST AS JSON DISTINCT frozen list map set tuple vector int text a b "c d" t ks expr( ( ) [ ] { } < > , ; : ? . .. = != <= ' +
    "+= -= + - * / % 1 -2 3.5 1e5 0xff 'str' $$dollar$$ P1Y 2d -- /* */ // ' \" $$ ` é 😀 null true NaN -NaN \n \t"
  ).split(' '),
);
const nearCql = fc
  .array(fc.tuple(pieces, fc.constantFrom(' ', '', ' ')), { maxLength: 30 })
  .map((list) => list.flat().join(''));
const texts = fc.oneof(
  { weight: 5, arbitrary: nearCql },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
);

function throwsOnlySyntaxErrors(work: (text: string) => unknown): void {
  fc.assert(
    fc.property(texts, (text) => {
      try {
        work(text);
      } catch (error) {
        if (!(error instanceof CqlError)) throw error;
        expect(error.kind).toBe('SyntaxException');
        if (error.position !== undefined) {
          const { offset, line, column } = error.position;
          expect(offset).toBeLessThanOrEqual(text.length);
          expect(text.slice(0, offset).split('\n')).toHaveLength(line);
          expect(column).toBe(offset - (text.lastIndexOf('\n', offset - 1) + 1));
        }
        renderError(text, error);
      }
    }),
    { numRuns: 3000 },
  );
}

describe('whatever the text', () => {
  it('parse answers or throws a syntax error at its place', () => throwsOnlySyntaxErrors(parse));
  it('parseExpression does', () => throwsOnlySyntaxErrors(parseExpression));
  it('parseType does', () => throwsOnlySyntaxErrors(parseType));

  it('parseScript, isComplete and expectedTokens never throw', () => {
    fc.assert(
      fc.property(texts, fc.nat(60), (text, cursor) => {
        parseScript(text);
        isComplete(text);
        expectedTokens(text, Math.min(cursor, text.length));
      }),
      { numRuns: 2000 },
    );
  });

  it('tokenize covers it in order, but for white space', () => {
    fc.assert(
      fc.property(texts, (text) => {
        let at = 0;
        for (const { start, end } of tokenize(text)) {
          expect(text.slice(at, start).trim()).toBe('');
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(text.slice(at).trim()).toBe('');
      }),
      { numRuns: 2000 },
    );
  });
});
