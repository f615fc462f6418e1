import { EMPTY_BYTES, int32At, int64 } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import {
  type CqlType,
  codecOf,
  collectionRanges,
  componentRanges,
  escapeJson,
  type JsonNumber,
  type JsonValue,
  jsonColumnName,
  NULL_END,
  packCollection,
  packValues,
  parseJson,
  quoteJson,
  sortedUnique,
  type ValueRanges,
  withCqlNames,
} from '../../types/index.ts';

/**
 * JSON of one type's values that reads back to the same bytes. It is `SELECT JSON`'s except where that loses something:
 *
 *   NaN, Infinity, -Infinity       strings ("NaN"), where SELECT JSON has null
 *   an empty value                 "" for every type but text and blob, which have "" and "0x" anyway
 *   a duration of zero             "0s", where SELECT JSON has ""
 *   timestamps not of 1 to 9999    milliseconds, as a string
 *   composites                     "0x…"
 *
 * `read` takes both; it throws CqlError for what is none of the type.
 */
export interface ExchangeJson {
  write(bytes: Uint8Array, start: number, end: number): string;
  read(value: JsonValue): Uint8Array;
}

export function exchangeJson(type: CqlType): ExchangeJson {
  const inner = contentOf(type);
  if (type.kind === 'native' && (type.name === 'text' || type.name === 'ascii' || type.name === 'blob')) return inner;
  const codec = codecOf(type);
  return {
    write: (bytes, start, end) => (start === end ? '""' : inner.write(bytes, start, end)),
    read(value) {
      if (value !== '') return inner.read(value);
      codec.validate(EMPTY_BYTES, 0, 0);
      return EMPTY_BYTES;
    },
  };
}

function contentOf(type: CqlType): ExchangeJson {
  switch (type.kind) {
    case 'native':
      return nativeJson(type);
    case 'custom':
      return customJson(type);
    case 'list':
    case 'set':
      return sequenceJson(type);
    case 'map':
      return mapJson(type);
    case 'tuple':
    case 'udt':
      return componentsJson(type);
    case 'vector':
      return vectorJson(type);
  }
}

function nativeJson(type: Extract<CqlType, { kind: 'native' }>): ExchangeJson {
  const codec = codecOf(type);
  const read = (value: JsonValue): Uint8Array => codec.fromJson(value);
  switch (type.name) {
    case 'float':
    case 'double':
      return {
        // Only what is not finite is null there.
        write(bytes, start, end) {
          const text = codec.toJson(bytes, start, end);
          return text === 'null' ? `"${codec.toDisplayString(bytes, start, end)}"` : text;
        },
        read,
      };
    case 'decimal':
      // INSERT JSON reads a number with a point as a double; here every digit counts.
      return {
        write: (bytes, start, end) => codec.toJson(bytes, start, end),
        read: (value) => codec.fromJson(isNumber(value) ? value.text : value),
      };
    case 'duration':
      return {
        write(bytes, start, end) {
          const text = codec.toJson(bytes, start, end);
          return text === '""' ? '"0s"' : text;
        },
        read,
      };
    case 'timestamp':
      return {
        write(bytes, start, end) {
          const literal = codec.toLiteral(bytes, start, end);
          return literal.startsWith("'") ? codec.toJson(bytes, start, end) : `"${millisAt(bytes, start)}"`;
        },
        // A year beyond 9999 is written with a sign, which Cassandra itself does not read.
        read: (value) => codec.fromJson(typeof value === 'string' ? value.replace(/^\+(?=\d{5})/, '') : value),
      };
    default:
      return { write: (bytes, start, end) => codec.toJson(bytes, start, end), read };
  }
}

function millisAt(bytes: Uint8Array, start: number): bigint {
  return int64.toBigInt(int32At(bytes, start), int32At(bytes, start + 4));
}

function customJson(type: CqlType): ExchangeJson {
  const codec = codecOf(type);
  return {
    write: (bytes, start, end) => `"0x${Buffer.from(bytes.subarray(start, end)).toString('hex')}"`,
    read(value) {
      if (typeof value !== 'string' || value.startsWith('0x')) return codecOf(BLOB).fromJson(value);
      return codec.fromString(value);
    },
  };
}

const BLOB: CqlType = { kind: 'native', name: 'blob' };

function sequenceJson(type: Extract<CqlType, { kind: 'list' | 'set' }>): ExchangeJson {
  const element = exchangeJson(type.element);
  const elementCodec = codecOf(type.element);
  return {
    write(bytes, start, end) {
      const ranges = collectionRanges(bytes, start, end, type.kind, 1);
      const parts: string[] = [];
      for (let i = 0; i < ranges.length; i += 2) parts.push(part(element, bytes, ranges, i));
      return `[${parts.join(', ')}]`;
    },
    read(value) {
      const elements = elementsOf(value, type).map((item) => element.read(item));
      const kept = type.kind === 'set' ? sortedUnique(elementCodec, elements, (bytes) => bytes) : elements;
      return packCollection(kept.length, kept);
    },
  };
}

function mapJson(type: Extract<CqlType, { kind: 'map' }>): ExchangeJson {
  const key = exchangeJson(type.key);
  const keyCodec = codecOf(type.key);
  const item = exchangeJson(type.value);
  const isNested = type.key.kind !== 'native' && type.key.kind !== 'custom';
  return {
    write(bytes, start, end) {
      const ranges = collectionRanges(bytes, start, end, 'map', 2);
      const parts: string[] = [];
      for (let i = 0; i < ranges.length; i += 4) {
        const name = part(key, bytes, ranges, i);
        const quoted = name.startsWith('"') ? name : `"${escapeJson(name)}"`;
        parts.push(`${quoted}: ${part(item, bytes, ranges, i + 2)}`);
      }
      return `{${parts.join(', ')}}`;
    },
    read(value) {
      const entries = Array.from(objectOf(value, type), ([name, given]) => {
        const keyBytes = key.read(isNested && name !== '' ? parseJson(name) : name);
        return [keyBytes, item.read(present(given, type))] as const;
      });
      const sorted = sortedUnique(keyCodec, entries, ([bytes]) => bytes);
      return packCollection(sorted.length, sorted.flat());
    },
  };
}

function componentsJson(type: Extract<CqlType, { kind: 'tuple' | 'udt' }>): ExchangeJson {
  const types = type.kind === 'tuple' ? type.elements : type.fields.map((field) => field.type);
  const components = types.map(exchangeJson);
  const names = type.kind === 'tuple' ? null : type.fields.map(({ name }) => quoteJson(jsonColumnName(name)));
  const what = type.kind === 'tuple' ? 'tuple' : 'UDT';
  return {
    write(bytes, start, end) {
      const ranges = componentRanges(bytes, start, end, types.length, what, (i) => `component ${i}`);
      const parts = components.map((component, i) => {
        const text = 2 * i < ranges.length ? part(component, bytes, ranges, 2 * i) : 'null';
        return names === null ? text : `${names[i]}: ${text}`;
      });
      return names === null ? `[${parts.join(', ')}]` : `{${parts.join(', ')}}`;
    },
    read(value) {
      const given = type.kind === 'tuple' ? componentsOf(value, type) : fieldsOf(value, type);
      return packValues(components.map((component, i) => (given[i] === null ? null : component.read(given[i]))));
    },
  };
}

function vectorJson(type: Extract<CqlType, { kind: 'vector' }>): ExchangeJson {
  const codec = codecOf(type);
  const element = exchangeJson(type.element);
  const elementCodec = codecOf(type.element);
  return {
    write(bytes, start, end) {
      const values = codec.decode(bytes, start, end);
      if (!Array.isArray(values)) return 'null';
      return `[${values.map((value) => writeWhole(element, elementCodec.encode(value))).join(', ')}]`;
    },
    read(value) {
      const elements = elementsOf(value, type).map((item) => {
        const bytes = element.read(item);
        return elementCodec.decode(bytes, 0, bytes.length);
      });
      if (elements.length === type.dimensions) return codec.encode(elements);
      throw CqlError.invalidRequest(
        `List had incorrect size: expected ${type.dimensions} but given ${elements.length}`,
      );
    },
  };
}

function writeWhole(json: ExchangeJson, bytes: Uint8Array): string {
  return json.write(bytes, 0, bytes.length);
}

function part(json: ExchangeJson, bytes: Uint8Array, ranges: ValueRanges, i: number): string {
  return ranges[i + 1] === NULL_END ? 'null' : json.write(bytes, ranges[i], ranges[i + 1]);
}

function present(value: JsonValue, type: CqlType): JsonValue {
  if (value === null)
    throw CqlError.invalidRequest(`Invalid null ${type.kind === 'map' ? 'value' : 'element'} in ${type.kind}`);
  return value;
}

function isNumber(value: JsonValue): value is JsonNumber {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function elementsOf(value: JsonValue, type: CqlType): readonly JsonValue[] {
  const parsed = typeof value === 'string' ? parseJson(value) : value;
  // The codec's message says what was expected.
  if (!isArray(parsed)) return mismatch(value, type);
  return parsed.map((item) => present(item, type));
}

function objectOf(value: JsonValue, type: CqlType): ReadonlyMap<string, JsonValue> {
  const parsed = typeof value === 'string' ? parseJson(value) : value;
  return parsed instanceof Map ? parsed : mismatch(value, type);
}

function componentsOf(value: JsonValue, type: Extract<CqlType, { kind: 'tuple' }>): readonly JsonValue[] {
  const parsed = typeof value === 'string' ? parseJson(value) : value;
  return isArray(parsed) && parsed.length === type.elements.length ? parsed : mismatch(value, type);
}

function fieldsOf(value: JsonValue, type: Extract<CqlType, { kind: 'udt' }>): readonly JsonValue[] {
  const given = withCqlNames(objectOf(value, type));
  if ([...given.keys()].some((name) => !type.fields.some((field) => field.name === name))) mismatch(value, type);
  return type.fields.map(({ name }) => given.get(name) ?? null);
}

/** Lets the codec refuse the value, with Cassandra's message. */
function mismatch(value: JsonValue, type: CqlType): never {
  codecOf(type).fromJson(value);
  throw CqlError.invalidRequest(`not a value of a ${type.kind}`);
}
