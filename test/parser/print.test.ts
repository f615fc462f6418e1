import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExpression, parseStatement, parseType } from '../../src/parser/index.ts';
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
