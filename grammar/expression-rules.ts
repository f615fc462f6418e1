/**
 * Expressions, selections and WHERE, which queries and definitions share. One grammar of expressions serves Cassandra's `term`,
 * `selector` and `relation` and explore mode's free mixture of them; `src/parser/dialect.ts` tells them apart afterwards.
 *
 * Precedence, from loose to tight: OR, AND, NOT, predicates, + -, * / %, unary -, postfix `.field` and `[…]`.
 */
import type { IOrAlt, IToken } from 'chevrotain';
import { isBeyondDouble, isPredicate, specialText } from '../src/parser/ast/expression.ts';
import type * as ast from '../src/parser/ast/index.ts';
import {
  append,
  arithmetic,
  braced,
  cellAttributeName,
  comparisonOperator,
  literalType,
  nameOf,
  positionOf,
  stringValue,
} from './nodes.ts';
import * as t from './tokens.ts';
import { K } from './tokens.ts';
import { TypeRules } from './type-rules.ts';

export abstract class ExpressionRules extends TypeRules {
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
      GATE: () => this.LA(2).tokenType === t.EOF || !endsOperand(this.LA(2)),
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

  protected literalOf(token: IToken): ast.Literal {
    const type = literalType(token);
    const text = literalText(type, token.image);
    const { slotOffsets, slotsUsed } = this.notes;
    let slot = -1;
    if (slotOffsets[slotsUsed] === token.startOffset) {
      slot = slotsUsed;
      this.notes.slotsUsed++;
    }
    const position = positionOf(token);
    if (type === 'float' && isBeyondDouble(text)) {
      this.notes.extensions.push({ feature: 'floating point numbers beyond a double', position });
    }
    return { kind: 'literal', type, text, slot, position };
  }

  private marker(token: IToken, name: ast.Name | undefined): ast.BindMarker {
    const { markers } = this.notes;
    const node: ast.BindMarker = { kind: 'bindMarker', name, index: markers.length, position: positionOf(token) };
    markers.push(node);
    return node;
  }

  private parenthesised(elements: readonly ast.Expression[], open: IToken): ast.Expression {
    const [first] = elements;
    if (elements.length > 1 || first === undefined || !isPredicate(first)) {
      return { kind: 'tuple', elements, position: positionOf(open) };
    }
    if (first.kind === 'and' || first.kind === 'or' || first.kind === 'not') {
      this.notes.extensions.push({ feature: 'conditions grouped by parentheses', position: positionOf(open) });
    }
    return first;
  }
}

const MINUS_SIGN = 0x2d;

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

function literalText(type: ast.LiteralType, image: string): string {
  if (type === 'string') return stringValue(image);
  return type === 'special' ? specialText(image) : image;
}
