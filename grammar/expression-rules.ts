/**
 * What all statements share: names, types and expressions. One grammar of expressions serves Cassandra's `term`,
 * `selector` and `relation` and explore mode's free mixture of them; `src/parser/dialect.ts` tells them apart afterwards.
 *
 * Precedence, from loose to tight: OR, AND, NOT, predicates, + -, * / %, unary -, postfix `.field` and `[…]`.
 */
import { EmbeddedActionsParser, type IOrAlt, type IToken, type TokenType, tokenMatcher } from 'chevrotain';
import { CqlError, type SourcePosition } from '../src/errors/index.ts';
import type * as ast from '../src/parser/ast/index.ts';
import type { NativeTypeName } from '../src/types/cql-type.ts';
import { type DecisionContext, type Expectation, LazyFirstStrategy } from './lookahead.ts';
import * as t from './tokens.ts';
import { K } from './tokens.ts';

/** Names that Cassandra keeps for types to come (`CqlParser.reservedTypeNames`). */
const RESERVED_TYPE_NAMES = new Set(['byte', 'complex', 'enum', 'interval', 'macaddr', 'bitstring']);

/** What the parser found besides the statement itself. */
export interface ParseNotes {
  readonly markers: ast.BindMarker[];
  /** Constructs that leave no trace in the AST and that Cassandra's grammar does not have. */
  readonly extensions: { readonly feature: string; readonly position: SourcePosition }[];
  /** Offsets of the literals that may differ between statements of one shape, ascending; and how many were met. */
  readonly slotOffsets: readonly number[];
  slotsUsed: number;
}

export abstract class ExpressionRules extends EmbeddedActionsParser implements DecisionContext {
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

  /** `validate` makes Chevrotain check the grammar itself: for tests, it is slow. */
  protected constructor({ validate = false }: { validate?: boolean } = {}) {
    super(t.VOCABULARY, {
      maxLookahead: 1,
      recoveryEnabled: false,
      nodeLocationTracking: 'none',
      skipValidations: !validate,
      lookaheadStrategy: new LazyFirstStrategy(),
    });
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

  // ---- Expressions ----

  readonly expression: (idx?: number) => ast.Expression = this.RULE('expression', (): ast.Expression => {
    const first = this.SUBRULE(this.conjunction);
    let operands: ast.Expression[] | undefined;
    this.MANY(() => {
      this.CONSUME(K.OR);
      operands = append(operands, first, this.SUBRULE2(this.conjunction), 'or');
    });
    return operands === undefined ? first : { kind: 'or', operands, position: first.position };
  });

  private readonly conjunction = this.RULE('conjunction', (): ast.Expression => {
    const first = this.SUBRULE(this.complement);
    let operands: ast.Expression[] | undefined;
    this.MANY(() => {
      this.CONSUME(K.AND);
      operands = append(operands, first, this.SUBRULE2(this.complement), 'and');
    });
    return operands === undefined ? first : { kind: 'and', operands, position: first.position };
  });

  private readonly complement: (idx?: number) => ast.Expression = this.RULE(
    'complement',
    (): ast.Expression =>
      this.OR<ast.Expression>([
        {
          ALT: () => {
            const position = positionOf(this.CONSUME(K.NOT));
            return { kind: 'not', operand: this.SUBRULE(this.complement), position };
          },
        },
        { ALT: () => this.SUBRULE(this.indexExpression) },
        { ALT: () => this.SUBRULE(this.predicate) },
      ]),
  );

  private readonly predicate = this.RULE('predicate', (): ast.Expression => {
    const left = this.SUBRULE(this.value);
    return this.OPTION(() => this.SUBRULE(this.predicateTail, { ARGS: [left] })) ?? left;
  });

  private readonly predicateTail = this.RULE('predicateTail', (left: ast.Expression): ast.Expression => {
    const position = left?.position;
    return this.OR<ast.Expression>([
      {
        ALT: () => {
          const operator = comparisonOperator(this.CONSUME(t.ComparisonOperator).image);
          return { kind: 'comparison', operator, left, right: this.SUBRULE1(this.value), position };
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.IS);
          const negated = this.OPTION1(() => this.CONSUME1(K.NOT)) !== undefined;
          this.CONSUME(K.NULL);
          return { kind: 'isNull', operand: left, negated, position };
        },
      },
      {
        ALT: () => {
          const negated = this.OPTION2(() => this.CONSUME2(K.NOT)) !== undefined;
          return this.OR2<ast.Expression>([
            {
              ALT: () => {
                this.CONSUME(K.IN);
                return { kind: 'in', left, values: this.SUBRULE(this.inValues), negated, position };
              },
            },
            {
              ALT: () => {
                this.CONSUME(K.CONTAINS);
                const key = this.OPTION3({
                  GATE: () => !endsOperand(this.LA(2)),
                  DEF: () => this.CONSUME(K.KEY),
                });
                const right = this.SUBRULE2(this.value);
                return { kind: 'contains', left, right, key: key !== undefined, negated, position };
              },
            },
            {
              ALT: () => {
                this.CONSUME(K.LIKE);
                return { kind: 'like', left, right: this.SUBRULE3(this.value), negated, position };
              },
            },
            {
              ALT: () => {
                this.CONSUME(K.BETWEEN);
                const low = this.SUBRULE4(this.value);
                this.CONSUME(K.AND);
                const high = this.SUBRULE5(this.value);
                return { kind: 'between', operand: left, low, high, negated, position };
              },
            },
          ]);
        },
      },
    ]);
  });

  private readonly inValues = this.RULE('inValues', () =>
    this.OR<ast.BindMarker | ast.Expression[]>([
      { ALT: () => this.SUBRULE(this.bindMarker) },
      {
        ALT: () => {
          this.CONSUME(t.LParen);
          const values: ast.Expression[] = [];
          this.MANY_SEP({ SEP: t.Comma, DEF: () => values.push(this.SUBRULE(this.value)) });
          this.CONSUME(t.RParen);
          return values;
        },
      },
    ]),
  );

  /** Cassandra's `term` and `unaliasedSelector`: everything but predicates. */
  readonly value: (idx?: number) => ast.Expression = this.RULE('value', (): ast.Expression => {
    let left = this.SUBRULE(this.product);
    this.MANY({
      GATE: () => this.isAdditive(this.LA(1)),
      DEF: () => {
        this.OR([
          {
            ALT: () => {
              const operator = this.CONSUME(t.Plus) && '+';
              left = arithmetic(operator, left, this.SUBRULE1(this.product));
            },
          },
          {
            ALT: () => {
              const operator = this.CONSUME(t.Minus) && '-';
              left = arithmetic(operator, left, this.SUBRULE2(this.product));
            },
          },
          {
            // `a -1`: the lexer, as Cassandra's, has made the sign a part of the number.
            ALT: () => {
              const right = this.SUBRULE3(this.signedProduct);
              left = { kind: 'arithmetic', operator: '+', left, right, fromSign: true, position: left.position };
            },
          },
        ]);
      },
    });
    return left;
  });

  private readonly signedProduct = this.RULE('signedProduct', (): ast.Expression => {
    let left: ast.Expression = this.SUBRULE(this.literal);
    this.MANY(() => {
      const operator = this.SUBRULE(this.multiplication);
      left = arithmetic(operator, left, this.SUBRULE(this.unary));
    });
    return left;
  });

  private readonly product = this.RULE('product', (): ast.Expression => {
    let left = this.SUBRULE(this.unary);
    this.MANY(() => {
      const operator = this.SUBRULE(this.multiplication);
      left = arithmetic(operator, left, this.SUBRULE2(this.unary));
    });
    return left;
  });

  private readonly multiplication = this.RULE(
    'multiplication',
    (): ast.ArithmeticOperator =>
      this.OR<ast.ArithmeticOperator>([
        { ALT: () => this.CONSUME(t.Star) && '*' },
        { ALT: () => this.CONSUME(t.Slash) && '/' },
        { ALT: () => this.CONSUME(t.Percent) && '%' },
      ]),
  );

  private readonly unary: (idx?: number) => ast.Expression = this.RULE(
    'unary',
    (): ast.Expression =>
      this.OR<ast.Expression>([
        {
          ALT: () => {
            const position = positionOf(this.CONSUME(t.Minus));
            return { kind: 'negation', operand: this.SUBRULE(this.unary), position };
          },
        },
        { ALT: () => this.SUBRULE(this.postfix) },
      ]),
  );

  private readonly postfix = this.RULE('postfix', (): ast.Expression => {
    let operand = this.SUBRULE(this.primary);
    this.MANY(() => {
      operand = this.OR<ast.Expression>([
        {
          ALT: () => {
            this.CONSUME(t.Dot);
            const field = this.SUBRULE(this.fieldName);
            return { kind: 'field', operand, field, position: operand.position };
          },
        },
        { ALT: () => this.SUBRULE(this.subscript, { ARGS: [operand] }) },
      ]);
    });
    return operand;
  });

  private readonly subscript = this.RULE('subscript', (operand: ast.Expression): ast.Expression => {
    this.CONSUME(t.LBracket);
    const position = operand?.position;
    const node = this.OR<ast.Expression>([
      {
        ALT: () => {
          this.CONSUME1(t.Range);
          return { kind: 'slice', operand, from: undefined, to: this.SUBRULE1(this.value), position };
        },
      },
      {
        ALT: () => {
          const key = this.SUBRULE2(this.value);
          const slice = this.OPTION1(() => {
            this.CONSUME2(t.Range);
            const to = this.OPTION2(() => this.SUBRULE3(this.value));
            return { to };
          });
          if (slice === undefined) return { kind: 'element', operand, key, position };
          return { kind: 'slice', operand, from: key, to: slice.to, position };
        },
      },
    ]);
    this.CONSUME(t.RBracket);
    return node;
  });

  /** Built once: an alternation this long is costly to rebuild on every visit. */
  private primaryAlternatives: IOrAlt<ast.Expression>[] | undefined;

  private readonly primary: (idx?: number) => ast.Expression = this.RULE(
    'primary',
    (): ast.Expression =>
      this.OR<ast.Expression>(
        (this.primaryAlternatives ??= [
          { ALT: () => this.SUBRULE(this.literal) },
          { ALT: () => this.SUBRULE(this.bindMarker) },
          { ALT: () => this.SUBRULE(this.listLiteral) },
          { ALT: () => this.SUBRULE(this.braces) },
          { GATE: () => this.isTypeHint(), ALT: () => this.SUBRULE(this.typeHint) },
          { ALT: () => this.SUBRULE(this.parentheses) },
          { ALT: () => this.SUBRULE(this.tokenCall) },
          { GATE: () => this.opensCall(), ALT: () => this.SUBRULE(this.cast) },
          { GATE: () => this.isCountRows(), ALT: () => this.SUBRULE(this.countRows) },
          { GATE: () => this.opensCall(), ALT: () => this.SUBRULE(this.cellAttribute) },
          { GATE: () => this.isFunctionCall(), ALT: () => this.SUBRULE(this.functionCall) },
          { ALT: () => this.SUBRULE(this.columnReference) },
        ]),
      ),
  );

  private readonly columnReference = this.RULE('columnReference', (): ast.ColumnReference => {
    const name = this.SUBRULE(this.columnName);
    return { kind: 'column', name, position: name.position };
  });

  /** A constant or NULL. */
  readonly literal = this.RULE(
    'literal',
    (): ast.Literal =>
      this.OR<ast.Literal>([
        { ALT: () => this.literalOf(this.CONSUME(t.Constant)) },
        { ALT: () => this.literalOf(this.CONSUME(K.NULL)) },
      ]),
  );

  readonly bindMarker = this.RULE(
    'bindMarker',
    (): ast.BindMarker =>
      this.OR<ast.BindMarker>([
        { ALT: () => this.marker(this.CONSUME(t.QuestionMark), undefined) },
        {
          ALT: () => {
            const colon = this.CONSUME(t.Colon);
            return this.marker(colon, this.SUBRULE(this.newName));
          },
        },
      ]),
  );

  /** An integer or a marker: limits, timestamps, TTLs. */
  readonly integerValue = this.RULE(
    'integerValue',
    (): ast.Expression =>
      this.OR<ast.Expression>([
        { ALT: () => this.literalOf(this.CONSUME(t.Integer)) },
        { ALT: () => this.SUBRULE(this.bindMarker) },
      ]),
  );

  private readonly listLiteral = this.RULE('listLiteral', (): ast.ListLiteral => {
    const position = positionOf(this.CONSUME(t.LBracket));
    const elements: ast.Expression[] = [];
    this.MANY_SEP({ SEP: t.Comma, DEF: () => elements.push(this.SUBRULE(this.value)) });
    this.CONSUME(t.RBracket);
    return { kind: 'list', elements, position };
  });

  /** A set, a map or a user type's value; `{}` counts as a set. */
  private readonly braces = this.RULE('braces', (): ast.Expression => {
    const position = positionOf(this.CONSUME(t.LBrace));
    const elements: ast.Expression[] = [];
    const entries: ast.MapEntry[] = [];
    this.OPTION1(() => {
      const first = this.SUBRULE1(this.value);
      this.OR([
        {
          ALT: () => {
            this.CONSUME1(t.Colon);
            entries.push({ key: first, value: this.SUBRULE2(this.value) });
            this.MANY1(() => {
              this.CONSUME1(t.Comma);
              const key = this.SUBRULE3(this.value);
              this.CONSUME2(t.Colon);
              entries.push({ key, value: this.SUBRULE4(this.value) });
            });
          },
        },
        {
          ALT: () => {
            elements.push(first);
            this.MANY2(() => {
              this.CONSUME2(t.Comma);
              elements.push(this.SUBRULE5(this.value));
            });
          },
        },
      ]);
    });
    this.CONSUME(t.RBrace);
    return this.ACTION(() => braced(elements, entries, position));
  });

  /** A map of constants, as properties and role options take it. */
  readonly mapLiteral = this.RULE('mapLiteral', (): ast.MapLiteral => {
    const position = positionOf(this.CONSUME(t.LBrace));
    const entries: ast.MapEntry[] = [];
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        const key = this.SUBRULE1(this.value);
        this.CONSUME(t.Colon);
        entries.push({ key, value: this.SUBRULE2(this.value) });
      },
    });
    this.CONSUME(t.RBrace);
    return { kind: 'map', entries, position };
  });

  private readonly parentheses = this.RULE('parentheses', (): ast.Expression => {
    const open = this.CONSUME(t.LParen);
    const elements: ast.Expression[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => elements.push(this.SUBRULE(this.expression)) });
    this.CONSUME(t.RParen);
    return this.ACTION(() => this.parenthesised(elements, open));
  });

  private readonly typeHint = this.RULE('typeHint', (): ast.TypeHint => {
    const position = positionOf(this.CONSUME(t.LParen));
    const type = this.SUBRULE(this.type);
    this.CONSUME(t.RParen);
    return { kind: 'typeHint', type, operand: this.SUBRULE(this.primary), position };
  });

  private readonly indexExpression = this.RULE('indexExpression', (): ast.IndexExpression => {
    const position = positionOf(this.CONSUME(t.ExprOpen));
    const index = nameOf(this.CONSUME(t.Name));
    this.CONSUME(t.Comma);
    const value = this.SUBRULE(this.value);
    this.CONSUME(t.RParen);
    return { kind: 'indexExpression', index, value, position };
  });

  private readonly tokenCall = this.RULE('tokenCall', (): ast.TokenCall => {
    const position = positionOf(this.CONSUME(K.TOKEN));
    return { kind: 'token', arguments: this.SUBRULE(this.callArguments), position };
  });

  private readonly cast = this.RULE('cast', (): ast.Cast => {
    const position = positionOf(this.CONSUME(K.CAST));
    this.CONSUME(t.LParen);
    const operand = this.SUBRULE(this.expression);
    this.CONSUME(K.AS);
    const type = this.SUBRULE(this.nativeType);
    this.CONSUME(t.RParen);
    return { kind: 'cast', operand, type, position };
  });

  private readonly countRows = this.RULE('countRows', (): ast.CountRows => {
    const position = positionOf(this.CONSUME(K.COUNT));
    this.CONSUME(t.LParen);
    this.CONSUME(t.Star);
    this.CONSUME(t.RParen);
    return { kind: 'countRows', position };
  });

  private readonly cellAttribute = this.RULE('cellAttribute', (): ast.CellAttribute => {
    const token = this.OR([
      { ALT: () => this.CONSUME(K.WRITETIME) },
      { ALT: () => this.CONSUME(K.MAXWRITETIME) },
      { ALT: () => this.CONSUME(K.TTL) },
    ]);
    this.CONSUME(t.LParen);
    const operand = this.SUBRULE(this.postfix);
    this.CONSUME(t.RParen);
    return this.ACTION(() => ({
      kind: 'cellAttribute',
      attribute: cellAttributeName(token.image),
      operand,
      position: positionOf(token),
    }));
  });

  private readonly functionCall = this.RULE('functionCall', (): ast.FunctionCall => {
    const name = this.SUBRULE(this.functionName);
    this.CONSUME(t.LParen);
    const distinct = this.OPTION1({
      GATE: () => !endsOperand(this.LA(2)),
      DEF: () => this.CONSUME(K.DISTINCT),
    });
    const args: ast.Expression[] = [];
    this.MANY_SEP({ SEP: t.Comma, DEF: () => args.push(this.SUBRULE(this.expression)) });
    this.CONSUME(t.RParen);
    return { kind: 'call', name, distinct: distinct !== undefined, arguments: args, position: name.position };
  });

  private readonly callArguments = this.RULE('callArguments', (): ast.Expression[] => {
    this.CONSUME(t.LParen);
    const args: ast.Expression[] = [];
    this.MANY_SEP({ SEP: t.Comma, DEF: () => args.push(this.SUBRULE(this.expression)) });
    this.CONSUME(t.RParen);
    return args;
  });

  // ---- Selections, which queries and views share ----

  readonly selection = this.RULE(
    'selection',
    (): ast.Selection =>
      this.OR<ast.Selection>([
        { ALT: () => ({ kind: 'allColumns', position: positionOf(this.CONSUME(t.Star)) }) },
        {
          ALT: () => {
            const selectors: ast.Selector[] = [];
            this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => selectors.push(this.SUBRULE(this.selector)) });
            return { kind: 'selectors', selectors, position: selectors[0]?.position };
          },
        },
      ]),
  );

  private readonly selector = this.RULE('selector', (): ast.Selector => {
    const expression = this.SUBRULE(this.expression);
    const alias = this.OPTION(() => {
      this.CONSUME(K.AS);
      return this.SUBRULE(this.newName);
    });
    return { kind: 'selector', expression, alias, position: expression.position };
  });

  readonly whereClause = this.RULE('whereClause', (): ast.Expression => {
    this.CONSUME(K.WHERE);
    return this.SUBRULE(this.expression);
  });

  // ---- Decisions that need more than one token ----

  private opensCall(): boolean {
    return this.LA(2).tokenType === t.LParen;
  }

  private isCountRows(): boolean {
    return this.opensCall() && this.LA(3).tokenType === t.Star;
  }

  private isFunctionCall(): boolean {
    return this.opensCall() || (this.LA(2).tokenType === t.Dot && this.LA(4).tokenType === t.LParen);
  }

  private isGeneric(): boolean {
    return this.LA(2).tokenType === t.Less;
  }

  private isAdditive(next: IToken): boolean {
    const type = next.tokenType;
    if (type === t.Plus || type === t.Minus) return true;
    return next.image.charCodeAt(0) === MINUS_SIGN && type.CATEGORIES?.includes(t.Constant) === true;
  }

  /** `(type) value`: a type in parentheses and then what can only begin an operand. */
  private isTypeHint(): boolean {
    const afterType = this.skipType(2);
    if (afterType === 0 || this.LA(afterType).tokenType !== t.RParen) return false;
    const next = this.LA(afterType + 1);
    // A name or string in parentheses may also be an operand itself, which words may follow, or a number with a sign.
    const isAmbiguous = afterType === 3 && this.LA(2).tokenType.CATEGORIES?.includes(t.NativeType) !== true;
    if (isAmbiguous && (next.image.charCodeAt(0) === MINUS_SIGN || AFTER_OPERAND.has(next.tokenType))) return false;
    return OPERAND_STARTS.has(next.tokenType) || isNameOrConstant(next);
  }

  /** How far ahead the type that begins `ahead` tokens from here ends; 0 if no type stands there. */
  private skipType(ahead: number): number {
    const type = this.LA(ahead).tokenType;
    if (this.LA(ahead + 1).tokenType === t.Less && GENERIC_TYPES.has(type)) {
      let next = this.skipType(ahead + 2);
      while (next !== 0 && this.LA(next).tokenType === t.Comma) {
        next = this.LA(next + 1).tokenType === t.Integer ? next + 2 : this.skipType(next + 1);
      }
      return next !== 0 && this.LA(next).tokenType === t.Greater ? next + 1 : 0;
    }
    if (type === t.StringLiteral) return ahead + 1;
    if (!t.isNameType(this.LA(ahead).tokenType)) return 0;
    return this.LA(ahead + 1).tokenType === t.Dot && t.isNameType(this.LA(ahead + 2).tokenType) ? ahead + 3 : ahead + 1;
  }

  // ---- Actions ----

  protected fail(message: string, token: IToken): never {
    this.failAt(message, positionOf(token));
  }

  protected failAt(message: string, position: SourcePosition): never {
    throw new CqlError('SyntaxException', message, { position });
  }

  protected literalOf(token: IToken): ast.Literal {
    const type = literalType(token);
    const text = type === 'string' ? stringValue(token.image) : token.image;
    const { slotOffsets, slotsUsed } = this.notes;
    let slot = -1;
    if (slotOffsets[slotsUsed] === token.startOffset) {
      slot = slotsUsed;
      this.notes.slotsUsed++;
    }
    return { kind: 'literal', type, text, slot, position: positionOf(token) };
  }

  private checkFreezable(type: ast.TypeNode): void {
    if (type.kind !== 'nativeType' && type.kind !== 'customType') return;
    const got = type.kind === 'nativeType' ? type.name : type.className;
    this.failAt(`frozen<> is only allowed on collections, tuples, and user-defined types (got ${got})`, type.position);
  }

  private marker(token: IToken, name: ast.Name | undefined): ast.BindMarker {
    const { markers } = this.notes;
    const node: ast.BindMarker = { kind: 'bindMarker', name, index: markers.length, position: positionOf(token) };
    markers.push(node);
    return node;
  }

  private parenthesised(elements: readonly ast.Expression[], open: IToken): ast.Expression {
    const [first] = elements;
    if (elements.length > 1 || first === undefined || !PREDICATES.has(first.kind)) {
      return { kind: 'tuple', elements, position: positionOf(open) };
    }
    if (first.kind === 'and' || first.kind === 'or' || first.kind === 'not') {
      this.notes.extensions.push({ feature: 'conditions grouped by parentheses', position: positionOf(open) });
    }
    return first;
  }
}

/** Where Chevrotain compares tokens for CONSUME and for separators, which no public hook tells of. */
interface ChevrotainInternals {
  tokenMatcher: (token: IToken, type: TokenType) => boolean;
  getCurrRuleFullName(): string;
}

function internalsOf(parser: ExpressionRules): ChevrotainInternals {
  // Its typings leave both out; `test/grammar` fails if an update of Chevrotain renames them.
  return parser as unknown as ChevrotainInternals;
}

const MINUS_SIGN = 0x2d;

const PREDICATES: ReadonlySet<string> = new Set<ast.Predicate['kind']>([
  'comparison',
  'in',
  'contains',
  'like',
  'isNull',
  'between',
  'indexExpression',
  'and',
  'or',
  'not',
]);

/** Keywords that Cassandra keeps from naming functions, though not columns. */
const NAMES_OF_FORMS = new Set([K.TTL, K.WRITETIME, K.MAXWRITETIME, K.KEY, K.CAST, K.JSON, K.DISTINCT]);

const NOT_OF_TYPES = new Set([K.TTL, K.COUNT, K.WRITETIME, K.MAXWRITETIME, K.CAST, K.JSON, K.DISTINCT]);

function namesType({ tokenType }: IToken): boolean {
  return !NOT_OF_TYPES.has(tokenType) && tokenType.CATEGORIES?.includes(t.NativeType) !== true;
}

const GENERIC_TYPES = new Set([K.MAP, K.LIST, K.SET, K.TUPLE, K.VECTOR, K.FROZEN]);
const OPERAND_STARTS = new Set([t.LParen, t.LBracket, t.LBrace, t.QuestionMark, t.Colon, K.NULL, K.TOKEN]);
/** Words that are names too, but that after an operand go on with the clause. */
const AFTER_OPERAND = new Set([K.AS, K.LIKE, K.CONTAINS, K.BETWEEN, K.HAVING, K.OFFSET, K.GROUP, K.PER, K.ANN]);

function isNameOrConstant(token: IToken): boolean {
  return t.isNameType(token.tokenType) || token.tokenType.CATEGORIES?.includes(t.Constant) === true;
}

/** Whether a token cannot begin an operand, so that the word before it was one itself: `DISTINCT` in `count(distinct)`. */
export function endsOperand(token: IToken): boolean {
  const type = token.tokenType;
  if (type === t.Minus || type === K.NOT || type === t.ExprOpen) return false;
  return !OPERAND_STARTS.has(type) && !isNameOrConstant(token);
}

export function positionOf(token: IToken): SourcePosition {
  return {
    offset: token.startOffset,
    line: token.startLine ?? 1,
    column: token.startColumn ?? 0,
    length: token.image.length,
  };
}

export function nameOf(token: IToken): ast.Name {
  const { image } = token;
  const quoted = image.charCodeAt(0) === 0x22;
  const text = quoted ? image.slice(1, -1).replaceAll('""', '"') : image.toLowerCase();
  return { kind: 'name', text, quoted, position: positionOf(token) };
}

function qualified(first: IToken, second: IToken | undefined): ast.QualifiedName {
  const name = nameOf(first);
  if (second === undefined) return { kind: 'qualifiedName', keyspace: undefined, name, position: name.position };
  return { kind: 'qualifiedName', keyspace: name, name: nameOf(second), position: name.position };
}

/** The contents of `'…'` or `$$…$$`. */
export function stringValue(image: string): string {
  if (image.charCodeAt(0) === 0x24) return image.slice(2, -2);
  const inside = image.slice(1, -1);
  return inside.includes("'") ? inside.replaceAll("''", "'") : inside;
}

const LITERAL_TYPES: ReadonlyMap<unknown, ast.LiteralType> = new Map<unknown, ast.LiteralType>([
  [t.StringLiteral, 'string'],
  [t.Integer, 'integer'],
  [t.Float, 'float'],
  [t.BooleanLiteral, 'boolean'],
  [t.Duration, 'duration'],
  [t.Uuid, 'uuid'],
  [t.Hex, 'hex'],
  [t.SpecialFloat, 'special'],
]);

function literalType(token: IToken): ast.LiteralType {
  return LITERAL_TYPES.get(token.tokenType) ?? 'null';
}

function nativeTypeName(image: string): NativeTypeName {
  const name = image.toLowerCase();
  // The token types of category NativeType are exactly these names, and varchar.
  return (name === 'varchar' ? 'text' : name) as NativeTypeName;
}

function cellAttributeName(image: string): ast.CellAttribute['attribute'] {
  // Its three keywords are spelt as its three values.
  return image.toLowerCase() as ast.CellAttribute['attribute'];
}

function comparisonOperator(image: string): ast.ComparisonOperator {
  // The token types of category ComparisonOperator are exactly these spellings.
  return image as ast.ComparisonOperator;
}

function arithmetic(operator: ast.ArithmeticOperator, left: ast.Expression, right: ast.Expression): ast.Expression {
  return { kind: 'arithmetic', operator, left, right, fromSign: false, position: left.position };
}

/** Adds an operand to a flat AND or OR, parenthesised ones of the same kind included. */
function append(
  operands: ast.Expression[] | undefined,
  first: ast.Expression,
  next: ast.Expression,
  kind: 'and' | 'or',
): ast.Expression[] {
  const list = operands ?? (first.kind === kind ? [...first.operands] : [first]);
  if (next.kind === kind) list.push(...next.operands);
  else list.push(next);
  return list;
}

function braced(
  elements: readonly ast.Expression[],
  entries: readonly ast.MapEntry[],
  position: SourcePosition,
): ast.Expression {
  if (entries.length === 0) return { kind: 'set', elements, position };
  const fields: ast.UdtField[] = [];
  for (const { key, value } of entries) {
    if (key.kind !== 'column') return { kind: 'map', entries, position };
    fields.push({ name: key.name, value });
  }
  return { kind: 'udt', fields, position };
}
