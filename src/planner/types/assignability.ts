import type { CqlType } from '../../types/index.ts';
import { frozen, isFreezable, sameType } from './same-type.ts';

/** How well a value of one type fits a receiver of another (`AssignmentTestable.TestResult`, 5.0.8). */
export type Assignability = 'exact' | 'weak' | 'no';

/** Whether a value of `type` may go to a receiver of `receiver` (`AbstractType.testAssignment`). */
export function assignability(type: CqlType, receiver: CqlType): Assignability {
  const target = isFreezable(type) && isFrozen(type) ? frozen(receiver) : receiver;
  if (sameType(type, target)) return 'exact';
  return isValueCompatible(target, type) ? 'weak' : 'no';
}

/** The result for several parts: no better than the worst of them. */
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
    case 'tuple':
      return (
        other.kind === 'tuple' &&
        other.elements.length <= type.elements.length &&
        other.elements.every((element, i) => isValueCompatible(type.elements[i], element))
      );
    case 'udt':
      return (
        other.kind === 'udt' &&
        other.frozen === type.frozen &&
        other.keyspace === type.keyspace &&
        other.name === type.name
      );
    case 'vector':
    case 'custom':
      return false;
  }
}

function isFrozen(type: CqlType): boolean {
  return type.kind === 'tuple' || ('frozen' in type && type.frozen);
}
