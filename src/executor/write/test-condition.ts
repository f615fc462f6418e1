import { EMPTY_BYTES, int32At } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import type { ColumnCondition, ConditionComparison, TypedExpression } from '../../planner/index.ts';
import { isMultiCell } from '../../schema/model/index.ts';
import { type CqlType, codecOf, freezeType } from '../../types/index.ts';
import { collectionParts, collectionSize, componentAt, termValue } from '../evaluate/index.ts';
import type { WriteContext } from './write-context.ts';

/** A condition with its values: undefined for one that was not set. */
export interface BoundCondition {
  readonly condition: ColumnCondition;
  readonly wanted: readonly (Uint8Array | null | undefined)[];
  /** The key or index of an element that is tested; undefined where none is. */
  readonly element: Uint8Array | null | undefined;
}

/** Evaluates a condition's terms (`cql3/conditions/ColumnCondition.bind`, 5.0.8). */
export function bindCondition(condition: ColumnCondition, context: WriteContext): BoundCondition {
  const { part } = condition;
  const element = part.kind === 'element' ? elementValue(part.key, condition, context) : undefined;
  return { condition, wanted: wantedValues(condition, context), element };
}

/** A map has no entry for a key that was not set. */
function elementValue(key: TypedExpression, { column }: ColumnCondition, context: WriteContext): Uint8Array | null {
  const value = termValue(key, context);
  if (value !== undefined) return value;
  if (column.type.kind === 'map') return EMPTY_BYTES;
  throw CqlError.invalidRequest('Invalid unset value for list element access');
}

/**
 * Whether `IF column op value` holds for the value that the row has now, a multi-cell column's in its frozen form, null for
 * none (`cql3/conditions/ColumnCondition.Bound.appliesTo`, 5.0.8).
 */
export function conditionHolds({ condition, wanted, element }: BoundCondition, rowValue: Uint8Array | null): boolean {
  const { column, part, operator } = condition;
  const comparison = operator === 'IN' ? '=' : operator;
  const { type } = column;
  switch (part.kind) {
    case 'whole':
      if (isMultiCell(type) && type.kind !== 'udt') {
        return wanted.some((value) => collectionHolds(type, comparison, value, rowValue));
      }
      return wanted.some((value) => compares(freezeType(type), comparison, value, rowValue));
    case 'element': {
      if (element === null || element === undefined) {
        throw CqlError.invalidRequest(`Invalid null value for ${type.kind === 'map' ? 'map' : 'list'} element access`);
      }
      const found = type.kind === 'map' ? entryOf(type, rowValue, element) : elementAt(type, rowValue, element);
      const elementType = type.kind === 'map' ? type.value : type.kind === 'list' ? type.element : type;
      return wanted.some((value) => compares(elementType, comparison, value, found));
    }
    case 'field': {
      const field = rowValue === null ? null : componentAt(rowValue, part.field);
      const fieldType = type.kind === 'udt' ? type.fields[part.field].type : type;
      return wanted.some((value) => compares(fieldType, comparison, value, field));
    }
  }
}

/** Values of IN that were not set are left out. */
function wantedValues(
  { operator, values }: ColumnCondition,
  context: WriteContext,
): readonly (Uint8Array | null | undefined)[] {
  if ('list' in values) {
    const list = termValue(values.list, context);
    if (list === null) throw CqlError.invalidRequest('Invalid null list in IN condition');
    if (list === undefined) throw unsetValue();
    return collectionParts(list, false);
  }
  const wanted = values.map((term) => termValue(term, context));
  return operator === 'IN' ? wanted.filter((value) => value !== undefined) : wanted;
}

function unsetValue(): CqlError {
  return CqlError.invalidRequest("Invalid 'unset' value in condition");
}

function collectionHolds(
  type: CqlType,
  operator: ConditionComparison,
  given: Uint8Array | null | undefined,
  rowValue: Uint8Array | null,
): boolean {
  const isContains = operator === 'CONTAINS' || operator === 'CONTAINS KEY';
  // What was not set is looked for as the empty value.
  const wanted = given === undefined && isContains ? EMPTY_BYTES : given;
  if (wanted === undefined) throw unsetValue();
  if (wanted === null || (!isContains && collectionSize(wanted) === 0)) {
    if (operator === '=') return rowValue === null;
    if (operator === '!=') return rowValue !== null;
    if (wanted === null) return refuseNull(operator);
    throw CqlError.invalidRequest(`Invalid comparison with an empty ${type.kind} for operator "${operator}"`);
  }
  if (rowValue === null) return operator === '!=';
  return compares(freezeType(type), operator, wanted, rowValue);
}

function compares(
  type: CqlType,
  operator: ConditionComparison,
  wanted: Uint8Array | null | undefined,
  rowValue: Uint8Array | null,
): boolean {
  if (wanted === undefined) throw unsetValue();
  if (wanted === null) {
    if (operator === '=') return rowValue === null;
    if (operator === '!=') return rowValue !== null;
    return refuseNull(operator);
  }
  if (rowValue === null) return operator === '!=';
  if (operator === 'CONTAINS' || operator === 'CONTAINS KEY') return contains(type, operator, wanted, rowValue);
  const order = codecOf(type).compare(rowValue, 0, rowValue.length, wanted, 0, wanted.length);
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case 'IN':
      return order === 0;
  }
}

function contains(type: CqlType, operator: 'CONTAINS' | 'CONTAINS KEY', wanted: Uint8Array, row: Uint8Array): boolean {
  const isMap = type.kind === 'map';
  const parts = collectionParts(row, isMap);
  const elementType = isMap
    ? operator === 'CONTAINS KEY'
      ? type.key
      : type.value
    : type.kind === 'list' || type.kind === 'set'
      ? type.element
      : type;
  const codec = codecOf(elementType);
  const isWanted = (part: Uint8Array | null): boolean =>
    part !== null && codec.compare(part, 0, part.length, wanted, 0, wanted.length) === 0;
  if (!isMap) return parts.some(isWanted);
  const offset = operator === 'CONTAINS KEY' ? 0 : 1;
  return parts.some((part, i) => i % 2 === offset && isWanted(part));
}

function entryOf(type: Extract<CqlType, { kind: 'map' }>, map: Uint8Array | null, key: Uint8Array): Uint8Array | null {
  if (map === null) return null;
  const codec = codecOf(type.key);
  const parts = collectionParts(map, true);
  for (let i = 0; i < parts.length; i += 2) {
    const candidate = parts[i];
    if (candidate !== null && codec.compare(candidate, 0, candidate.length, key, 0, key.length) === 0)
      return parts[i + 1];
  }
  return null;
}

/** The index is looked at where there are elements to take it of: cells, or a frozen value. */
function elementAt(type: CqlType, list: Uint8Array | null, index: Uint8Array): Uint8Array | null {
  if (list === null && !isMultiCell(type)) return null;
  const at = int32At(index, 0);
  if (at < 0) throw CqlError.invalidRequest(`Invalid negative list index ${at}`);
  return list === null ? null : (collectionParts(list, false)[at] ?? null);
}

function refuseNull(operator: ConditionComparison): never {
  throw CqlError.invalidRequest(`Invalid comparison with null for operator "${operator}"`);
}
