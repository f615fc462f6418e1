import { fromHex } from '../../bytes/index.ts';
import { CorruptionError, CqlError } from '../../errors/index.ts';
import {
  type CqlType,
  codecOf,
  freezeType,
  type JsonValue,
  packCollection,
  packValues,
  sortedUnique,
} from '../../types/index.ts';
import { integerOf, isNumber, JsonFields, listOf, malformed } from './json-fields.ts';

/** Bytes of a value; null for null. Throws CqlError naming the place when it cannot be of the type. */
export function valueBytes(value: JsonValue, type: CqlType, place: string): Uint8Array | null {
  const plain = untagged(value);
  if (plain === null) return null;
  try {
    const bytes = plainBytes(plain, freezeType(type), place);
    checkBytes(bytes, type, place);
    return bytes;
  } catch (error) {
    if (error instanceof CqlError && !error.message.startsWith(place)) throw malformed(place, error.message);
    throw error;
  }
}

/** Raw bytes may be given for some types: they must be of the type all the same. */
export function checkBytes(bytes: Uint8Array, type: CqlType, place: string): void {
  try {
    codecOf(freezeType(type)).validate(bytes, 0, bytes.length);
  } catch (error) {
    if (!(error instanceof CorruptionError)) throw error;
    throw malformed(place, error.message);
  }
}

/** Tags of CQLite's values; what is inside says the rest together with the column's type. */
const VALUE_TAGS: ReadonlySet<string> = new Set([
  'Boolean',
  'Integer',
  'BigInt',
  'Counter',
  'Float',
  'Float32',
  'Text',
  'Blob',
  'Timestamp',
  'Date',
  'Time',
  'Uuid',
  'Json',
  'TinyInt',
  'SmallInt',
  'List',
  'Set',
  'Map',
  'Varint',
  'Decimal',
  'Duration',
  'Tuple',
  'Udt',
  'Frozen',
  'Inet',
]);

function plainBytes(value: JsonValue, type: CqlType, place: string): Uint8Array {
  switch (type.kind) {
    case 'list':
    case 'vector': {
      const elements = listOf(value, place).map((element, i) => present(element, type.element, `${place}[${i}]`));
      if (type.kind === 'list') return packCollection(elements.length, elements);
      const codec = codecOf(type.element);
      return codecOf(type).encode(elements.map((bytes) => codec.decode(bytes, 0, bytes.length)));
    }
    case 'set': {
      const elements = listOf(value, place).map((element, i) => present(element, type.element, `${place}[${i}]`));
      const sorted = sortedUnique(codecOf(type.element), elements, (element) => element);
      return packCollection(sorted.length, sorted);
    }
    case 'map': {
      const entries = entriesOf(value, place).map(
        ([key, item], i) =>
          [present(key, type.key, `${place}[${i}]`), present(item, type.value, `${place}[${i}]`)] as const,
      );
      const sorted = sortedUnique(codecOf(type.key), entries, ([key]) => key);
      return packCollection(sorted.length, sorted.flat());
    }
    case 'tuple':
      return packValues(listOf(value, place).map((item, i) => valueBytes(item, type.elements[i], `${place}[${i}]`)));
    case 'udt': {
      const given = udtFields(value, place);
      return packValues(
        type.fields.map((field) => valueBytes(given.get(field.name) ?? null, field.type, `${place}.${field.name}`)),
      );
    }
    case 'native':
      return nativeBytes(value, type, place);
    case 'custom':
      return bytesOf(value, place);
  }
}

function nativeBytes(value: JsonValue, type: Extract<CqlType, { kind: 'native' }>, place: string): Uint8Array {
  switch (type.name) {
    case 'blob':
    case 'uuid':
    case 'timeuuid':
    case 'inet':
    case 'varint':
      if (Array.isArray(value)) return bytesOf(value, place);
      return codecOf(type).fromJson(value);
    case 'date':
      // CQLite's dates are days since 1970.
      if (isNumber(value)) {
        const days = Number(value.text) + 0x8000_0000;
        return Uint8Array.of(days >>> 24, days >>> 16, days >>> 8, days);
      }
      return codecOf(type).fromJson(value);
    case 'decimal': {
      if (!(value instanceof Map)) return codecOf(type).fromJson(value);
      const fields = new JsonFields(value, place);
      const scale = Buffer.alloc(4);
      scale.writeInt32BE(Number(fields.integer('scale')));
      return Buffer.concat([scale, bytesOf(fields.get('unscaled') ?? [], `${place}.unscaled`)]);
    }
    case 'duration': {
      if (!(value instanceof Map)) return codecOf(type).fromJson(value);
      const fields = new JsonFields(value, place);
      const nanos = fields.has('nanos') ? fields.integer('nanos') : fields.integer('nanoseconds');
      return codecOf(type).fromString(`${fields.integer('months')}mo${fields.integer('days')}d${nanos}ns`);
    }
    case 'counter':
      return codecOf({ kind: 'native', name: 'bigint' }).fromJson(value);
    default:
      return codecOf(type).fromJson(value);
  }
}

function untagged(value: JsonValue): JsonValue {
  if (value === 'Null') return null;
  if (value instanceof Map && value.size === 1) {
    const [[tag, body]] = value;
    if (VALUE_TAGS.has(tag)) return untagged(body);
  }
  return value;
}

function present(value: JsonValue, type: CqlType, place: string): Uint8Array {
  const bytes = valueBytes(value, type, place);
  if (bytes === null) throw malformed(place, 'null is not supported inside collections');
  return bytes;
}

/** A map is an object, or a list of pairs where keys are no texts. */
function entriesOf(value: JsonValue, place: string): readonly (readonly [JsonValue, JsonValue])[] {
  if (value instanceof Map) return [...value];
  return listOf(value, place).map((pair, i) => {
    const [key, item] = listOf(pair, `${place}[${i}]`);
    return [key, item] as const;
  });
}

/** A UDT is an object of its fields, or CQLite's {type_name, keyspace, fields: [{name, value}…]}. */
function udtFields(value: JsonValue, place: string): ReadonlyMap<string, JsonValue> {
  const fields = new JsonFields(value, place);
  if (!(value instanceof Map) || !value.has('fields')) return value instanceof Map ? value : new Map();
  return new Map(
    fields.list('fields').map((field, i) => {
      const one = new JsonFields(field, `${place}.fields[${i}]`);
      return [one.text('name'), one.get('value') ?? null] as const;
    }),
  );
}

function bytesOf(value: JsonValue, place: string): Uint8Array {
  if (typeof value === 'string') {
    const bytes = fromHex(value.replace(/^0x/, ''));
    if (bytes === null) throw malformed(place, 'hex digits are expected');
    return bytes;
  }
  return Uint8Array.from(listOf(value, place), (byte, i) => {
    const number = Number(integerOf(byte, `${place}[${i}]`));
    if (number < 0 || number > 255) throw malformed(`${place}[${i}]`, 'a byte is expected');
    return number;
  });
}
