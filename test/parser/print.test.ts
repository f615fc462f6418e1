import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExpression, parseStatement, parseType } from '../../src/parser/index.ts';
import { lex } from '../../src/parser/lexer.ts';
import { printExpression, printStatement, printType } from '../../src/parser/print/index.ts';
import { definition, expression, query, type } from './ast-arbitraries.ts';
import { withoutPositions } from './without-positions.ts';

/** Holds that `parse(print(node))` is `node` again. */
function roundTrips<T>(arbitrary: fc.Arbitrary<T>, print: (node: T) => string, parse: (text: string) => T): void {
  fc.assert(
    fc.property(arbitrary, (node) => {
      const text = print(node);
      let parsed: T;
      try {
        parsed = parse(text);
      } catch (error) {
        throw new Error(`does not parse: ${text}`, { cause: error });
      }
      expect(withoutPositions(parsed), text).toEqual(withoutPositions(node));
    }),
    { numRuns: 1000 },
  );
}

describe('what is printed parses to the same AST', () => {
  it('types', () => roundTrips(type, printType, parseType));
  it('expressions', () => roundTrips(expression, printExpression, parseExpression));
  it('queries', () => roundTrips(query, printStatement, parseStatement));
  it('definitions', () => roundTrips(definition, printStatement, parseStatement));
});

/** `-n` is the beginning of -NaN to it, and `deadbeef-1` that of a UUID; `--` opens a comment for both. */
describe("what is printed holds nothing that Cassandra's lexer trips over, nor what ours takes for a comment", () => {
  const holds = (text: string): void => {
    const { traps, openComment } = lex(text);
    expect(
      traps.map(({ feature }) => feature),
      text,
    ).toEqual([]);
    expect(openComment, text).toBeUndefined();
  };
  it('expressions', () =>
    fc.assert(
      fc.property(expression, (node) => holds(printExpression(node))),
      { numRuns: 1000 },
    ));
  it('queries', () =>
    fc.assert(
      fc.property(query, (node) => holds(printStatement(node))),
      { numRuns: 1000 },
    ));

  it.each([
    '- n',
    '- - n',
    '- -1',
    'a - -1',
    'a -1',
    'a - - 1',
    '- - -1',
    '- infinity_of',
    'deadbeef - 1',
    '-1 - -1 - - 1',
  ])('%s', (text) => {
    const node = parseExpression(text);
    const printed = printExpression(node);
    holds(printed);
    expect(withoutPositions(parseExpression(printed))).toEqual(withoutPositions(node));
  });
});
