import { CqlError } from '../../errors/index.ts';
import type { Expression } from '../../parser/ast/index.ts';
import { type ColumnMetadata, isMultiCell } from '../../schema/model/index.ts';
import { type CqlType, cqlTypeName } from '../../types/index.ts';
import { bindExpression } from '../expressions/bind-expression.ts';
import type { BindScope } from '../expressions/bind-scope.ts';
import type { Receiver } from '../expressions/literals.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import { isCollection, referencesDuration } from '../types/same-type.ts';
import type { Relation, RelationOperator } from './relation.ts';
import type { Restriction } from './restriction.ts';

/** A relation on one column (`cql3/SingleColumnRelation`, 5.0.8). */
export function columnRestriction(
  column: ColumnMetadata,
  relation: Relation,
  mapKey: Expression | null,
  scope: BindScope,
): Restriction {
  const { operator } = relation;
  if (isSlice(operator)) checkSliceType(column);
  if (operator === 'LIKE' && mapKey !== null) throw refuse("LIKE can't be used with collections.");
  const receivers = receiversOf(column, operator, mapKey !== null);
  const base = { columns: [column], multiColumn: false } as const;
  const bind = (part: Expression, receiver: Receiver = receivers[0]): TypedExpression =>
    bindExpression(part, receiver, scope);
  switch (operator) {
    case '=':
      if (mapKey !== null) {
        const entry = [bind(mapKey), bind(relation.value, receivers[1])] as const;
        return { ...base, kind: 'contains', values: [], keys: [], entries: [entry] };
      }
      return { ...base, kind: 'eq', values: [bind(relation.value)] };
    case 'IN':
      return inRestriction(column, relation, receivers[0], scope);
    case '<':
    case '<=':
      return {
        ...base,
        kind: 'slice',
        start: null,
        end: { values: [bind(relation.value)], inclusive: operator === '<=' },
      };
    case '>':
    case '>=':
      return {
        ...base,
        kind: 'slice',
        start: { values: [bind(relation.value)], inclusive: operator === '>=' },
        end: null,
      };
    case 'CONTAINS':
      return { ...base, kind: 'contains', values: [bind(relation.value)], keys: [], entries: [] };
    case 'CONTAINS KEY':
      return { ...base, kind: 'contains', values: [], keys: [bind(relation.value)], entries: [] };
    case 'LIKE':
      return { ...base, kind: 'like', value: bind(relation.value) };
    case '!=':
      throw refuse(`Unsupported "!=" relation: ${relation.text}`);
  }
}

/** IN of one value is an equality. */
function inRestriction(column: ColumnMetadata, relation: Relation, receiver: Receiver, scope: BindScope): Restriction {
  const base = { columns: [column], multiColumn: false } as const;
  const { values } = relation;
  if ('kind' in values) {
    const list: CqlType = { kind: 'list', element: column.type, frozen: true };
    return {
      ...base,
      kind: 'in',
      choices: bindExpression(values, { name: `in(${receiver.name})`, type: list }, scope),
    };
  }
  const choices = values.map((value) => [bindExpression(value, receiver, scope)]);
  return choices.length === 1 ? { ...base, kind: 'eq', values: choices[0] } : { ...base, kind: 'in', choices };
}

function checkSliceType(column: ColumnMetadata): void {
  const { type } = column;
  if (!referencesDuration(type)) return;
  if (isCollection(type)) throw refuse('Slice restrictions are not supported on collections containing durations');
  if (type.kind === 'tuple') throw refuse('Slice restrictions are not supported on tuples containing durations');
  if (type.kind === 'udt') throw refuse('Slice restrictions are not supported on UDTs containing durations');
  throw refuse('Slice restrictions are not supported on duration columns');
}

/**
 * What the relation's values go to: the column, its elements, its keys, or for `m[k] = v` key and value. In a column with
 * descending order Cassandra sees no collection (`ReversedType`).
 */
function receiversOf(column: ColumnMetadata, operator: RelationOperator, hasMapKey: boolean): readonly Receiver[] {
  const { name, type } = column;
  if (operator === 'CONTAINS KEY' && (column.reversed || type.kind !== 'map')) {
    throw refuse(`Cannot use CONTAINS KEY on non-map column ${name}`);
  }
  if (operator === 'CONTAINS' && (column.reversed || !isCollection(type))) {
    throw refuse(`Cannot use CONTAINS on non-collection column ${name}`);
  }
  if (hasMapKey) checkMapEntry(column, operator);
  if (type.kind === 'udt' && isMultiCell(type)) {
    throw refuse(`Non-frozen UDT column '${name}' (${cqlTypeName(type)}) cannot be restricted by any relation`);
  }
  if (!isCollection(type)) return [column];
  const onElements = operator === 'CONTAINS' || operator === 'CONTAINS KEY';
  if (isMultiCell(type) && !onElements && !hasMapKey) {
    throw refuse(`Collection column '${name}' (${cqlTypeName(type)}) cannot be restricted by a '${operator}' relation`);
  }
  if (operator === 'CONTAINS KEY') return [elementReceiver(name, type, true)];
  if (operator === 'CONTAINS') return [elementReceiver(name, type, false)];
  if (hasMapKey) return [elementReceiver(name, type, true), elementReceiver(name, type, false)];
  return [column];
}

function checkMapEntry({ name, type, reversed }: ColumnMetadata, operator: RelationOperator): void {
  if (type.kind === 'list' && !reversed)
    throw refuse(`Indexes on list entries (${name}[index] = value) are not currently supported.`);
  if (type.kind !== 'map' || reversed) throw refuse(`Column ${name} cannot be used as a map`);
  if (!isMultiCell(type)) throw refuse(`Map-entry equality predicates on frozen map column ${name} are not supported`);
  if (operator !== '=') throw refuse('Only EQ relations are supported on map entries');
}

function elementReceiver(
  name: string,
  type: Extract<CqlType, { kind: 'list' | 'set' | 'map' }>,
  key: boolean,
): Receiver {
  if (type.kind !== 'map') return { name: `value(${name})`, type: type.element };
  return key ? { name: `key(${name})`, type: type.key } : { name: `value(${name})`, type: type.value };
}

function isSlice(operator: RelationOperator): boolean {
  return operator === '<' || operator === '<=' || operator === '>' || operator === '>=';
}

function refuse(message: string): CqlError {
  return CqlError.invalidRequest(message);
}
