/** Keyspaces, user types, functions and aggregates. */
import type { SourcePosition } from '../src/errors/index.ts';
import type * as ast from '../src/parser/ast/index.ts';
import { nameOf, positionOf, stringValue } from './nodes.ts';
import { TableRules } from './table-rules.ts';
import * as t from './tokens.ts';
import { K } from './tokens.ts';

export abstract class KeyspaceRules extends TableRules {
  readonly createKeyspace = this.RULE('createKeyspace', (position: SourcePosition): ast.CreateKeyspaceStatement => {
    this.CONSUME(K.KEYSPACE);
    const ifNotExists = this.SUBRULE(this.ifNotExists);
    const name = this.SUBRULE(this.keyspaceName);
    this.CONSUME(K.WITH);
    return { kind: 'createKeyspace', name, ifNotExists, properties: this.SUBRULE(this.properties), position };
  });

  readonly alterKeyspace = this.RULE('alterKeyspace', (position: SourcePosition): ast.AlterKeyspaceStatement => {
    this.CONSUME(K.KEYSPACE);
    const ifExists = this.SUBRULE(this.ifExists);
    const name = this.SUBRULE(this.keyspaceName);
    this.CONSUME(K.WITH);
    return { kind: 'alterKeyspace', name, ifExists, properties: this.SUBRULE(this.properties), position };
  });

  // ---- User types ----

  readonly createType = this.RULE('createType', (position: SourcePosition): ast.CreateTypeStatement => {
    this.CONSUME(K.TYPE);
    const ifNotExists = this.SUBRULE(this.ifNotExists);
    const name = this.SUBRULE(this.userTypeName);
    const fields: ast.FieldDefinition[] = [];
    this.CONSUME(t.LParen);
    fields.push(this.SUBRULE1(this.fieldDefinition));
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.OPTION(() => fields.push(this.SUBRULE2(this.fieldDefinition)));
    });
    this.CONSUME(t.RParen);
    return { kind: 'createType', name, ifNotExists, fields, position };
  });

  /** A field of a user type or an argument of a function. */
  private readonly fieldDefinition = this.RULE('fieldDefinition', (): ast.FieldDefinition => {
    const name = this.SUBRULE(this.newName);
    return { name, type: this.SUBRULE(this.type) };
  });

  readonly alterType = this.RULE('alterType', (position: SourcePosition): ast.AlterTypeStatement => {
    this.CONSUME1(K.TYPE);
    const ifExists = this.SUBRULE(this.ifExists);
    const name = this.SUBRULE(this.userTypeName);
    const action = this.OR<ast.AlterTypeAction>([
      { ALT: () => this.SUBRULE(this.alterField) },
      { ALT: () => this.SUBRULE(this.addField) },
      { ALT: () => this.SUBRULE(this.renameFields) },
    ]);
    return { kind: 'alterType', name, ifExists, action, position };
  });

  private readonly alterField = this.RULE('alterField', (): ast.AlterFieldType => {
    const position = positionOf(this.CONSUME(K.ALTER));
    const field = this.SUBRULE(this.fieldName);
    this.CONSUME(K.TYPE);
    const type = this.SUBRULE(this.type);
    return { kind: 'alterFieldType', field, type, position };
  });

  private readonly addField = this.RULE('addField', (): ast.AddField => {
    const position = positionOf(this.peek());
    this.CONSUME(K.ADD);
    const ifNotExists = this.SUBRULE(this.ifNotExists);
    const { name, type } = this.SUBRULE(this.fieldDefinition);
    return { kind: 'addField', ifNotExists, field: name, type, position };
  });

  private readonly renameFields = this.RULE('renameFields', (): ast.RenameFields => {
    const position = positionOf(this.peek());
    this.CONSUME(K.RENAME);
    const ifExists = this.SUBRULE(this.ifExists);
    const renames: ast.Rename[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: K.AND,
      DEF: () => {
        const from = this.SUBRULE(this.fieldName);
        this.CONSUME(K.TO);
        renames.push({ from, to: this.SUBRULE(this.newName) });
      },
    });
    return { kind: 'renameFields', ifExists, renames, position };
  });

  // ---- Functions and aggregates ----

  readonly createFunction = this.RULE(
    'createFunction',
    (position: SourcePosition, orReplace: boolean): ast.CreateFunctionStatement => {
      this.CONSUME(K.FUNCTION);
      const ifNotExists = this.SUBRULE(this.ifNotExists);
      const name = this.SUBRULE(this.functionName);
      const args: ast.FieldDefinition[] = [];
      this.CONSUME(t.LParen);
      this.MANY_SEP({ SEP: t.Comma, DEF: () => args.push(this.SUBRULE(this.fieldDefinition)) });
      this.CONSUME(t.RParen);
      const calledOnNullInput = this.OR([
        {
          ALT: () => {
            this.CONSUME1(K.RETURNS);
            this.CONSUME1(K.NULL);
            return false;
          },
        },
        { ALT: () => this.CONSUME(K.CALLED) && true },
      ]);
      this.CONSUME(K.ON);
      this.CONSUME2(K.NULL);
      this.CONSUME(K.INPUT);
      this.CONSUME2(K.RETURNS);
      const returns = this.SUBRULE(this.type);
      this.CONSUME(K.LANGUAGE);
      const language = this.CONSUME(t.Identifier).image.toLowerCase();
      this.CONSUME(K.AS);
      const body = stringValue(this.CONSUME(t.StringLiteral).image);
      return {
        kind: 'createFunction',
        name,
        orReplace,
        ifNotExists,
        arguments: args,
        calledOnNullInput,
        returns,
        language,
        body,
        position,
      };
    },
  );

  readonly createAggregate = this.RULE(
    'createAggregate',
    (position: SourcePosition, orReplace: boolean): ast.CreateAggregateStatement => {
      this.CONSUME(K.AGGREGATE);
      const ifNotExists = this.SUBRULE(this.ifNotExists);
      const name = this.SUBRULE(this.functionName);
      const argumentTypes = this.SUBRULE(this.typeList);
      this.CONSUME(K.SFUNC);
      const stateFunction = this.SUBRULE1(this.localFunctionName);
      this.CONSUME(K.STYPE);
      const stateType = this.SUBRULE(this.type);
      const finalFunction = this.OPTION1(() => {
        this.CONSUME(K.FINALFUNC);
        return this.SUBRULE2(this.localFunctionName);
      });
      const initialCondition = this.OPTION2(() => {
        this.CONSUME(K.INITCOND);
        return this.SUBRULE(this.value);
      });
      return {
        kind: 'createAggregate',
        name,
        orReplace,
        ifNotExists,
        argumentTypes,
        stateFunction,
        stateType,
        finalFunction,
        initialCondition,
        position,
      };
    },
  );

  /** A function of the aggregate's own keyspace. */
  private readonly localFunctionName = this.RULE('localFunctionName', (): ast.Name => nameOf(this.CONSUME(t.Name)));

  /** `(int, text)` */
  readonly typeList = this.RULE('typeList', (): ast.TypeNode[] => {
    const types: ast.TypeNode[] = [];
    this.CONSUME(t.LParen);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => types.push(this.SUBRULE(this.type)) });
    this.CONSUME(t.RParen);
    return types;
  });
}
