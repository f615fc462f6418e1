/**
 * LL(1) lookahead with sets that are computed when a decision is first taken. Chevrotain's own strategy computes all of
 * them before the first parse, which for a grammar of CQL's size is most of a process's start-up; a one-shot query
 * takes a few dozen of the several hundred decisions. Where one token cannot decide, the rules carry a GATE.
 */
import {
  Alternation,
  Alternative,
  type BaseParser,
  type ILookaheadStrategy,
  type ILookaheadValidationError,
  type IOrAlt,
  type IProduction,
  type IToken,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  type Rule,
  Terminal,
  type TokenType,
} from 'chevrotain';

/** A token that could stand here, and the rule in whose text it stands: `Name` in `tableName` is a table's name. */
export interface Expectation {
  readonly type: TokenType;
  readonly rule: string;
}

/** What the strategy asks of the parser that it decides for. */
export interface DecisionContext {
  peek(): IToken;
  /** Told of the tokens that a decision would have gone on with; set only while an error is being explained. */
  expectationSink: ((expected: readonly Expectation[]) => void) | undefined;
}

type OptionalProduction = Parameters<ILookaheadStrategy['buildLookaheadForOptional']>[0]['prodType'];

/** What a sequence of productions may begin with. */
export interface First {
  readonly expectations: readonly Expectation[];
  /** By token type index, the members of categories included. */
  readonly starts: readonly boolean[];
  readonly nullable: boolean;
}

export class LazyFirstStrategy implements ILookaheadStrategy {
  private readonly ofRule = new Map<string, First>();

  /** Chevrotain's own check knows LL(k) only; `test/grammar` checks that every conflict has its gate. */
  validate(): ILookaheadValidationError[] {
    return [];
  }

  buildLookaheadForAlternation({ rule, prodOccurrence }: { rule: Rule; prodOccurrence: number }) {
    let firsts: First[] | undefined;
    const strategy = this;
    return function choose(this: BaseParser, alternatives?: IOrAlt<unknown>[]): number | undefined {
      const parser = decisionContext(this);
      firsts ??= strategy.alternativesOf(rule, prodOccurrence);
      const next = parser.peek().tokenTypeIdx;
      for (let i = 0; i < firsts.length; i++) {
        const first = firsts[i]!;
        if (first.starts[next] !== true && !first.nullable) continue;
        const gate = alternatives?.[i]?.GATE;
        if (gate === undefined || gate.call(parser)) return i;
      }
      for (const first of firsts) parser.expectationSink?.(first.expectations);
      return undefined;
    };
  }

  buildLookaheadForOptional(options: { rule: Rule; prodOccurrence: number; prodType: OptionalProduction }) {
    let first: First | undefined;
    const strategy = this;
    return function enter(this: BaseParser): boolean {
      const parser = decisionContext(this);
      first ??= strategy.optionalOf(options.rule, options.prodType, options.prodOccurrence);
      if (first.starts[parser.peek().tokenTypeIdx] === true) return true;
      parser.expectationSink?.(first.expectations);
      return false;
    };
  }

  /** What may begin a rule, by name of the rule in whose text each token stands. */
  firstOf(rule: Rule): First {
    const known = this.ofRule.get(rule.name);
    if (known !== undefined) return known;
    const first = this.firstOfSequence(rule.definition, rule.name);
    this.ofRule.set(rule.name, first);
    return first;
  }

  alternativesOf(rule: Rule, occurrence: number): First[] {
    const found = findProduction(rule.definition, (node) => node instanceof Alternation && node.idx === occurrence);
    return definitionOf(found).map((alternative) => this.firstOfSequence(definitionOf(alternative), rule.name));
  }

  /** Every decision of a grammar, with what each of its alternatives may begin with. */
  decisionsOf(rules: Readonly<Record<string, Rule>>): Decision[] {
    return Object.values(rules).flatMap((rule) =>
      productionsOf(rule.definition).flatMap((node): Decision[] => {
        const method = METHOD_OF.find(([type]) => node instanceof type)?.[1];
        if (method === undefined) return [];
        const alternatives =
          method === 'OR'
            ? node.definition.map((each) => this.firstOfSequence(definitionOf(each), rule.name))
            : [this.firstOfSequence(node.definition, rule.name)];
        return [{ rule: rule.name, method, occurrence: node.idx ?? 0, alternatives }];
      }),
    );
  }

  private optionalOf(rule: Rule, type: OptionalProduction, occurrence: number): First {
    const wanted = PRODUCTION_CLASSES[type];
    const found = findProduction(rule.definition, (node) => node instanceof wanted && node.idx === occurrence);
    return this.firstOfSequence(definitionOf(found), rule.name);
  }

  private firstOfSequence(sequence: readonly IProduction[], ruleName: string): First {
    const expectations: Expectation[] = [];
    let nullable = true;
    for (const node of sequence) {
      nullable = this.addFirst(node, ruleName, expectations);
      if (!nullable) break;
    }
    const starts: boolean[] = [];
    for (const { type } of expectations) {
      starts[type.tokenTypeIdx!] = true;
      for (const member of type.categoryMatches!) starts[member] = true;
    }
    return { expectations, starts, nullable };
  }

  /** Adds what may begin `node`; returns whether it may also be empty. */
  private addFirst(node: IProduction, ruleName: string, into: Expectation[]): boolean {
    if (node instanceof Terminal) {
      into.push({ type: node.terminalType, rule: ruleName });
      return false;
    }
    if (node instanceof NonTerminal) {
      const first = this.firstOf(node.referencedRule);
      into.push(...first.expectations);
      return first.nullable;
    }
    if (node instanceof Alternation) {
      let nullable = false;
      for (const alternative of node.definition) nullable = this.addFirst(alternative, ruleName, into) || nullable;
      return nullable;
    }
    const inside = this.firstOfSequence(definitionOf(node), ruleName);
    into.push(...inside.expectations);
    const mandatory =
      node instanceof RepetitionMandatory ||
      node instanceof RepetitionMandatoryWithSeparator ||
      node instanceof Alternative;
    return mandatory ? inside.nullable : true;
  }
}

/** Chevrotain calls a decision with its parser as `this`; every parser with this strategy is one of ours. */
function decisionContext(parser: BaseParser): DecisionContext {
  // BaseParser keeps its token access protected, so that its type does not overlap with ours.
  return parser as unknown as DecisionContext;
}

const PRODUCTION_CLASSES = {
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
} as const;

const METHOD_OF = [
  [Alternation, 'OR'],
  [Option, 'OPTION'],
  [Repetition, 'MANY'],
  [RepetitionMandatory, 'AT_LEAST_ONE'],
  [RepetitionWithSeparator, 'MANY_SEP'],
  [RepetitionMandatoryWithSeparator, 'AT_LEAST_ONE_SEP'],
] as const;

/** A place in a rule where the next token decides. */
export interface Decision {
  readonly rule: string;
  readonly method: (typeof METHOD_OF)[number][1];
  readonly occurrence: number;
  readonly alternatives: readonly First[];
}

type Composite = IProduction & { readonly definition: IProduction[]; readonly idx?: number };

function isComposite(node: IProduction): node is Composite {
  return !(node instanceof NonTerminal) && !(node instanceof Terminal) && 'definition' in node;
}

function definitionOf(node: IProduction | undefined): IProduction[] {
  return node !== undefined && isComposite(node) ? node.definition : [];
}

/** All productions of a sequence that have parts, at any depth. */
function productionsOf(sequence: readonly IProduction[]): Composite[] {
  return sequence.flatMap((node) => (isComposite(node) ? [node, ...productionsOf(node.definition)] : []));
}

function findProduction(
  sequence: readonly IProduction[],
  isWanted: (node: Composite) => boolean,
): IProduction | undefined {
  for (const node of sequence) {
    if (!isComposite(node)) continue;
    if (isWanted(node)) return node;
    const inside = findProduction(node.definition, isWanted);
    if (inside !== undefined) return inside;
  }
  return undefined;
}
