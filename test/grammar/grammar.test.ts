import { Alternation, type IProduction, NonTerminal, Terminal } from 'chevrotain';
import { describe, expect, it } from 'vitest';
import { tableOf } from '../../grammar/decision-table.ts';
import { DefinitionParser } from '../../grammar/definition-rules.ts';
import { LazyFirstStrategy } from '../../grammar/lookahead.ts';
import { DEFINITION_DECISIONS, QUERY_DECISIONS } from '../../grammar/lookahead-tables.ts';
import { QueryParser } from '../../grammar/query-rules.ts';
import { EXPLORE_KEYWORDS, isReserved, WORDS } from '../../grammar/tokens.ts';
import { parse } from '../../src/parser/index.ts';

describe('grammar', () => {
  it('has lookahead tables of its present rules (else run grammar/lookahead-tables.mjs)', () => {
    expect(QUERY_DECISIONS).toEqual(tableOf(new QueryParser()));
    expect(DEFINITION_DECISIONS).toEqual(tableOf(new DefinitionParser()));
  });

  it.each([
    ['queries', () => new QueryParser({ validate: true })],
    ['definitions', () => new DefinitionParser({ validate: true })],
  ])('of %s passes Chevrotain’s own checks', (_, build) => {
    expect(build).not.toThrow();
  });

  /** Where two alternatives begin with the same token, all but the last of them must have a gate. */
  it.each([
    ['queries', new QueryParser()],
    ['definitions', new DefinitionParser()],
  ])('of %s decides each alternation by one token or a gate', (_, parser) => {
    const strategy = new LazyFirstStrategy();
    const conflicts: string[] = [];
    for (const rule of Object.values(parser.getGAstProductions())) {
      for (const alternation of alternationsOf(rule.definition)) {
        const firsts = strategy.alternativesOf(rule, alternation.idx);
        firsts.forEach((first, i) => {
          const gated = isGated(alternation);
          const clash = firsts.slice(i + 1).find((later) => later.starts.some((is, type) => is && first.starts[type]));
          if (clash !== undefined && !gated && !KNOWN_BY_ORDER.has(rule.name))
            conflicts.push(`${rule.name}#${alternation.idx}`);
        });
      }
    }
    expect(conflicts).toEqual([]);
  });

  it('keeps every keyword of explore mode, and every word that Cassandra does not reserve, a column’s name', () => {
    const names = [...WORDS.keys(), ...EXPLORE_KEYWORDS.map((word) => word.toLowerCase())].filter(
      (word) => !isReserved(word),
    );
    expect(names.length).toBeGreaterThan(100);
    const columns = names.map((name) => `${name} int`).join(', ');
    expect(parse(`CREATE TABLE t (k int PRIMARY KEY, ${columns})`).extensions).toEqual([]);
    for (const name of names) {
      const selects = parse(
        `SELECT k, ${name}, f(${name}) FROM t WHERE ${name} = 1 AND k > 2 ORDER BY ${name} DESC LIMIT 1`,
      );
      expect(selects.extensions, name).toEqual([]);
      expect(parse(`UPDATE t SET ${name} = 1 WHERE k = 1 IF ${name} = 2`).extensions, name).toEqual([]);
      expect(parse(`INSERT INTO t (k, ${name}) VALUES (1, 2)`).extensions, name).toEqual([]);
      // In explore's own clauses too.
      parse(
        `SELECT k FROM t WHERE ${name} BETWEEN 1 AND 2 OR NOT ${name} > 1 GROUP BY ${name} HAVING ${name} > 1 LIMIT 1 OFFSET 2`,
      );
    }
  });
});

/** `type`: native types come before user types, which are all other names; `literal` and its like never clash. */
const KNOWN_BY_ORDER = new Set(['type']);

function alternationsOf(sequence: readonly IProduction[]): Alternation[] {
  return sequence.flatMap((node) => {
    if (node instanceof Terminal || node instanceof NonTerminal) return [];
    const inside = 'definition' in node ? alternationsOf(node.definition as IProduction[]) : [];
    return node instanceof Alternation ? [node, ...inside] : inside;
  });
}

function isGated(alternation: Alternation): boolean {
  // Chevrotain records this while it runs a rule; its typings leave it out.
  return (alternation as unknown as { hasPredicates?: boolean }).hasPredicates === true;
}
