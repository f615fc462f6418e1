import { CqlError } from '../../errors/index.ts';
import type { Assignment, DeleteTarget, Expression } from '../../parser/ast/index.ts';
import { type ColumnMetadata, isMultiCell } from '../../schema/model/index.ts';
import { type CqlType, isNumeric, quoteIdentifier, type UserType } from '../../types/index.ts';
import { bindExpression } from '../expressions/bind-expression.ts';
import type { BindScope } from '../expressions/bind-scope.ts';
import { expressionText } from '../expressions/expression-text.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import { nativeType } from '../types/native-types.ts';
import type { Operation } from './checked-write.ts';

/** One assignment of UPDATE … SET with Cassandra's checks (`cql3/Operation`, 5.0.8). `conditional`: under IF. */
export function checkAssignment(
  assignment: Assignment,
  column: ColumnMetadata,
  conditional: boolean,
  scope: BindScope,
): Operation {
  switch (assignment.kind) {
    case 'assignValue':
      return setOperation(column, assignment.value, scope);
    case 'assignElement':
      return setElement(column, assignment.key, assignment.value, scope);
    case 'assignField':
      return setField(column, assignment.field.text, assignment.value, scope);
    case 'assignAddition':
      return addition(column, assignment.value, conditional, scope);
    case 'assignSubtraction':
      return subtraction(column, assignment.value, scope);
    case 'assignPrepend': {
      const value = bindFor(assignment.value, column, column.type, scope);
      const text = `${name(column)} = ${expressionText(assignment.value)} - ${name(column)}`;
      if (column.type.kind !== 'list')
        refuse(`Invalid operation (${text}) for non list column ${name(column)}`, assignment);
      if (!isMultiCell(column.type))
        refuse(`Invalid operation (${text}) for frozen list column ${name(column)}`, assignment);
      return { kind: 'prepend', column, value };
    }
  }
}

/** `c = v`, also of INSERT. */
export function setOperation(column: ColumnMetadata, value: Expression, scope: BindScope): Operation {
  const bound = bindFor(value, column, column.type, scope);
  // Cassandra fails when it runs such a statement (its setter of UDTs knows no tuples), but takes tuples deeper inside.
  if (value.kind === 'tuple' && column.type.kind === 'udt') {
    refuse(`A tuple cannot be set as the value of column ${name(column)}: name the fields of its user type`, value);
  }
  if (isCounter(column.type)) {
    refuse(
      `Cannot set the value of counter column ${name(column)} (counters can only be incremented/decremented, not set)`,
      value,
    );
  }
  return { kind: 'set', column, value: bound };
}

/** One target of DELETE … FROM. */
export function checkDeletion(target: DeleteTarget, column: ColumnMetadata, scope: BindScope): Operation {
  const { type } = column;
  switch (target.kind) {
    case 'deleteColumn':
      return { kind: 'deleteColumn', column };
    case 'deleteElement': {
      if (!isCollection(type)) refuse(`Invalid deletion operation for non collection column ${name(column)}`, target);
      if (!isMultiCell(type)) refuse(`Invalid deletion operation for frozen collection column ${name(column)}`, target);
      if (type.kind === 'list') return { kind: 'deleteIndex', column, index: bindIndex(target.key, column, scope) };
      return { kind: 'deleteKey', column, key: bindKey(target.key, column, scope) };
    }
    case 'deleteField': {
      if (type.kind !== 'udt')
        return refuse(`Invalid field deletion operation for non-UDT column ${name(column)}`, target);
      if (!isMultiCell(type)) refuse(`Frozen UDT column ${name(column)} does not support field deletions`, target);
      return { kind: 'deleteField', column, field: fieldIndex(type, target.field.text, column) };
    }
  }
}

function setElement(column: ColumnMetadata, key: Expression, value: Expression, scope: BindScope): Operation {
  const { type } = column;
  const text = `${name(column)}[${expressionText(key)}] = ${expressionText(value)}`;
  if (!isCollection(type)) refuse(`Invalid operation (${text}) for non collection column ${name(column)}`, key);
  if (!isMultiCell(type)) refuse(`Invalid operation (${text}) for frozen collection column ${name(column)}`, key);
  if (type.kind === 'list') {
    const index = bindIndex(key, column, scope);
    return { kind: 'setIndex', column, index, value: bindNamed(value, `value(${column.name})`, type.element, scope) };
  }
  if (type.kind !== 'map') return refuse(`Invalid operation (${text}) for set column ${name(column)}`, key);
  const bound = bindKey(key, column, scope);
  return { kind: 'setEntry', column, key: bound, value: bindNamed(value, `value(${column.name})`, type.value, scope) };
}

function setField(column: ColumnMetadata, field: string, value: Expression, scope: BindScope): Operation {
  const { type } = column;
  const text = `${name(column)}.${field} = ${expressionText(value)}`;
  if (type.kind !== 'udt') return refuse(`Invalid operation (${text}) for non-UDT column ${name(column)}`, value);
  if (!isMultiCell(type)) refuse(`Invalid operation (${text}) for frozen UDT column ${name(column)}`, value);
  const index = fieldIndex(type, field, column);
  return {
    kind: 'setField',
    column,
    field: index,
    value: bindNamed(value, `${column.name}.${field}`, type.fields[index].type, scope),
  };
}

function addition(column: ColumnMetadata, value: Expression, conditional: boolean, scope: BindScope): Operation {
  const { type } = column;
  const text = `${name(column)} = ${name(column)} + ${expressionText(value)}`;
  if (!isCollection(type)) {
    if (type.kind === 'tuple' || type.kind === 'udt') {
      refuse(`Invalid operation (${text}) for tuple column ${name(column)}`, value);
    }
    if (conditional) {
      if (!isNumberOrText(type)) {
        refuse(`Invalid operation (${text}) for non-numeric and non-text type ${name(column)}`, value);
      }
    } else if (!isCounter(type)) {
      refuse(`Invalid operation (${text}) for non counter column ${name(column)}`, value);
    }
    return { kind: 'add', column, value: bindFor(value, column, type, scope), sign: 1 };
  }
  if (!isMultiCell(type)) refuse(`Invalid operation (${text}) for frozen collection column ${name(column)}`, value);
  if (type.kind !== 'map') return { kind: 'append', column, value: bindFor(value, column, type, scope) };
  try {
    return { kind: 'append', column, value: bindFor(value, column, type, scope) };
  } catch (error) {
    if (!(error instanceof CqlError)) throw error;
    return refuse(`Value for a map addition has to be a map, but was: '${expressionText(value)}'`, value);
  }
}

function subtraction(column: ColumnMetadata, value: Expression, scope: BindScope): Operation {
  const { type } = column;
  const text = `${name(column)} = ${name(column)} - ${expressionText(value)}`;
  if (!isCollection(type)) {
    if (!isCounter(type)) refuse(`Invalid operation (${text}) for non counter column ${name(column)}`, value);
    return { kind: 'add', column, value: bindFor(value, column, type, scope), sign: -1 };
  }
  if (!isMultiCell(type)) refuse(`Invalid operation (${text}) for frozen collection column ${name(column)}`, value);
  if (type.kind === 'list') return { kind: 'discardValues', column, value: bindFor(value, column, type, scope) };
  if (type.kind !== 'map') return { kind: 'discardKeys', column, value: bindFor(value, column, type, scope) };
  const keys: CqlType = { kind: 'set', element: type.key, frozen: true };
  try {
    return { kind: 'discardKeys', column, value: bindFor(value, column, keys, scope) };
  } catch (error) {
    if (!(error instanceof CqlError)) throw error;
    return refuse(`Value for a map substraction has to be a set, but was: '${expressionText(value)}'`, value);
  }
}

export function bindIndex(index: Expression, column: ColumnMetadata, scope: BindScope): TypedExpression {
  return bindNamed(index, `idx(${column.name})`, nativeType('int'), scope);
}

export function bindKey(key: Expression, column: ColumnMetadata, scope: BindScope): TypedExpression {
  const { type } = column;
  if (type.kind === 'map') return bindNamed(key, `key(${column.name})`, type.key, scope);
  return bindNamed(key, `value(${column.name})`, type.kind === 'set' ? type.element : type, scope);
}

export function bindNamed(value: Expression, receiver: string, type: CqlType, scope: BindScope): TypedExpression {
  return bindExpression(value, { name: receiver, type }, scope);
}

function fieldIndex(type: UserType, field: string, column: ColumnMetadata): number {
  const index = type.fields.findIndex((candidate) => candidate.name === field);
  if (index === -1) refuse(`UDT column ${name(column)} does not have a field named ${field}`);
  return index;
}

export function isCollection(type: CqlType): boolean {
  return type.kind === 'list' || type.kind === 'set' || type.kind === 'map';
}

export function isCounter(type: CqlType): boolean {
  return type.kind === 'native' && type.name === 'counter';
}

function isNumberOrText(type: CqlType): boolean {
  if (type.kind !== 'native') return false;
  return type.name === 'text' || type.name === 'ascii' || isNumeric(type.name);
}

function bindFor(value: Expression, column: ColumnMetadata, type: CqlType, scope: BindScope): TypedExpression {
  return bindNamed(value, column.name, type, scope);
}

function name(column: ColumnMetadata): string {
  return quoteIdentifier(column.name);
}

function refuse(message: string, at?: { position: Expression['position'] }): never {
  throw CqlError.invalidRequest(message, at);
}
