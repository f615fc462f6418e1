import type { CqlType } from '../../types/index.ts';
import { frozen, isFreezable, sameType, tupleParts } from './same-type.ts';

/** How well a value of one type fits a receiver of another (`AssignmentTestable.TestResult`, 5.0.8). */
export type Assignability = 'exact' | 'weak' | 'no';

/** Whether a value of `type` may go to a receiver of `receiver` (`AbstractType.testAssignment`). */
export function assignability(type: CqlType, receiver: CqlType): Assignability {
  const target = isFreezable(type) && isFrozen(type) ? frozen(receiver) : receiver;
  if (sameType(type, target)) return 'exact';
  return isValueCompatible(target, type) ? 'weak' : 'no';
}

/** How well a value made of several parts fits: as well as the part that fits worst. */
export function worstOf(results: Iterable<Assignability>): Assignability {
  let worst: Assignability = 'exact';
  for (const result of results) {
    if (result === 'no') return 'no';
    if (result === 'weak') worst = 'weak';
  }
  return worst;
}

/** Values that each native type can also read (`AbstractType.isValueCompatibleWith`); blob reads anything. */
const READS: Readonly<Record<string, readonly string[]>> = {
  bigint: ['timestamp'],
  timestamp: ['bigint'],
  date: ['int'],
  time: ['bigint'],
  uuid: ['timeuuid'],
  varint: ['int', 'bigint', 'timestamp'],
  text: ['ascii'],
};

/** Whether bytes of `other` can be read as `type`. */
export function isValueCompatible(type: CqlType, other: CqlType): boolean {
  if (sameType(type, other)) return true;
  switch (type.kind) {
    case 'native':
      if (type.name === 'blob') return true;
      return other.kind === 'native' && (READS[type.name]?.includes(other.name) ?? false);
    case 'list':
      return other.kind === 'list' && type.frozen === other.frozen && isValueCompatible(type.element, other.element);
    case 'set':
      return other.kind === 'set' && type.frozen === other.frozen && sameType(type.element, other.element);
    case 'map':
      return (
        other.kind === 'map' &&
        type.frozen === other.frozen &&
        sameType(type.key, other.key) &&
        isValueCompatible(type.value, other.value)
      );
    case 'tuple': {
      const parts = tupleParts(other);
      return (
        parts !== null &&
        parts.length <= type.elements.length &&
        parts.every((part, i) => isValueCompatible(type.elements[i], part))
      );
    }
    case 'udt':
      // The names of the types and of their fields do not matter (`UserType.isValueCompatibleWith`).
      return (
        other.kind === 'udt' &&
        other.frozen === type.frozen &&
        other.keyspace === type.keyspace &&
        other.fields.length <= type.fields.length &&
        other.fields.every((field, i) => isCompatible(type.fields[i].type, field.type))
      );
    case 'vector':
    case 'custom':
      return false;
  }
}

/** Whether values of `other` are also ordered as `type` orders them (`AbstractType.isCompatibleWith`). */
function isCompatible(type: CqlType, other: CqlType): boolean {
  if (sameType(type, other)) return true;
  if (type.kind !== 'native' || other.kind !== 'native') return false;
  if (type.name === 'text') return other.name === 'ascii';
  return type.name === 'blob' && (other.name === 'ascii' || other.name === 'text');
}

function isFrozen(type: CqlType): boolean {
  return type.kind === 'tuple' || ('frozen' in type && type.frozen);
}
