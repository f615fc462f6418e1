import { CqlError } from '../../errors/index.ts';
import type {
  DeleteStatement,
  Expression,
  InsertStatement,
  ModificationStatement,
  Name,
  UpdateStatement,
} from '../../parser/ast/index.ts';
import { type ColumnMetadata, isCounterTable, type TableMetadata } from '../../schema/model/index.ts';
import { quoteIdentifier } from '../../types/index.ts';
import { type BindScope, existingColumn } from '../expressions/bind-scope.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import { accessPath } from '../plan/plan-select.ts';
import type { PlanContext } from '../plan-context.ts';
import { checkRestrictions, type StatementRestrictions } from '../restrictions/statement-restrictions.ts';
import { DELETE_TYPE, INSERT_TYPE, type StatementType, UPDATE_TYPE } from '../restrictions/statement-type.ts';
import { resolveTable } from '../select/select-table.ts';
import { nativeType } from '../types/native-types.ts';
import { checkConditions } from './check-conditions.ts';
import { bindNamed, checkAssignment, checkDeletion, setOperation } from './check-operation.ts';
import type { CheckedWrite, Conditions, Operation } from './checked-write.ts';
import { jsonColumns } from './json-columns.ts';

/** Checks one write in the order in which Cassandra does (`ModificationStatement.Parsed.prepare`, 5.0.8). */
export function checkWrite(
  statement: ModificationStatement,
  context: PlanContext,
  markers: BindScope['markers'] = [],
): CheckedWrite {
  const write = checkStatement(statement, context, markers);
  checkAttributes(write);
  return write;
}

/** All of it but for `checkAttributes`, which batches leave until all their statements are known to be right. */
export function checkStatement(
  statement: ModificationStatement,
  context: PlanContext,
  markers: BindScope['markers'],
): CheckedWrite {
  const table = resolveTable(statement.table, context);
  const scope: BindScope = { context, keyspace: table.keyspace, table, columns: null, markers };
  const using = statement.kind === 'delete' ? { timestamp: statement.timestamp, ttl: undefined } : statement.using;
  const timestamp = bindAttribute(using?.timestamp, '[timestamp]', 'bigint', scope);
  const ttl = bindAttribute(using?.ttl, '[ttl]', 'int', scope);
  const conditions = checkConditions(
    {
      ifExists: statement.kind !== 'insert' && statement.ifExists,
      ifNotExists: statement.kind === 'insert' && statement.ifNotExists,
      conditions: statement.kind === 'insert' ? [] : statement.conditions,
      timestamp: using?.timestamp,
    },
    table,
    scope,
  );
  const body = checkBody(statement, table, conditions, scope);
  refuseConditions(table, conditions, using?.timestamp);
  return {
    ...body,
    regularOperations: body.operations.filter((operation) => operation.column.kind === 'regular'),
    staticOperations: body.operations.filter((operation) => operation.column.kind === 'static'),
    timestamp,
    ttl,
  };
}

type Body = Omit<CheckedWrite, 'timestamp' | 'ttl' | 'regularOperations' | 'staticOperations'>;

function checkBody(
  statement: ModificationStatement,
  table: TableMetadata,
  conditions: Conditions,
  scope: BindScope,
): Body {
  switch (statement.kind) {
    case 'insert':
      return checkInsert(statement, table, conditions, scope);
    case 'update':
      return checkUpdate(statement, table, conditions, scope);
    case 'delete':
      return checkDelete(statement, table, conditions, scope);
  }
}

function checkInsert(statement: InsertStatement, table: TableMetadata, conditions: Conditions, scope: BindScope): Body {
  if (isCounterTable(table)) {
    throw CqlError.invalidRequest('INSERT statements are not allowed on counter tables, use UPDATE instead', statement);
  }
  const { body } = statement;
  if (body.kind === 'insertJson') {
    const value = bindNamed(body.value, '[json]', nativeType('text'), scope);
    if (value.kind === 'constant' && value.bytes !== null) jsonColumns(table, value.bytes);
    return {
      kind: 'insert',
      table,
      access: null,
      keyHasIn: false,
      clusteringHasIn: false,
      restrictsClustering: table.clustering.length > 0,
      operations: [],
      json: { value, otherwise: body.default },
      conditions,
    };
  }
  const columns = body.columns ?? allColumns(table, scope, body);
  if (columns.length === 0) throw CqlError.invalidRequest('No columns provided to INSERT', statement);
  if (columns.length !== body.values.length) throw CqlError.invalidRequest('Unmatched column names/values', statement);
  if (new Set(columns.map((column) => column.text)).size !== columns.length) {
    throw CqlError.invalidRequest('The column names contains duplicates', statement);
  }
  const relations: Expression[] = [];
  const operations: Operation[] = [];
  let setsClustering = false;
  columns.forEach((name, i) => {
    const column = existingColumn(table, name);
    const value = body.values[i];
    if (column.kind === 'clustering') setsClustering = true;
    if (isKey(column)) {
      const { position } = value;
      relations.push({
        kind: 'comparison',
        operator: '=',
        left: { kind: 'column', name, position },
        right: value,
        position,
      });
    } else operations.push(setOperation(column, value, scope));
  });
  const onlyStatics = !setsClustering && touchesOnlyStatics('insert', operations, conditions);
  const where: Expression = { kind: 'and', operands: relations, position: statement.position };
  const restrictions = restrict(INSERT_TYPE, table, where, onlyStatics, scope);
  return { kind: 'insert', table, ...located(restrictions), operations, json: null, conditions };
}

/** explore: `INSERT INTO t VALUES (…)` names all columns in the order of SELECT *. */
function allColumns(
  table: TableMetadata,
  scope: BindScope,
  body: { position: Expression['position'] },
): readonly Name[] {
  if (scope.context.dialect === 'strict') {
    throw CqlError.invalidRequest('Column names for INSERT must be provided when using VALUES', body);
  }
  const rest = [...table.statics, ...table.regulars].map((column) => column.name).sort();
  return [...table.partitionKey.map((c) => c.name), ...table.clustering.map((c) => c.name), ...rest].map((text) => ({
    kind: 'name',
    text,
    quoted: true,
    position: body.position,
  }));
}

function checkUpdate(statement: UpdateStatement, table: TableMetadata, conditions: Conditions, scope: BindScope): Body {
  const seen = new Map<string, Operation['kind']>();
  const operations = statement.assignments.map((assignment) => {
    const column = existingColumn(table, assignment.column);
    if (isKey(column)) {
      throw CqlError.invalidRequest(`PRIMARY KEY part ${quoteIdentifier(column.name)} found in SET part`, assignment);
    }
    const operation = checkAssignment(assignment, column, conditions.kind !== 'none', scope);
    refuseSecondAssignment(seen, operation, assignment.column);
    return operation;
  });
  const restrictions = restrict(
    UPDATE_TYPE,
    table,
    statement.where,
    touchesOnlyStatics('update', operations, conditions),
    scope,
  );
  return { kind: 'update', table, ...located(restrictions), operations, json: null, conditions };
}

/** A column set as a whole may not be assigned again, nor one field of a UDT twice. */
function refuseSecondAssignment(seen: Map<string, Operation['kind']>, operation: Operation, name: Name): void {
  const key = operation.column.name;
  const before = seen.get(key);
  const field = operation.kind === 'setField' ? `${key}.${operation.field}` : null;
  if (before === 'set' || (before !== undefined && operation.kind === 'set') || (field !== null && seen.has(field))) {
    throw new CqlError(
      'SyntaxException',
      `Multiple incompatible setting of column ${quoteIdentifier(operation.column.name)}`,
      name,
    );
  }
  seen.set(key, operation.kind);
  if (field !== null) seen.set(field, operation.kind);
}

function checkDelete(statement: DeleteStatement, table: TableMetadata, conditions: Conditions, scope: BindScope): Body {
  const operations = statement.targets.map((target) => {
    const column = existingColumn(table, target.column);
    if (isKey(column)) {
      throw CqlError.invalidRequest(
        `Invalid identifier ${quoteIdentifier(column.name)} for deletion (should not be a PRIMARY KEY part)`,
        target,
      );
    }
    return checkDeletion(target, column, scope);
  });
  const restrictions = restrict(
    DELETE_TYPE,
    table,
    statement.where,
    touchesOnlyStatics('delete', operations, conditions),
    scope,
  );
  refuseConditions(table, conditions, statement.timestamp);
  if (conditions.kind !== 'none' && !hasAllKeysByEquality(restrictions)) {
    if (touchesRegulars('delete', operations)) {
      throw CqlError.invalidRequest(
        'DELETE statements must restrict all PRIMARY KEY columns with equality relations in order to delete non static columns',
      );
    }
    if (conditionsTouchRegulars(conditions)) {
      throw CqlError.invalidRequest(
        'DELETE statements must restrict all PRIMARY KEY columns with equality relations in order to use IF condition on non static columns',
      );
    }
  }
  return { kind: 'delete', table, ...located(restrictions), operations, json: null, conditions };
}

/** Where no conditions are taken at all (the constructor of `ModificationStatement`, 5.0.8). */
function refuseConditions(table: TableMetadata, conditions: Conditions, timestamp: Expression | undefined): void {
  if (conditions.kind === 'none') return;
  if (isCounterTable(table)) {
    throw CqlError.invalidRequest('Conditional updates are not supported on counter tables');
  }
  if (timestamp !== undefined) {
    throw CqlError.invalidRequest('Cannot provide custom timestamp for conditional updates');
  }
}

function restrict(
  type: StatementType,
  table: TableMetadata,
  where: Expression,
  selectsOnlyStatics: boolean,
  scope: BindScope,
): StatementRestrictions {
  return checkRestrictions(
    { type, table, where, ann: null, selectsOnlyStatics, allowFiltering: false, tolerant: false },
    scope,
  );
}

function located(
  restrictions: StatementRestrictions,
): Pick<CheckedWrite, 'access' | 'keyHasIn' | 'clusteringHasIn' | 'restrictsClustering'> {
  return {
    access: accessPath(restrictions, false),
    keyHasIn: restrictions.partitionKey.hasIn(),
    clusteringHasIn: restrictions.clustering.hasIn(),
    restrictsClustering: !restrictions.clustering.isEmpty,
  };
}

function hasAllKeysByEquality({ partitionKey, clustering, table }: StatementRestrictions): boolean {
  return (
    partitionKey.hasOnlyEqualities() &&
    clustering.hasOnlyEqualities() &&
    partitionKey.size === table.partitionKey.length &&
    clustering.size === table.clustering.length
  );
}

/** `ModificationStatement.appliesOnlyToStaticColumns`: static columns are written or tested, and no others. */
function touchesOnlyStatics(
  kind: CheckedWrite['kind'],
  operations: readonly Operation[],
  conditions: Conditions,
): boolean {
  if (touchesRegulars(kind, operations)) return false;
  // IF [NOT] EXISTS is about rows as soon as there are any.
  if (conditionsTouchRegulars(conditions)) return false;
  return (
    operations.some((operation) => operation.column.kind === 'static') ||
    (conditions.kind === 'columns' && conditions.conditions.some(({ column }) => column.kind === 'static'))
  );
}

/** A DELETE without columns deletes rows, and so all their columns. */
function touchesRegulars(kind: CheckedWrite['kind'], operations: readonly Operation[]): boolean {
  if (kind === 'delete' && operations.length === 0) return true;
  return operations.some((operation) => operation.column.kind === 'regular');
}

function conditionsTouchRegulars(conditions: Conditions): boolean {
  return conditions.kind === 'columns' && conditions.conditions.some(({ column }) => column.kind === 'regular');
}

function bindAttribute(
  expression: Expression | undefined,
  name: string,
  type: 'bigint' | 'int',
  scope: BindScope,
): TypedExpression | null {
  return expression === undefined ? null : bindNamed(expression, name, nativeType(type), scope);
}

/** `ModificationStatement.validate`, which comes after all else is known to be right. */
export function checkAttributes({ table, timestamp, ttl }: CheckedWrite): void {
  if (isCounterTable(table) && timestamp !== null) {
    throw CqlError.invalidRequest('Cannot provide custom timestamp for counter updates');
  }
  if (isCounterTable(table) && ttl !== null) {
    throw CqlError.invalidRequest('Cannot provide custom TTL for counter updates');
  }
  if (table.view !== undefined) throw CqlError.invalidRequest('Cannot directly modify a materialized view');
}

function isKey(column: ColumnMetadata): boolean {
  return column.kind === 'partition_key' || column.kind === 'clustering';
}
