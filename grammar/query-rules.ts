/**
 * SELECT, INSERT, UPDATE, DELETE, BATCH, USE, and explore's EXPLAIN and SHOW TABLES: what a one-shot command most often
 * runs, a parser of its own so that nothing else has to be built for it.
 */
import type { IToken } from 'chevrotain';
import type * as ast from '../src/parser/ast/index.ts';
import { ExpressionRules, endsOperand } from './expression-rules.ts';
import { positionOf } from './nodes.ts';
import * as t from './tokens.ts';
import { K } from './tokens.ts';
import type { ParserOptions } from './type-rules.ts';

/** The words that open a statement of this parser; all others belong to the definition parser. */
export const QUERY_OPENERS: ReadonlySet<string> = new Set([
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'BEGIN',
  'USE',
  'EXPLAIN',
  'SHOW',
]);

export class QueryParser extends ExpressionRules {
  constructor(options: ParserOptions = {}) {
    super(options);
    this.performSelfAnalysis();
  }

  readonly statement = this.RULE('statement', (): ast.Statement => {
    const statement = this.OR<ast.Statement>([
      { ALT: () => this.SUBRULE1(this.explainable) },
      { ALT: () => this.SUBRULE(this.use) },
      { ALT: () => this.SUBRULE(this.explain) },
      { ALT: () => this.SUBRULE(this.showTables) },
    ]);
    this.MANY(() => this.CONSUME(t.Semicolon));
    this.CONSUME(t.EOF);
    return statement;
  });

  /** An expression alone, for readers of stored text. */
  readonly soleExpression = this.RULE('soleExpression', (): ast.Expression => {
    const expression = this.SUBRULE(this.expression);
    this.CONSUME(t.EOF);
    return expression;
  });

  readonly soleType = this.RULE('soleType', (): ast.TypeNode => {
    const type = this.SUBRULE(this.type);
    this.CONSUME(t.EOF);
    return type;
  });

  private readonly explainable = this.RULE('explainable', (): ast.ExplainStatement['statement'] =>
    this.OR<ast.ExplainStatement['statement']>([
      { ALT: () => this.SUBRULE(this.select) },
      { ALT: () => this.SUBRULE(this.modification) },
      { ALT: () => this.SUBRULE(this.batch) },
    ]),
  );

  private readonly modification = this.RULE(
    'modification',
    (): ast.ModificationStatement =>
      this.OR<ast.ModificationStatement>([
        { ALT: () => this.SUBRULE(this.insert) },
        { ALT: () => this.SUBRULE(this.update) },
        { ALT: () => this.SUBRULE(this.delete) },
      ]),
  );

  // ---- SELECT ----

  private readonly select = this.RULE('select', (): ast.SelectStatement => {
    const position = positionOf(this.CONSUME(K.SELECT));
    const json = this.OPTION1({ GATE: () => this.opensSelection(), DEF: () => this.CONSUME(K.JSON) });
    const distinct = this.OPTION2({ GATE: () => this.opensSelection(), DEF: () => this.CONSUME(K.DISTINCT) });
    const selection = this.SUBRULE(this.selection);
    const from = this.OPTION3(() => {
      this.CONSUME(K.FROM);
      return this.SUBRULE(this.tableName);
    });
    const where = this.OPTION4(() => this.SUBRULE(this.whereClause));
    const groupBy: ast.Expression[] = [];
    this.OPTION5(() => {
      this.CONSUME(K.GROUP);
      this.CONSUME1(K.BY);
      this.AT_LEAST_ONE_SEP1({ SEP: t.Comma, DEF: () => groupBy.push(this.SUBRULE1(this.expression)) });
    });
    const having = this.OPTION6(() => {
      this.CONSUME(K.HAVING);
      return this.SUBRULE2(this.expression);
    });
    const orderBy: ast.Ordering[] = [];
    this.OPTION7(() => {
      this.CONSUME(K.ORDER);
      this.CONSUME2(K.BY);
      this.AT_LEAST_ONE_SEP2({ SEP: t.Comma, DEF: () => orderBy.push(this.SUBRULE(this.ordering)) });
    });
    const perPartitionLimit = this.OPTION8(() => {
      this.CONSUME(K.PER);
      this.CONSUME(K.PARTITION);
      this.CONSUME1(K.LIMIT);
      return this.SUBRULE1(this.integerValue);
    });
    const limit = this.OPTION9(() => {
      this.CONSUME2(K.LIMIT);
      return this.SUBRULE2(this.integerValue);
    });
    const offset = this.SUBRULE(this.offset);
    const allowFiltering = this.SUBRULE(this.allowFiltering);
    return {
      kind: 'select',
      json: json !== undefined,
      distinct: distinct !== undefined,
      selection,
      from,
      where,
      groupBy,
      having,
      orderBy,
      perPartitionLimit,
      limit,
      offset,
      allowFiltering,
      position,
    };
  });

  private readonly ordering = this.RULE('ordering', (): ast.Ordering => {
    const expression = this.SUBRULE(this.expression);
    const annOf = this.OPTION1(() => {
      this.CONSUME(K.ANN);
      this.CONSUME(K.OF);
      return this.SUBRULE(this.value);
    });
    const descending = this.OPTION2(() =>
      this.OR([{ ALT: () => this.CONSUME(K.ASC) && false }, { ALT: () => this.CONSUME(K.DESC) && true }]),
    );
    const direction = descending === true ? 'desc' : 'asc';
    return { kind: 'ordering', expression, annOf, direction, position: expression.position };
  });

  private readonly offset = this.RULE('offset', (): ast.Expression | undefined =>
    this.OPTION(() => {
      this.CONSUME(K.OFFSET);
      return this.SUBRULE(this.integerValue);
    }),
  );

  private readonly allowFiltering = this.RULE('allowFiltering', (): boolean => {
    let allow = false;
    this.OPTION(() => {
      this.CONSUME(K.ALLOW);
      this.CONSUME(K.FILTERING);
      allow = true;
    });
    return allow;
  });

  // ---- INSERT ----

  private readonly insert = this.RULE('insert', (): ast.InsertStatement => {
    const position = positionOf(this.CONSUME(K.INSERT));
    this.CONSUME(K.INTO);
    const table = this.SUBRULE(this.tableName);
    const body = this.OR<ast.InsertStatement['body']>([
      { ALT: () => this.SUBRULE(this.insertJson) },
      { ALT: () => this.SUBRULE(this.insertValues) },
    ]);
    const ifNotExists = this.OPTION1(() => {
      this.CONSUME(K.IF);
      this.CONSUME(K.NOT);
      this.CONSUME(K.EXISTS);
      return true;
    });
    const using = this.OPTION2(() => this.SUBRULE(this.usingClause));
    return { kind: 'insert', table, body, ifNotExists: ifNotExists === true, using, position };
  });

  private readonly insertValues = this.RULE('insertValues', (): ast.InsertValues => {
    const first = this.peek();
    const columns = this.OPTION(() => {
      this.CONSUME1(t.LParen);
      const names: ast.Name[] = [];
      this.AT_LEAST_ONE_SEP1({ SEP: t.Comma, DEF: () => names.push(this.SUBRULE(this.columnName)) });
      this.CONSUME1(t.RParen);
      return names;
    });
    this.CONSUME(K.VALUES);
    this.CONSUME2(t.LParen);
    const values: ast.Expression[] = [];
    this.AT_LEAST_ONE_SEP2({ SEP: t.Comma, DEF: () => values.push(this.SUBRULE(this.value)) });
    this.CONSUME2(t.RParen);
    return this.ACTION(() => ({ kind: 'insertValues', columns, values, position: positionOf(first) }));
  });

  private readonly insertJson = this.RULE('insertJson', (): ast.InsertJson => {
    const position = positionOf(this.CONSUME(K.JSON));
    const value = this.OR1<ast.Literal | ast.BindMarker>([
      { ALT: () => this.SUBRULE(this.stringValue) },
      { ALT: () => this.SUBRULE(this.bindMarker) },
    ]);
    const unset = this.OPTION(() => {
      this.CONSUME(K.DEFAULT);
      return this.OR2([{ ALT: () => this.CONSUME(K.NULL) && false }, { ALT: () => this.CONSUME(K.UNSET) && true }]);
    });
    return { kind: 'insertJson', value, default: unset === true ? 'unset' : 'null', position };
  });

  private readonly stringValue = this.RULE(
    'stringValue',
    (): ast.Literal => this.literalOf(this.CONSUME(t.StringLiteral)),
  );

  private readonly usingClause = this.RULE('usingClause', (): ast.UsingClause => {
    const position = positionOf(this.CONSUME(K.USING));
    let timestamp: ast.Expression | undefined;
    let ttl: ast.Expression | undefined;
    this.AT_LEAST_ONE_SEP({
      SEP: K.AND,
      DEF: () =>
        this.OR([
          {
            ALT: () => {
              this.CONSUME(K.TIMESTAMP);
              timestamp = this.SUBRULE1(this.integerValue);
            },
          },
          {
            ALT: () => {
              this.CONSUME(K.TTL);
              ttl = this.SUBRULE2(this.integerValue);
            },
          },
        ]),
    });
    return { kind: 'using', timestamp, ttl, position };
  });

  // ---- UPDATE ----

  private readonly update = this.RULE('update', (): ast.UpdateStatement => {
    const position = positionOf(this.CONSUME(K.UPDATE));
    const table = this.SUBRULE(this.tableName);
    const using = this.OPTION(() => this.SUBRULE(this.usingClause));
    this.CONSUME(K.SET);
    const assignments: ast.Assignment[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        const token = this.peek();
        const assignment = this.SUBRULE(this.assignment);
        this.ACTION(() => this.addAssignment(assignments, assignment, token));
      },
    });
    const where = this.SUBRULE(this.whereClause);
    const { ifExists, conditions } = this.SUBRULE(this.ifClause);
    return { kind: 'update', table, using, assignments, where, ifExists, conditions, position };
  });

  private readonly assignment = this.RULE('assignment', (): ast.Assignment => {
    const column = this.SUBRULE1(this.columnName);
    const { position } = column;
    return this.OR<ast.Assignment>([
      {
        ALT: () => {
          this.CONSUME1(t.Equals);
          return this.OR2<ast.Assignment>([
            {
              GATE: () => this.isColumnOperation(),
              ALT: () => this.SUBRULE(this.columnOperation, { ARGS: [column] }),
            },
            {
              ALT: () => {
                const token = this.peek();
                const value = this.SUBRULE1(this.value);
                return this.ACTION(() => this.assigned(column, value, token));
              },
            },
          ]);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.PlusEquals);
          return { kind: 'assignAddition', column, value: this.SUBRULE2(this.value), position };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.MinusEquals);
          return { kind: 'assignSubtraction', column, value: this.SUBRULE3(this.value), position };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LBracket);
          const key = this.SUBRULE4(this.value);
          this.CONSUME(t.RBracket);
          this.CONSUME2(t.Equals);
          return { kind: 'assignElement', column, key, value: this.SUBRULE5(this.value), position };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Dot);
          const field = this.SUBRULE(this.fieldName);
          this.CONSUME3(t.Equals);
          return { kind: 'assignField', column, field, value: this.SUBRULE6(this.value), position };
        },
      },
    ]);
  });

  /** `c + value`, `c - value` or `c -1` after `c =` */
  private readonly columnOperation = this.RULE('columnOperation', (target: ast.Name): ast.Assignment => {
    const token = this.peek();
    const column = this.SUBRULE(this.columnName);
    const operator = this.OR([
      { ALT: () => this.CONSUME(t.Plus) && '+' },
      { ALT: () => this.CONSUME(t.Minus) && '-' },
      { ALT: () => '' },
    ]);
    const value = this.SUBRULE(this.value);
    return this.ACTION(() => {
      if (column.text !== target.text) {
        const sign = operator === '' ? '- ' : operator;
        this.fail(`Only expressions of the form X = X ${sign}<value> are supported.`, token);
      }
      const kind = operator === '-' ? 'assignSubtraction' : 'assignAddition';
      return { kind, column: target, value, position: target.position };
    });
  });

  // ---- DELETE ----

  private readonly delete = this.RULE('delete', (): ast.DeleteStatement => {
    const position = positionOf(this.CONSUME(K.DELETE));
    const targets: ast.DeleteTarget[] = [];
    this.MANY_SEP({ SEP: t.Comma, DEF: () => targets.push(this.SUBRULE(this.deleteTarget)) });
    this.CONSUME(K.FROM);
    const table = this.SUBRULE(this.tableName);
    const timestamp = this.OPTION(() => {
      this.CONSUME(K.USING);
      this.CONSUME(K.TIMESTAMP);
      return this.SUBRULE(this.integerValue);
    });
    const where = this.SUBRULE(this.whereClause);
    const { ifExists, conditions } = this.SUBRULE(this.ifClause);
    return { kind: 'delete', table, targets, timestamp, where, ifExists, conditions, position };
  });

  private readonly deleteTarget = this.RULE('deleteTarget', (): ast.DeleteTarget => {
    const column = this.SUBRULE(this.columnName);
    const { position } = column;
    const part = this.OPTION(() =>
      this.OR<ast.DeleteTarget>([
        {
          ALT: () => {
            this.CONSUME(t.LBracket);
            const key = this.SUBRULE(this.value);
            this.CONSUME(t.RBracket);
            return { kind: 'deleteElement', column, key, position };
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.Dot);
            return { kind: 'deleteField', column, field: this.SUBRULE(this.fieldName), position };
          },
        },
      ]),
    );
    return part ?? { kind: 'deleteColumn', column, position };
  });

  private readonly ifClause = this.RULE('ifClause', () => {
    let ifExists = false;
    let conditions: readonly ast.Expression[] = [];
    this.OPTION(() => {
      this.CONSUME(K.IF);
      this.OR([
        {
          GATE: () => this.isExistsKeyword(),
          ALT: () => {
            this.CONSUME(K.EXISTS);
            ifExists = true;
          },
        },
        {
          ALT: () => {
            const first = this.peek();
            const condition = this.SUBRULE(this.expression);
            if (first.tokenType === t.LParen && condition.kind !== 'tuple') {
              this.notes.extensions.push({ feature: 'parentheses in IF', position: positionOf(first) });
            }
            conditions = condition.kind === 'and' ? condition.operands : [condition];
          },
        },
      ]);
    });
    return { ifExists, conditions };
  });

  // ---- BATCH and the rest ----

  private readonly batch = this.RULE('batch', (): ast.BatchStatement => {
    const position = positionOf(this.CONSUME(K.BEGIN));
    let type: ast.BatchStatement['type'] = 'logged';
    this.OPTION1(() =>
      this.OR([
        {
          ALT: () => {
            this.CONSUME(K.UNLOGGED);
            type = 'unlogged';
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.COUNTER);
            type = 'counter';
          },
        },
      ]),
    );
    this.CONSUME1(K.BATCH);
    const using = this.OPTION2(() => this.SUBRULE(this.usingClause));
    const statements: ast.ModificationStatement[] = [];
    this.MANY(() => {
      statements.push(this.SUBRULE(this.modification));
      this.OPTION3(() => this.CONSUME(t.Semicolon));
    });
    this.CONSUME(K.APPLY);
    this.CONSUME2(K.BATCH);
    return { kind: 'batch', type, using, statements, position };
  });

  private readonly use = this.RULE('use', (): ast.UseStatement => {
    const position = positionOf(this.CONSUME(K.USE));
    return { kind: 'use', keyspace: this.SUBRULE(this.keyspaceName), position };
  });

  private readonly explain = this.RULE('explain', (): ast.ExplainStatement => {
    const position = positionOf(this.CONSUME(K.EXPLAIN));
    const analyze = this.OPTION(() => this.CONSUME(K.ANALYZE));
    return { kind: 'explain', analyze: analyze !== undefined, statement: this.SUBRULE(this.explainable), position };
  });

  private readonly showTables = this.RULE('showTables', (): ast.ShowTablesStatement => {
    const position = positionOf(this.CONSUME(K.SHOW));
    this.CONSUME(K.TABLES);
    const keyspace = this.OPTION(() => {
      this.OR([{ ALT: () => this.CONSUME(K.FROM) }, { ALT: () => this.CONSUME(K.IN) }]);
      return this.SUBRULE(this.keyspaceName);
    });
    return { kind: 'showTables', keyspace, position };
  });

  // ---- Decisions and actions ----

  /** After SELECT: whether JSON or DISTINCT is the keyword, because a selection follows, and not a column. */
  private opensSelection(): boolean {
    if (this.LA(1).tokenType === t.EOF) return true;
    const next = this.LA(2);
    // Where the text ends, as while it is typed: a column would need FROM behind it.
    if (next.tokenType === t.EOF) return true;
    if (next.tokenType === K.AS) return this.LA(3).tokenType === K.FROM || this.LA(3).tokenType === t.Comma;
    return next.tokenType === t.Star || !endsOperand(next);
  }

  private isColumnOperation(): boolean {
    const next = this.LA(2);
    if (!isColumnName(this.LA(1))) return false;
    return next.tokenType === t.Plus || next.tokenType === t.Minus || next.tokenType === t.Integer;
  }

  /** `IF EXISTS`, and not a condition on a column of that name */
  private isExistsKeyword(): boolean {
    const next = this.LA(2).tokenType;
    return !CONDITION_OPERATORS.has(next) && next.CATEGORIES?.includes(t.ComparisonOperator) !== true;
  }

  /** `c = value`, where a value of the form `value + c` prepends */
  private assigned(column: ast.Name, value: ast.Expression, token: IToken): ast.Assignment {
    const { position } = column;
    if (value.kind !== 'arithmetic' || value.operator !== '+' || value.right.kind !== 'column') {
      return { kind: 'assignValue', column, value, position };
    }
    if (value.right.name.text !== column.text) {
      this.fail('Only expressions of the form X = <value> + X are supported.', token);
    }
    return { kind: 'assignPrepend', column, value: value.left, position };
  }

  private addAssignment(list: ast.Assignment[], next: ast.Assignment, token: IToken): void {
    for (const earlier of list) {
      if (earlier.column.text === next.column.text && !areCompatible(earlier, next)) {
        this.fail(`Multiple incompatible setting of column ${next.column.text}`, token);
      }
    }
    list.push(next);
  }
}

const CONDITION_OPERATORS = new Set([K.IN, K.CONTAINS, t.LBracket, t.Dot]);

function isColumnName(token: IToken): boolean {
  return token.tokenType === t.EmptyQuotedName || t.isNameType(token.tokenType);
}

/** Whether two assignments to one column may stand in one UPDATE (`Operation.RawUpdate.isCompatibleWith`). */
function areCompatible(earlier: ast.Assignment, next: ast.Assignment): boolean {
  if (earlier.kind === 'assignValue' || next.kind === 'assignValue') return false;
  if (earlier.kind !== 'assignField' || next.kind !== 'assignField') return true;
  return earlier.field.text !== next.field.text;
}
