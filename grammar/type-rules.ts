/** Names and types, and what every parser of CQL shares: its settings, what it notes, how it is watched. */
import {
  EarlyExitException,
  EmbeddedActionsParser,
  type IToken,
  NoViableAltException,
  type TokenType,
  tokenMatcher,
} from 'chevrotain';
import { CqlError, invariant, type SourcePosition } from '../src/errors/index.ts';
import type * as ast from '../src/parser/ast/index.ts';
import { type DecisionTable, decisionKey, decisionOf } from './decision-table.ts';
import { type DecisionContext, type Expectation, LazyFirstStrategy } from './lookahead.ts';
import { nameOf, nativeTypeName, positionOf, qualified, stringValue } from './nodes.ts';
import * as t from './tokens.ts';
import { K } from './tokens.ts';

/** What the parser found besides the statement itself. */
export interface ParseNotes {
  readonly markers: ast.BindMarker[];
  /** Constructs that leave no trace in the AST and that Cassandra's grammar does not have. */
  readonly extensions: { readonly feature: string; readonly position: SourcePosition }[];
  /** Offsets of the literals that may differ between statements of one shape, ascending; and how many were met. */
  readonly slotOffsets: readonly number[];
  slotsUsed: number;
}

export interface ParserOptions {
  /** The lookahead computed ahead; without it the parser analyses its own rules, which is slow but knows more. */
  readonly table?: DecisionTable;
  /** Makes Chevrotain check the grammar too: for tests, without a table. */
  readonly validate?: boolean;
}

export abstract class TypeRules extends EmbeddedActionsParser implements DecisionContext {
  expectationSink: ((expected: readonly Expectation[]) => void) | undefined = undefined;
  notes: ParseNotes = { markers: [], extensions: [], slotOffsets: [], slotsUsed: 0 };

  /** The next token, which decides what rule to enter. */
  peek(): IToken {
    return this.LA(1);
  }

  /** Sends what this parser would have gone on with to `sink`, as it meets tokens that it does not want. */
  watchExpectations(sink: (expected: readonly Expectation[]) => void): void {
    const internals = internalsOf(this);
    this.expectationSink = sink;
    internals.tokenMatcher = (token, type) => {
      if (tokenMatcher(token, type)) return true;
      sink([{ type, rule: internals.getCurrRuleFullName() }]);
      return false;
    };
  }

  unwatchExpectations(): void {
    this.expectationSink = undefined;
    internalsOf(this).tokenMatcher = tokenMatcher;
  }

  private readonly table: DecisionTable | undefined;

  protected constructor({ table, validate = false }: ParserOptions) {
    super(t.VOCABULARY, {
      maxLookahead: 1,
      recoveryEnabled: false,
      nodeLocationTracking: 'none',
      skipValidations: !validate,
      lookaheadStrategy: new LazyFirstStrategy(),
    });
    this.table = table;
    // Chevrotain looks for categories before it has numbered them, and would compare without.
    internalsOf(this).tokenMatcher = tokenMatcher;
  }

  // ---- Without an analysis of its own: Chevrotain asks for decisions and errors by these names ----

  protected override performSelfAnalysis(): void {
    if (this.table === undefined) super.performSelfAnalysis();
    else internalsOf(this).selfAnalysisDone = true;
  }

  protected getLaFuncFromCache(key: number): unknown {
    const { lookAheadFuncsCache, shortRuleNameToFull } = internalsOf(this);
    let decision = lookAheadFuncsCache.get(key);
    if (decision === undefined && this.table !== undefined) {
      const name = decisionKey(key, shortRuleNameToFull);
      const row = this.table[name];
      invariant(row !== undefined, `lookahead-tables.ts has no decision ${name}`);
      decision = decisionOf(name, row);
      lookAheadFuncsCache.set(key, decision);
    }
    return decision;
  }

  protected raiseNoAltException(): never {
    return this.raise(new NoViableAltException('no alternative', this.LA(1), this.LA(0)));
  }

  protected raiseEarlyExitException(): never {
    return this.raise(new EarlyExitException('too few', this.LA(1), this.LA(0)));
  }

  private raise(error: NoViableAltException | EarlyExitException): never {
    // What was expected is found out later, by the parser that explains errors.
    throw internalsOf(this).SAVE_ERROR(error);
  }

  // ---- Names ----

  /** A column, which in some compact tables has the empty name. */
  readonly columnName = this.RULE('columnName', (): ast.Name => nameOf(this.CONSUME(t.ColumnName)));

  /** A column where the empty name cannot be meant: of a key, to be dropped or renamed. */
  readonly plainColumnName = this.RULE('plainColumnName', (): ast.Name => nameOf(this.CONSUME(t.Name)));

  /** A name that the statement itself brings into being: an alias, a marker, a new column. */
  readonly newName = this.RULE('newName', (): ast.Name => nameOf(this.CONSUME(t.Name)));

  readonly fieldName = this.RULE('fieldName', (): ast.Name => nameOf(this.CONSUME(t.Name)));

  readonly keyspaceName = this.RULE('keyspaceName', (): ast.Name => nameOf(this.CONSUME(t.Name)));

  readonly tableName = this.RULE('tableName', () => this.qualifiedName());

  readonly indexName = this.RULE('indexName', () => this.qualifiedName());

  readonly viewName = this.RULE('viewName', () => this.qualifiedName());

  readonly functionName = this.RULE('functionName', (): ast.QualifiedName => {
    const first = this.CONSUME(t.Name);
    const second = this.OPTION(() => {
      this.CONSUME(t.Dot);
      return this.OR([{ ALT: () => this.CONSUME2(t.Name) }, { ALT: () => this.CONSUME(K.TOKEN) }]);
    });
    return this.ACTION(() => {
      const last = second ?? first;
      if (!NAMES_OF_FORMS.has(last.tokenType)) return qualified(first, second);
      this.fail(`${last.image} is a form of its own and cannot name a function`, last);
    });
  });

  readonly userTypeName = this.RULE('userTypeName', (): ast.QualifiedName => {
    const first = this.CONSUME(t.Name);
    const second = this.OPTION(() => {
      this.CONSUME(t.Dot);
      return this.CONSUME2(t.Name);
    });
    return this.ACTION(() => {
      const last = second ?? first;
      if (RESERVED_TYPE_NAMES.has(last.image)) {
        this.fail(`Invalid (reserved) user type name ${last.image}`, last);
      }
      if (!namesType(last)) this.fail(`The keyword ${last.image} cannot name a user type`, last);
      return qualified(first, second);
    });
  });

  /** `name` or `keyspace.name`, within the rule that says what it names. */
  private qualifiedName(): ast.QualifiedName {
    const first = this.CONSUME(t.Name);
    const second = this.OPTION(() => {
      this.CONSUME(t.Dot);
      return this.CONSUME2(t.Name);
    });
    return this.ACTION(() => qualified(first, second));
  }

  // ---- Types ----

  readonly type: (idx?: number) => ast.TypeNode = this.RULE(
    'type',
    (): ast.TypeNode =>
      this.OR<ast.TypeNode>([
        { ALT: () => this.SUBRULE(this.nativeType) },
        { GATE: () => this.isGeneric(), ALT: () => this.SUBRULE(this.genericType) },
        { ALT: () => this.SUBRULE(this.setType) },
        {
          ALT: () => {
            const name = this.SUBRULE(this.userTypeName);
            return { kind: 'userType', name, position: name.position };
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME(t.StringLiteral);
            return { kind: 'customType', className: stringValue(token.image), position: positionOf(token) };
          },
        },
      ]),
  );

  readonly nativeType = this.RULE('nativeType', (): ast.NativeTypeNode => {
    const token = this.CONSUME(t.NativeType);
    return { kind: 'nativeType', name: nativeTypeName(token.image), position: positionOf(token) };
  });

  private readonly setType = this.RULE('setType', (): ast.SetTypeNode => {
    const position = positionOf(this.CONSUME(K.SET));
    this.CONSUME(t.Less);
    const element = this.SUBRULE(this.type);
    this.CONSUME(t.Greater);
    return { kind: 'setType', element, position };
  });

  private readonly genericType = this.RULE(
    'genericType',
    (): ast.TypeNode =>
      this.OR<ast.TypeNode>([
        {
          ALT: () => {
            const position = positionOf(this.CONSUME(K.MAP));
            this.CONSUME1(t.Less);
            const key = this.SUBRULE1(this.type);
            this.CONSUME1(t.Comma);
            const value = this.SUBRULE2(this.type);
            this.CONSUME1(t.Greater);
            return { kind: 'mapType', key, value, position };
          },
        },
        {
          ALT: () => {
            const position = positionOf(this.CONSUME(K.LIST));
            this.CONSUME2(t.Less);
            const element = this.SUBRULE3(this.type);
            this.CONSUME2(t.Greater);
            return { kind: 'listType', element, position };
          },
        },
        {
          ALT: () => {
            const position = positionOf(this.CONSUME(K.TUPLE));
            this.CONSUME3(t.Less);
            const elements: ast.TypeNode[] = [];
            this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => elements.push(this.SUBRULE4(this.type)) });
            this.CONSUME3(t.Greater);
            return { kind: 'tupleType', elements, position };
          },
        },
        {
          ALT: () => {
            const position = positionOf(this.CONSUME(K.VECTOR));
            this.CONSUME4(t.Less);
            const element = this.SUBRULE5(this.type);
            this.CONSUME4(t.Comma);
            const dimensions = Number(this.CONSUME4(t.Integer).image);
            this.CONSUME4(t.Greater);
            return { kind: 'vectorType', element, dimensions, position };
          },
        },
        {
          ALT: () => {
            const position = positionOf(this.CONSUME(K.FROZEN));
            this.CONSUME5(t.Less);
            const inner = this.SUBRULE6(this.type);
            this.CONSUME5(t.Greater);
            this.ACTION(() => this.checkFreezable(inner));
            return { kind: 'frozenType', inner, position };
          },
        },
      ]),
  );

  // ---- Decisions and actions ----

  private isGeneric(): boolean {
    return this.LA(2).tokenType === t.Less;
  }

  protected fail(message: string, token: IToken): never {
    this.failAt(message, positionOf(token));
  }

  protected failAt(message: string, position: SourcePosition): never {
    throw new CqlError('SyntaxException', message, { position });
  }

  private checkFreezable(type: ast.TypeNode): void {
    if (type.kind !== 'nativeType' && type.kind !== 'customType') return;
    const got = type.kind === 'nativeType' ? type.name : type.className;
    this.failAt(`frozen<> is only allowed on collections, tuples, and user-defined types (got ${got})`, type.position);
  }
}

/** Parts of Chevrotain that no public hook leads to. */
interface ChevrotainInternals {
  selfAnalysisDone: boolean;
  readonly lookAheadFuncsCache: Map<number, unknown>;
  readonly shortRuleNameToFull: Readonly<Record<number, string>>;
  SAVE_ERROR(error: Error): Error;
  /** Compares tokens for CONSUME and for separators. */
  tokenMatcher: (token: IToken, type: TokenType) => boolean;
  getCurrRuleFullName(): string;
}

function internalsOf(parser: TypeRules): ChevrotainInternals {
  // Its typings leave them out; `test/grammar` fails if an update of Chevrotain renames them.
  return parser as unknown as ChevrotainInternals;
}

/** Names that Cassandra keeps for types to come (`CqlParser.reservedTypeNames`). */
const RESERVED_TYPE_NAMES = new Set(['byte', 'complex', 'enum', 'interval', 'macaddr', 'bitstring']);

/** Keywords that Cassandra keeps from naming functions, though not columns. */
const NAMES_OF_FORMS = new Set([K.TTL, K.WRITETIME, K.MAXWRITETIME, K.KEY, K.CAST, K.JSON, K.DISTINCT]);

const NOT_OF_TYPES = new Set([K.TTL, K.COUNT, K.WRITETIME, K.MAXWRITETIME, K.CAST, K.JSON, K.DISTINCT]);

function namesType({ tokenType }: IToken): boolean {
  return !NOT_OF_TYPES.has(tokenType) && tokenType.CATEGORIES?.includes(t.NativeType) !== true;
}
