import type { CqlType } from '../../types/index.ts';

export { isCollectionType as isCollection, referencesDuration, sameType } from '../../schema/model/type-relations.ts';

/** Only these have a frozen and a multi-cell form. */
export function isFreezable(type: CqlType): boolean {
  return type.kind === 'list' || type.kind === 'set' || type.kind === 'map' || type.kind === 'udt';
}

/** The type as one value (`AbstractType.freeze`). */
export function frozen(type: CqlType): CqlType {
  return isFreezable(type) && 'frozen' in type && !type.frozen ? { ...type, frozen: true } : type;
}
