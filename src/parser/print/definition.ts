import { unreachable } from '../../errors/index.ts';
import type {
  AlterTableAction,
  AlterTypeAction,
  ColumnDefinition,
  ColumnMask,
  CreateIndexStatement,
  CreateTableStatement,
  FieldDefinition,
  IndexTarget,
  KeyspaceStatement,
  PrimaryKey,
  Property,
  Rename,
  TableOptions,
  TableStatement,
} from '../ast/index.ts';
import { printLiteral, printMap, printValue } from './expression.ts';
import { printName, printQualified, quoteString } from './name.ts';
import { printSelection, printWhere, words } from './query.ts';
import { printType, printTypeList } from './type.ts';

export function printTableStatement(statement: TableStatement): string {
  switch (statement.kind) {
    case 'createTable':
      return printCreateTable(statement);
    case 'alterTable':
      return words('ALTER TABLE', ifExists(statement), printQualified(statement.name), printAction(statement.action));
    case 'dropTable':
      return words('DROP TABLE', ifExists(statement), printQualified(statement.name));
    case 'truncate':
      return `TRUNCATE TABLE ${printQualified(statement.name)}`;
    case 'createView':
      return words(
        'CREATE MATERIALIZED VIEW',
        ifNotExists(statement),
        `${printQualified(statement.name)} AS SELECT ${printSelection(statement.selection)}`,
        `FROM ${printQualified(statement.base)}`,
        printWhere(statement.where),
        printPrimaryKey(statement.primaryKey),
        printOptions(statement),
      );
    case 'alterView':
      return words(
        'ALTER MATERIALIZED VIEW',
        ifExists(statement),
        printQualified(statement.name),
        printProperties(statement.properties),
      );
    case 'dropView':
      return words('DROP MATERIALIZED VIEW', ifExists(statement), printQualified(statement.name));
    case 'createIndex':
      return printCreateIndex(statement);
    case 'dropIndex':
      return words('DROP INDEX', ifExists(statement), printQualified(statement.name));
    case 'createTrigger':
      return words(
        'CREATE TRIGGER',
        ifNotExists(statement),
        printName(statement.name),
        `ON ${printQualified(statement.table)} USING ${quoteString(statement.using)}`,
      );
    case 'dropTrigger':
      return words(
        'DROP TRIGGER',
        ifExists(statement),
        printName(statement.name),
        `ON ${printQualified(statement.table)}`,
      );
    default:
      return unreachable(statement);
  }
}

export function printKeyspaceStatement(statement: KeyspaceStatement): string {
  switch (statement.kind) {
    case 'use':
      return `USE ${printName(statement.keyspace)}`;
    case 'createKeyspace':
      return words(
        'CREATE KEYSPACE',
        ifNotExists(statement),
        printName(statement.name),
        printProperties(statement.properties),
      );
    case 'alterKeyspace':
      return words(
        'ALTER KEYSPACE',
        ifExists(statement),
        printName(statement.name),
        printProperties(statement.properties),
      );
    case 'dropKeyspace':
      return words('DROP KEYSPACE', ifExists(statement), printName(statement.name));
    case 'createType':
      return words(
        'CREATE TYPE',
        ifNotExists(statement),
        `${printQualified(statement.name)} (${printFields(statement.fields)})`,
      );
    case 'alterType':
      return words(
        'ALTER TYPE',
        ifExists(statement),
        printQualified(statement.name),
        printTypeAction(statement.action),
      );
    case 'dropType':
      return words('DROP TYPE', ifExists(statement), printQualified(statement.name));
    case 'createFunction':
      return words(
        'CREATE',
        statement.orReplace && 'OR REPLACE',
        'FUNCTION',
        ifNotExists(statement),
        `${printQualified(statement.name)}(${printFields(statement.arguments)})`,
        statement.calledOnNullInput ? 'CALLED ON NULL INPUT' : 'RETURNS NULL ON NULL INPUT',
        `RETURNS ${printType(statement.returns)} LANGUAGE ${statement.language} AS ${quoteString(statement.body)}`,
      );
    case 'createAggregate':
      return words(
        'CREATE',
        statement.orReplace && 'OR REPLACE',
        'AGGREGATE',
        ifNotExists(statement),
        `${printQualified(statement.name)}${printTypeList(statement.argumentTypes)}`,
        `SFUNC ${printName(statement.stateFunction)} STYPE ${printType(statement.stateType)}`,
        statement.finalFunction && `FINALFUNC ${printName(statement.finalFunction)}`,
        statement.initialCondition && `INITCOND ${printValue(statement.initialCondition)}`,
      );
    case 'dropFunction':
    case 'dropAggregate':
      return words(
        statement.kind === 'dropFunction' ? 'DROP FUNCTION' : 'DROP AGGREGATE',
        ifExists(statement),
        printQualified(statement.name),
        statement.argumentTypes && printTypeList(statement.argumentTypes),
      );
    default:
      return unreachable(statement);
  }
}

export function ifExists(statement: { readonly ifExists: boolean }): string | false {
  return statement.ifExists && 'IF EXISTS';
}

export function ifNotExists(statement: { readonly ifNotExists: boolean }): string | false {
  return statement.ifNotExists && 'IF NOT EXISTS';
}

function printFields(fields: readonly FieldDefinition[]): string {
  return fields.map(({ name, type }) => `${printName(name)} ${printType(type)}`).join(', ');
}

// ---- Properties ----

function printProperty({ name, value }: Property): string {
  return `${printName(name)} = ${printPropertyValue(value)}`;
}

function printPropertyValue(value: Property['value']): string {
  switch (value.kind) {
    case 'literal':
      return printLiteral(value);
    case 'keyword':
      return value.text;
    case 'map':
      return printMap(value);
    default:
      return unreachable(value);
  }
}

function printProperties(properties: readonly Property[]): string | undefined {
  return properties.length === 0 ? undefined : `WITH ${properties.map(printProperty).join(' AND ')}`;
}

function printOptions({ compactStorage, clusteringOrder, properties }: TableOptions): string | undefined {
  const parts: string[] = [];
  if (compactStorage) parts.push('COMPACT STORAGE');
  if (clusteringOrder.length > 0) {
    const columns = clusteringOrder.map(({ column, direction }) => `${printName(column)} ${direction.toUpperCase()}`);
    parts.push(`CLUSTERING ORDER BY (${columns.join(', ')})`);
  }
  parts.push(...properties.map(printProperty));
  return parts.length === 0 ? undefined : `WITH ${parts.join(' AND ')}`;
}

// ---- Tables ----

function printCreateTable(statement: CreateTableStatement): string {
  const elements = [...statement.columns.map(printColumn), ...statement.primaryKeys.map(printPrimaryKey)];
  return words(
    'CREATE TABLE',
    ifNotExists(statement),
    `${printQualified(statement.name)} (${elements.join(', ')})`,
    printOptions(statement),
  );
}

function printColumn({ name, type, static: isStatic, primaryKey, mask }: ColumnDefinition): string {
  return words(
    printName(name),
    printType(type),
    isStatic && 'STATIC',
    mask && printMask(mask),
    primaryKey && 'PRIMARY KEY',
  );
}

function printMask({ function: name, arguments: args }: ColumnMask): string {
  return name === undefined
    ? 'MASKED WITH DEFAULT'
    : `MASKED WITH ${printQualified(name)}(${args.map(printValue).join(', ')})`;
}

function printPrimaryKey({ partitionKey, clustering }: PrimaryKey): string {
  const partition = partitionKey.map(printName).join(', ');
  return `PRIMARY KEY (${[`(${partition})`, ...clustering.map(printName)].join(', ')})`;
}

function printRenames(renames: readonly Rename[]): string {
  return renames.map(({ from, to }) => `${printName(from)} TO ${printName(to)}`).join(' AND ');
}

function printAction(action: AlterTableAction): string | undefined {
  switch (action.kind) {
    case 'alterColumnType':
      return `ALTER ${printName(action.column)} TYPE ${printType(action.type)}`;
    case 'maskColumn':
      return words(
        'ALTER',
        ifExists(action),
        printName(action.column),
        action.mask === undefined ? 'DROP MASKED' : printMask(action.mask),
      );
    case 'addColumns':
      return words('ADD', ifNotExists(action), `(${action.columns.map(printColumn).join(', ')})`);
    case 'dropColumns':
      return words(
        'DROP',
        ifExists(action),
        `(${action.columns.map(printName).join(', ')})`,
        action.timestamp && `USING TIMESTAMP ${action.timestamp}`,
      );
    case 'renameColumns':
      return words('RENAME', ifExists(action), printRenames(action.renames));
    case 'dropCompactStorage':
      return 'DROP COMPACT STORAGE';
    case 'alterOptions':
      return printProperties(action.properties);
    default:
      return unreachable(action);
  }
}

function printTypeAction(action: AlterTypeAction): string {
  switch (action.kind) {
    case 'alterFieldType':
      return `ALTER ${printName(action.field)} TYPE ${printType(action.type)}`;
    case 'addField':
      return words('ADD', ifNotExists(action), `${printName(action.field)} ${printType(action.type)}`);
    case 'renameFields':
      return words('RENAME', ifExists(action), printRenames(action.renames));
    default:
      return unreachable(action);
  }
}

// ---- Indexes ----

function printCreateIndex(statement: CreateIndexStatement): string {
  return words(
    'CREATE',
    statement.custom && 'CUSTOM',
    'INDEX',
    ifNotExists(statement),
    statement.name && printName(statement.name),
    `ON ${printQualified(statement.table)} (${statement.targets.map(printTarget).join(', ')})`,
    statement.using !== undefined && `USING ${quoteString(statement.using)}`,
    printProperties(statement.properties),
  );
}

function printTarget({ column, of }: IndexTarget): string {
  return of === 'simple' ? printName(column) : `${of.toUpperCase()}(${printName(column)})`;
}
