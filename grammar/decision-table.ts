/**
 * What one token decides, computed ahead: `lookahead-tables.ts` holds, for every decision of a parser, the tokens that each
 * of its alternatives may begin with. A parser with a table need not run its rules once to learn its own grammar, which
 * is most of what building one costs; the parser that explains errors still does, since it also wants to know in which
 * rules those tokens stand.
 */
import type { IToken, TokenType } from 'chevrotain';
import { type DecisionContext, LazyFirstStrategy } from './lookahead.ts';
import * as t from './tokens.ts';

/**
 * By `rule/method/occurrence`: the alternatives, `|` between them; each the places of its tokens in the vocabulary with
 * spaces between, after a `~` if it may also be empty. An optional production is one alternative.
 */
export type DecisionTable = Readonly<Record<string, string>>;

/** Chevrotain's numbers for its methods, as they stand in the keys of its decisions (`parse/grammar/keys.ts`). */
const METHODS = { OR: 1, OPTION: 2, MANY: 3, AT_LEAST_ONE: 4, MANY_SEP: 5, AT_LEAST_ONE_SEP: 6 } as const;
const OCCURRENCE_BITS = 8;
const METHOD_BITS = 4;

/** A decision's key in the table, from Chevrotain's: occurrence, method and rule, from the lowest bits up. */
export function decisionKey(key: number, ruleNames: Readonly<Record<number, string>>): string {
  const occurrence = key & ((1 << OCCURRENCE_BITS) - 1);
  const method = (key >> OCCURRENCE_BITS) & ((1 << METHOD_BITS) - 1);
  const rule = key - (occurrence | (method << OCCURRENCE_BITS));
  return `${ruleNames[rule]}/${method}/${occurrence}`;
}

/** The decision itself: which alternative, or whether to enter an optional production. */
export function decisionOf(key: string, row: string): (...args: never[]) => number | boolean | undefined {
  const alternatives = row.split('|').map(decode);
  if (key.includes(`/${METHODS.OR}/`)) return chooser(alternatives);
  const { starts } = alternatives[0]!;
  return function enter(this: DecisionContext): boolean {
    return starts[this.peek().tokenTypeIdx] === true;
  };
}

interface Alternative {
  readonly starts: readonly boolean[];
  readonly nullable: boolean;
}

function chooser(alternatives: readonly Alternative[]) {
  return function choose(this: DecisionContext, gated?: readonly { GATE?: () => boolean }[]): number | undefined {
    const next: IToken['tokenTypeIdx'] = this.peek().tokenTypeIdx;
    for (let i = 0; i < alternatives.length; i++) {
      const { starts, nullable } = alternatives[i]!;
      if (starts[next] !== true && !nullable) continue;
      const gate = gated?.[i]?.GATE;
      if (gate === undefined || gate.call(this)) return i;
    }
    return undefined;
  };
}

const TOKENS: readonly TokenType[] = [...t.VOCABULARY, t.EOF];

function decode(text: string): Alternative {
  const nullable = text.startsWith('~');
  const starts: boolean[] = [];
  for (const place of (nullable ? text.slice(1) : text).split(' ')) {
    if (place === '') continue;
    const type = TOKENS[Number(place)]!;
    starts[type.tokenTypeIdx!] = true;
    for (const member of type.categoryMatches!) starts[member] = true;
  }
  return { starts, nullable };
}

/** Computes a parser's table from its rules. */
export function tableOf(parser: {
  getGAstProductions(): Parameters<LazyFirstStrategy['decisionsOf']>[0];
}): DecisionTable {
  const table: Record<string, string> = {};
  for (const { rule, method, occurrence, alternatives } of new LazyFirstStrategy().decisionsOf(
    parser.getGAstProductions(),
  )) {
    const rows = alternatives.map(({ expectations, nullable }) => {
      const places = new Set(expectations.map(({ type }) => TOKENS.indexOf(type)));
      return `${nullable ? '~' : ''}${[...places].sort((a, b) => a - b).join(' ')}`;
    });
    table[`${rule}/${METHODS[method]}/${occurrence}`] = rows.join('|');
  }
  return table;
}
