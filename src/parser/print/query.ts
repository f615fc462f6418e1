import { unreachable } from '../../errors/index.ts';
import type {
  Assignment,
  BatchStatement,
  DeleteStatement,
  DeleteTarget,
  Expression,
  InsertStatement,
  ModificationStatement,
  Ordering,
  Selection,
  SelectStatement,
  UpdateStatement,
  UsingClause,
} from '../ast/index.ts';
import { printExpression, printValue } from './expression.ts';
import { printName, printQualified } from './name.ts';

/** The parts that are there, with single spaces between them. */
export function words(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => typeof part === 'string' && part !== '').join(' ');
}

export function printSelect(statement: SelectStatement): string {
  const { from, where, groupBy, having, orderBy, perPartitionLimit, limit, offset } = statement;
  return words(
    'SELECT',
    statement.json && 'JSON',
    statement.distinct && 'DISTINCT',
    printSelection(statement.selection),
    from && `FROM ${printQualified(from)}`,
    printWhere(where),
    groupBy.length > 0 && `GROUP BY ${groupBy.map(printExpression).join(', ')}`,
    having && `HAVING ${printExpression(having)}`,
    orderBy.length > 0 && `ORDER BY ${orderBy.map(printOrdering).join(', ')}`,
    perPartitionLimit && `PER PARTITION LIMIT ${printValue(perPartitionLimit)}`,
    limit && `LIMIT ${printValue(limit)}`,
    offset && `OFFSET ${printValue(offset)}`,
    statement.allowFiltering && 'ALLOW FILTERING',
  );
}

export function printSelection(selection: Selection): string {
  if (selection.kind === 'allColumns') return '*';
  return selection.selectors
    .map(({ expression, alias }) => words(printExpression(expression), alias && `AS ${printName(alias)}`))
    .join(', ');
}

export function printWhere(where: Expression | undefined): string | undefined {
  return where && `WHERE ${printExpression(where)}`;
}

function printOrdering({ expression, annOf, direction }: Ordering): string {
  return words(printExpression(expression), annOf && `ANN OF ${printValue(annOf)}`, direction === 'desc' && 'DESC');
}

export function printModification(statement: ModificationStatement): string {
  switch (statement.kind) {
    case 'insert':
      return printInsert(statement);
    case 'update':
      return printUpdate(statement);
    case 'delete':
      return printDelete(statement);
    default:
      return unreachable(statement);
  }
}

function printInsert({ table, body, ifNotExists, using }: InsertStatement): string {
  return words(
    `INSERT INTO ${printQualified(table)}`,
    printInsertBody(body),
    ifNotExists && 'IF NOT EXISTS',
    using && printUsing(using),
  );
}

function printInsertBody(body: InsertStatement['body']): string {
  if (body.kind === 'insertJson') {
    return words('JSON', printValue(body.value), body.default === 'unset' && 'DEFAULT UNSET');
  }
  const columns = body.columns && `(${body.columns.map(printName).join(', ')})`;
  return words(columns, `VALUES (${body.values.map(printValue).join(', ')})`);
}

function printUsing({ timestamp, ttl }: UsingClause): string {
  const parts = [timestamp && `TIMESTAMP ${printValue(timestamp)}`, ttl && `TTL ${printValue(ttl)}`];
  return `USING ${parts.filter((part) => part !== undefined).join(' AND ')}`;
}

function printUpdate(statement: UpdateStatement): string {
  return words(
    `UPDATE ${printQualified(statement.table)}`,
    statement.using && printUsing(statement.using),
    `SET ${statement.assignments.map(printAssignment).join(', ')}`,
    printWhere(statement.where),
    printIf(statement),
  );
}

function printAssignment(assignment: Assignment): string {
  const column = printName(assignment.column);
  const value = printValue(assignment.value);
  switch (assignment.kind) {
    case 'assignValue':
      return `${column} = ${value}`;
    case 'assignAddition':
      return `${column} += ${value}`;
    case 'assignSubtraction':
      return `${column} -= ${value}`;
    case 'assignPrepend':
      return `${column} = ${value} + ${column}`;
    case 'assignElement':
      return `${column}[${printValue(assignment.key)}] = ${value}`;
    case 'assignField':
      return `${column}.${printName(assignment.field)} = ${value}`;
    default:
      return unreachable(assignment);
  }
}

function printDelete(statement: DeleteStatement): string {
  return words(
    'DELETE',
    statement.targets.map(printDeleteTarget).join(', '),
    `FROM ${printQualified(statement.table)}`,
    statement.timestamp && `USING TIMESTAMP ${printValue(statement.timestamp)}`,
    printWhere(statement.where),
    printIf(statement),
  );
}

function printDeleteTarget(target: DeleteTarget): string {
  const column = printName(target.column);
  switch (target.kind) {
    case 'deleteColumn':
      return column;
    case 'deleteElement':
      return `${column}[${printValue(target.key)}]`;
    case 'deleteField':
      return `${column}.${printName(target.field)}`;
    default:
      return unreachable(target);
  }
}

function printIf({ ifExists, conditions }: UpdateStatement | DeleteStatement): string | undefined {
  if (ifExists) return 'IF EXISTS';
  if (conditions.length === 0) return undefined;
  const [first] = conditions;
  if (conditions.length === 1) return `IF ${printExpression(first!)}`;
  return `IF ${conditions.map((each) => (each.kind === 'or' ? `(${printExpression(each)})` : printExpression(each))).join(' AND ')}`;
}

export function printBatch({ type, using, statements }: BatchStatement): string {
  const kind = type === 'logged' ? undefined : type.toUpperCase();
  const parts = statements.map((statement) => `${printModification(statement)};`);
  return words('BEGIN', kind, 'BATCH', using && printUsing(using), ...parts, 'APPLY BATCH');
}
