/** Every statement but the queries': CREATE, ALTER, DROP, TRUNCATE, roles and DESCRIBE. Built when first needed. */
import type { IToken, TokenType } from 'chevrotain';
import type { SourcePosition } from '../src/errors/index.ts';
import type * as ast from '../src/parser/ast/index.ts';
import { nameOf, positionOf } from './nodes.ts';
import { RoleRules } from './role-rules.ts';
import * as t from './tokens.ts';
import { K } from './tokens.ts';
import type { ParserOptions } from './type-rules.ts';

export class DefinitionParser extends RoleRules {
  constructor(options: ParserOptions = {}) {
    super(options);
    this.performSelfAnalysis();
  }

  readonly statement = this.RULE('statement', (): ast.Statement => {
    const statement = this.OR<ast.Statement>([
      { ALT: () => this.SUBRULE(this.create) },
      { ALT: () => this.SUBRULE(this.alter) },
      { ALT: () => this.SUBRULE(this.drop) },
      { ALT: () => this.SUBRULE(this.truncate) },
      { ALT: () => this.SUBRULE(this.grant) },
      { ALT: () => this.SUBRULE(this.revoke) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.addIdentity) },
      { ALT: () => this.SUBRULE(this.describe) },
    ]);
    this.MANY(() => this.CONSUME(t.Semicolon));
    this.CONSUME(t.EOF);
    return statement;
  });

  private readonly create = this.RULE('create', (): ast.Statement => {
    const position = positionOf(this.CONSUME(K.CREATE));
    return this.OR1<ast.Statement>([
      { ALT: () => this.SUBRULE(this.createKeyspace, { ARGS: [position] }) },
      { ALT: () => this.SUBRULE(this.createTable, { ARGS: [position] }) },
      { ALT: () => this.SUBRULE(this.createType, { ARGS: [position] }) },
      { ALT: () => this.SUBRULE(this.createIndex, { ARGS: [position] }) },
      { ALT: () => this.SUBRULE(this.createView, { ARGS: [position] }) },
      { ALT: () => this.SUBRULE(this.createTrigger, { ARGS: [position] }) },
      { ALT: () => this.SUBRULE(this.createRole, { ARGS: [position] }) },
      { ALT: () => this.SUBRULE(this.createUser, { ARGS: [position] }) },
      {
        ALT: () => {
          let orReplace = false;
          this.OPTION(() => {
            this.CONSUME(K.OR);
            this.CONSUME(K.REPLACE);
            orReplace = true;
          });
          return this.OR2<ast.Statement>([
            { ALT: () => this.SUBRULE(this.createFunction, { ARGS: [position, orReplace] }) },
            { ALT: () => this.SUBRULE(this.createAggregate, { ARGS: [position, orReplace] }) },
          ]);
        },
      },
    ]);
  });

  private readonly alter = this.RULE('alter', (): ast.Statement => {
    const position = positionOf(this.CONSUME(K.ALTER));
    return this.OR<ast.Statement>([
      { ALT: () => this.SUBRULE(this.alterKeyspace, { ARGS: [position] }) },
      { ALT: () => this.SUBRULE(this.alterTable, { ARGS: [position] }) },
      { ALT: () => this.SUBRULE(this.alterType, { ARGS: [position] }) },
      { ALT: () => this.SUBRULE(this.alterView, { ARGS: [position] }) },
      { ALT: () => this.SUBRULE(this.alterRole, { ARGS: [position] }) },
      { ALT: () => this.SUBRULE(this.alterUser, { ARGS: [position] }) },
    ]);
  });

  // ---- DROP ----

  private readonly drop = this.RULE('drop', (): ast.Statement => {
    const position = positionOf(this.CONSUME(K.DROP));
    return this.OR<ast.Statement>([
      {
        ALT: () => {
          this.CONSUME(K.KEYSPACE);
          const ifExists = this.SUBRULE1(this.ifExists);
          return { kind: 'dropKeyspace', name: this.SUBRULE1(this.keyspaceName), ifExists, position };
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.TABLE);
          const ifExists = this.SUBRULE2(this.ifExists);
          return { kind: 'dropTable', name: this.SUBRULE2(this.tableName), ifExists, position };
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.TYPE);
          const ifExists = this.SUBRULE3(this.ifExists);
          return { kind: 'dropType', name: this.SUBRULE3(this.userTypeName), ifExists, position };
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.INDEX);
          const ifExists = this.SUBRULE4(this.ifExists);
          return { kind: 'dropIndex', name: this.SUBRULE4(this.indexName), ifExists, position };
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.MATERIALIZED);
          this.CONSUME(K.VIEW);
          const ifExists = this.SUBRULE5(this.ifExists);
          return { kind: 'dropView', name: this.SUBRULE5(this.viewName), ifExists, position };
        },
      },
      { ALT: () => this.SUBRULE(this.dropFunction, { ARGS: [position] }) },
      { ALT: () => this.SUBRULE(this.dropTrigger, { ARGS: [position] }) },
      {
        ALT: () => {
          this.CONSUME(K.ROLE);
          const ifExists = this.SUBRULE6(this.ifExists);
          return { kind: 'dropRole', name: this.SUBRULE6(this.roleName), ifExists, position };
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.USER);
          const ifExists = this.SUBRULE7(this.ifExists);
          return { kind: 'dropUser', name: this.SUBRULE7(this.userName), ifExists, position };
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.IDENTITY);
          const ifExists = this.SUBRULE8(this.ifExists);
          return { kind: 'dropIdentity', identity: this.SUBRULE8(this.identityName), ifExists, position };
        },
      },
    ]);
  });

  private readonly dropFunction = this.RULE(
    'dropFunction',
    (position: SourcePosition): ast.DropFunctionStatement | ast.DropAggregateStatement => {
      const kind = this.OR<'dropFunction' | 'dropAggregate'>([
        { ALT: () => this.CONSUME(K.FUNCTION) && 'dropFunction' },
        { ALT: () => this.CONSUME(K.AGGREGATE) && 'dropAggregate' },
      ]);
      const ifExists = this.SUBRULE(this.ifExists);
      const name = this.SUBRULE(this.functionName);
      const argumentTypes = this.OPTION(() => this.SUBRULE(this.typeList));
      return { kind, name, ifExists, argumentTypes, position };
    },
  );

  private readonly dropTrigger = this.RULE('dropTrigger', (position: SourcePosition): ast.DropTriggerStatement => {
    this.CONSUME(K.TRIGGER);
    const ifExists = this.SUBRULE(this.ifExists);
    const name = nameOf(this.CONSUME(t.Name));
    this.CONSUME(K.ON);
    return { kind: 'dropTrigger', name, ifExists, table: this.SUBRULE(this.tableName), position };
  });

  // ---- DESCRIBE ----

  private readonly describe = this.RULE('describe', (): ast.DescribeStatement => {
    const position = positionOf(this.peek());
    this.OR([{ ALT: () => this.CONSUME(K.DESCRIBE) }, { ALT: () => this.CONSUME(K.DESC) }]);
    const target = this.SUBRULE(this.describeTarget);
    const withInternals = this.OPTION(() => {
      this.CONSUME(K.WITH);
      this.CONSUME(K.INTERNALS);
      return true;
    });
    return { kind: 'describe', target, withInternals: withInternals === true, position };
  });

  private readonly describeTarget = this.RULE('describeTarget', (): ast.DescribeTarget => {
    const token = this.peek();
    const position = positionOf(token);
    return this.OR<ast.DescribeTarget>([
      {
        ALT: () => {
          const of = this.OR1<ast.DescribeList['of']>([
            { ALT: () => this.CONSUME(K.CLUSTER) && 'cluster' },
            { ALT: () => this.CONSUME(K.KEYSPACES) && 'keyspaces' },
            { ALT: () => this.CONSUME(K.TABLES) && 'tables' },
            { ALT: () => this.CONSUME(K.TYPES) && 'types' },
            { ALT: () => this.CONSUME(K.FUNCTIONS) && 'functions' },
            { ALT: () => this.CONSUME(K.AGGREGATES) && 'aggregates' },
          ]);
          return { kind: 'describeList', of, position };
        },
      },
      {
        ALT: () => {
          const full = this.OPTION1(() => this.CONSUME(K.FULL)) !== undefined;
          this.CONSUME(K.SCHEMA);
          return { kind: 'describeSchema', full, position };
        },
      },
      {
        GATE: () => this.LA(1).tokenType === K.KEYSPACE || this.LA(2).tokenType === K.KEYSPACE,
        ALT: () => {
          const only = this.OPTION2(() => this.CONSUME(K.ONLY)) !== undefined;
          this.CONSUME(K.KEYSPACE);
          const keyspace = this.OPTION3(() => this.SUBRULE(this.keyspaceName));
          return { kind: 'describeKeyspace', only, keyspace, position };
        },
      },
      {
        GATE: () => token.tokenType === K.MATERIALIZED || this.describesNamed(),
        ALT: () => this.SUBRULE(this.describeElement),
      },
      { ALT: () => ({ kind: 'describeAny', name: this.SUBRULE2(this.tableName), position }) },
    ]);
  });

  private readonly describeElement = this.RULE('describeElement', (): ast.DescribeElement => {
    const position = positionOf(this.peek());
    return this.OR<ast.DescribeElement>([
      { ALT: () => this.CONSUME(K.TABLE) && element('table', this.SUBRULE(this.tableName), position) },
      { ALT: () => this.CONSUME(K.INDEX) && element('index', this.SUBRULE(this.indexName), position) },
      {
        ALT: () => {
          this.CONSUME(K.MATERIALIZED);
          this.CONSUME(K.VIEW);
          return element('view', this.SUBRULE(this.viewName), position);
        },
      },
      { ALT: () => this.CONSUME(K.TYPE) && element('type', this.SUBRULE(this.userTypeName), position) },
      { ALT: () => this.CONSUME(K.FUNCTION) && element('function', this.SUBRULE1(this.functionName), position) },
      { ALT: () => this.CONSUME(K.AGGREGATE) && element('aggregate', this.SUBRULE2(this.functionName), position) },
    ]);
  });

  /** TABLE, TYPE… with a name after it; alone such a word is itself the name. */
  private describesNamed(): boolean {
    const first: TokenType = this.LA(1).tokenType;
    if (first === K.TABLE || first === K.INDEX) return true;
    const next: IToken = this.LA(2);
    return t.isNameType(next.tokenType);
  }
}

function element(
  of: ast.DescribeElement['of'],
  name: ast.QualifiedName,
  position: SourcePosition,
): ast.DescribeElement {
  return { kind: 'describeElement', of, name, position };
}
