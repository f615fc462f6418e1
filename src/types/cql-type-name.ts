import { unreachable } from '../errors/index.ts';
import type { CqlType } from './cql-type.ts';
import { quoteIdentifier } from './identifier.ts';
import { isNativeTypeName } from './parse-cql-type-name.ts';

/**
 * The type as CQL text, the way DESCRIBE and `system_schema` print it (`CQL3Type.toString`, 5.0.8): `frozen<…>` around
 * all that is frozen and always around tuples, UDTs without their keyspace, custom types in single quotes. A UDT that has the
 * name of a native type is quoted, which Cassandra forgets: its own text would read back as the native type.
 */
export function cqlTypeName(type: CqlType): string {
  switch (type.kind) {
    case 'native':
      return type.name;
    case 'list':
    case 'set':
      return frozenIf(type.frozen, `${type.kind}<${cqlTypeName(type.element)}>`);
    case 'map':
      return frozenIf(type.frozen, `map<${cqlTypeName(type.key)}, ${cqlTypeName(type.value)}>`);
    case 'tuple':
      return frozenIf(true, `tuple<${type.elements.map(cqlTypeName).join(', ')}>`);
    case 'udt':
      return frozenIf(type.frozen, isNativeTypeName(type.name) ? `"${type.name}"` : quoteIdentifier(type.name));
    case 'vector':
      return `vector<${cqlTypeName(type.element)}, ${type.dimensions}>`;
    case 'custom':
      return `'${type.className}'`;
    default:
      return unreachable(type);
  }
}

function frozenIf(frozen: boolean, text: string): string {
  return frozen ? `frozen<${text}>` : text;
}
