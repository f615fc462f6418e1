import { type CqlType, codecOf, type TypeCodec } from '../../types/index.ts';
import { collectionParts } from './collection-access.ts';
import { packCounted } from './pack-collection.ts';

/** Types of which one value has several encodings: numbers with bytes of sign in front, any byte that is not 0 for true. */
const NOT_UNIQUE: ReadonlySet<string> = new Set(['varint', 'decimal', 'boolean']);

/**
 * A bound list, set or map with its elements in their shortest form: Cassandra composes and decomposes them (5.0.8,
 * `Lists.Value.fromSerialized` and its like, which `IN ?` uses too), where a value bound by itself keeps its bytes.
 */
export function recodedElements(type: CqlType, value: Uint8Array): Uint8Array {
  switch (type.kind) {
    case 'list':
    case 'set':
      return recoded(value, [type.element]);
    case 'map':
      return recoded(value, [type.key, type.value]);
    default:
      return value;
  }
}

/** The bound list of `IN ?`: what is empty and reads as null, as an empty int does, is null there. */
export function recodedChoices(type: CqlType, value: Uint8Array): Uint8Array {
  const list = recodedElements(type, value);
  if (type.kind !== 'list' || type.element.kind !== 'native') return list;
  const codec = codecOf(type.element);
  const parts = collectionParts(list, false);
  const isNull = (part: Uint8Array | null): boolean => part?.length === 0 && codec.decode(part, 0, 0) === null;
  return parts.some(isNull) ? packCounted(parts.map((part) => (isNull(part) ? null : part))) : list;
}

/** `types`: of the values of an entry, in turn. */
function recoded(value: Uint8Array, types: readonly CqlType[]): Uint8Array {
  const codecs = types.map((type) => (type.kind === 'native' && NOT_UNIQUE.has(type.name) ? codecOf(type) : null));
  if (codecs.every((codec) => codec === null)) return value;
  const parts = collectionParts(value, types.length === 2).map((part, i) => {
    const codec = codecs[i % codecs.length];
    return codec === null || part === null || part.length === 0 ? part : shortest(codec, part);
  });
  return packCounted(parts, parts.length / types.length);
}

function shortest(codec: TypeCodec, bytes: Uint8Array): Uint8Array {
  return codec.encode(codec.decode(bytes, 0, bytes.length));
}
