/** Tables, views, indexes and triggers. */
import type { SourcePosition } from '../src/errors/index.ts';
import type * as ast from '../src/parser/ast/index.ts';
import { ExpressionRules } from './expression-rules.ts';
import { nameOf, positionOf, stringValue } from './nodes.ts';
import * as t from './tokens.ts';
import { K } from './tokens.ts';

export abstract class TableRules extends ExpressionRules {
  // ---- IF [NOT] EXISTS ----

  readonly ifNotExists = this.RULE('ifNotExists', (): boolean => {
    let found = false;
    this.OPTION(() => {
      this.CONSUME(K.IF);
      this.CONSUME(K.NOT);
      this.CONSUME(K.EXISTS);
      found = true;
    });
    return found;
  });

  readonly ifExists = this.RULE('ifExists', (): boolean => {
    let found = false;
    this.OPTION(() => {
      this.CONSUME(K.IF);
      this.CONSUME(K.EXISTS);
      found = true;
    });
    return found;
  });

  // ---- WITH ----

  readonly properties = this.RULE('properties', (): ast.Property[] => {
    const properties: ast.Property[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: K.AND,
      DEF: () => {
        const property = this.SUBRULE(this.property);
        this.ACTION(() => this.addProperty(properties, property));
      },
    });
    return properties;
  });

  readonly property = this.RULE('property', (): ast.Property => {
    const name = this.SUBRULE(this.optionName);
    this.CONSUME(t.Equals);
    const value = this.OR<ast.Property['value']>([
      { ALT: () => this.literalOf(this.CONSUME(t.Constant)) },
      { ALT: () => this.SUBRULE(this.propertyMap) },
      { ALT: () => this.SUBRULE(this.keywordValue) },
    ]);
    return { kind: 'property', name, value, position: name.position };
  });

  readonly optionName = this.RULE('optionName', (): ast.Name => nameOf(this.CONSUME(t.Name)));

  private readonly keywordValue = this.RULE('keywordValue', (): ast.KeywordValue => {
    const token = this.CONSUME(t.Name);
    this.ACTION(() => {
      if (t.isIdentifierType(token.tokenType) || token.tokenType === t.QuotedName) {
        this.fail(`A property's value is a constant, a map or a keyword, not the name ${token.image}`, token);
      }
    });
    return { kind: 'keyword', text: token.image.toLowerCase(), position: positionOf(token) };
  });

  readonly propertyMap = this.RULE('propertyMap', (): ast.MapLiteral => {
    const token = this.peek();
    const map = this.SUBRULE(this.mapLiteral);
    this.ACTION(() => {
      const seen = new Set<string>();
      for (const { key, value } of map.entries) {
        if (!isConstant(key)) this.fail('A property map has constants as its keys', token);
        if (!isConstant(value)) this.fail(`Invalid property value for property: '${key.text}': not a constant`, token);
        if (seen.has(key.text)) this.fail(`Multiple definition for property ${key.text}`, token);
        seen.add(key.text);
      }
    });
    return map;
  });

  // ---- CREATE TABLE ----

  readonly createTable = this.RULE('createTable', (position: SourcePosition): ast.CreateTableStatement => {
    this.CONSUME(K.TABLE);
    const ifNotExists = this.SUBRULE(this.ifNotExists);
    const name = this.SUBRULE(this.tableName);
    const columns: ast.ColumnDefinition[] = [];
    const primaryKeys: ast.PrimaryKey[] = [];
    this.CONSUME(t.LParen);
    const add = (element: ast.ColumnDefinition | ast.PrimaryKey): void => {
      if (element.kind === 'primaryKey') primaryKeys.push(element);
      else columns.push(element);
    };
    add(this.SUBRULE1(this.tableElement));
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.OPTION1(() => add(this.SUBRULE2(this.tableElement)));
    });
    this.CONSUME(t.RParen);
    const options = this.SUBRULE(this.tableOptions);
    return this.ACTION(() => ({
      kind: 'createTable',
      name,
      ifNotExists,
      columns,
      primaryKeys,
      ...options,
      position,
    }));
  });

  private readonly tableElement = this.RULE('tableElement', (): ast.ColumnDefinition | ast.PrimaryKey =>
    this.OR<ast.ColumnDefinition | ast.PrimaryKey>([
      { ALT: () => this.SUBRULE(this.primaryKey) },
      { ALT: () => this.SUBRULE(this.keyedColumn) },
    ]),
  );

  /** A column that may say PRIMARY KEY of itself. */
  private readonly keyedColumn = this.RULE('keyedColumn', (): ast.ColumnDefinition => {
    const column = this.SUBRULE(this.columnDefinition);
    const primaryKey = this.OPTION(() => {
      this.CONSUME(K.PRIMARY);
      this.CONSUME(K.KEY);
      return true;
    });
    return this.ACTION(() => (primaryKey === true ? { ...column, primaryKey: true } : column));
  });

  readonly columnDefinition = this.RULE('columnDefinition', (): ast.ColumnDefinition => {
    const name = this.SUBRULE(this.newName);
    const type = this.SUBRULE(this.type);
    const isStatic = this.OPTION1(() => this.CONSUME(K.STATIC)) !== undefined;
    const mask = this.OPTION2(() => this.SUBRULE(this.columnMask));
    return {
      kind: 'columnDefinition',
      name,
      type,
      static: isStatic,
      primaryKey: false,
      mask,
      position: name.position,
    };
  });

  readonly columnMask = this.RULE('columnMask', (): ast.ColumnMask => {
    const position = positionOf(this.CONSUME(K.MASKED));
    this.CONSUME(K.WITH);
    return this.OR<ast.ColumnMask>([
      {
        GATE: () => this.LA(2).tokenType !== t.LParen && this.LA(2).tokenType !== t.Dot,
        ALT: () => {
          this.CONSUME(K.DEFAULT);
          return { kind: 'mask', function: undefined, arguments: [], position };
        },
      },
      {
        ALT: () => {
          const name = this.SUBRULE(this.functionName);
          this.CONSUME(t.LParen);
          const args: ast.Expression[] = [];
          this.MANY_SEP({ SEP: t.Comma, DEF: () => args.push(this.SUBRULE(this.value)) });
          this.CONSUME(t.RParen);
          return { kind: 'mask', function: name, arguments: args, position };
        },
      },
    ]);
  });

  readonly primaryKey = this.RULE('primaryKey', (): ast.PrimaryKey => {
    const position = positionOf(this.CONSUME(K.PRIMARY));
    this.CONSUME(K.KEY);
    this.CONSUME1(t.LParen);
    const partitionKey: ast.Name[] = [];
    const clustering: ast.Name[] = [];
    this.OR([
      { ALT: () => partitionKey.push(this.SUBRULE1(this.plainColumnName)) },
      {
        ALT: () => {
          this.CONSUME2(t.LParen);
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => partitionKey.push(this.SUBRULE2(this.plainColumnName)) });
          this.CONSUME2(t.RParen);
        },
      },
    ]);
    this.MANY(() => {
      this.CONSUME(t.Comma);
      clustering.push(this.SUBRULE3(this.plainColumnName));
    });
    this.CONSUME1(t.RParen);
    return { kind: 'primaryKey', partitionKey, clustering, position };
  });

  readonly tableOptions = this.RULE('tableOptions', (): ast.TableOptions => {
    const properties: ast.Property[] = [];
    const clusteringOrder: ast.ClusteringOrder[] = [];
    let compactStorage = false;
    this.OPTION(() => {
      this.CONSUME(K.WITH);
      this.AT_LEAST_ONE_SEP1({
        SEP: K.AND,
        DEF: () =>
          this.OR([
            {
              GATE: () => this.LA(2).tokenType === K.STORAGE,
              ALT: () => {
                this.CONSUME(K.COMPACT);
                this.CONSUME(K.STORAGE);
                compactStorage = true;
              },
            },
            {
              GATE: () => this.LA(2).tokenType === K.ORDER,
              ALT: () => {
                this.CONSUME(K.CLUSTERING);
                this.CONSUME(K.ORDER);
                this.CONSUME(K.BY);
                this.CONSUME(t.LParen);
                this.AT_LEAST_ONE_SEP2({
                  SEP: t.Comma,
                  DEF: () => clusteringOrder.push(this.SUBRULE(this.clusteringOrder)),
                });
                this.CONSUME(t.RParen);
              },
            },
            {
              ALT: () => {
                const property = this.SUBRULE(this.property);
                this.ACTION(() => this.addProperty(properties, property));
              },
            },
          ]),
      });
    });
    return { compactStorage, clusteringOrder, properties };
  });

  private readonly clusteringOrder = this.RULE('clusteringOrder', (): ast.ClusteringOrder => {
    const column = this.SUBRULE(this.plainColumnName);
    const direction = this.OR<ast.Direction>([
      { ALT: () => this.CONSUME(K.ASC) && 'asc' },
      { ALT: () => this.CONSUME(K.DESC) && 'desc' },
    ]);
    return { kind: 'clusteringOrder', column, direction, position: column.position };
  });

  // ---- ALTER TABLE ----

  readonly alterTable = this.RULE('alterTable', (position: SourcePosition): ast.AlterTableStatement => {
    this.CONSUME(K.TABLE);
    const ifExists = this.SUBRULE(this.ifExists);
    const name = this.SUBRULE(this.tableName);
    const action = this.OR<ast.AlterTableAction>([
      { ALT: () => this.SUBRULE(this.alterColumn) },
      { ALT: () => this.SUBRULE(this.addColumns) },
      { GATE: () => this.isDropCompactStorage(), ALT: () => this.SUBRULE(this.dropCompactStorage) },
      { ALT: () => this.SUBRULE(this.dropColumns) },
      { ALT: () => this.SUBRULE(this.renameColumns) },
      {
        ALT: () => {
          const at = positionOf(this.CONSUME(K.WITH));
          return { kind: 'alterOptions', properties: this.SUBRULE(this.properties), position: at };
        },
      },
    ]);
    return { kind: 'alterTable', name, ifExists, action, position };
  });

  private readonly alterColumn = this.RULE('alterColumn', (): ast.AlterColumnType | ast.MaskColumn => {
    const position = positionOf(this.CONSUME(K.ALTER));
    const ifExists = this.SUBRULE(this.ifExists);
    const column = this.SUBRULE(this.columnName);
    return this.OR<ast.AlterColumnType | ast.MaskColumn>([
      {
        GATE: () => !ifExists,
        ALT: () => {
          this.CONSUME(K.TYPE);
          return { kind: 'alterColumnType', column, type: this.SUBRULE(this.type), position };
        },
      },
      {
        ALT: () => ({ kind: 'maskColumn', ifExists, column, mask: this.SUBRULE(this.columnMask), position }),
      },
      {
        ALT: () => {
          this.CONSUME(K.DROP);
          this.CONSUME(K.MASKED);
          return { kind: 'maskColumn', ifExists, column, mask: undefined, position };
        },
      },
    ]);
  });

  private readonly addColumns = this.RULE('addColumns', (): ast.AddColumns => {
    const position = positionOf(this.CONSUME(K.ADD));
    const ifNotExists = this.SUBRULE(this.ifNotExists);
    const columns: ast.ColumnDefinition[] = [];
    this.OR([
      { ALT: () => columns.push(this.SUBRULE1(this.columnDefinition)) },
      {
        ALT: () => {
          this.CONSUME(t.LParen);
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => columns.push(this.SUBRULE2(this.columnDefinition)) });
          this.CONSUME(t.RParen);
        },
      },
    ]);
    return { kind: 'addColumns', ifNotExists, columns, position };
  });

  private readonly dropColumns = this.RULE('dropColumns', (): ast.DropColumns => {
    const position = positionOf(this.CONSUME(K.DROP));
    const ifExists = this.SUBRULE(this.ifExists);
    const columns: ast.Name[] = [];
    this.OR([
      { ALT: () => columns.push(this.SUBRULE1(this.plainColumnName)) },
      {
        ALT: () => {
          this.CONSUME(t.LParen);
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => columns.push(this.SUBRULE2(this.plainColumnName)) });
          this.CONSUME(t.RParen);
        },
      },
    ]);
    const timestamp = this.OPTION(() => {
      this.CONSUME(K.USING);
      this.CONSUME(K.TIMESTAMP);
      return this.CONSUME(t.Integer).image;
    });
    return { kind: 'dropColumns', ifExists, columns, timestamp, position };
  });

  private readonly dropCompactStorage = this.RULE('dropCompactStorage', (): ast.DropCompactStorage => {
    const position = positionOf(this.CONSUME(K.DROP));
    this.CONSUME(K.COMPACT);
    this.CONSUME(K.STORAGE);
    return { kind: 'dropCompactStorage', position };
  });

  private readonly renameColumns = this.RULE('renameColumns', (): ast.RenameColumns => {
    const position = positionOf(this.CONSUME(K.RENAME));
    const ifExists = this.SUBRULE(this.ifExists);
    const renames: ast.Rename[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: K.AND,
      DEF: () => {
        const from = this.SUBRULE(this.plainColumnName);
        this.CONSUME(K.TO);
        renames.push({ from, to: this.SUBRULE(this.newName) });
      },
    });
    return { kind: 'renameColumns', ifExists, renames, position };
  });

  readonly truncate = this.RULE('truncate', (): ast.TruncateStatement => {
    const position = positionOf(this.CONSUME(K.TRUNCATE));
    this.OPTION(() => this.CONSUME(K.TABLE));
    return { kind: 'truncate', name: this.SUBRULE(this.tableName), position };
  });

  // ---- Views ----

  readonly createView = this.RULE('createView', (position: SourcePosition): ast.CreateViewStatement => {
    this.CONSUME(K.MATERIALIZED);
    this.CONSUME(K.VIEW);
    const ifNotExists = this.SUBRULE(this.ifNotExists);
    const name = this.SUBRULE(this.viewName);
    this.CONSUME(K.AS);
    this.CONSUME(K.SELECT);
    const selection = this.SUBRULE(this.selection);
    this.CONSUME(K.FROM);
    const base = this.SUBRULE(this.tableName);
    const where = this.OPTION(() => this.SUBRULE(this.whereClause));
    const primaryKey = this.SUBRULE(this.primaryKey);
    const token = this.peek();
    const options = this.SUBRULE(this.tableOptions);
    return this.ACTION(() => {
      if (options.compactStorage) this.fail('COMPACT STORAGE tables are not allowed starting with version 4.0', token);
      return { kind: 'createView', name, ifNotExists, selection, base, where, primaryKey, ...options, position };
    });
  });

  readonly alterView = this.RULE('alterView', (position: SourcePosition): ast.AlterViewStatement => {
    this.CONSUME(K.MATERIALIZED);
    this.CONSUME(K.VIEW);
    const ifExists = this.SUBRULE(this.ifExists);
    const name = this.SUBRULE(this.viewName);
    this.CONSUME(K.WITH);
    return { kind: 'alterView', name, ifExists, properties: this.SUBRULE(this.properties), position };
  });

  // ---- Indexes and triggers ----

  readonly createIndex = this.RULE('createIndex', (position: SourcePosition): ast.CreateIndexStatement => {
    const custom = this.OPTION1(() => this.CONSUME(K.CUSTOM)) !== undefined;
    this.CONSUME(K.INDEX);
    const ifNotExists = this.SUBRULE(this.ifNotExists);
    const name = this.OPTION2(() => this.SUBRULE(this.newName));
    this.CONSUME(K.ON);
    const table = this.SUBRULE(this.tableName);
    this.CONSUME(t.LParen);
    const targets: ast.IndexTarget[] = [];
    this.MANY_SEP({ SEP: t.Comma, DEF: () => targets.push(this.SUBRULE(this.indexTarget)) });
    this.CONSUME(t.RParen);
    const using = this.OPTION3(() => {
      this.CONSUME(K.USING);
      return stringValue(this.CONSUME(t.StringLiteral).image);
    });
    const properties = this.OPTION4(() => {
      this.CONSUME(K.WITH);
      return this.SUBRULE(this.properties);
    });
    return {
      kind: 'createIndex',
      custom,
      ifNotExists,
      name,
      table,
      targets,
      using,
      properties: properties ?? [],
      position,
    };
  });

  private readonly indexTarget = this.RULE('indexTarget', (): ast.IndexTarget => {
    const token = this.peek();
    let of: ast.IndexTarget['of'] = 'simple';
    const column = this.OR1<ast.Name>([
      {
        GATE: () => this.LA(2).tokenType === t.LParen,
        ALT: () => {
          of = this.OR2<ast.IndexTarget['of']>([
            { ALT: () => this.CONSUME(K.VALUES) && 'values' },
            { ALT: () => this.CONSUME(K.KEYS) && 'keys' },
            { ALT: () => this.CONSUME(K.ENTRIES) && 'entries' },
            { ALT: () => this.CONSUME(K.FULL) && 'full' },
          ]);
          this.CONSUME(t.LParen);
          const name = this.SUBRULE1(this.columnName);
          this.CONSUME(t.RParen);
          return name;
        },
      },
      { ALT: () => this.SUBRULE2(this.columnName) },
    ]);
    return this.ACTION(() => ({ kind: 'indexTarget', column, of, position: positionOf(token) }));
  });

  readonly createTrigger = this.RULE('createTrigger', (position: SourcePosition): ast.CreateTriggerStatement => {
    this.CONSUME(K.TRIGGER);
    const ifNotExists = this.SUBRULE(this.ifNotExists);
    const name = this.SUBRULE(this.newName);
    this.CONSUME(K.ON);
    const table = this.SUBRULE(this.tableName);
    this.CONSUME(K.USING);
    const using = stringValue(this.CONSUME(t.StringLiteral).image);
    return { kind: 'createTrigger', name, ifNotExists, table, using, position };
  });

  // ---- Decisions and actions ----

  private isDropCompactStorage(): boolean {
    return this.LA(2).tokenType === K.COMPACT && this.LA(3).tokenType === K.STORAGE;
  }

  private addProperty(list: ast.Property[], next: ast.Property): void {
    if (list.some(({ name }) => name.text === next.name.text)) {
      this.failAt(`Multiple definitions for property '${next.name.text}'`, next.position);
    }
    list.push(next);
  }
}

function isConstant(value: ast.Expression): value is ast.Literal {
  return value.kind === 'literal' && value.type !== 'null';
}
