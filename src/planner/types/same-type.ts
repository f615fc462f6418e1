import type { CqlType } from '../../types/index.ts';

export { isCollectionType as isCollection, referencesDuration, sameType } from '../../schema/model/type-relations.ts';

/** Types that exist frozen (one cell) and not frozen (a cell for each element). */
export function isFreezable(type: CqlType): boolean {
  return type.kind === 'list' || type.kind === 'set' || type.kind === 'map' || type.kind === 'udt';
}

/** The type as one value (`AbstractType.freeze`). */
export function frozen(type: CqlType): CqlType {
  return isFreezable(type) && 'frozen' in type && !type.frozen ? { ...type, frozen: true } : type;
}

/** The parts that a tuple literal gives values to: a UDT is a tuple of its fields (`UserType`, 5.0.8). */
export function tupleParts(type: CqlType): readonly CqlType[] | null {
  if (type.kind === 'tuple') return type.elements;
  return type.kind === 'udt' ? type.fields.map((field) => field.type) : null;
}
