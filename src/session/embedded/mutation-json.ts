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

/*
 * Mutations in CQLite's JSON form (cqlite-core 0.18, `write_engine/mutation.rs`: enum values are objects of one key)
 *
 *   mutation   table {keyspace, table}, partition_key {columns: [[name, value]…]}, clustering_key the same or null,
 *              operations [operation…], timestamp_micros, ttl_seconds, partition_tombstone {deletion_time,
 *              local_deletion_time}, range_tombstones [{start, end, deletion_time, local_deletion_time}…],
 *              local_deletion_time
 *   operation  {"Write": {column, value}}, {"WriteWithTtl": {column, value, ttl_seconds}}, {"Delete": {column}},
 *              "DeleteRow", {"WriteComplexElement": {…}}, {"ComplexDeletion": {…}}
 *   bound      {"Inclusive": {columns: […]}}, {"Exclusive": {…}}, "Bottom", "Top"
 *   value      {"Integer": 1}, {"Text": "a"}, {"Blob": [1, 2]}, {"List": […]}… or plain JSON as INSERT JSON takes it
 */

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

const MAX_TIMESTAMP = 2n ** 63n - 1n;

/** Reads fields of one JSON object, with errors that name the place. */
export class JsonFields {
  private readonly fields: ReadonlyMap<string, JsonValue>;
  readonly place: string;

  constructor(value: JsonValue | undefined, place: string) {
    if (!(value instanceof Map)) throw malformed(place, 'an object is expected');
    this.fields = value;
    this.place = place;
  }

  get(name: string): JsonValue | undefined {
    return this.fields.get(name);
  }

  has(name: string): boolean {
    const value = this.fields.get(name);
    return value !== undefined && value !== null;
  }

  text(name: string): string {
    const value = this.fields.get(name);
    if (typeof value !== 'string') throw malformed(`${this.place}.${name}`, 'a text is expected');
    return value;
  }

  integer(name: string): bigint {
    return integerOf(this.fields.get(name), `${this.place}.${name}`);
  }

  /** Microseconds; the least int64 stands for none. */
  timestamp(name: string): bigint {
    const micros = this.integer(name);
    if (micros > MAX_TIMESTAMP || micros < -MAX_TIMESTAMP) {
      throw malformed(`${this.place}.${name}`, `a number between -${MAX_TIMESTAMP} and ${MAX_TIMESTAMP} is expected`);
    }
    return micros;
  }

  list(name: string): readonly JsonValue[] {
    return listOf(this.fields.get(name) ?? [], `${this.place}.${name}`);
  }

  object(name: string): JsonFields {
    return new JsonFields(this.fields.get(name), `${this.place}.${name}`);
  }

  refuseOthers(known: readonly string[]): void {
    for (const name of this.fields.keys()) {
      if (!known.includes(name)) throw malformed(this.place, `unknown field "${name}" (known: ${known.join(', ')})`);
    }
  }
}

/** The one key of an enum value, and what it holds; a text is a key without anything. */
export function variantOf(
  value: JsonValue,
  place: string,
): { readonly name: string; readonly body: JsonValue | undefined } {
  if (typeof value === 'string') return { name: value, body: undefined };
  if (value instanceof Map && value.size === 1) {
    const [[name, body]] = value;
    return { name, body };
  }
  throw malformed(place, 'a text or an object of one key is expected');
}

/** `[[name, value], …]` of a key. */
export function keyColumns(fields: JsonFields): readonly { readonly name: string; readonly value: JsonValue }[] {
  return fields.list('columns').map((pair, i) => {
    const place = `${fields.place}.columns[${i}]`;
    const [name, value] = listOf(pair, place);
    if (typeof name !== 'string' || value === undefined) throw malformed(place, '[name, value] is expected');
    return { name, value };
  });
}

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

export function malformed(place: string, what: string): CqlError {
  return CqlError.invalidRequest(`${place}: ${what}`);
}

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

function listOf(value: JsonValue | undefined, place: string): readonly JsonValue[] {
  if (!Array.isArray(value)) throw malformed(place, 'a list is expected');
  return value;
}

function integerOf(value: JsonValue | undefined, place: string): bigint {
  if (!isNumber(value) || !/^-?\d+$/.test(value.text)) throw malformed(place, 'a whole number is expected');
  return BigInt(value.text);
}

function isNumber(value: JsonValue | undefined): value is Extract<JsonValue, { kind: 'number' }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'number';
}
