import { CqlError } from '../../errors/index.ts';
import type { Expression } from '../../parser/ast/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';
import type { CqlType } from '../../types/index.ts';
import { type BindScope, existingColumn } from '../expressions/bind-scope.ts';
import { bindIndex, bindKey, bindNamed, isCollection, isCounter } from './check-operation.ts';
import type { ColumnCondition, ConditionComparison, Conditions } from './checked-write.ts';

/** The IF clause (`ModificationStatement.Parsed.prepareConditions`, 5.0.8). */
export function checkConditions(
  clause: { ifExists: boolean; ifNotExists: boolean; conditions: readonly Expression[]; timestamp: unknown },
  table: TableMetadata,
  scope: BindScope,
): Conditions {
  if (clause.ifExists) return { kind: 'exists' };
  if (clause.ifNotExists) return { kind: 'notExists' };
  if (clause.conditions.length === 0) return { kind: 'none' };
  if (clause.timestamp !== undefined) {
    throw CqlError.invalidRequest('Cannot provide custom timestamp for conditional updates');
  }
  return {
    kind: 'columns',
    conditions: clause.conditions.map((condition) => checkCondition(condition, table, scope)),
  };
}

function checkCondition(condition: Expression, table: TableMetadata, scope: BindScope): ColumnCondition {
  const { left, operator, right } = partsOf(condition);
  const { column, key, field } = targetOf(left, table);
  const { type } = column;
  if (isCounter(type)) throw CqlError.invalidRequest('Conditions on counters are not supported', condition);
  const checked = key !== null ? ofElement() : field !== null ? ofField(field) : ofWhole();
  if (column.kind === 'partition_key' || column.kind === 'clustering') {
    throw CqlError.invalidRequest(`PRIMARY KEY column '${column.name}' cannot have IF conditions`, condition);
  }
  return checked;

  function ofElement(): ColumnCondition {
    if (key === null || !isCollection(type)) {
      throw CqlError.invalidRequest(
        `Invalid element access syntax for non-collection column ${column.name}`,
        condition,
      );
    }
    if (type.kind === 'set') {
      throw CqlError.invalidRequest(`Invalid element access syntax for set column ${column.name}`, condition);
    }
    const valueType = type.kind === 'list' ? type.element : type.kind === 'map' ? type.value : type;
    refuseDurationSlices(valueType, operator);
    const bound = type.kind === 'list' ? bindIndex(key, column, scope) : bindKey(key, column, scope);
    return {
      column,
      part: { kind: 'element', key: bound },
      operator,
      values: valuesOf(`value(${column.name})`, valueType),
    };
  }

  function ofField(name: string): ColumnCondition {
    if (type.kind !== 'udt') {
      throw CqlError.invalidRequest(`Invalid field access syntax for non-UDT column ${column.name}`, condition);
    }
    const index = type.fields.findIndex((candidate) => candidate.name === name);
    if (index === -1) throw CqlError.invalidRequest(`Unknown field ${name} for column ${column.name}`, condition);
    const fieldType = type.fields[index].type;
    refuseDurationSlices(fieldType, operator);
    return {
      column,
      part: { kind: 'field', field: index },
      operator,
      values: valuesOf(`${column.name}.${name}`, fieldType),
    };
  }

  function ofWhole(): ColumnCondition {
    refuseDurationSlices(type, operator);
    if (operator === 'CONTAINS KEY' && type.kind !== 'map') {
      throw CqlError.invalidRequest(`Cannot use CONTAINS KEY on non-map column ${column.name}`, condition);
    }
    if (operator === 'CONTAINS' && !isCollection(type)) {
      throw CqlError.invalidRequest(`Cannot use CONTAINS on non-collection column ${column.name}`, condition);
    }
    const name =
      operator === 'CONTAINS'
        ? `value(${column.name})`
        : operator === 'CONTAINS KEY'
          ? `key(${column.name})`
          : column.name;
    const valueType = operator === 'CONTAINS' || operator === 'CONTAINS KEY' ? containedType(type, operator) : type;
    return { column, part: { kind: 'whole' }, operator, values: valuesOf(name, valueType) };
  }

  function valuesOf(name: string, valueType: CqlType): ColumnCondition['values'] {
    if (!isList(right)) return [bindNamed(right, name, valueType, scope)];
    if (right.length === 1 && operator === 'IN' && right[0].kind === 'bindMarker' && isListMarker(condition)) {
      const list: CqlType = { kind: 'list', element: valueType, frozen: true };
      return { list: bindNamed(right[0], `in(${name})`, list, scope) };
    }
    return right.map((value) => bindNamed(value, name, valueType, scope));
  }
}

/** `IN ?` and not `IN (?)`. */
function isListMarker(condition: Expression): boolean {
  return condition.kind === 'in' && !isList(condition.values);
}

/** `Array.isArray` does not tell readonly arrays apart. */
function isList(values: Expression | readonly Expression[]): values is readonly Expression[] {
  return Array.isArray(values);
}

function partsOf(condition: Expression): {
  left: Expression;
  operator: ConditionComparison;
  right: Expression | readonly Expression[];
} {
  switch (condition.kind) {
    case 'comparison':
      return { left: condition.left, operator: condition.operator, right: condition.right };
    case 'in':
      if (condition.negated) break;
      return {
        left: condition.left,
        operator: 'IN',
        right: isList(condition.values) ? condition.values : [condition.values],
      };
    case 'contains':
      return { left: condition.left, operator: condition.key ? 'CONTAINS KEY' : 'CONTAINS', right: condition.right };
  }
  throw new CqlError(
    'SyntaxException',
    'IF takes comparisons, IN and CONTAINS on columns, elements and fields',
    condition,
  );
}

function targetOf(
  left: Expression,
  table: TableMetadata,
): { column: ColumnMetadata; key: Expression | null; field: string | null } {
  if (left.kind === 'column') return { column: existingColumn(table, left.name), key: null, field: null };
  if (left.kind === 'element' && left.operand.kind === 'column') {
    return { column: existingColumn(table, left.operand.name), key: left.key, field: null };
  }
  if (left.kind === 'field' && left.operand.kind === 'column') {
    return { column: existingColumn(table, left.operand.name), key: null, field: left.field.text };
  }
  throw new CqlError('SyntaxException', 'IF takes conditions on columns, elements and fields', left);
}

function containedType(type: CqlType, operator: 'CONTAINS' | 'CONTAINS KEY'): CqlType {
  if (type.kind === 'map') return operator === 'CONTAINS KEY' ? type.key : type.value;
  return type.kind === 'list' || type.kind === 'set' ? type.element : type;
}

function refuseDurationSlices(type: CqlType, operator: ConditionComparison): void {
  if (!['<', '<=', '>', '>='].includes(operator) || !holdsDuration(type)) return;
  if (isCollection(type)) {
    throw CqlError.invalidRequest('Slice conditions are not supported on collections containing durations');
  }
  if (type.kind === 'tuple') {
    throw CqlError.invalidRequest('Slice conditions are not supported on tuples containing durations');
  }
  if (type.kind === 'udt') {
    throw CqlError.invalidRequest('Slice conditions are not supported on tuples containing durations');
  }
  throw CqlError.invalidRequest(`Slice conditions ( ${operator} ) are not supported on durations`);
}

function holdsDuration(type: CqlType): boolean {
  switch (type.kind) {
    case 'native':
      return type.name === 'duration';
    case 'list':
    case 'set':
    case 'vector':
      return holdsDuration(type.element);
    case 'map':
      return holdsDuration(type.key) || holdsDuration(type.value);
    case 'tuple':
      return type.elements.some(holdsDuration);
    case 'udt':
      return type.fields.some((field) => holdsDuration(field.type));
    case 'custom':
      return false;
  }
}
