import type { CqlType, NativeType, NativeTypeName, UserType } from '../../types/index.ts';
import { isMultiCell } from './define-table.ts';

/** The types that a type is directly made of. */
export function componentTypes(type: CqlType): readonly CqlType[] {
  switch (type.kind) {
    case 'native':
      return [];
    case 'list':
    case 'set':
    case 'vector':
      return [type.element];
    case 'map':
      return [type.key, type.value];
    case 'tuple':
      return type.elements;
    case 'udt':
      return type.fields.map((field) => field.type);
    case 'custom':
      return type.components ?? [];
  }
}

/** The same type with each of its components changed. */
function mapComponents(type: CqlType, change: (component: CqlType) => CqlType): CqlType {
  switch (type.kind) {
    case 'native':
    case 'custom':
      return type;
    case 'list':
    case 'set':
    case 'vector':
      return { ...type, element: change(type.element) };
    case 'map':
      return { ...type, key: change(type.key), value: change(type.value) };
    case 'tuple':
      return { ...type, elements: type.elements.map(change) };
    case 'udt':
      return { ...type, fields: type.fields.map((field) => ({ name: field.name, type: change(field.type) })) };
  }
}

export function referencesUserType(type: CqlType, name: string): boolean {
  if (type.kind === 'udt' && type.name === name) return true;
  return componentTypes(type).some((part) => referencesUserType(part, name));
}

export function referencesDuration(type: CqlType): boolean {
  if (type.kind === 'native') return type.name === 'duration';
  return componentTypes(type).some(referencesDuration);
}

export function isCounterType(type: CqlType): boolean {
  return type.kind === 'native' && type.name === 'counter';
}

export function isCollectionType(type: CqlType): type is Extract<CqlType, { kind: 'list' | 'set' | 'map' }> {
  return type.kind === 'list' || type.kind === 'set' || type.kind === 'map';
}

/** The type after ALTER TYPE: every use of the user type replaced, each as frozen as it was. */
export function replaceUserType(type: CqlType, replacement: UserType): CqlType {
  if (!referencesUserType(type, replacement.name)) return type;
  if (type.kind === 'udt' && type.name === replacement.name) return { ...replacement, frozen: type.frozen };
  return mapComponents(type, (part) => replaceUserType(part, replacement));
}

/** User types as the tuples they are stored as: how the types of dropped columns are kept (`expandUserTypes`). */
export function expandUserTypes(type: CqlType): CqlType {
  const expanded = mapComponents(type, expandUserTypes);
  return expanded.kind === 'udt' ? { kind: 'tuple', elements: expanded.fields.map((field) => field.type) } : expanded;
}

/** What the bytes of a value are of: user types as tuples wherever they come from, and all frozen, which inner types need not say. */
export function valueShape(type: CqlType): CqlType {
  const shape = mapComponents(type, valueShape);
  if (shape.kind === 'udt') return { kind: 'tuple', elements: shape.fields.map((field) => field.type) };
  return isCollectionType(shape) ? { ...shape, frozen: true } : shape;
}

/** Structural equality; user types are equal when their names are and their fields are. */
export function sameType(a: CqlType, b: CqlType): boolean {
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'native':
      return a.name === (b as typeof a).name; // same kind, checked above
    case 'custom':
      return a.className === (b as typeof a).className; // same kind
    case 'vector':
      if (a.dimensions !== (b as typeof a).dimensions) return false; // same kind
      break;
    case 'udt': {
      const other = b as typeof a; // same kind
      if (a.keyspace !== other.keyspace || a.name !== other.name) return false;
      if (!a.fields.every((field, i) => field.name === other.fields[i]?.name)) return false;
      break;
    }
    default:
      break;
  }
  if ('frozen' in a && a.frozen !== (b as typeof a).frozen) return false; // same kind
  const parts = componentTypes(a);
  const others = componentTypes(b);
  return parts.length === others.length && parts.every((part, i) => sameType(part, others[i]));
}

/**
 * Cells of the old type can be read as the new one (`AbstractType.isSerializationCompatibleWith`, 5.0.8): what a column
 * that is added again must fulfil. Lengths must be stored alike: blob goes with other types of variable length only.
 */
export function isSerializationCompatible(next: CqlType, previous: CqlType): boolean {
  if (isMultiCell(next) !== isMultiCell(previous)) return false;
  if (next.kind === 'native' && next.name === 'blob') {
    return !isCollectionType(previous) && previous.kind !== 'udt' && fixedBytes(previous) === -1;
  }
  if (!isValueCompatible(next, previous) || fixedBytes(next) !== fixedBytes(previous)) return false;
  if (next.kind === 'list' && previous.kind === 'list')
    return isSerializationCompatible(next.element, previous.element);
  if (next.kind === 'map' && previous.kind === 'map') return isSerializationCompatible(next.value, previous.value);
  return true;
}

/** `isValueCompatibleWith`: every value of the previous type is one of the next, whatever their order. */
export function isValueCompatible(next: CqlType, previous: CqlType): boolean {
  if (next.kind === 'native') return nativeValueCompatible(next, previous);
  if (next.kind === 'tuple' && previous.kind === 'tuple') return hasValueCompatibleParts(next, previous);
  if (next.kind === 'udt' && previous.kind === 'udt') {
    return next.keyspace === previous.keyspace && hasValueCompatibleParts(next, previous);
  }
  if (next.kind === 'list' && previous.kind === 'list') {
    return next.frozen === previous.frozen && isValueCompatible(next.element, previous.element);
  }
  if (next.kind === 'set' && previous.kind === 'set') {
    return next.frozen === previous.frozen && isOrderCompatible(next.element, previous.element);
  }
  if (next.kind === 'map' && previous.kind === 'map') {
    return (
      next.frozen === previous.frozen &&
      isOrderCompatible(next.key, previous.key) &&
      isValueCompatible(next.value, previous.value)
    );
  }
  return sameType(next, previous);
}

/** New components may have come at the end. */
function hasValueCompatibleParts(next: CqlType, previous: CqlType): boolean {
  const parts = componentTypes(next);
  const others = componentTypes(previous);
  return others.length <= parts.length && others.every((other, i) => isValueCompatible(parts[i], other));
}

/** `isCompatibleWith`: also ordered alike. */
export function isOrderCompatible(next: CqlType, previous: CqlType): boolean {
  if (next.kind === 'native' && previous.kind === 'native') {
    if (next.name === previous.name) return true;
    if (next.name === 'blob') return previous.name === 'ascii' || previous.name === 'text';
    return next.name === 'text' && previous.name === 'ascii';
  }
  return sameType(next, previous);
}

function nativeValueCompatible(next: NativeType, previous: CqlType): boolean {
  if (next.name === 'blob') return true;
  if (previous.kind !== 'native') return false;
  return next.name === previous.name || (COMPATIBLE_NATIVES.get(next.name)?.includes(previous.name) ?? false);
}

/** Values of the types on the right are values of the one on the left. */
const COMPATIBLE_NATIVES: ReadonlyMap<NativeTypeName, readonly NativeTypeName[]> = new Map([
  ['text', ['ascii']],
  ['bigint', ['timestamp']],
  ['timestamp', ['bigint']],
  ['varint', ['int', 'bigint', 'timestamp']],
  ['date', ['int']],
  ['time', ['bigint']],
  ['uuid', ['timeuuid']],
]);

/** `valueLengthIfFixed`, -1 when variable. */
function fixedBytes(type: CqlType): number {
  if (type.kind === 'vector') {
    const element = fixedBytes(type.element);
    return element < 0 ? -1 : element * type.dimensions;
  }
  if (type.kind !== 'native') return -1;
  return FIXED_BYTES.get(type.name) ?? -1;
}

const FIXED_BYTES: ReadonlyMap<string, number> = new Map([
  ['boolean', 1],
  ['int', 4],
  ['float', 4],
  ['bigint', 8],
  ['double', 8],
  ['timestamp', 8],
  ['uuid', 16],
  ['timeuuid', 16],
  ['empty', 0],
]);
