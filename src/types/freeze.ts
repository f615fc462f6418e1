import type { CqlType } from './cql-type.ts';

/**
 * The type as one value: collections with all that is in them, and UDTs, become frozen (`AbstractType.freeze`). Fields of
 * UDTs stay as they were declared.
 */
export function freezeType(type: CqlType): CqlType {
  switch (type.kind) {
    case 'list':
    case 'set':
      return { ...type, element: freezeType(type.element), frozen: true };
    case 'map':
      return { ...type, key: freezeType(type.key), value: freezeType(type.value), frozen: true };
    case 'udt':
      return type.frozen ? type : { ...type, frozen: true };
    default:
      return type;
  }
}
